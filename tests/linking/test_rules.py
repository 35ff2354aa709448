"""Rules of the linker that speak where labels contradict each other: a campus by its town, a full name in its town."""

from collections.abc import Callable

import pytest
from made_registry import CALIFORNIA, DAVIS, GEARS, KYOTO, KYOTO_HOSPITAL, ZURICH, agreeing, ror

from kakehashi.affiliations.linking.choosing import Scored
from kakehashi.affiliations.linking.evidence import Candidate
from kakehashi.affiliations.linking.index import Index
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.rules import COUNTRY, RIVALS, TOWN, either, fullest, likeliest
from kakehashi.affiliations.lists import linking_policy
from kakehashi.affiliations.resolve import Resolver

DAVIS_BY_TOWN = "University of California, Department of Physics, Davis, CA, USA"
HOSPITAL = "Department of Surgery, Kyoto University Hospital, Kyoto, Japan"

LIKELIEST = linking_policy()["likeliest"]
POLICY = {**linking_policy()["full_name"], "rarity": 0}

Weighed = Callable[[str, dict[int, float]], list[Scored]]


@pytest.fixture(scope="module")
def linked(made: Index) -> Linker:
    return Linker(made, agreeing())


@pytest.fixture(scope="module")
def weighed(linked: Linker, rules: Resolver) -> Weighed:
    """The candidates of a string with scores that are given: by number of the organisation, of its longest name."""

    def given(text: str, scores: dict[int, float]) -> list[Scored]:
        found = {}
        for one in sorted(linked.weigh(rules.read(text)), key=lambda one: one.candidate.last - one.candidate.first):
            found[linked.organisation(one.candidate.organisation).ror_id] = one.candidate
        return [Scored(found[ror(number)], score, score) for number, score in scores.items()]

    return given


@pytest.mark.parametrize(("own", "after"), [(0.3, 0.8), (0.25, 0.75), (0.2, 0.2)])
def test_a_campus_in_its_town_takes_what_speaks_for_its_system_if_half_as_likely(
    linked: Linker, weighed: Weighed, own: float, after: float
) -> None:
    told = weighed(DAVIS_BY_TOWN, {DAVIS: own, CALIFORNIA: 0.5})
    assert told[0].candidate[:4] == told[1].candidate[:4]
    assert linked.judge.campus(told[0], told).score == pytest.approx(after)
    assert linked.judge.campus(told[1], told).score == 0.5


def test_a_full_name_in_its_town_is_given_where_nothing_else_is_sure(linked: Linker, weighed: Weighed) -> None:
    told = weighed(HOSPITAL, {KYOTO: 0.4, KYOTO_HOSPITAL: 0.3})
    first, second = linked.judge.in_full(told, towns=True)
    assert first == told[0]
    assert second.confidence == 0.62
    assert second.score > first.score


def test_a_full_name_is_left_where_something_else_is_sure(linked: Linker, weighed: Weighed) -> None:
    told = weighed(HOSPITAL, {KYOTO: 0.62, KYOTO_HOSPITAL: 0.3})
    assert linked.judge.in_full(told, towns=True) == told


def test_part_of_a_name_is_no_full_name_and_a_common_one_must_be_rare(weighed: Weighed) -> None:
    [university] = weighed(HOSPITAL, {KYOTO: 0.4})
    [hospital] = weighed(HOSPITAL, {KYOTO_HOSPITAL: 0.3})
    assert fullest([university], POLICY) is None
    assert fullest([hospital], POLICY) is hospital
    [elsewhere] = weighed("Department of Surgery, Kyoto University Hospital, Osaka, Japan", {KYOTO_HOSPITAL: 0.3})
    assert fullest([elsewhere], POLICY) is None


def test_another_name_in_full_must_be_likely_enough_by_itself(weighed: Weighed) -> None:
    for confidence, given in ((POLICY["alias"], True), (POLICY["alias"] - 0.01, False)):
        [gears] = weighed("Acme Zahnradwerke, Munich, Germany", {GEARS: confidence})
        assert (fullest([gears], POLICY) is gears) is given


def test_an_acronym_alone_in_its_town_is_a_full_name_if_it_is_long_enough(weighed: Weighed) -> None:
    [university] = weighed("UZH, Zurich, Switzerland", {ZURICH: 0.1})
    assert fullest([university], POLICY) is university
    assert fullest([university], POLICY | {"letters": 4}) is None


@pytest.mark.parametrize(("behind", "given"), [(" (KUH)", True), (" [KUH]", True), (" (Annex)", False)])
def test_an_acronym_in_brackets_behind_a_full_name_is_no_part_of_it(weighed: Weighed, behind: str, given: bool) -> None:
    [hospital] = weighed(HOSPITAL.replace("Hospital", f"Hospital{behind}"), {KYOTO_HOSPITAL: 0.3})
    assert (fullest([hospital], POLICY) is hospital) is given


