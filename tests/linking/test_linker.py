"""The linker: which candidates become links, and that nothing else in the batch, and no order, changes an answer."""

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from made_registry import (
    DAVIS,
    IMPERIAL,
    KYOTO,
    KYOTO_HOSPITAL,
    TRINITY_IE,
    TRINITY_US,
    ZURICH,
    agreeing,
    made,
    ror,
)  # fmt: skip

from kakehashi.affiliations.linking import link as module
from kakehashi.affiliations.linking import neighbours as neighbouring
from kakehashi.affiliations.linking import weighing
from kakehashi.affiliations.linking.choosing import SHARED, Link, Scored, chosen
from kakehashi.affiliations.linking.evidence import Candidate
from kakehashi.affiliations.linking.index import Index, build, save
from kakehashi.affiliations.linking.link import Answer, Linker, open_linker
from kakehashi.affiliations.linking.model import NEIGHBOURS
from kakehashi.affiliations.linking.neighbours import neighbours
from kakehashi.affiliations.resolve import Resolver

TEXTS = [
    "Department of Mathematics, University of Zurich, Zurich, Switzerland",
    "Kyoto University, Japan and University of Zurich, Switzerland",
    "Department of Arts, University of Zurich, Zurich, Switzerland",
    "Kyoto University Hospital, Kyoto, Japan; Trinity College, Dublin, Ireland",
    "University of California, Davis, CA, USA",
    "Main Street 12, Zurich",
    "",
    "University of Zurich, Switzerland",
    "Switzerland, University of Zurich",
    "Trinity College",
]


def candidate(organisation: int, first: int, last: int, part: int = 0, until: int | None = None) -> Candidate:
    return Candidate(part, first, part if until is None else until, last, organisation, "key", "text", ())


def scored(*ones: tuple[Candidate, float]) -> list[Scored]:
    return [Scored(one, score, score) for one, score in ones]


@pytest.fixture(scope="module")
def linked(made: Index) -> Linker:
    """The registry made by hand under the model above, so that what is expected does not hang on training."""
    return Linker(made, agreeing())


def named(linker: Linker, links: tuple[Link, ...]) -> list[str]:
    return [linker.organisation(one.organisation).ror_id for one in links]


def answers(linker: Linker, rules: Resolver, texts: list[str]) -> list[Answer]:
    return linker.answer([rules.read(text) for text in texts])


def test_each_string_is_linked_in_its_own_order(linked: Linker, rules: Resolver) -> None:
    found = [named(linked, one.links) for one in answers(linked, rules, TEXTS)]
    assert found[0] == found[2] == found[7] == found[8] == [ror(ZURICH)]
    assert found[1] == [ror(KYOTO), ror(ZURICH)]
    assert found[3] == [ror(KYOTO_HOSPITAL), ror(TRINITY_IE)]
    assert found[4] == [ror(DAVIS)]
    assert found[5] == found[6] == []


def test_many_together_are_answered_as_one_by_one(made: Index, linked: Linker, rules: Resolver) -> None:
    together = answers(linked, rules, TEXTS)
    assert [answers(Linker(made, agreeing()), rules, [text])[0] for text in TEXTS] == together


def test_the_order_of_strings_does_not_matter(index: Index, rules: Resolver) -> None:
    texts = TEXTS + [one.name for one in index.organisations[:100]]
    straight = dict(zip(texts, answers(Linker(index), rules, texts), strict=True))
    random.Random(3).shuffle(texts)
    assert dict(zip(texts, answers(Linker(index), rules, texts), strict=True)) == straight


def test_what_was_forgotten_is_answered_again_alike(
    made: Index, rules: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 1)
    linker = Linker(made, agreeing())
    before = [answers(linker, rules, [text]) for text in TEXTS]
    assert [answers(linker, rules, [text]) for text in TEXTS] == before
    assert len(linker._known) <= 2


def test_strings_that_differ_in_departments_only_share_an_answer_and_keep_their_places(
    linked: Linker, rules: Resolver
) -> None:
    one, other = answers(linked, rules, [
        "University of Zurich, Zurich, Switzerland", "Department of Arts, University of Zurich, Zurich, Switzerland",
    ])  # fmt: skip
    assert (one.links[0].part, other.links[0].part) == (0, 1)
    assert one.links[0]._replace(part=1, until=1) == other.links[0]


def test_an_empty_registry_invents_nothing(rules: Resolver) -> None:
    for answer in answers(Linker(build(()), agreeing()), rules, TEXTS):
        assert answer == Answer((), None, 0.0)
    assert Linker(build(()), agreeing()).weigh(rules.read(TEXTS[0])) == []


def test_no_readings_have_no_answers(linked: Linker) -> None:
    assert linked.answer([]) == []


def test_a_string_without_a_name_of_the_registry_has_no_link(linked: Linker, rules: Resolver) -> None:
    [answer] = answers(linked, rules, ["Qwertz Widget Company, Zurich, Switzerland"])
    assert answer.links == ()


