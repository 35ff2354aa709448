"""The compiled half of estimated betweenness: all shortest paths of pairs drawn by lot. Importing this needs Numba.

Both ends of a pair are searched towards each other, the one with fewer arcs first, until they meet. Then every node
between is given the share of the pair's shortest paths that pass it (Riondato and Upfal 2018, ACM TKDD 12(5)): the mean
over pairs is its betweenness, and varies less than whether one path drawn passes it.

Most nodes that a search reaches are on no path, so all it keeps of them is one byte, and a graph's bytes stay near the
processor. Paths are counted when both ends have met, among the nodes that are on one.
"""

from typing import Any

import numpy as np

from kakehashi.indicators.kernel import compiled

# What the byte of a node says: 0 not reached; else from which end and at which level. Neighbours are at most one level
# apart, so that the level is kept as its remainder by three.
_LEVELS = 3
_MARK = 7
_BETWEEN = 8


@compiled
def _mixed(number):
    """Return a hash of a number (splitmix64, Steele et al. 2014): the same lot on every machine."""
    number = np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@compiled
def _mark(side, level):
    return np.uint8(1 + _LEVELS * side + level % _LEVELS)


@compiled
def _meet(ptr, adj, mark, queue, starts, arcs, depth, near, far):
    """Search from both ends, which stand in the queues, until they meet: near and far take the arcs where they do.

    Returns the number of these arcs and the side on which `near` lies. starts and arcs say of each side and level where
    it begins in the queue, and how many arcs leave it.
    """
    while True:
        side = 0 if arcs[0, depth[0]] <= arcs[1, depth[1]] else 1
        level = depth[side]
        begin, end = starts[side, level], starts[side, level + 1]
        last, ahead, met = end, 0, 0
        new, farthest = _mark(side, level + 1), _LEVELS * (side + 1)
        nearest = farthest - _LEVELS
        for at in range(begin, end):
            u = queue[side, at]
            for p in range(ptr[u], ptr[u + 1]):
                w = adj[p]
                found = mark[w]
                if found == 0:
                    if met == 0:
                        mark[w] = new
                        queue[side, last] = w
                        last += 1
                        ahead += ptr[w + 1] - ptr[w]
                elif found <= nearest or found > farthest:
                    near[met], far[met] = u, w
                    met += 1
        starts[side, level + 2] = last
        if met > 0 or last == end:
            return met, side
        depth[side] = level + 1
        arcs[side, level + 1] = ahead


@compiled
def _trace(ptr, adj, mark, queue, starts, arcs, side, depth, ends, met, between, first, lower, upper):
    """Go back from the nodes where one side met the other, `ends`, to those next to its own end.

    Lists the nodes in `between` from `first` on, the farthest first, and in lower and upper the arcs that join a node
    to those before it, in this order. Returns the end of the list, its part at level 1, and the number of arcs.
    """
    last, joined = first, 0
    for i in range(met):
        if not mark[ends[i]] & _BETWEEN:
            mark[ends[i]] |= _BETWEEN
            between[last] = ends[i]
            last += 1
    begin = first
    for level in range(depth, 1, -1):
        end, before = last, _mark(side, level - 1)
        leaving = 0
        for i in range(begin, end):
            leaving += ptr[between[i] + 1] - ptr[between[i]]
        if leaving <= arcs[side, level - 1]:
            for i in range(begin, end):
                w = between[i]
                for p in range(ptr[w], ptr[w + 1]):
                    v = adj[p]
                    if mark[v] & _MARK == before:
                        lower[joined], upper[joined] = v, w
                        joined += 1
                        if not mark[v] & _BETWEEN:
                            mark[v] |= _BETWEEN
                            between[last] = v
                            last += 1
        else:
            wanted = _mark(side, level) | _BETWEEN
            for at in range(starts[side, level - 1], starts[side, level]):
                v = queue[side, at]
                for p in range(ptr[v], ptr[v + 1]):
                    w = adj[p]
                    if mark[w] == wanted:
                        lower[joined], upper[joined] = v, w
                        joined += 1
                        if not mark[v] & _BETWEEN:
                            mark[v] |= _BETWEEN
                            between[last] = v
                            last += 1
        begin = end
    return last, begin, joined


