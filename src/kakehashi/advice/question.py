"""What is asked: who asks, with whom, in which field, for what; checked, with the nearest valid choice named."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kakehashi.advice.partners.question import unknown
from kakehashi.advice.partners.reading import Level, Reader, quoted
from kakehashi.errors import SettingsError
from kakehashi.knowledge.areas import country_codes, country_problem
from kakehashi.knowledge.forms import ACTORS, forms, goals
from kakehashi.names import country_name, taxonomy
from kakehashi.settings import Settings
from kakehashi.texts import LANGUAGES

ALL = "all"
_CODE = len("JP")


@dataclass(frozen=True)
class Question:
    """A question as it is put. Home and partner are countries, or institutions of the study by id or name.

    `partner` None: whom to work with is part of the question. `actor`, `goals` and `forms` may be left unsaid.
    `exclude` and `only` hold countries, `top` says how many partners are listed, `resampled` whether they are ranked
    again over resampled works, which takes the most time.
    """

    home: str
    partner: str | None = None
    field: str = ALL
    actor: str | None = None
    goals: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    top: int = 10
    resampled: bool = True


@dataclass(frozen=True)
class Own:
    """A user's own knowledge: a folder laid over ours, and files of cases, programmes and weights. None: ours alone."""

    folder: Path | None = None
    cases: Path | None = None
    programmes: Path | None = None
    weights: Path | None = None


@dataclass(frozen=True)
class Side:
    """A side of a collaboration: its country, and its institution's id and name where an institution was named."""

    country: str
    institution: str | None = None
    name: str | None = None

    @property
    def entity(self) -> str:
        """The institution where there is one, else the country."""
        return self.institution or self.country

    @property
    def level(self) -> Level:
        """The level of the entity."""
        return "institution" if self.institution else "country"


@dataclass(frozen=True)
class Asked:
    """A question that was checked: both sides found in the study, and the fields that it or its taxonomy knows."""

    question: Question
    home: Side
    partner: Side | None
    fields: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field asked for."""
        return self.question.field


def check(question: Question, tables: Reader, settings: Settings, own: Path | None = None) -> Asked:
    """Check a question against a study. Raises SettingsError naming what is wrong and the nearest valid choice."""
    known = fields_of(tables, settings)
    if question.field != ALL and question.field not in known:
        what = f"no field of study {settings.study.name!r}"
        raise SettingsError(f"field: {unknown(question.field, (ALL, *known), what)}")
    if question.top < 1:
        raise SettingsError(f"top: {question.top} is below 1; ask for at least one")
    _ids("actor", (question.actor,) if question.actor else (), ACTORS)
    _ids("goal", question.goals, goals(own))
    _ids("form", question.forms, forms(own))
    home = _side(tables, question.home, "home")
    partner = None if question.partner is None else _side(tables, question.partner, "partner")
    if partner is not None:
        _apart(home, partner)
        _allowed(question, partner)
    return Asked(question, home, partner, known)


def fields_of(tables: Reader, settings: Settings) -> tuple[str, ...]:
    """Return the fields of the study's taxonomy in its order, then others that the study has indicators of."""
    listed = [str(entry["id"]) for entry in taxonomy(settings.fields.taxonomy)]
    met = {str(row[0]) for row in tables.rows("select distinct field from positions")} - {ALL, "collected"}
    return (*listed, *sorted(met - set(listed)))


def _ids(name: str, given: Iterable[str], known: Iterable[str]) -> None:
    ids, seen = tuple(known), set()
    for one in given:
        if one not in ids:
            raise SettingsError(f"{name}: {unknown(one, ids, f'no {name}')}")
        if one in seen:
            raise SettingsError(f"{name}: {one!r} is given twice; give it once")
        seen.add(one)


def _apart(home: Side, partner: Side) -> None:
    if home.country != partner.country:
        return
    if partner.institution:
        raise SettingsError(
            f"partner: {partner.name} is in {partner.country}, which is home; name an institution of another country"
        )
    raise SettingsError(f"partner: {partner.country} is home itself; name another country")


def _allowed(question: Question, partner: Side) -> None:
    if partner.country in question.exclude or partner.entity in question.exclude:
        raise SettingsError(f"partner and exclude both name {partner.country}; take it out of one of them")
    if question.only and not {partner.country, partner.entity} & set(question.only):
        raise SettingsError(
            f"partner {partner.country} is not among those of only ({', '.join(question.only)}); "
            "leave out one of the two options"
        )


def _side(tables: Reader, given: str, role: str) -> Side:
    """Find a country by its code or name, or an institution by its id or name."""
    countries = {row[0] for row in tables.rows("select distinct entity from positions where kind = 'country'")}
    if given in countries:
        return Side(given)
    code = given.upper() if _is_code(given) else _by_name(given)
    if code is not None and code in countries:
        return Side(code)
    if code in country_codes():
        raise SettingsError(
            f"{role}: {code} has no works in this study, so it has no place on the map; {_near(countries)}"
        )
    found = _institution(tables, given)
    if found is None:
        raise SettingsError(f"{role}: {_unknown_side(tables, given, sorted(countries))}")
    entity, name, country = found
    if country is None:
        raise SettingsError(
            f"{role}: the study does not know the country of {name}; name the country, or decide it "
            "(`kakehashi review`)"
        )
    if country not in countries:
        raise SettingsError(f"{role}: {name} is in {country}, which has no place on the map of this study")
    return Side(country, entity, name)


def _is_code(given: str) -> bool:
    return len(given) == _CODE and given.isascii() and given.isalpha()


def _by_name(given: str) -> str | None:
    """Return the code of a country that is named in words, in either language."""
    wanted = given.casefold()
    for code in country_codes():
        if any(country_name(code, language).casefold() == wanted for language in LANGUAGES):
            return code
    return None


def _institution(tables: Reader, given: str) -> tuple[str, str, str | None] | None:
    if "institutions" not in tables.present:
        return None
    wanted = quoted(given.lower())
    spelt = (
        f"or institution_id in (select institution_id from institution_names where lower(name) = {wanted}) "
        if "institution_names" in tables.present
        else ""
    )
    found = tables.rows(
        "select institution_id, coalesce(name, institution_id), country_code from institutions "
        f"where institution_id = {quoted(given)} or lower(name) = {wanted} {spelt}"
        "order by works desc nulls last, institution_id"
    )
    return found[0] if found else None


def _unknown_side(tables: Reader, given: str, countries: list[str]) -> str:
    """Say that neither a country nor an institution is called so, and what is nearest."""
    if _is_code(given):
        return unknown(given, countries, "no country with works in this study")
    problem = country_problem(given) or ""
    if problem.endswith("?"):
        return problem
    names: dict[str, str] = {}
    if "institutions" in tables.present:
        rows = tables.rows("select name, institution_id from institutions where name is not null order by name")
        names = {str(name): str(entity) for name, entity in rows}
    inside = [name for name in names if given.casefold() in name.casefold()][:3]
    if inside:
        return f"{given!r} is no country and no institution of this study; nearest: {', '.join(inside)}"
    return unknown(given, names or countries, "no country and no institution of this study")


def _near(countries: Iterable[str]) -> str:
    return f"those that have: {', '.join(sorted(countries))}"
