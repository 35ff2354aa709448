"""Where a country stands as seen from home, in each field: the regions drawn anew around whoever asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kakehashi.advice.partners.reading import Reader, listed
from kakehashi.advice.question import ALL, Asked
from kakehashi.errors import SettingsError
from kakehashi.reasons import Evidence, Reason, Value, row
from kakehashi.regions import Point, place
from kakehashi.settings import Settings


@dataclass(frozen=True)
class Standing:
    """A country's place in one field as home sees it; `region` is None with the reason where there is none."""

    country: str
    field: str
    region: str | None
    distance: float | None
    here: Point
    home: Point
    reason: str | None


@dataclass(frozen=True)
class Place:
    """The standing that advice goes by, those in other fields, and what is said of it.

    `asked` is the standing in the field asked for; where it has no region, `used` is that over all works.
    """

    asked: Standing
    used: Standing
    others: tuple[Standing, ...]
    reasons: tuple[Reason, ...]


def standings(tables: Reader, settings: Settings, home: str, countries: Iterable[str]) -> Mapping[str, list[Standing]]:
    """Return the standings of countries around home by field: the rule of the stage `positioning`, for any home."""
    wanted = tuple(countries)
    points: dict[str, dict[str, Point]] = {}
    for field, entity, papers, eigenvector in tables.rows(
        "select field, entity, papers, eigenvector from positions where kind = 'country' and period = 'all' "
        f"and field <> 'collected' and entity in ({listed({home, *wanted})}) order by field, entity"
    ):
        points.setdefault(field, {})[entity] = Point(papers, eigenvector)
    radius = settings.positioning.centre_radius
    found: dict[str, list[Standing]] = {}
    for field, by_entity in points.items():
        own = by_entity.get(home)
        for country in wanted:
            here = by_entity.get(country, Point(None, None))
            seen = place(here, own, radius, is_home=country == home)
            standing = Standing(country, field, seen.region, seen.distance, here, own or Point(None, None), seen.reason)
            found.setdefault(field, []).append(standing)
    return found


def place_of(asked: Asked, tables: Reader, settings: Settings, country: str) -> Place:
    """Return the partner country's place in the field asked for, or over all works where it has none there.

    Raises SettingsError where it has none over all works either, naming fields in which it has.
    """
    home = asked.home.country
    by_field = {field: found[0] for field, found in standings(tables, settings, home, (country,)).items()}
    absent = Standing(country, asked.field, None, None, Point(None, None), Point(None, None), "field_absent")
    wanted = by_field.get(asked.field, absent)
    used = wanted if wanted.region else by_field.get(ALL, absent)
    if used.region is None:
        placed = [field for field, one in by_field.items() if one.region]
        hint = f"it has one in the fields: {', '.join(placed)}" if placed else "ask about another country"
        raise SettingsError(
            f"partner: {country} has no place on the map around {home}, because one of the two has no papers or no "
            f"eigenvector centrality in the field {asked.field}, nor over all works; {hint}"
        )
    others = tuple(
        one for field, one in by_field.items() if field != used.field and one.region != used.region and one.region
    )
    return Place(wanted, used, others, tuple(_said(asked, wanted, used, others, by_field)))


def rows_behind(standing: Standing, home: str) -> tuple[Evidence, ...]:
    """Name the rows of both countries that a standing rests on."""
    return tuple(
        row("positions", kind="country", field=standing.field, period="all", entity=entity)
        for entity in (standing.country, home)
    )


def scope(field: str) -> Value:
    """Name a field, or all of them together."""
    return Value("text", "advise.whole") if field == ALL else Value("field", field)


def _said(
    asked: Asked, wanted: Standing, used: Standing, others: tuple[Standing, ...], by_field: Mapping[str, Standing]
) -> list[Reason]:
    home = asked.home.country
    sides = {"home": Value("country", home), "partner": Value("country", used.country)}
    values = {
        **sides,
        "field": scope(used.field),
        "region": Value("text", f"regions.{used.region}.name"),
        "papers": Value("number", used.here.papers),
        "home_papers": Value("number", used.home.papers),
        "eigenvector": Value("decimal", used.here.eigenvector),
        "home_eigenvector": Value("decimal", used.home.eigenvector),
    }
    evidence = rows_behind(used, home)
    said = [Reason("position", "neutral", "advise.position", values, evidence)]
    if used is not wanted:
        key = "advise.field_absent" if wanted.reason == "field_absent" else "advise.field_unplaced"
        values = {**sides, "field": Value("field", wanted.field)}
        said.insert(0, Reason("position.fallback", "neutral", key, values, evidence))
    if others:
        said.append(
            Reason("position.elsewhere", "neutral", "advise.position_elsewhere", sides, rows_behind(others[0], home))
        )
    for one in others:
        values = {
            **sides,
            "field": scope(one.field),
            "region": Value("text", f"regions.{one.region}.name"),
            "papers": Value("number", one.here.papers),
            "eigenvector": Value("decimal", one.here.eigenvector),
        }
        said.append(Reason(f"position.{one.field}", "neutral", "advise.position_other", values, rows_behind(one, home)))
    if len(by_field) > 1 and not others:
        said.append(Reason("position.same", "neutral", "advise.position_same", sides, evidence))
    return said
