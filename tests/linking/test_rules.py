"""Rules of the linker that speak where labels contradict each other: a campus by its town, a full name in its town."""

from collections.abc import Callable

import pytest
from made_registry import CALIFORNIA, DAVIS, KYOTO, KYOTO_HOSPITAL, agreeing, ror

from kakehashi.affiliations.linking.choosing import Scored
from kakehashi.affiliations.linking.index import Index
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.rules import fullest
from kakehashi.affiliations.resolve import Resolver

DAVIS_BY_TOWN = "University of California, Department of Physics, Davis, CA, USA"
HOSPITAL = "Department of Surgery, Kyoto University Hospital, Kyoto, Japan"

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
    assert linked._campus(told[0], told).score == pytest.approx(after)
    assert linked._campus(told[1], told).score == 0.5


def test_a_full_name_in_its_town_is_given_where_nothing_else_is_sure(linked: Linker, weighed: Weighed) -> None:
    told = weighed(HOSPITAL, {KYOTO: 0.4, KYOTO_HOSPITAL: 0.3})
    first, second = linked._in_full(told)
    assert first == told[0]
    assert second.confidence == 0.62
    assert second.score > first.score


def test_a_full_name_is_left_where_something_else_is_sure(linked: Linker, weighed: Weighed) -> None:
    told = weighed(HOSPITAL, {KYOTO: 0.62, KYOTO_HOSPITAL: 0.3})
    assert linked._in_full(told) == told


def test_part_of_a_name_is_no_full_name_and_a_common_one_must_be_rare(weighed: Weighed) -> None:
    [university] = weighed(HOSPITAL, {KYOTO: 0.4})
    [hospital] = weighed(HOSPITAL, {KYOTO_HOSPITAL: 0.3})
    assert fullest([university], 0) is None
    assert fullest([hospital], 0) is hospital
    [elsewhere] = weighed("Department of Surgery, Kyoto University Hospital, Osaka, Japan", {KYOTO_HOSPITAL: 0.3})
    assert fullest([elsewhere], 0) is None
