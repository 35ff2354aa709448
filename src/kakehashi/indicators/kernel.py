"""The compiled half of exact betweenness: 32 or 64 breadth-first searches share each pass over the adjacency.

Brandes' algorithm (2001) searches from one source at a time and waits for memory. Here every node has a row of
numbers, one for each source of a batch, and a word of bits that says which sources reached it at this level:
one look at an edge serves all of them (the idea of Then et al. 2014, VLDB 8(4), applied to path counts). Rows hold
zeros where a source is not at the level, so that adding whole rows needs no branch. Importing this needs Numba.
"""

from typing import Any

import numba
import numpy as np

from kakehashi.indicators import rows
from kakehashi.settings import Precision

# How many neighbours ahead memory is asked for.
_AHEAD = 8


def compiled(function: Any) -> Any:
    """Compile on first use and keep the machine code on disk, where a folder for it can be written."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return numba.njit(**options)(function)


@compiled
def _grown(array, needed):
    if len(array) >= needed:
        return array
    larger = np.empty(max(needed, 2 * len(array)), array.dtype)
    larger[: len(array)] = array
    return larger


@compiled
def _push(ptr, adj, nodes, masks, begin, end, seen, reached, current, following):
    """From every node of the level to its neighbours; return the end of the list of nodes reached."""
    last = end
    for i in range(begin, end):
        v, mask = nodes[i], masks[i]
        for p in range(ptr[v], ptr[v + 1]):
            w = adj[p]
            if p + _AHEAD < ptr[v + 1] and mask & ~seen[adj[p + _AHEAD]]:
                rows.fetch(following, adj[p + _AHEAD])
            new = mask & ~seen[w]
            if new:
                if reached[w] == 0:
                    nodes[last] = w
                    last += 1
                reached[w] |= new
                rows.add(following, w, current, v)
    return last


@compiled
def _pull(ptr, adj, nodes, end, unfinished, left, full, seen, front, reached, current, following):
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
            if p + _AHEAD < ptr[w + 1] and front[adj[p + _AHEAD]] & missing:
                rows.fetch(current, adj[p + _AHEAD])
            new = front[v] & missing
            if new:
                got |= new
                rows.add(following, w, current, v)
        if got:
            nodes[last] = w
            last += 1
            reached[w] = got
        if got != missing:
            unfinished[kept] = w
            kept += 1
            arcs += ptr[w + 1] - ptr[w]
    return last, kept, arcs


@compiled
def _search(ptr, adj, copies, sources, work, nodes, masks, starts):
    """Count shortest paths from each source, level by level. Returns the lists of the levels, and their number."""
    seen, front, reached, unfinished, current, following, paths = work
    n = len(seen)
    nodes, masks = _grown(nodes, len(sources) + n), _grown(masks, len(sources) + n)
    one = seen.dtype.type(1)
    full, frontier_arcs, left, left_arcs = one ^ one, 0, -1, ptr[n]
    for lane in range(len(sources)):
        s, bit = sources[lane], one << seen.dtype.type(lane)
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
            rows.clear(current, nodes[i])
            front[nodes[i]] = 0
        frontier_arcs = 0
        for i in range(end, last):
            w = nodes[i]
            mask = reached[w]
            masks[i], front[w], reached[w] = mask, mask, 0
            seen[w] |= mask
            frontier_arcs += ptr[w + 1] - ptr[w]
            rows.count(following, paths, w, mask, copies[w])
        current, following = following, current
        level += 1
        begin, end = end, last
        starts = _grown(starts, level + 2)
        starts[level + 1] = end
    return nodes, masks, starts, level


@compiled
def _arcs(ptr, nodes, begin, end):
    total = 0
    for i in range(begin, end):
        total += ptr[nodes[i] + 1] - ptr[nodes[i]]
    return total


@compiled
def _return(ptr, adj, copies, weights, strength, work, nodes, masks, starts, depth, scores):
    """Go back from the farthest level, and add each node's dependencies to its score."""
    _, front, here, _, current, following, paths = work
    far, last = starts[depth - 1], starts[depth]
    for i in range(far, last):  # nobody offers the farthest anything
        w, mask = nodes[i], masks[i]
        front[w] = mask
        rows.depend(current, paths, w, mask, weights[w], copies[w], strength)
    for level in range(depth - 2, 0, -1):
        begin, end = starts[level], starts[level + 1]
        if _arcs(ptr, nodes, end, last) < _arcs(ptr, nodes, begin, end):
            for i in range(begin, end):
                here[nodes[i]] = masks[i]
            for i in range(end, last):
                w, mask = nodes[i], masks[i]
                for p in range(ptr[w], ptr[w + 1]):
                    if p + _AHEAD < ptr[w + 1] and here[adj[p + _AHEAD]] & mask:
                        rows.fetch(following, adj[p + _AHEAD])
                    if here[adj[p]] & mask:
                        rows.add(following, adj[p], current, w)
            for i in range(begin, end):
                here[nodes[i]] = 0
        else:
            for i in range(begin, end):
                v, mask = nodes[i], masks[i]
                for p in range(ptr[v], ptr[v + 1]):
                    if p + _AHEAD < ptr[v + 1] and front[adj[p + _AHEAD]] & mask:
                        rows.fetch(current, adj[p + _AHEAD])
                    if front[adj[p]] & mask:
                        rows.add(following, v, current, adj[p])
        for i in range(end, last):
            rows.clear(current, nodes[i])
            front[nodes[i]] = 0
        for i in range(begin, end):
            v, mask = nodes[i], masks[i]
            front[v] = mask
            scores[v] += rows.depend(following, paths, v, mask, weights[v], copies[v], strength)
        current, following = following, current
        last = end
    for i in range(starts[1], last):
        rows.clear(current, nodes[i])
        front[nodes[i]] = 0


