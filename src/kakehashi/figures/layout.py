"""Deterministic node positions for node-link drawings: weighted stress, then discs pushed apart inside the frame."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
_STRESS_STEPS = 150
_PUSH_STEPS = 200
_KEPT = 32


def layout(
    weights: Array, radii: Sequence[float], width: float, height: float, gap: float, margin: float
) -> list[tuple[float, float]]:
    """Place nodes so that strongly linked ones stand close and no two discs overlap where there is room.

    The wanted distance of a pair falls with its association strength, joint works over the product of both nodes' sums
    (van Eck and Waltman 2009, JASIST 60(8)); stress is lowered by majorisation (Gansner, Koren and North 2005) from a
    sunflower start in the order given, so that no random number is involved.

    Args:
        weights: symmetric matrix of joint works, shape (n, n), zero diagonal; the most important node first.
        radii: of the discs, in px.
        width: of the drawing, in px.
        height: of the drawing, in px.
        gap: wanted distance between discs, in px.
        margin: kept free at the rim for labels, in px.

    Returns:
        n pairs (x, y) in px.
    """
    if not radii:
        return []
    # The figures of a report are drawn once for each language, and only their words differ.
    matrix = np.ascontiguousarray(weights, dtype=np.float64)
    return list(_placed(matrix.tobytes(), tuple(radii), width, height, gap, margin))


@lru_cache(maxsize=_KEPT)
def _placed(
    weights: bytes, radii: tuple[float, ...], width: float, height: float, gap: float, margin: float
) -> tuple[tuple[float, float], ...]:
    count = len(radii)
    start = _sunflower(count)
    matrix = np.frombuffer(weights).reshape(count, count)
    spread = _majorise(start, _wanted(matrix)) if count > 2 else start
    fitted = _fit(_upright(spread), width, height, margin + 14)
    pushed = _push_apart(fitted, np.asarray(radii, dtype=np.float64), width, height, gap, margin)
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in pushed)


def _sunflower(count: int) -> Array:
    numbers = np.arange(count, dtype=np.float64)
    angle, reach = numbers * _GOLDEN_ANGLE, np.sqrt((numbers + 0.5) / count)
    return np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])


def _wanted(weights: Array) -> Array:
    """Distances in [0.25, 2]: short for pairs that work together more than their sizes alone explain."""
    sums = np.maximum(weights.sum(axis=1), 1e-12)
    strength = weights / np.sqrt(np.outer(sums, sums))
    top = max(float(strength.max()), 1e-12)
    closeness = (strength / top) ** 0.35
    return np.where(weights > 0, 1.6 - 1.3 * closeness, 2.0)


def _majorise(start: Array, wanted: Array) -> Array:
    count = len(start)
    weight = wanted**-2.0
    np.fill_diagonal(weight, 0.0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    # With a weight above 0 for every pair the matrix is positive definite.
    inverse = np.linalg.inv(laplacian + np.ones((count, count)) / count)
    places = start
    for _ in range(_STRESS_STEPS):
        difference = places[:, None, :] - places[None, :, :]
        distance = np.maximum(np.sqrt((difference**2).sum(axis=2)), 1e-9)
        ratio = weight * wanted / distance
        np.fill_diagonal(ratio, 0.0)
        pull = np.diag(ratio.sum(axis=1)) - ratio
        places = inverse @ (pull @ places)
    return places


def _upright(places: Array) -> Array:
    """Turn the longest direction level, with the first node in the upper left: a fixed orientation."""
    centred = places - places.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = centred @ axes[:, ::-1]
    signs = np.where(turned[0] > 0, -1.0, 1.0)
    return np.asarray(turned * signs)


def _fit(places: Array, width: float, height: float, margin: float) -> Array:
    low, high = places.min(axis=0), places.max(axis=0)
    room = np.array([max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0)])
    return np.asarray((places - low) / np.maximum(high - low, 1e-9) * room + margin)


def _push_apart(places: Array, radii: Array, width: float, height: float, gap: float, margin: float) -> Array:
    """Move overlapping discs away from each other, half the overlap each, and keep all inside the frame."""
    need = radii[:, None] + radii[None, :] + gap
    low = radii + margin
    high = np.maximum(np.column_stack([width - radii - margin, height - radii - margin]), low[:, None])
    for _ in range(_PUSH_STEPS):
        difference = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((difference**2).sum(axis=2)) + 1e-9
        overlap = np.maximum(need - distance, 0.0)
        np.fill_diagonal(overlap, 0.0)
        if not overlap.any():
            break
        step = (difference / distance[:, :, None] * overlap[:, :, None] * 0.25).sum(axis=1)
        places = np.clip(places + np.clip(step, -12, 12), low[:, None], high)
    return places
