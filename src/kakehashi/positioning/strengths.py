"""Strong and weak fields of a country: how its order among its peers moves between the map of all and a field's."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, log10


@dataclass(frozen=True)
class Standing:
    """An entity on one map: its works and its eigenvector centrality there."""

    papers: int
    eigenvector: float | None


@dataclass(frozen=True)
class Strength:
    """The verdict on one entity and field. `shift` is the mean move against its peers, in decades.

    rivals lists the peers whose order with the entity is reversed: `+KR` has been overtaken, `-AU` has overtaken.
    reason says why there is no verdict: few_papers, no_eigenvector, no_peers or no_move.
    """

    overtakes: int | None
    overtaken: int | None
    shift: float | None
    verdict: str | None
    rivals: str | None
    reason: str | None


Map = Mapping[str, Standing]


def strength(
    entity: str, everything: Map, field: Map, peers: tuple[str, ...], threshold: float, least: int
) -> Strength:
    """Compare an entity's place among its peers on the map of all fields with that on a field's map.

    For each peer, the move is log10 of the ratio of eigenvectors in the field minus the same in all. The order with a
    peer counts as reversed only if the move is at least `threshold`. `strong`: more peers overtaken than overtaking,
    and a mean move of at least `threshold`; `weak` the other way round. Entities and peers with fewer than `least`
    works in the field are left out: their eigenvector rests on too little.
    """
    standing = field.get(entity)
    if standing is None or standing.papers < least:
        return _none("few_papers")
    if not (_value(everything, entity) and _value(field, entity)):
        return _none("no_eigenvector")
    known = [p for p in peers if p != entity and p in field and field[p].papers >= least]
    moves = {
        p: _move(entity, p, everything, field) for p in sorted(known) if _value(everything, p) and _value(field, p)
    }
    if not moves:
        return _none("no_peers")
    overtakes = [p for p, (before, after) in moves.items() if before < 0 < after and after - before >= threshold]
    overtaken = [p for p, (before, after) in moves.items() if after < 0 < before and before - after >= threshold]
    shift = fsum(after - before for before, after in moves.values()) / len(moves)
    verdict = _verdict(len(overtakes) - len(overtaken), shift, threshold)
    rivals = " ".join([f"+{peer}" for peer in overtakes] + [f"-{peer}" for peer in overtaken])
    reason = None if verdict else "no_move"
    return Strength(len(overtakes), len(overtaken), shift, verdict, rivals or None, reason)


def _verdict(net: int, shift: float, threshold: float) -> str | None:
    if net > 0 and shift >= threshold:
        return "strong"
    if net < 0 and shift <= -threshold:
        return "weak"
    return None


def _move(entity: str, peer: str, everything: Map, field: Map) -> tuple[float, float]:
    """Return log10 of entity over peer on the map of all, and on the field's."""
    return (
        log10(_value(everything, entity) / _value(everything, peer)),
        log10(_value(field, entity) / _value(field, peer)),
    )


def _value(standings: Map, entity: str) -> float:
    """Return the eigenvector, 0 where there is none."""
    standing = standings.get(entity)
    return standing.eigenvector or 0.0 if standing else 0.0


def _none(reason: str) -> Strength:
    return Strength(None, None, None, None, None, reason)