def workspace(nodes: int, precision: Precision = "double") -> tuple[Any, ...]:
    """Return the arrays that searches share, all zero: each search leaves them so.

    NumPy makes them, not compiled code: it asks the system for large pages, without which most of the time goes into
    looking up addresses.
    """
    words = [np.zeros(nodes, rows.WORDS[precision]) for _ in range(3)]
    shape = nodes, rows.lanes(precision)
    return (*words, np.zeros(nodes, np.int32), *(np.zeros(shape, rows.NUMBERS[precision]) for _ in range(3)))


@compiled
def run(ptr, adj, copies, weights, sources, strength, first, step, work, scores):
    """Add to `scores`, shape (n,), the dependencies of batches first, first + step, ... of a row's lanes of sources.

    ptr (n+1,), adj (2m,): the adjacency, rows ascending. copies (n,): how many equal nodes a node stands for. weights
    (n,): how many targets it stands for. sources (s,): distinct nodes. strength (s,): what the dependencies of a source
    are multiplied by. work: `workspace(n)`, which decides the precision. A score is NaN where there are more shortest
    paths than that holds.
    """
    n = len(ptr) - 1
    seen, paths = work[0], work[6]
    nodes, masks, starts = np.empty(n, np.int32), np.empty(n, seen.dtype), np.empty(64, np.int64)
    size = paths.shape[1]
    lanes = np.zeros((1, size), paths.dtype)
    for batch in range(first * size, len(sources), step * size):
        chosen = sources[batch : batch + size]
        lanes[:] = 0
        lanes[0, : len(chosen)] = strength[batch : batch + size]
        nodes, masks, starts, depth = _search(ptr, adj, copies, chosen, work, nodes, masks, starts)
        if depth > 1:
            _return(ptr, adj, copies, weights, lanes, work, nodes, masks, starts, depth, scores)
        for i in range(starts[depth]):
            rows.clear(paths, nodes[i])
            seen[nodes[i]] = 0
