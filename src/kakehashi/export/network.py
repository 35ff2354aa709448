"""The network of a study at one level, in one field and period: nodes with their indicators, edges with their works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.choices import checked
from kakehashi.errors import StudyError
from kakehashi.names import country_name
from kakehashi.settings import Settings
from kakehashi.texts import Language

Rows = Callable[[str], list[tuple[Any, ...]]]

LEVELS = ("country", "institution")
REGIONS = ("home", "upper_right", "upper_left", "lower_right", "centre", "lower_left")
"""Regions in the order of their numbers, from 1, in formats that know numbers only; 0 stands for none."""

MEASURES = ("papers", "international_share", "degree", "betweenness", "eigenvector")


@dataclass(frozen=True)
class Node:
    """An entity of the network. What is not known is None."""

    entity: str
    label: str
    country: str | None
    region: str | None
    measures: Mapping[str, float | None]

    @property
    def cluster(self) -> int:
        """The number of the node's region; 0 where it has none."""
        return REGIONS.index(self.region) + 1 if self.region in REGIONS else 0


@dataclass(frozen=True)
class Edge:
    """Joint works of two nodes, which are given by their places in the list of nodes."""

    a: int
    b: int
    works: int
    fractional: float


@dataclass(frozen=True)
class Network:
    """A network. Nodes stand in the order of papers, most first; those without any edge are among them."""

    level: str
    field: str
    period: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def read_network(
    rows: Rows, settings: Settings, level: str, field: str, period: str, language: Language, min_works: int = 1
) -> Network:
    """Read a network from a study's tables.

    Args:
        rows: runs a SELECT over the study's tables.
        settings: the study's settings.
        level: country or institution.
        field: a field id, `all` or `collected`.
        period: a year or `all`.
        language: of the names of countries.
        min_works: edges with fewer joint works are left out.

    Raises:
        SettingsError: for a level, field or period that the study does not have.
        StudyError: where the study has no edges at that level.
    """
    checked("--level", [level], LEVELS)
    known = {name: [row[0] for row in rows(f"select distinct {name} from edges where level = '{level}' order by 1")]
             for name in ("field", "period")}  # fmt: skip
    if not known["field"]:
        raise StudyError(f"this study has no edges between entities of level {level}: no two of them share a work")
    checked("--field", [field], known["field"])
    checked("--period", [period], known["period"])
    scope = f"level = '{level}' and field = {_quoted(field)} and period = {_quoted(period)}"
    placed: dict[str, str | None] = dict(
        rows(f"select entity, region from positions where kind = '{level}' and field = {_quoted(field)} "
             f"and period = {_quoted(period)}")
    )  # fmt: skip
    names = _names(rows, level, language)
    nodes = [
        Node(entity, *names(entity), _region(entity, placed, settings), dict(zip(MEASURES, values, strict=True)))
        for entity, *values in rows(
            f"select entity, {', '.join(MEASURES)} from indicators where {scope} order by papers desc, entity"
        )
    ]
    places = {node.entity: place for place, node in enumerate(nodes)}
    edges = []
    for a, b, works, fractional in rows(
        f"select entity_a, entity_b, works, fractional from edges where {scope} and works >= {int(min_works)} "
        "order by entity_a, entity_b"
    ):
        for entity in (a, b):
            if entity not in places:
                places[entity] = len(nodes)
                nodes.append(Node(entity, *names(entity), _region(entity, placed, settings), dict.fromkeys(MEASURES)))
        edges.append(Edge(places[a], places[b], works, fractional))
    return Network(level, field, period, tuple(nodes), tuple(edges))


def _names(rows: Rows, level: str, language: Language) -> Callable[[str], tuple[str, str | None]]:
    """Return how entities of a level are called, and in which country they are."""
    if level == "country":
        return lambda code: (country_name(code, language), code)
    found = {id_: (name or id_, code) for id_, name, code in rows(
        "select institution_id, name, country_code from institutions"
    )}  # fmt: skip
    return lambda id_: found.get(id_, (id_, None))


def _region(entity: str, placed: Mapping[str, str | None], settings: Settings) -> str | None:
    return "home" if entity == settings.study.home else placed.get(entity)


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
