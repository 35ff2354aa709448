"""The five regions around a home country, on the axes papers (x) and eigenvector centrality (y), both log10."""

from dataclasses import dataclass
from math import hypot, log10


@dataclass(frozen=True)
class Point:
    """A place on the map: papers (full or fractional) and eigenvector centrality. A value may be missing."""

    papers: float | None
    eigenvector: float | None


@dataclass(frozen=True)
class Place:
    """A region, or None with the reason. `distance` is in decades from home, None where a value has no logarithm."""

    region: str | None
    distance: float | None
    reason: str | None


def place(point: Point, home: Point | None, radius: float, is_home: bool = False) -> Place:
    """Return the region of a point relative to home.

    Right and upper mean more than home; the lines themselves belong to the lower left. `centre` is the part of the
    lower left within `radius` decades of home (Euclidean). A value of 0 has no logarithm: it lies below or left of
    home, and never in the centre.
    """
    if home is None or home.papers is None or home.eigenvector is None:
        return Place(None, None, "home_absent")
    if point.papers is None or point.eigenvector is None:
        return Place(None, None, "value_absent")
    if is_home:
        return Place("home", 0.0, None)
    distance = _decades(point.papers, point.eigenvector, home.papers, home.eigenvector)
    right, upper = point.papers > home.papers, point.eigenvector > home.eigenvector
    region = f"{'upper' if upper else 'lower'}_{'right' if right else 'left'}"
    if region == "lower_left" and distance is not None and distance <= radius:
        region = "centre"
    return Place(region, distance, None)


def _decades(papers: float, eigenvector: float, home_papers: float, home_eigenvector: float) -> float | None:
    if min(papers, eigenvector, home_papers, home_eigenvector) <= 0:
        return None
    return hypot(log10(papers / home_papers), log10(eigenvector / home_eigenvector))
