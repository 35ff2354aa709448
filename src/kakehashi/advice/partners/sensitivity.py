"""How far the order rests on the weights and on the sample: intervals of ranks, shares of draws in the top ten."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakehashi.advice.partners.pool import Floats
from kakehashi.advice.partners.rules import Rules
from kakehashi.advice.partners.scoring import Scores, weighted

_MOST_RANKED = 1000
_BOUNDS = (0.05, 0.95)


@dataclass(frozen=True)
class Stability:
    """A candidate over the draws: ranks between which nine of ten draws put it, and the share with it in the top."""

    low: int
    high: int
    top_share: float


def by_weights(scores: Scores, places: list[int], rules: Rules) -> dict[int, Stability]:
    """Rank again with every weight drawn anew between 1 - spread and 1 + spread times itself.

    `places` are the kept candidates, best first; the leading 1,000 are ranked. Draws are seeded.
    """
    leading = places[:_MOST_RANKED]
    draws = np.random.default_rng(rules.seed).uniform(
        1 - rules.weight_spread, 1 + rules.weight_spread, (rules.weight_draws, len(scores.weights))
    )
    values = scores.filled[leading]
    ranks = np.array([ranked(weighted(values, scores.weights * draw)) for draw in draws])
    return summary(ranks, leading, rules)


def ranked(scores: Floats) -> npt.NDArray[np.int64]:
    """Return each candidate's rank, from 1; of equal scores the one that stands first keeps its lead."""
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[order] = np.arange(1, len(scores) + 1)
    return ranks


def summary(ranks: npt.NDArray[np.int64], places: list[int], rules: Rules) -> dict[int, Stability]:
    """Summarise ranks (draws x candidates): the 5th and 95th percentile, and the share of draws in the top."""
    if not len(places):
        return {}
    low = np.quantile(ranks, _BOUNDS[0], axis=0, method="lower")
    high = np.quantile(ranks, _BOUNDS[1], axis=0, method="higher")
    share = (ranks <= rules.top).mean(axis=0)
    return {
        place: Stability(int(low[number]), int(high[number]), float(share[number]))
        for number, place in enumerate(places)
    }