@compiled
def _counted(between, first, last, nearest, depth, lower, upper, joined, paths):
    """Count the paths from a side's end to each node listed by `_trace`."""
    if depth == 0:
        paths[between[first]] = 1.0  # the end itself
        return
    for i in range(nearest, last):
        paths[between[i]] = 1.0
    for i in range(joined - 1, -1, -1):
        paths[upper[i]] += paths[lower[i]]


@compiled
def _shared(between, first, last, depth, lower, upper, joined, total, paths, beyond, sums, squares):
    """Give each node listed its share of the paths, but not the end itself; leave `paths` and `beyond` zero."""
    for i in range(joined):
        beyond[lower[i]] += beyond[upper[i]]
    for i in range(first, last):
        v = between[i]
        if depth > 0:
            share = paths[v] * beyond[v] / total
            sums[v] += share
            squares[v] += share * share
        paths[v] = beyond[v] = 0.0


@compiled
def _pair(ptr, adj, one, two, work, sums, squares):
    """Add the shares of one pair of nodes."""
    mark, queue, starts, arcs, near, far, between, lower, upper, paths, beyond = work
    depth = np.zeros(2, np.int64)
    for side in range(2):
        v = one if side == 0 else two
        mark[v] = _mark(side, 0)
        queue[side, 0] = v
        starts[side, 0], starts[side, 1] = 0, 1
        arcs[side, 0] = ptr[v + 1] - ptr[v]
    met, side = _meet(ptr, adj, mark, queue, starts, arcs, depth, near, far)
    other = 1 - side
    last, nearest, joined = _trace(
        ptr, adj, mark, queue, starts, arcs, side, depth[side], near, met, between, 0, lower[0], upper[0]
    )
    end, closest, tied = _trace(
        ptr, adj, mark, queue, starts, arcs, other, depth[other], far, met, between, last, lower[1], upper[1]
    )
    _counted(between, 0, last, nearest, depth[side], lower[0], upper[0], joined, paths)
    _counted(between, last, end, closest, depth[other], lower[1], upper[1], tied, paths)
    total = 0.0
    for i in range(met):
        total += paths[near[i]] * paths[far[i]]
        beyond[near[i]] += paths[far[i]]
        beyond[far[i]] += paths[near[i]]
    _shared(between, 0, last, depth[side], lower[0], upper[0], joined, total, paths, beyond, sums, squares)
    _shared(between, last, end, depth[other], lower[1], upper[1], tied, total, paths, beyond, sums, squares)
    for one_side in range(2):
        # The level that was being reached when the ends met is marked, too.
        for at in range(starts[one_side, depth[one_side] + (2 if one_side == side else 1)]):
            mark[queue[one_side, at]] = 0


@compiled
def run(ptr, adj, seed, first, until, step, work, sums, squares):
    """Add the shares of pairs first, first + step, ... below `until` to `sums` and their squares to `squares`.

    ptr (n+1,), adj (2m,): the adjacency of a connected graph of two nodes or more. Pair number k follows from seed and
    k alone. work: `workspace(n, 2m)`.
    """
    n = len(ptr) - 1
    for number in range(first, until, step):
        one = _mixed(seed + np.uint64(2) * np.uint64(number) + np.uint64(1)) % np.uint64(n)
        two = _mixed(seed + np.uint64(2) * np.uint64(number) + np.uint64(2)) % np.uint64(n - 1)
        _pair(ptr, adj, np.int64(one), np.int64(two) + (1 if two >= one else 0), work, sums, squares)


def workspace(nodes: int, arcs: int) -> tuple[Any, ...]:
    """Return the arrays of one thread, all zero where that matters: each pair leaves them so.

    They are as large as the worst of graphs would need; the system gives memory to what is used of them.
    """
    return (
        np.zeros(nodes, np.uint8), np.empty((2, nodes), np.int32), np.zeros((2, nodes + 2), np.int64),
        np.zeros((2, nodes + 2), np.int64), np.empty(arcs, np.int32), np.empty(arcs, np.int32),
        np.empty(nodes, np.int32), np.empty((2, arcs), np.int32), np.empty((2, arcs), np.int32),
        np.zeros(nodes), np.zeros(nodes),
    )  # fmt: skip
