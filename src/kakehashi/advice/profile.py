"""What the study tells of both sides: strong and weak fields, trade and GDP, and the partner institution's figures."""

from dataclasses import dataclass

from kakehashi.advice.partners.reading import Reader, listed, quoted
from kakehashi.advice.question import Asked, Side
from kakehashi.advice.standing import scope as named
from kakehashi.reasons import Evidence, Reason, Value, row, works
from kakehashi.settings import Settings

_TRADE = ("exports", "imports")
_INTENSITY = "trade_intensity"


@dataclass(frozen=True)
class Profile:
    """Strong and weak fields by country, with what is said of them; economic facts; facts of the institution."""

    fields: dict[str, dict[str, tuple[str, ...]]]
    strengths: tuple[Reason, ...]
    economy: tuple[Reason, ...]
    ties: tuple[Reason, ...]


def profile(asked: Asked, tables: Reader, settings: Settings, partner: Side, scope: str) -> Profile:
    """Return what the study tells of home and partner. `scope`: the field whose place is gone by."""
    verdicts = _verdicts(tables, (asked.home.country, partner.country))
    return Profile(
        verdicts,
        tuple(_strengths(asked, partner, verdicts, scope)),
        tuple(_economy(asked, tables, settings, partner.country, scope)),
        tuple(_ties(asked, tables, partner, scope)),
    )