def test_the_country_that_all_likely_organisations_share_is_told(linked: Linker, rules: Resolver) -> None:
    [zurich] = answers(linked, rules, ["Zurich University"])
    [trinity] = answers(linked, rules, ["Trinity College"])
    assert zurich.country == "CH"
    assert 0 < zurich.country_confidence <= 1
    assert (trinity.country, trinity.country_confidence) == (None, 0.0)  # one is in Dublin, the other in Hartford


def test_a_kind_and_a_field_alone_are_nobody(linked: Linker, rules: Resolver) -> None:
    bare, told = answers(linked, rules, ["Institute of Physics", "Institute of Physics, London, UK"])
    assert all(one.confidence == 0 for one in bare.links)
    assert bare.country is None
    assert max(one.confidence for one in told.links) > 0


def test_a_name_begins_before_a_comma_where_it_is_turned_round(linked: Linker, rules: Resolver) -> None:
    [answer] = answers(linked, rules, ["Kyoto, University of, Japan"])
    assert named(linked, answer.links) == [ror(KYOTO)]


@pytest.mark.parametrize(
    "text", ["CeNTech / Kyoto University, Japan", "Kyoto University, Kyoto, Japan / CeNTech, Japan"]
)
def test_what_a_stroke_joins_to_a_sure_name_is_nearly_as_sure(linked: Linker, rules: Resolver, text: str) -> None:
    seen = linked._weigher.look(rules.read(text))
    listed = linked._gatherer.candidates(seen)
    best = [Scored(one, 0.9 if one.text.startswith("Kyoto") else 0.3, 0.5) for one in listed]
    raised = {one.candidate.text: one.score for one in linked.judge.raised(best, seen)}
    assert seen.strokes
    assert set(raised.values()) >= {0.9}


def test_the_candidates_are_weighed_best_first(linked: Linker, rules: Resolver) -> None:
    weighed = linked.weigh(rules.read("Trinity College, Dublin, Ireland"))
    assert [linked.organisation(one.candidate.organisation).ror_id for one in weighed] == [
        ror(TRINITY_IE), ror(TRINITY_US),
    ]  # fmt: skip
    assert weighed[0].score > weighed[1].score


def test_each_word_is_in_one_link_only_the_surest() -> None:
    found = chosen(scored((candidate(1, 0, 2), 0.6), (candidate(2, 0, 3), 0.9), (candidate(3, 3, 5), 0.4)))
    assert [(one.organisation, one.first, one.last) for one in found] == [(2, 0, 3), (3, 3, 5)]


def test_each_organisation_is_linked_once_where_it_is_surest() -> None:
    found = chosen(scored((candidate(1, 0, 2), 0.6), (candidate(1, 4, 6), 0.9)))
    assert [(one.organisation, one.first) for one in found] == [(1, 4)]


def test_a_name_over_a_comma_takes_the_words_of_both_parts() -> None:
    over, inside = candidate(1, 1, 2, part=0, until=1), candidate(2, 0, 1, part=1)
    assert [one.organisation for one in chosen(scored((over, 0.9), (inside, 0.8)))] == [1]
    assert [one.organisation for one in chosen(scored((over, 0.7), (inside, 0.8)))] == [2]
    beyond = candidate(3, 2, 4, part=1)
    assert [one.organisation for one in chosen(scored((over, 0.9), (beyond, 0.8)))] == [1, 3]


def test_links_stand_in_the_order_of_the_string() -> None:
    found = chosen(scored((candidate(1, 4, 6), 0.9), (candidate(2, 0, 2, part=1), 0.8), (candidate(3, 0, 2), 0.7)))
    assert [one.organisation for one in found] == [3, 1, 2]


def test_the_runner_up_is_the_next_organisation_for_the_same_words() -> None:
    [first] = chosen(scored((candidate(1, 0, 2), 0.9), (candidate(2, 0, 2), 0.3), (candidate(3, 1, 3), 0.2)))
    assert (first.second, first.second_confidence) == (2, 0.3)
    apart = chosen(scored((candidate(1, 0, 2), 0.9), (candidate(2, 2, 4), 0.3)))
    assert [one.second for one in apart] == [None, None]


def test_nobodys_guess_is_no_runner_up() -> None:
    [alone] = chosen(scored((candidate(1, 0, 2), 0.9), (candidate(2, 0, 2), SHARED / 2)))
    assert (alone.second, alone.second_confidence) == (None, 0.0)
    [same] = chosen(scored((candidate(1, 0, 2), 0.9), (candidate(1, 0, 3), 0.8)))
    assert same.second is None


@pytest.mark.parametrize("seed", range(20))
def test_equal_scores_are_settled_without_the_order_of_candidates(seed: int) -> None:
    ones = [(candidate(number, first, first + 2), 0.5) for number, first in enumerate((0, 1, 1, 2, 3, 3, 4))]
    shuffled = random.Random(seed).sample(ones, len(ones))
    assert chosen(scored(*shuffled)) == chosen(scored(*ones))


