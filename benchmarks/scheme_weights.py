"""How far the ranking of patterns depends on the weights of the axes: other weights, and weights drawn at random.

Run: python benchmarks/scheme_weights.py. It prints, for each region with no wish said, the patterns that come first and
the places of the published ones. docs/decisions/schemes-and-published-patterns.md quotes the result.
"""

import random
from collections import Counter
from collections.abc import Mapping

from kakehashi.advice.schemes.choices import choose, wanted
from kakehashi.advice.schemes.fit import rank
from kakehashi.advice.schemes.wish import Wish
from kakehashi.knowledge.axes import AXES, Axis, axes, worth
from kakehashi.knowledge.regions import regions

DRAWS = 2000
SEED = 20230331


def ranking(region: str, weights: Mapping[Axis, float], partly: float) -> list[int]:
    """Return the numbers of the patterns for a region with no wish said, the best fit first."""
    chosen = wanted(choose(Wish("JP", None, region)))
    return [fit.pattern.number for fit in rank(chosen, weights=weights, partly=partly)]


def main() -> None:
    """Print the rankings under given weights and the shares of first places under drawn ones."""
    ours = {text.id: text.weight for text in axes().values()}
    equal = dict.fromkeys(AXES, 1.0)
    for name, weights, partly in (
        ("ours", ours, worth().worth),
        ("equal weights", equal, worth().worth),
        ("ours, no parts", ours, 0.0),
        ("equal weights, no parts", equal, 0.0),
    ):
        print(f"\n{name}")
        for region in regions().values():
            found = ranking(region.id, weights, partly)
            places = {number: found.index(int(number)) + 1 for number in region.patterns}
            print(f"  {region.id}: first {found[:4]}, places of the published {places}")
    draw = random.Random(SEED)
    firsts: dict[str, Counter[int]] = {name: Counter() for name in regions()}
    for _ in range(DRAWS):
        weights = {axis: draw.uniform(1, 3) for axis in AXES}
        partly = draw.uniform(0.25, 0.75)
        for name, counted in firsts.items():
            counted[ranking(name, weights, partly)[0]] += 1
    print(f"\nfirst of {DRAWS} draws, weights from 1 to 3, a part worth 0.25 to 0.75")
    for name, counted in firsts.items():
        print(f"  {name}: {', '.join(f'{number}: {count / DRAWS:.1%}' for number, count in counted.most_common())}")


if __name__ == "__main__":
    main()
