"""The compiled half of exact betweenness: 32 breadth-first searches share each pass over the adjacency.

Brandes' algorithm (2001) searches from one source at a time and waits for memory. Here every node has a row of
`LANES` numbers, one for each source of a batch, and a word of bits that says which sources reached it at this level:
one look at an edge serves all of them (the idea of Then et al. 2014, VLDB 8(4), applied to path counts). Rows hold
zeros where a source is not at the level, so that adding whole rows needs no branch. Importing this needs Numba.
"""

from typing import Any

import numba  # type: ignore[import-untyped]
import numpy as np

LANES = 32

# Beyond this a number of paths is taken as infinite, and scores become NaN: its reciprocal would lose digits.
MOST_PATHS = 1e300

_ONE = np.uint32(1)


def _compiled(function: Any) -> Any:
    """Compile on first use and keep the machine code on disk, where a folder for it can be written."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return numba.njit(**options)(function)


@_compiled
def _grown(array, needed):  # type: ignore[no-untyped-def]
    if len(array) >= needed:
        return array
    larger = np.empty(max(needed, 2 * len(array)), array.dtype)
    larger[: len(array)] = array
    return larger


@_compiled
def _add_row(target, to, source, of):  # type: ignore[no-untyped-def]
    for lane in range(LANES):
        target[to, lane] += source[of, lane]


@_compiled
def _push(ptr, adj, nodes, masks, begin, end, seen, reached, current, following):  # type: ignore[no-untyped-def]
    """From every node of the level to its neighbours; return the end of the list of nodes reached."""
    last = end
    for i in range(begin, end):
        v, mask = nodes[i], masks[i]
        for p in range(ptr[v], ptr[v + 1]):
            w = adj[p]
            new = mask & ~seen[w]
            if new:
                if reached[w] == 0:
                    nodes[last] = w
                    last += 1
                reached[w] |= new
                _add_row(following, w, current, v)
    return last


@_compiled
def _pull(ptr, adj, nodes, end, unfinished, left, full, seen, front, reached, current, following):  # type: ignore[no-untyped-def]
    """From every node that some source has not reached, look for neighbours on the level."""
    last, kept, arcs = end, 0, 0
    for i in range(left):
        w = unfinished[i]
        missing = full & ~seen[w]
        if missing == 0:
            continue
        got = missing & ~missing
        for p in range(ptr[w], ptr[w + 1]):
            v = adj[p]
            new = front[v] & missing
            if new:
                got |= new
                _add_row(following, w, current, v)
        if got:
            nodes[last] = w
            last += 1
            reached[w] = got
        if got != missing:
            unfinished[kept] = w
            kept += 1
            arcs += ptr[w + 1] - ptr[w]
    return last, kept, arcs


@_compiled
def _search(ptr, adj, copies, sources, work, nodes, masks, starts):  # type: ignore[no-untyped-def]
    """Count shortest paths from each source, level by level. Returns the lists of the levels, and their number."""
    seen, front, reached, unfinished, current, following, paths = work
    n = len(seen)
    nodes, masks = _grown(nodes, len(sources) + n), _grown(masks, len(sources) + n)
    full, frontier_arcs, left, left_arcs = np.uint32(0), 0, -1, ptr[n]
    for lane in range(len(sources)):
        s, bit = sources[lane], _ONE << np.uint32(lane)
        seen[s] = front[s] = bit
        nodes[lane], masks[lane] = s, bit
        current[s, lane] = paths[s, lane] = 1
        full |= bit
        frontier_arcs += ptr[s + 1] - ptr[s]
    level, begin, end = 0, 0, len(sources)
    starts[0], starts[1] = 0, end
    while end > begin:
        nodes, masks = _grown(nodes, end + n), _grown(masks, end + n)
        if frontier_arcs * 3 < left_arcs:
            last = _push(ptr, adj, nodes, masks, begin, end, seen, reached, current, following)
        else:
            if left < 0:
                left = n
                for w in range(n):
                    unfinished[w] = w
            last, left, left_arcs = _pull(
                ptr, adj, nodes, end, unfinished, left, full, seen, front, reached, current, following
            )
        for i in range(begin, end):
            current[nodes[i], :] = 0
            front[nodes[i]] = 0
        frontier_arcs = 0
        for i in range(end, last):
            w = nodes[i]
            mask = reached[w]
            masks[i], front[w], reached[w] = mask, mask, 0
            seen[w] |= mask
            frontier_arcs += ptr[w + 1] - ptr[w]
            times = copies[w]
            for lane in range(LANES):
                count = following[w, lane] if (mask >> np.uint32(lane)) & _ONE else 0.0
                count = np.inf if count > MOST_PATHS else count
                paths[w, lane] += count
                following[w, lane] = count * times
        current, following = following, current
        level += 1
        begin, end = end, last
        starts = _grown(starts, level + 2)
        starts[level + 1] = end
    return nodes, masks, starts, level


@_compiled
def _settle_last(nodes, masks, begin, end, weights, front, paths, following):  # type: ignore[no-untyped-def]
    """Nodes of the last level pass nothing on: each offers its weight divided by its number of paths."""
    for i in range(begin, end):
        w, mask = nodes[i], masks[i]
        front[w] = mask
        for lane in range(LANES):
            here = (mask >> np.uint32(lane)) & _ONE
            following[w, lane] = weights[w] / paths[w, lane] if here else 0.0


@_compiled
def _settle(nodes, masks, begin, end, weights, copies, strength, paths, sums, scratch, scores):  # type: ignore[no-untyped-def]
    """Turn what the next level offered to each node into its dependency, and into what it offers itself."""
    for i in range(begin, end):
        v, mask = nodes[i], masks[i]
        weight, times = weights[v], copies[v]
        for lane in range(LANES):
            here = (mask >> np.uint32(lane)) & _ONE
            dependency = sums[v, lane] * paths[v, lane] if here else 0.0
            scratch[lane] = dependency * strength[lane]
            sums[v, lane] = (weight + times * dependency) / paths[v, lane] if here else 0.0
        half = LANES // 2
        while half:  # a sum in a fixed order that still fills vector registers
            for lane in range(half):
                scratch[lane] += scratch[lane + half]
            half //= 2
        scores[v] += scratch[0]


@_compiled
def _arcs(ptr, nodes, begin, end):  # type: ignore[no-untyped-def]
    total = 0
    for i in range(begin, end):
        total += ptr[nodes[i] + 1] - ptr[nodes[i]]
    return total


@_compiled
def _return(ptr, adj, copies, weights, strength, work, nodes, masks, starts, depth, scratch, scores):  # type: ignore[no-untyped-def]
    """Go back from the farthest level, and add each node's dependencies to its score."""
    _, front, here, _, current, following, paths = work
    far, last = starts[depth - 1], starts[depth]
    _settle_last(nodes, masks, far, last, weights, front, paths, current)
    for level in range(depth - 2, 0, -1):
        begin, end = starts[level], starts[level + 1]
        if _arcs(ptr, nodes, end, last) < _arcs(ptr, nodes, begin, end):
            for i in range(begin, end):
                here[nodes[i]] = masks[i]
            for i in range(end, last):
                w, mask = nodes[i], masks[i]
                for p in range(ptr[w], ptr[w + 1]):
                    if here[adj[p]] & mask:
                        _add_row(following, adj[p], current, w)
            for i in range(begin, end):
                here[nodes[i]] = 0
        else:
            for i in range(begin, end):
                v, mask = nodes[i], masks[i]
                for p in range(ptr[v], ptr[v + 1]):
                    if front[adj[p]] & mask:
                        _add_row(following, v, current, adj[p])
        for i in range(end, last):
            current[nodes[i], :] = 0
            front[nodes[i]] = 0
        _settle(nodes, masks, begin, end, weights, copies, strength, paths, following, scratch, scores)
        for i in range(begin, end):
            front[nodes[i]] = masks[i]
        current, following = following, current
        last = end
    for i in range(starts[1], last):
        current[nodes[i], :] = 0
        front[nodes[i]] = 0