def test_what_stands_around_a_candidate_is_told_apart() -> None:
    listed = [candidate(1, 0, 2), candidate(2, 0, 2), candidate(3, 0, 3), candidate(4, 5, 6), candidate(1, 5, 7)]
    rows = neighbours([listed, [candidate(9, 0, 1)]], np.array([0.1, 0.2, 0.4, 0.5, 0.3, 0.8]))
    told = [dict(zip(NEIGHBOURS, row, strict=True)) for row in rows.tolist()]
    assert told[0] == {"score": 0.1, "overlapping": 0.4, "apart": 0.5, "around_it": 0.4, "same": 0.3, "better": 1}
    assert told[2] == {"score": 0.4, "overlapping": 0.2, "apart": 0.5, "around_it": 0, "same": 0, "better": 0}
    assert told[5] == {"score": 0.8, "overlapping": 0, "apart": 0, "around_it": 0, "same": 0, "better": 0}


def test_a_linker_over_a_saved_index_answers_alike_and_is_opened_once(tmp_path, rules: Resolver) -> None:
    save(made(), tmp_path / "index")
    opened = open_linker(tmp_path / "index")
    assert opened is open_linker(tmp_path / "index")
    assert answers(opened, rules, TEXTS) == answers(Linker(made()), rules, TEXTS)


def test_the_confidence_of_the_default_model_is_a_share(index: Index, linker: Linker, rules: Resolver) -> None:
    for answer in answers(linker, rules, [f"{one.name}, {one.places[0].country_name}" for one in index.organisations]):
        for one in answer.links:
            assert 0 <= one.confidence <= 1
            assert 0 <= one.second_confidence <= 1
            assert one.second != one.organisation


def test_a_shortened_name_is_an_organisation_of_the_town_that_follows(linked: Linker, rules: Resolver) -> None:
    [answer] = answers(linked, rules, ["Imperial College, London, UK"])
    assert named(linked, answer.links) == [ror(IMPERIAL)]


def plainly(listed: list[Candidate], first: list[float]) -> list[list[float]]:
    """What stands around each candidate, by the definition of NEIGHBOURS, one pair after the other."""
    out = []
    for number, one in enumerate(listed):
        overlapping = apart = around = same = better = 0.0
        begin, end = (one.part, one.first), (one.until, one.last)
        for at, other in enumerate(listed):
            start, stop = (other.part, other.first), (other.until, other.last)
            if at == number:
                continue
            if other.organisation == one.organisation:
                same = max(same, first[at])
            elif (start, stop) == (begin, end):
                better += first[at] > first[number]
                overlapping = max(overlapping, first[at])
            elif start < end and begin < stop:
                overlapping = max(overlapping, first[at])
                around = max(around, first[at]) if start <= begin and end <= stop else around
            else:
                apart = max(apart, first[at])
        out.append([first[number], overlapping, apart, around, same, min(better, 3)])
    return out


@pytest.mark.parametrize("pairs", [1, 40, 200_000])
def test_neighbours_of_many_strings_are_those_of_a_plain_loop(pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbouring, "PAIRS", pairs)
    chance = random.Random(20260101)
    strings = []
    for size in (0, 1, 5, 0, 12, 3, 30):
        begins = [(chance.randrange(3), chance.randrange(4)) for _ in range(size)]
        ends = [(part + chance.choice((0, 0, 1)), first + chance.randrange(1, 4)) for part, first in begins]
        strings.append(
            [
                candidate(chance.randrange(6), first, last, part, until)
                for (part, first), (until, last) in zip(begins, ends, strict=True)
            ]
        )
    scores = [round(chance.random(), 1) for one in strings for _ in one]
    rest = iter(scores)
    expected = [row for one in strings for row in plainly(one, [next(rest) for _ in one])]
    assert neighbours(strings, np.array(scores)).tolist() == expected


@pytest.fixture
def forgetful(made: Index, monkeypatch: pytest.MonkeyPatch) -> Linker:
    """A linker that keeps neither answers nor columns from one call to the next."""
    monkeypatch.setattr(module, "KEPT", -1)
    monkeypatch.setattr(weighing, "KEPT_ROWS", 0)
    return Linker(made, agreeing())


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_columns_that_were_forgotten_come_back_the_same(forgetful: Linker, linked: Linker, rules: Resolver) -> None:
    for text in TEXTS * 2:
        assert forgetful.answer([rules.read(text)]) == linked.answer([rules.read(text)]), text


@pytest.mark.usefixtures("hasty")
def test_several_threads_get_the_answers_that_one_gets(forgetful: Linker, linked: Linker, rules: Resolver) -> None:
    readings = [rules.read(text) for text in TEXTS] * 20
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda reading: forgetful.answer([reading]), readings))
    assert found == [linked.answer([reading]) for reading in readings]