def test_of_two_names_one_in_the_other_the_surer_is_given_if_both_together_are_sure(
    linked: Linker, weighed: Weighed
) -> None:
    annex = HOSPITAL.replace("Hospital", "Hospital Annex")
    told = weighed(annex, {KYOTO: 0.35, KYOTO_HOSPITAL: 0.3})
    university, hospital = linked.judge.in_full(told, towns=True)
    assert (university.confidence, hospital) == (0.62, told[1])
    doubtful = weighed(annex, {KYOTO: 0.31, KYOTO_HOSPITAL: 0.3})
    assert linked.judge.in_full(doubtful, towns=True) == doubtful


def test_names_that_only_overlap_do_not_speak_for_each_other(weighed: Weighed) -> None:
    told = weighed("Kyoto University of Zurich", {KYOTO: 0.4, ZURICH: 0.4})
    assert either(told, 0.62, towns=False) is None


def test_where_the_address_names_towns_a_name_of_another_town_is_not_given(weighed: Weighed) -> None:
    told = weighed(HOSPITAL.replace("Hospital", "Hospital Annex"), {KYOTO: 0.35, KYOTO_HOSPITAL: 0.3})
    elsewhere = [one._replace(candidate=_in_no_town(one.candidate)) for one in told]
    assert either(elsewhere, 0.62, towns=True) is None
    assert either(elsewhere, 0.62, towns=False) is elsewhere[0]


def _in_no_town(candidate: Candidate) -> Candidate:
    return _told(candidate, {TOWN: 0})


def _told(candidate: Candidate, said: dict[int, float]) -> Candidate:
    features = list(candidate.features)
    for number, value in said.items():
        features[number] = value
    return candidate._replace(features=features)


def test_where_nothing_is_sure_the_likeliest_is_given_if_its_words_name_nothing_else(
    linked: Linker, weighed: Weighed
) -> None:
    told = weighed("Zurich University of Technology, Kyoto University Annex, Japan", {KYOTO: 0.5})
    assert linked.judge.in_full(told, towns=True)[0].confidence == 0.62
    doubtful = weighed("Kyoto University of Zurich, Japan", {KYOTO: 0.5, ZURICH: 0.2})
    assert linked.judge.in_full(doubtful, towns=True) == doubtful


def test_a_candidate_below_the_likeliest_s_bound_is_not_given(weighed: Weighed) -> None:
    assert likeliest(weighed("Kyoto University Annex, Japan", {KYOTO: 0.44}), LIKELIEST) is None


def test_the_likeliest_is_neither_abroad_nor_one_of_namesakes_of_which_no_address_tells(weighed: Weighed) -> None:
    [one] = weighed("Kyoto University Annex, Japan", {KYOTO: 0.5})
    for said, given in (({COUNTRY: 4}, False), ({COUNTRY: 0, RIVALS: 2}, False), ({COUNTRY: 0, RIVALS: 1}, True)):
        other = one._replace(candidate=_told(one.candidate, said))
        assert (likeliest([other], LIKELIEST) is other) == given


def test_where_an_acronym_is_sure_the_likeliest_is_not_given(linked: Linker, rules: Resolver) -> None:
    found = linked.weigh(rules.read("UZH, Department of Kyoto University, Switzerland"))
    acronym, name = (next(one.candidate for one in found if one.candidate.text == text)
                     for text in ("UZH", "Kyoto University"))  # fmt: skip
    told = [Scored(acronym, 0.9, 0.9), Scored(_told(name, {COUNTRY: 0, RIVALS: 1, TOWN: 0}), 0.5, 0.5)]
    assert linked.judge.in_full(told, towns=False) == told
    assert linked.judge.in_full(told[1:], towns=False) != told[1:]


def test_a_full_name_does_not_lower_what_its_acronym_in_another_part_is_sure_of(
    linked: Linker, rules: Resolver
) -> None:
    found = linked.weigh(rules.read("UZH, University of Zurich, Zurich, Switzerland"))
    acronym, name = (
        next(one.candidate for one in found if linked.organisation(one.candidate.organisation).ror_id == ror(ZURICH)
             and one.candidate.text == text)
        for text in ("UZH", "University of Zurich")
    )  # fmt: skip
    told = linked.judge.in_full([Scored(acronym, 0.9, 0.9), Scored(name, 0.3, 0.3)], towns=True)
    assert told[0].confidence == 0.9
    assert told[1].confidence == 0.62
    assert told[1].score < told[0].score, "the organisation is given once, as what is surest of it"
