"""Which works answer a need: BM25 with terms and their alternatives, the study's own keywords, and latent semantics.

Where a pretrained encoder is installed, what the need means as a whole is one more. Their scores are brought to one
scale and added (Fox and Shaw 1994), and the best works are looked at once more. Each can be asked alone, which is how
they are compared with one another.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching import queries
from kakehashi.matching.encoder import encoder
from kakehashi.matching.latent import Vectors
from kakehashi.matching.need import Concept, Need
from kakehashi.matching.policy import policy
from kakehashi.matching.schema import Record
from kakehashi.matching.second_look import features, weights
from kakehashi.matching.store import Index
from kakehashi.matching.words import need_weights, stems

Method = Literal["hybrid", "bm25", "terms", "expanded", "dense", "meaning", "fused"]
Ranked = list[tuple[int, float]]
_OFTEN = 0.1


@dataclass(frozen=True)
class Looked:
    """The works that a second look was taken at: their rows, what is weighed of each, and they themselves."""

    rows: Sequence[int]
    features: NDArray[np.float64]
    records: Mapping[int, Record]


@dataclass(frozen=True)
class Found:
    """Works by their rows with a score, the best first, and the keywords that the query was enlarged by.

    `evidence`: what each counts for its institutions, from 0 to 1, where that is not its score.
    """

    works: tuple[tuple[int, float], ...]
    keywords: Mapping[str, float]
    evidence: Mapping[int, float] = field(default_factory=dict)
    looked: Looked | None = None


def retrieve(index: Index, need: Need, method: Method = "hybrid", limit: int | None = None) -> Found:
    """Return the works that answer a need.

    bm25: a bag of words; terms: with terms and alternatives; expanded: with the keywords that the best works share;
    dense: latent semantics; meaning: a pretrained encoder, where there is one; fused: all of them together; hybrid: the
    best of these after a second look.
    """
    depth = limit or policy()["fusion"]["depth"]
    if method == "bm25":
        query = queries.plain(need.concepts)
        return Found(tuple(index.search(query, depth)) if query is not None else (), {})
    if method == "dense":
        return Found(tuple(_nearest(index, _vector(index, need), depth)), {})
    if method == "meaning":
        return Found(tuple(_meaning(index, need, depth)), {})
    query = queries.structured(need.concepts)
    if query is None:
        return Found((), {})
    first = index.search(query, depth)
    if method == "terms":
        return Found(tuple(first), {})
    keywords = related(index, first, need.concepts)
    expanded = index.search(queries.structured(need.concepts, keywords), depth) if keywords else first
    if method == "expanded":
        return Found(tuple(expanded), keywords)
    rankings = _rankings(index, need, {"terms": first, "expanded": expanded}, keywords, depth)
    together = fused(rankings, depth)
    if method == "fused":
        return Found(tuple(together), keywords)
    looked = _look(index, need, rankings, [row for row, _ in together])
    found = _weighed(looked, depth, meaning="meaning" in rankings)
    return Found(tuple(found), keywords, _evidence(together, found), looked)


def _rankings(
    index: Index, need: Need, by_words: Mapping[str, Ranked], keywords: Mapping[str, float], depth: int
) -> dict[str, Ranked]:  # fmt: skip
    """Return all ways of searching; those by vectors start from the best works by words."""
    best = [row for row, _ in by_words["expanded"]]
    bag = queries.plain(need.concepts)
    found = {
        **by_words,
        "bag": index.search(bag, depth) if bag is not None else [],
        "dense": _nearest(index, _vector(index, need, keywords), depth, best),
    }
    if index.meanings is not None:
        found["meaning"] = _meaning(index, need, depth, best)
    return found


def fused(rankings: Mapping[str, Ranked], depth: int) -> Ranked:
    """Fuse rankings: the weighted mean of their scores, each from 0 to 1; a work that leads all of them has 1."""
    limits = policy()["fusion"]
    whole = sum(limits[name] for name in rankings)
    scores: dict[int, float] = defaultdict(float)
    for name, ranking in sorted(rankings.items()):
        for row, share in shares(ranking, depth).items():
            scores[row] += limits[name] / whole * share
    return sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:depth]


def shares(ranking: Ranked, depth: int) -> dict[int, float]:
    """Return the scores of a ranking from 0 to 1.

    Its best work has 1, and 0 what is not in it or is its last of `depth`: by their scores, not their ranks, the few
    works that stand out count more than those that follow close together.
    """
    if not ranking:
        return {}
    own = np.fromiter((score for _, score in ranking), np.float64, len(ranking))
    low = own[-1] if len(ranking) >= depth else 0.0
    span = own[0] - low
    scaled = np.clip((own - low) / span, 0, 1) if span > 0 else np.ones(len(own))
    return dict(zip((row for row, _ in ranking), scaled.tolist(), strict=True))


def _look(index: Index, need: Need, rankings: Mapping[str, Ranked], rows: Sequence[int]) -> Looked:
    """Read the best works, and tell what is weighed of each."""
    depth = policy()["fusion"]["depth"]
    records = index.records(rows)
    scores = {name: shares(ranking, depth) for name, ranking in rankings.items()}
    return Looked(rows, features(index, need.concepts, _vector(index, need), scores, rows, records), records)


def _weighed(looked: Looked, depth: int, *, meaning: bool) -> Ranked:
    """Return the works in the order of the learnt weights, scored from 0 to 1 as in `shares`."""
    scores = looked.features @ weights(meaning=meaning)
    ranked = sorted(zip(looked.rows, scores.tolist(), strict=True), key=lambda one: (-one[1], one[0]))
    return list(shares(ranked, depth).items())


def _evidence(together: Ranked, found: Ranked) -> dict[int, float]:
    """Return what works count for their institutions: the mean of their fused score and that of the second look."""
    if not together:
        return {}
    share = policy()["institutions"]["second_look"]
    top = together[0][1] or 1.0
    looked = dict(found)
    return {row: (1 - share) * score / top + share * looked[row] for row, score in together}


def related(index: Index, ranking: Ranked, concepts: Sequence[Concept]) -> dict[str, float]:
    """Return keywords that the best works share more often than the study does, with their weights in the query.

    A keyword's offer weight is its works among the best times ln of how much more frequent it is there. Keywords whose
    words the need has already, those of a tenth of all works and labels with a colon in them are left out.
    """
    limits = policy()["expansion"]
    best = ranking[: limits["works"]]
    counts: Counter[str] = Counter()
    for record in index.records([row for row, _ in best]).values():
        counts.update({keyword.casefold() for keyword in record.keywords})
    asked = {stem for concept in concepts for one in concept.alternatives for stem in one.stems}
    offers: list[tuple[float, str]] = []
    for keyword, works in counts.items():
        words = stems(keyword)
        if works < limits["least_works"] or not words or ":" in keyword or asked.issuperset(words):
            continue
        everywhere = max(index.works_with_keyword(keyword), 1)
        if everywhere > _OFTEN * index.works or need_weights("en").get(" ".join(words), 1.0) == 0:
            continue
        lift = math.log((works / len(best)) * index.works / everywhere)
        if lift > 0:
            offers.append((works * lift, keyword))
    chosen = sorted(offers, key=lambda offer: (-offer[0], offer[1]))[: limits["keywords"]]
    total = sum(offer for offer, _ in chosen)
    weight = limits["weight"] * sum(concept.weight for concept in concepts)
    return {keyword: weight * offer / total for offer, keyword in chosen}


def _meaning(index: Index, need: Need, limit: int, best: Sequence[int] = ()) -> Ranked:
    """Return the works that say the likest to the need as a whole; none where the index knows no encoder."""
    limits = policy()["meaning"]
    installed = encoder()
    if index.meanings is None or installed is None:
        return []
    vector = installed.encode([need.text])[0]
    around = list(index.meanings.vectors(best[: limits["feedback_works"]]).values())
    if around:
        vector = vector + np.float32(limits["feedback"]) * np.mean(around, axis=0)
    return index.meanings.nearest(vector, limit)


def _vector(index: Index, need: Need, keywords: Mapping[str, float] | None = None) -> Vectors | None:
    """Return a need, and keywords added to it, in the latent space; None where none of its words is known."""
    counts: dict[str, float] = defaultdict(float)
    for concept in need.concepts:
        english = [one for one in concept.alternatives if one.language == "en"]
        whole = sum(one.weight for one in english)
        for one in english:
            for stem in one.stems:
                counts[stem] += concept.weight * one.weight / whole
    for keyword, weight in (keywords or {}).items():
        for stem in stems(keyword):
            counts[stem] += weight
    return index.latent.vector(counts)


def _nearest(index: Index, vector: Vectors | None, limit: int, best: Sequence[int] = ()) -> Ranked:
    """Return the works nearest to a need, and to the mean of the best works by words where these are given."""
    limits = policy()["dense"]
    if vector is None:
        return []
    around = list(index.neighbours.vectors(best[: limits["feedback_works"]]).values())
    if around:
        vector = vector + np.float32(limits["feedback"]) * np.mean(around, axis=0)
    return index.neighbours.nearest(vector, limit)
