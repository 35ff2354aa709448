"""The compiled half of estimated betweenness: all shortest paths of pairs drawn by lot. Importing this needs Numba.

Both ends of a pair are searched towards each other, the one with fewer arcs first, until they meet. Then every node
between is given the share of the pair's shortest paths that pass it (Riondato and Upfal 2018, ACM TKDD 12(5)): the mean
over pairs is its betweenness, and varies less than whether one path drawn passes it.
"""

from typing import Any

import numpy as np

from kakehashi.indicators.kernel import compiled

_LEVELS = 64


@compiled
def _mixed(number):
    """Return a hash of a number (splitmix64, Steele et al. 2014): the same lot on every machine."""
    number = np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@compiled
def _meet(ptr, adj, base, label, count, offer, queue, starts, level):
    """Search from both ends until they meet; return the number of shortest paths. Ends stand in the queues."""
    arcs = np.empty(2, np.int64)
    for side in range(2):
        arcs[side] = ptr[queue[side, 0] + 1] - ptr[queue[side, 0]]
    while True:
        side = 0 if arcs[0] <= arcs[1] else 1
        other = 1 - side
        depth = level[side]
        last = starts[side, depth + 1]
        total, ahead = 0.0, 0
        for at in range(starts[side, depth], starts[side, depth + 1]):
            u = queue[side, at]
            beyond = 0.0
            for p in range(ptr[u], ptr[u + 1]):
                w = adj[p]
                if label[other, w] >= base:
                    beyond += count[other, w]
                    offer[other, w] += count[side, u]
                elif total == 0.0 and beyond == 0.0:
                    if label[side, w] < base:
                        label[side, w] = base + depth + 1
                        count[side, w] = count[side, u]
                        queue[side, last] = w
                        last += 1
                        ahead += ptr[w + 1] - ptr[w]
                    elif label[side, w] == base + depth + 1:
                        count[side, w] += count[side, u]
            offer[side, u] = beyond
            total += beyond * count[side, u]
        if total > 0.0 or last == starts[side, depth + 1]:
            return total
        level[side] = depth + 1
        starts[side, depth + 2] = last
        arcs[side] = ahead


@compiled
def _share(ptr, adj, base, label, count, offer, queue, starts, level, total, sums, squares):
    """Give each node between the ends its share of the paths, and leave `offer` zero."""
    for side in range(2):
        for depth in range(level[side], -1, -1):
            for at in range(starts[side, depth], starts[side, depth + 1]):
                v = queue[side, at]
                offered = offer[side, v]
                if offered == 0.0:
                    continue
                offer[side, v] = 0.0
                if depth == 0:
                    continue
                share = count[side, v] * offered / total
                sums[v] += share
                squares[v] += share * share
                if depth > 1:
                    for p in range(ptr[v], ptr[v + 1]):
                        w = adj[p]
                        if label[side, w] == base + depth - 1:
                            offer[side, w] += offered


@compiled
def run(ptr, adj, seed, first, until, step, base, work, sums, squares):
    """Add the shares of pairs first, first + step, ... below `until` to `sums` and their squares; return the new base.

    ptr (n+1,), adj (2m,): the adjacency of a connected graph of two nodes or more. Pair number k follows from seed and
    k alone. base: what the last call with this `work` returned, 0 for a new one.
    """
    label, count, offer, queue = work
    n = len(ptr) - 1
    starts, level = np.zeros((2, _LEVELS + 2), np.int64), np.zeros(2, np.int64)
    for number in range(first, until, step):
        if base > 2_000_000_000:
            label[:] = 0
            base = 0
        base += _LEVELS
        one = _mixed(seed + np.uint64(2) * np.uint64(number) + np.uint64(1)) % np.uint64(n)
        two = _mixed(seed + np.uint64(2) * np.uint64(number) + np.uint64(2)) % np.uint64(n - 1)
        ends = (np.int64(one), np.int64(two) + (1 if two >= one else 0))
        for side in range(2):
            end = ends[side]
            label[side, end] = base
            count[side, end] = 1.0
            queue[side, 0] = end
            starts[side, 0], starts[side, 1], level[side] = 0, 1, 0
        total = _meet(ptr, adj, base, label, count, offer, queue, starts, level)
        _share(ptr, adj, base, label, count, offer, queue, starts, level, total, sums, squares)
    return base


def workspace(nodes: int) -> tuple[Any, ...]:
    """Return the arrays of one thread: labels, numbers of paths, what is offered back, and the queue, for each end."""
    return (
        np.zeros((2, nodes), np.int32), np.zeros((2, nodes)), np.zeros((2, nodes)), np.zeros((2, nodes), np.int32),
    )  # fmt: skip