def _verdicts(tables: Reader, countries: tuple[str, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {code: {"strong": (), "weak": ()} for code in countries}
    if "strengths" not in tables.present:
        return found
    for entity, field, verdict in tables.rows(
        f"select entity, field, verdict from strengths where verdict is not null and entity in ({listed(countries)}) "
        "order by entity, field"
    ):
        found[entity][verdict] = (*found[entity][verdict], field)
    return found


def _strengths(
    asked: Asked, partner: Side, verdicts: dict[str, dict[str, tuple[str, ...]]], scope: str
) -> list[Reason]:
    """Tell each side's strong and weak fields, then those in which one is strong and the other weak."""
    home, other = asked.home.country, partner.country
    sides = {"home": Value("country", home), "partner": Value("country", other)}
    said = []
    for role, country in (("partner", other), ("home", home)):
        strong, weak = verdicts[country]["strong"], verdicts[country]["weak"]
        if not strong and not weak:
            evidence: tuple[Evidence, ...] = (
                row("positions", kind="country", field=scope, period="all", entity=country),
            )
            who = {"country": Value("country", country)}
            said.append(Reason(f"strengths.{role}.none", "neutral", "advise.strengths_none", who, evidence))
            continue
        key = "both" if strong and weak else "strong" if strong else "weak"
        values = {"country": Value("country", country), "strong": _fields(strong), "weak": _fields(weak)}
        evidence = _verdict_rows(country, (*strong, *weak))
        said.append(Reason(f"strengths.{role}", "neutral", f"advise.strengths_{key}", values, evidence))
    for name, giver, taker in (("bring", other, home), ("take", home, other)):
        met = tuple(one for one in verdicts[giver]["strong"] if one in verdicts[taker]["weak"])
        if met:
            evidence = (*_verdict_rows(giver, met), *_verdict_rows(taker, met))
            values = {**sides, "fields": _fields(met)}
            said.append(Reason(f"strengths.{name}", "for", f"advise.strengths_{name}", values, evidence))
    return said


def _fields(names: tuple[str, ...]) -> Value:
    return Value("list", [Value("field", name) for name in names])


def _verdict_rows(country: str, fields: tuple[str, ...]) -> tuple[Evidence, ...]:
    return tuple(row("strengths", entity=country, field=field) for field in fields)


def _economy(asked: Asked, tables: Reader, settings: Settings, partner: str, scope: str) -> list[Reason]:
    """Tell the trade of home with the partner, its intensity and both GDPs; or why the study cannot."""
    home = asked.home.country
    sides = {"home": Value("country", home), "partner": Value("country", partner)}
    known: dict[tuple[str, str], tuple[float, str, int]] = {}
    if "economy" in tables.present:
        known = {
            (code, indicator): (value, unit, years)
            for code, indicator, value, unit, years in tables.rows(
                "select country_code, indicator, value, unit, years from economy where period = 'all' "
                f"and value is not null and country_code in ({listed({home, partner})}) order by 1, 2"
            )
        }
    said = []
    if home == settings.study.home:  # the table tells the trade of the study's own home only
        for group in ("", "ict_"):
            said += _trade(known, group, partner, sides)
    gdp = {code: known.get((code, "gdp")) for code in (partner, home)}
    if all(gdp.values()):
        values = {**sides, **{name: _money(gdp[code]) for name, code in (("gdp", partner), ("home_gdp", home))}}
        evidence = tuple(row("economy", country_code=code, indicator="gdp", period="all") for code in (partner, home))
        said.append(Reason("economy.gdp", "neutral", "advise.gdp", values, evidence))
    if not said:
        evidence = (row("positions", kind="country", field=scope, period="all", entity=partner),)
        said.append(Reason("economy.none", "neutral", "advise.economy_none", sides, evidence))
    return said


def _trade(
    known: dict[tuple[str, str], tuple[float, str, int]], group: str, partner: str, sides: dict[str, Value]
) -> list[Reason]:
    names = tuple(f"{group}{name}" for name in _TRADE)
    found = [known.get((partner, name)) for name in names]
    if found[0] is None or found[1] is None:
        return []
    values = {
        **sides, "exports": _money(found[0]), "imports": _money(found[1]), "years": Value("number", found[0][2]),
    }  # fmt: skip
    evidence = tuple(row("economy", country_code=partner, indicator=name, period="all") for name in names)
    said = [Reason(f"economy.{group}trade", "neutral", f"advise.{group}trade", values, evidence)]
    intensity = known.get((partner, f"{group}{_INTENSITY}"))
    if intensity is not None:
        key = f"advise.{group}intensity_{'high' if intensity[0] >= 1 else 'low'}"
        evidence = (row("economy", country_code=partner, indicator=f"{group}{_INTENSITY}", period="all"),)
        values = {**sides, "intensity": Value("decimal", round(intensity[0], 2))}
        said.append(Reason(f"economy.{group}intensity", "neutral", key, values, evidence))
    return said


def _money(found: tuple[float, str, int] | None) -> Value:
    return Value("money", None if found is None else (found[0], found[1]))


def _ties(asked: Asked, tables: Reader, partner: Side, scope: str) -> list[Reason]:
    """Tell the joint works of the two sides, and of a partner institution its own figures."""
    said = []
    if partner.institution is not None:
        said += _institution(tables, partner, scope)
    if not tables.has("edges"):
        return said
    first, second = sorted((asked.home.country, partner.country))
    found = tables.rows(
        f"select works from edges where level = 'country' and field = {quoted(scope)} and period = 'all' "
        f"and entity_a = {quoted(first)} and entity_b = {quoted(second)}"
    )
    values = {"home": Value("country", asked.home.country), "partner": Value("country", partner.country)}
    if not found:
        evidence: tuple[Evidence, ...] = (
            row("positions", kind="country", field=scope, period="all", entity=partner.country),
        )
        return [*said, Reason("ties.none", "against", "advise.ties_none", values, evidence)]
    evidence = (
        row("edges", level="country", field=scope, period="all", entity_a=first, entity_b=second),
        works(scope, "all", first, second),
    )
    values = {**values, "works": Value("number", found[0][0])}
    return [*said, Reason("ties", "for", "advise.ties", values, evidence)]


def _institution(tables: Reader, partner: Side, scope: str) -> list[Reason]:
    """Tell an institution's works, in the field where it has any there, else over all."""
    for field in dict.fromkeys((scope, "all")):
        found = tables.rows(
            "select papers, international_share, degree, eigenvector from indicators where level = 'institution' "
            f"and field = {quoted(field)} and period = 'all' and entity = {quoted(str(partner.institution))}"
        )
        if found:
            papers, share, degree, eigenvector = found[0]
            values = {
                "name": Value("name", partner.name),
                "country": Value("country", partner.country),
                "field": named(field),
                "papers": Value("number", papers),
                "share": Value("percent", share),
                "degree": Value("number", degree),
                "eigenvector": Value("decimal", eigenvector),
            }
            evidence = (row("indicators", level="institution", field=field, period="all", entity=partner.entity),)
            return [Reason("institution", "neutral", "advise.institution", values, evidence)]
    return []
