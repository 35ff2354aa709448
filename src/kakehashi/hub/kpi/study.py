"""Indicators of a study for KPIs: those of a country or an institution, year by year.

`works`, `international_works` and `international_share` are those of the table indicators. `partner_institutions` are
the distinct institutions abroad with which it shares works of the year, `partner_countries` their countries and those
of works whose institution is not known. `share_with.XX` is the share of its works of the year with at least one
country of XX: a country code, an area of areas.toml, or a region of the map such as upper_right. Shares are in [0, 1].
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kakehashi.errors import SettingsError
from kakehashi.knowledge.areas import areas, country_problem
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.regions import regions

INDICATORS = (
    "works", "international_works", "international_share", "partner_institutions", "partner_countries", "share_with.*",
)  # fmt: skip
Rows = Callable[[str], list[tuple[Any, ...]]]


def feed(rows: Rows, entity: str, names: Iterable[str]) -> Mapping[str, Mapping[int, float]]:
    """Return the values of indicators by name and year. `entity`: a country code, or an institution by id or name.

    Raises SettingsError for an entity, area or region that there is not, naming the nearest.
    """
    wanted = tuple(dict.fromkeys(names))
    if not wanted:
        return {}
    level, found, home = _entity(rows, entity)
    own = _own(level, found)
    every: dict[str, Mapping[int, float]] = {}
    counted = _indicators(rows, level, found)
    for name in wanted:
        if name.startswith("share_with."):
            every[name] = _share_with(rows, own, counted["works"], _countries(rows, name.partition(".")[2]) - {home})
        elif name == "partner_institutions":
            every[name] = _partners(rows, own, home, "institutions")
        elif name == "partner_countries":
            every[name] = _partners(rows, own, home, "countries")
        else:
            every[name] = counted[name]
    return every


def _entity(rows: Rows, entity: str) -> tuple[str, str, str]:
    """Return the level, the id and the country of an entity."""
    if len(entity) == 2 and entity.isalpha():
        code = entity.upper()
        if rows(f"select country_code from work_countries where country_code = '{code}' limit 1"):
            return "country", code, code
        raise SettingsError(f"--entity: no work of {code} in the study; {country_problem(code) or 'name another'}")
    text = entity.replace("'", "''")
    found = rows(
        "select institution_id, country_code from institutions "
        f"where institution_id = '{text}' or lower(name) = lower('{text}') order by works desc limit 1"
    )
    if found:
        return "institution", str(found[0][0]), str(found[0][1])
    names = [str(one) for (one,) in rows("select name from institutions order by works desc limit 20000")]
    raise SettingsError(
        f"--entity: no institution {entity!r} in the study; {nearest(entity, names[:2000] or ['none'])}"
    )


def _own(level: str, entity: str) -> str:
    """Return a SELECT of the works of an entity."""
    text = entity.replace("'", "''")
    if level == "country":
        return f"select work_id from work_countries where country_code = '{text}'"
    return f"select work_id from work_institutions where institution_id = '{text}'"


def _indicators(rows: Rows, level: str, entity: str) -> dict[str, dict[int, float]]:
    text = entity.replace("'", "''")
    found: dict[str, dict[int, float]] = {"works": {}, "international_works": {}, "international_share": {}}
    for period, *values in rows(
        "select period, papers, international_papers, international_share from indicators "
        f"where level = '{level}' and field = 'all' and entity = '{text}' and period <> 'all' order by period"
    ):
        for name, value in zip(found, values, strict=True):
            if value is not None:
                found[name][int(period)] = float(value)
    return found


def _share_with(rows: Rows, own: str, works: Mapping[int, float], countries: Iterable[str]) -> dict[int, float]:
    listed = ", ".join(f"'{code}'" for code in sorted(countries))
    shared: dict[int, int] = {}
    if listed:
        found = rows(
            f"select w.year, count(distinct w.work_id) from works w join ({own}) o on o.work_id = w.work_id "
            f"join work_countries c on c.work_id = w.work_id where c.country_code in ({listed}) group by w.year"
        )
        shared = {int(year): int(count) for year, count in found if year is not None}
    return {year: shared.get(year, 0) / count for year, count in works.items() if count}


def _partners(rows: Rows, own: str, home: str, what: str) -> dict[int, float]:
    if what == "countries":
        joined = f"join work_countries p on p.work_id = w.work_id where p.country_code <> '{home}'"
        counted = "p.country_code"
    else:
        joined = (
            "join work_institutions p on p.work_id = w.work_id join institutions i "
            f"on i.institution_id = p.institution_id where i.country_code <> '{home}'"
        )
        counted = "p.institution_id"
    found = rows(
        f"select w.year, count(distinct {counted}) from works w join ({own}) o on o.work_id = w.work_id "
        f"{joined} and w.year is not null group by w.year order by w.year"
    )
    without = rows(
        f"select w.year, count(*) from works w join ({own}) o on o.work_id = w.work_id "
        "where w.year is not null group by w.year order by w.year"
    )
    counts = {int(year): float(count) for year, count in found}
    return {int(year): counts.get(int(year), 0.0) for year, _ in without}


def _countries(rows: Rows, place: str) -> frozenset[str]:
    """Return the countries of a code, an area or a region of the map."""
    known = areas()
    if place in known:
        return frozenset(known[place].countries)
    if place in regions():
        found = rows(
            "select entity from positions where kind = 'country' and field = 'all' and period = 'all' "
            f"and region = '{place}'"
        )
        return frozenset(str(code) for (code,) in found)
    if len(place) == 2 and country_problem(place.upper()) is None:
        return frozenset((place.upper(),))
    choices = [*known, *regions()]
    raise SettingsError(f"study.share_with.{place}: no country, area or region; {nearest(place, choices)}")
