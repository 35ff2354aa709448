"""What the works of the synthetic corpus are about: fields, titles, abstracts, and keywords of the taxonomy."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from corpus_world import calibration
from kakehashi.data.read import csv_rows
from kakehashi.demo import inputs

OUTSIDE = "outside"
_OPENINGS = ("A Study of", "Toward Practical", "Improving", "An Efficient Approach to", "A Comparative Evaluation of",
             "Design and Implementation of", "Modeling", "A Survey on", "Adaptive", "Low-Cost", "Scalable", "Robust",
             "Analysis of", "A Framework for", "Joint Optimization of", "Experimental Validation of")  # fmt: skip
_METHODS = ("a Hybrid Model", "Limited Measurements", "Hierarchical Control", "Sparse Observations", "a Field Trial",
            "Probabilistic Guarantees", "Heterogeneous Hardware", "Cross-Layer Feedback", "Multi-Objective Search",
            "Simulation and Measurement", "Incremental Updates", "Expert Feedback", "Reduced Complexity")  # fmt: skip
_NARROWER = ("testbed", "benchmark", "prototype", "architecture", "protocol", "estimator", "controller", "scheduler",
             "toolkit", "survey", "dataset", "pipeline", "simulator", "interface", "compiler", "policy")  # fmt: skip
_ADJECTIVES = ("adaptive", "distributed", "robust", "hybrid", "sparse", "online", "low-power", "large-scale", "secure",
               "cooperative", "optimal", "dynamic", "hierarchical", "real-time", "lightweight", "multi-stage", "joint",
               "stochastic", "reconfigurable", "energy-aware", "context-aware", "decentralized", "intelligent", "fast",
               "approximate", "nonlinear", "deep", "statistical", "semi-supervised", "interactive")  # fmt: skip
_FRAMES = (
    "This synthetic paper deals with {} and asks how it changes when {} is at hand.",
    "Earlier work on {} left open whether {} can be had at a cost that a small operator bears.",
    "We describe a scheme that joins {} with {} and needs neither new devices nor longer training.",
    "Measurements over eleven months show that {} and {} depend on each other less than was thought.",
    'Two "baseline" methods for {} are compared with ours under the load of {} that users really cause.',
    "An analysis of the remaining errors points to {} rather than to {} as what limits the result.",
    "No study of {} was in truth carried out, nor of {}: these sentences stand for those of a real paper.",
    "Finally we discuss what the approach to {} asks of people who plan {} for towns and regions.",
)


class Subject(NamedTuple):
    """What a work is about: its fields, `terms` of the IEEE, `author_terms`, `concepts` of the CCS as (id, name)."""

    fields: tuple[str, ...]
    title: str
    abstract: str
    terms: list[str]
    author_terms: list[str]
    concepts: list[tuple[str, str]]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of each field and of what is outside, the most frequent first; and the classes of the CCS."""

    terms: tuple[tuple[str, ...], ...]
    concepts: tuple[tuple[tuple[str, str], ...], ...]


@cache
def names() -> tuple[str, ...]:
    """Return the fields, and last what is outside."""
    return (*calibration()["fields"], OUTSIDE)


@cache
def vocabulary() -> Vocabulary:
    """Return the demo's terms of each field, then all that the shipped taxonomy labels."""
    found: dict[str, dict[str, None]] = {name: {} for name in names()}
    for row in csv_rows("demo/keywords.csv"):
        found[row["field"]][row["term"]] = None
    for file in ("labels", "labels_topics"):
        for row in csv_rows(f"taxonomies/ict8/{file}.csv"):
            for field in row["fields"].split():
                if field in found and row["keyword"].isascii() and not {'"', ";", "{"} & set(row["keyword"]):
                    found[field][row["keyword"]] = None
    profiles = inputs.fields()
    return Vocabulary(tuple(tuple(found[name]) for name in names()), tuple(profiles[name].ccs for name in names()))


class Subjects:
    """The subjects of one block of works."""

    def __init__(self, rng: np.random.Generator, works: int) -> None:
        told = calibration()
        words = vocabulary()
        weights = np.array(list(told["fields"].values()), dtype=float)
        of_work = rng.choice([1, 2, 3], p=told["fields_of_a_work"]["weights"], size=works)
        fields = np.searchsorted(np.cumsum(weights), rng.random((works, 3)) * weights.sum(), side="right")
        outside = rng.random(works) >= told["size"]["ict_share"]
        self._fields = [
            (len(weights),) if out else tuple(dict.fromkeys(row[:size]))
            for out, size, row in zip(outside.tolist(), of_work.tolist(), fields.tolist(), strict=True)
        ]
        # Terms by Zipf's law: the square of a uniform draw favours the head of the list.
        self._draws = (rng.random((works, 12)) ** 2).tolist()
        self._numbers = rng.integers(0, 1 << 30, (works, 4)).tolist()
        self._words = words

    def draw(self, place: int, number: int) -> Subject:
        """Return the subject of the block's work at this place; `number`, the work's own, keeps titles apart."""
        fields, draws, drawn = self._fields[place], self._draws[place], self._numbers[place]
        lists = [self._words.terms[field] for field in fields]
        terms: list[str] = []
        for at in range(5 if len(fields) < 3 else 6):
            own = lists[at % len(lists)]
            terms.append(own[int(draws[at] * len(own))])
        terms = list(dict.fromkeys(terms))
        first, second, third = terms[0], terms[-1], terms[len(terms) // 2]
        one, two, three, four = drawn
        title = (
            f"{_OPENINGS[one % 16]} {_ADJECTIVES[two % 30].capitalize()} {second} and {first} with "
            f"{_METHODS[three % 13]} for {_ADJECTIVES[four % 30].capitalize()} {third} {number}"
        )
        pool = (first, second, third, terms[1 % len(terms)])
        sentences = [frame.format(pool[(one >> at) & 3], pool[(two >> at) & 3]) for at, frame in enumerate(_FRAMES)]
        author_terms = [term.lower() if (four >> at) & 1 else term for at, term in enumerate(terms[:3])]
        author_terms.append(f"{_ADJECTIVES[one % 30]} {third.lower()} {_NARROWER[three % 16]}")
        if four % 2:
            author_terms.append(f"{first.lower()} {_NARROWER[two % 16]}")
        concepts = [self._words.concepts[field][one % len(self._words.concepts[field])] for field in fields]
        return Subject(
            tuple(names()[field] for field in fields), title, " ".join(sentences), terms,
            list(dict.fromkeys(author_terms)), list(dict.fromkeys(concepts)),
        )  # fmt: skip