@_compiled
def run(ptr, adj, copies, weights, sources, strength, first, step, scores):  # type: ignore[no-untyped-def]
    """Add to `scores`, shape (n,), the dependencies of batches first, first + step, ... of `LANES` sources.

    ptr (n+1,), adj (2m,): the adjacency, rows ascending. copies (n,): how many equal nodes a node stands for. weights
    (n,): how many targets it stands for. sources (s,): distinct nodes. strength (s,): what the dependencies of a source
    are multiplied by. A score is NaN if the number of shortest paths exceeds `MOST_PATHS`.
    """
    n = len(ptr) - 1
    rows = (n, LANES)
    work = (
        np.zeros(n, np.uint32), np.zeros(n, np.uint32), np.zeros(n, np.uint32), np.empty(n, np.int32),
        np.zeros(rows), np.zeros(rows), np.zeros(rows),
    )  # fmt: skip
    nodes, masks, starts = np.empty(n, np.int32), np.empty(n, np.uint32), np.empty(64, np.int64)
    scratch, lanes = np.zeros(LANES), np.zeros(LANES)
    for batch in range(first * LANES, len(sources), step * LANES):
        chosen = sources[batch : batch + LANES]
        lanes[:] = 0
        lanes[: len(chosen)] = strength[batch : batch + LANES]
        nodes, masks, starts, depth = _search(ptr, adj, copies, chosen, work, nodes, masks, starts)
        if depth > 1:
            _return(ptr, adj, copies, weights, lanes, work, nodes, masks, starts, depth, scratch, scores)
        for i in range(starts[depth]):
            work[6][nodes[i], :] = 0
            work[0][nodes[i]] = 0
