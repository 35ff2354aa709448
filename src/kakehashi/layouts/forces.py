"""Positions of some thousand nodes by forces: linked ones attract each other, all push each other apart.

The start is pivot MDS (Brandes and Pich 2007, Graph Drawing 2006): distances to a few nodes give the large shape. Then
nodes move as in Fruchterman and Reingold (1991, Softw. Pract. Exper. 21); what distant nodes push is summed on a grid
by fast Fourier transforms, so that a step takes milliseconds whatever the number of pairs. Nothing is drawn by lot.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft2, rfft2
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Complex = npt.NDArray[np.complex128]

_PIVOTS = 30
_KEPT = 10
"""The strongest links of each node that attract: all of them would pull everything into one ball."""
_STEPS = 160
_FEWEST, _MOST = 32, 128
"""Cells along a side of the grid on which distant nodes push."""
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)


def layout(nodes: int, a: Ints, b: Ints, works: Floats) -> Floats:
    """Return positions within the unit circle, shape (nodes, 2).

    Args:
        nodes: how many there are, the most important first.
        a: (m,) one end of each edge.
        b: (m,) the other end.
        works: (m,) joint works.
    """
    if nodes < 2:
        return np.zeros((nodes, 2))
    links = _backbone(nodes, a, b, works)
    return _within_circle(_spread(_start(nodes, links), links), np.diff(links.indptr) > 0)


def _backbone(nodes: int, a: Ints, b: Ints, works: Floats) -> csr_array:
    """Return the strongest links of each node, symmetric, by joint works over the root of both nodes' (Salton)."""
    total = np.bincount(np.concatenate([a, b]), weights=np.concatenate([works, works]), minlength=nodes)
    strength = works / np.sqrt(total[a] * total[b])
    ends = np.concatenate([a, b]), np.concatenate([b, a])
    both = np.concatenate([strength, strength])
    order = np.lexsort((ends[1], -both, ends[0]))
    place = np.arange(len(order)) - np.searchsorted(ends[0][order], ends[0][order])
    kept = order[place < _KEPT]
    chosen = coo_array((both[kept], (ends[0][kept], ends[1][kept])), shape=(nodes, nodes)).tocsr()
    return csr_array(chosen.maximum(chosen.T))


def _start(nodes: int, links: csr_array) -> Floats:
    """Place the largest component by distances to pivots, the rest in a sunflower around it."""
    spots = np.zeros((nodes, 2))
    component = connected_components(links, directed=False)[1]
    inside = np.flatnonzero(component == np.bincount(component).argmax())
    if len(inside) > 2:
        part = links[inside][:, inside]
        hops = csr_array((np.ones(part.nnz), part.indices, part.indptr), shape=part.shape)
        pivots, distances = [int(np.diff(part.indptr).argmax())], []
        for _ in range(min(_PIVOTS, len(inside))):
            distances.append(dijkstra(hops, indices=np.array(pivots[-1:]), unweighted=True)[0])
            pivots.append(int(np.min(distances, axis=0).argmax()))
        squares = np.array(distances).T ** 2
        centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
        _, vectors = np.linalg.eigh(centred.T @ centred)
        found = -0.5 * centred @ vectors[:, [-1, -2]] if vectors.shape[1] > 1 else np.zeros((len(inside), 2))
        # Either sign of an axis is as good: the most important node stands left and below.
        found *= np.where(found[np.abs(found).argmax(axis=0), [0, 1]] > 0, -1.0, 1.0)
        spots[inside] = found / max(float(np.abs(found).max()), 1e-12)
    numbers = np.arange(nodes)
    reach = np.where(component == component[inside[0]], 0.02, 1.0) * np.sqrt((numbers + 0.5) / nodes)
    around = np.column_stack([np.cos(numbers * _GOLDEN_ANGLE), np.sin(numbers * _GOLDEN_ANGLE)])
    return np.asarray(spots + reach[:, None] * around)


