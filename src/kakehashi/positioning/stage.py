"""Where each country and institution stands relative to the home country, and each country's strong and weak fields."""

from collections.abc import Iterator

from kakehashi.engine.base import Engine, Row
from kakehashi.positioning.strengths import Standing, strength
from kakehashi.progress import Progress
from kakehashi.regions import Point, place
from kakehashi.settings import Settings
from kakehashi.tables import POSITIONS, STRENGTHS, declare

# Where the study names no targets, a country is compared with those that publish most.
_PEERS_BY_PAPERS = 20
_WHOLE = ("all", "collected")

REGIONS = declare(
    "positioning_regions",
    "The region of each country by field and period.",
    "field, period, country_code",
    "field string, period string, country_code string, region string, distance double, reason string",
)

_COUNTRIES = """
select i.entity, 'country' as kind, i.field, i.period, i.{papers} as papers, i.international_share, i.degree,
    i.betweenness, i.eigenvector, r.region, r.distance, r.reason
from indicators i
join positioning_regions r on r.field = i.field and r.period = i.period and r.country_code = i.entity
where i.level = 'country'
"""
# An institution stands where its country does, as figure 2-12 of the source groups them. Years are left out: they
# would be millions of rows.
_INSTITUTIONS = """
select i.entity, 'institution' as kind, i.field, i.period, i.{papers} as papers, i.international_share, i.degree,
    i.betweenness, i.eigenvector, r.region, cast(null as double) as distance,
    case
        when r.region is not null then null
        when n.country_code is null then 'country_unknown'
        else coalesce(r.reason, 'country_absent')
    end as reason
from indicators i
left join institutions n on n.institution_id = i.entity
left join positioning_regions r
    on r.field = i.field and r.period = i.period and r.country_code = n.country_code
where i.level = 'institution' and i.period = 'all' and i.field <> 'collected'
"""


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Write POSITIONS and STRENGTHS from INDICATORS and INSTITUTIONS."""
    advance = progress.step("positioning", 3)
    papers = "papers" if settings.counting.counting == "full" else "papers_fractional"
    points = engine.rows(
        f"select field, period, entity, {papers} as papers, eigenvector from indicators where level = 'country' "
        "order by field nulls last, period nulls last, entity nulls last"
    )
    engine.load(REGIONS, list(_regions(points, settings)))
    advance(1)
    engine.make(POSITIONS, f"{_COUNTRIES} union all {_INSTITUTIONS}".format(papers=papers))
    advance(1)
    engine.load(STRENGTHS, list(_strengths(engine, settings)))
    advance(1)


def _regions(points: list[Row], settings: Settings) -> Iterator[Row]:
    home = settings.study.home
    homes = {(field, period): Point(papers, score) for field, period, entity, papers, score in points if entity == home}
    for field, period, entity, papers, score in points:
        point, centre = Point(papers, score), homes.get((field, period))
        found = place(point, centre, settings.positioning.centre_radius, is_home=entity == home)
        yield field, period, entity, found.region, found.distance, found.reason


def _strengths(engine: Engine, settings: Settings) -> Iterator[Row]:
    """Yield the rows of STRENGTHS for the home country and its peers, in every field."""
    rows = engine.rows(
        "select field, entity, papers, eigenvector, activity_index from indicators "
        "where level = 'country' and period = 'all' and field <> 'collected' "
        "order by field nulls last, entity nulls last"
    )
    maps: dict[str, dict[str, Standing]] = {}
    for field, entity, papers, score, _ in rows:
        maps.setdefault(field, {})[entity] = Standing(papers, score)
    activity = {(field, entity): index for field, entity, _, _, index in rows}
    everything = maps.get("all", {})
    peers = _peers(everything, settings)
    rule = settings.positioning
    for field in sorted(maps.keys() - set(_WHOLE)):
        for entity in peers:
            found = strength(entity, everything, maps[field], peers, rule.strength_shift, rule.strength_min_papers)
            yield (
                entity, field, found.overtakes, found.overtaken, found.shift, activity.get((field, entity)),
                found.verdict, found.rivals, found.reason,
            )  # fmt: skip


def _peers(everything: dict[str, Standing], settings: Settings) -> tuple[str, ...]:
    """Return the home country and those it is compared with, in alphabetical order."""
    chosen = settings.study.targets
    if not chosen:
        chosen = tuple(sorted(everything, key=lambda entity: (-everything[entity].papers, entity))[:_PEERS_BY_PAPERS])
    return tuple(sorted({settings.study.home, *chosen}))