def _within_circle(spots: Floats, linked: npt.NDArray[np.bool_]) -> Floats:
    """Scale to the unit circle; the few that lie far outside, mostly without links, are drawn in to its rim."""
    counted = spots[linked] if linked.any() else spots
    spots = spots - np.median(counted, axis=0)
    length = np.sqrt((spots**2).sum(axis=1))
    bound = max(float(np.quantile(length[linked] if linked.any() else length, 0.97)), 1e-12)
    drawn = np.where(length > bound, bound * (1 + 0.15 * np.tanh(length / bound - 1)), length)
    spots = spots * (drawn / np.maximum(length, 1e-12))[:, None]
    return spots / max(float(drawn.max()), 1e-12)


def _spread(spots: Floats, links: csr_array) -> Floats:
    """Move nodes by their forces, ever less far."""
    n = len(spots)
    wanted = 1.0 / np.sqrt(n)  # the distance at which a link's pull and push are even
    pairs = links.tocoo()
    ends, pull = (
        (pairs.coords[0], pairs.coords[1]),
        0.3 + 0.7 * pairs.data / max(float(pairs.data.max(initial=0)), 1e-12),
    )
    grid = _grid(n)
    for step in range(_STEPS):
        gap = spots[ends[1]] - spots[ends[0]]
        strain = (np.sqrt((gap**2).sum(axis=1)) / wanted * pull)[:, None] * gap
        drawn = [np.bincount(ends[0], weights=strain[:, axis], minlength=n) for axis in range(2)]
        force = np.column_stack(drawn).astype(np.float64)
        force += wanted**2 * (_far(spots, grid) + _near(spots, wanted)) - 0.5 * spots
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-12)
        reach = 0.1 * (1 - step / _STEPS) ** 1.5
        spots = spots + force * (np.minimum(length, reach) / length)[:, None]
    return spots


def _grid(nodes: int) -> int:
    """Return how many cells a grid of so many nodes has along a side: four to the distance at which they would lie."""
    return int(np.clip(2 ** np.ceil(np.log2(4 * np.sqrt(nodes))), _FEWEST, _MOST))


def _far(spots: Floats, grid: int) -> Floats:
    """Return what all nodes push each one by: the sum of direction / distance, softened within a cell of the grid."""
    low = spots.min(axis=0)
    cell = max(float((spots.max(axis=0) - low).max()), 1e-9) / (grid - 2)
    scaled = (spots - low) / cell
    corner = np.minimum(scaled.astype(np.int64), grid - 2)
    part = scaled - corner
    size = 2 * grid
    field = np.zeros((size, size))
    corners = [(dx, dy, np.abs(1 - dx - part[:, 0]) * np.abs(1 - dy - part[:, 1])) for dx in (0, 1) for dy in (0, 1)]
    for dx, dy, share in corners:
        np.add.at(field, (corner[:, 0] + dx, corner[:, 1] + dy), share)
    transformed = rfft2(field)
    result = np.zeros_like(spots)
    for number, push in enumerate(_pushes(grid)):
        pushed = irfft2(transformed * push, s=(size, size))
        for dx, dy, share in corners:
            result[:, number] += share * pushed[corner[:, 0] + dx, corner[:, 1] + dy]
    return result / cell


@cache
def _pushes(grid: int) -> tuple[Complex, Complex]:
    """Return the transforms of what a node at the corner of the grid pushes all others by, along either axis."""
    axis = np.arange(2 * grid)
    away = np.where(axis < grid, axis, axis - 2 * grid).astype(np.float64)
    square = away[:, None] ** 2 + away[None, :] ** 2 + 1.0
    return rfft2(away[:, None] / square), rfft2(away[None, :] / square)


def _near(spots: Floats, wanted: float) -> Floats:
    """Return a push between nodes that stand closer than half of the wanted distance: the grid does not see it."""
    pairs = cKDTree(spots).query_pairs(wanted / 2, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    gap = spots[pairs[:, 0]] - spots[pairs[:, 1]]
    square = np.maximum((gap**2).sum(axis=1), (wanted / 50) ** 2)
    push = gap / square[:, None]
    result = np.zeros_like(spots)
    np.add.at(result, pairs[:, 0], push)
    np.add.at(result, pairs[:, 1], -push)
    return result
