"""Patterns and axis values: the twelve printed ones, home's view and back, unknown and impossible values."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import DataError
from kakehashi.knowledge.axes import AXES, effects, values_of, views
from kakehashi.knowledge.derive import derive, from_home, seen_from_home
from kakehashi.knowledge.patterns import patterns
from kakehashi.texts import texts

FACTS = Path(__file__).parents[3] / "shared" / "facts/mic2023_fig3-5_scheme_patterns.csv"
# Figure 3-5, typed a second time by hand: funding, site, government, agency, researchers, cases.
PRINTED = {
    1: ("both", "both", "both", "both", "both", 26),
    2: ("both", "both", "both", "joint", "both", 16),
    3: ("both", "both", "none", "both", "both", 14),
    4: ("both", "host_one_side", "none", "both", "both", 2),
    5: ("both_voluntary", "host_one_side", "both", "joint", "both", 1),
    6: ("one_side", "both", "funder", "funder", "both", 1),
    7: ("one_side", "both", "none", "funder", "both", 2),
    8: ("one_side", "funder", "funder", "funder", "both", 23),
    9: ("one_side", "funder", "none", "funder", "both", 16),
    10: ("one_side", "host_one_side", "both", "funder", "both", 8),
    11: ("one_side", "host_one_side", "both", "joint", "funder", 2),
    12: ("one_side", "host_one_side", "funder", "funder", "both", 1),
}
VALUES = {axis: st.sampled_from((*values_of(axis), None)) for axis in AXES}


def said(derivation, language="en"):
    return [reason.say(texts(language), "ict8") for reason in derivation.reasons]


@pytest.mark.parametrize("number", PRINTED)
def test_the_values_of_a_printed_pattern_derive_it(number):
    *values, cases = PRINTED[number]
    derivation = derive(dict(zip(AXES, values, strict=True)))
    assert derivation.pattern == number
    assert derivation.near == ()
    assert patterns()[number].cases == cases
    assert said(derivation)[-1].startswith(f"The five values are those of pattern {number}:")


def test_the_patterns_and_their_cases_are_those_of_the_figure_and_add_up_to_112():
    assert list(patterns()) == list(PRINTED)
    assert sum(pattern.cases for pattern in patterns().values()) == 112


def test_the_patterns_equal_the_typed_facts():
    if not FACTS.is_file():
        pytest.skip(f"the typed facts are not at {FACTS}")
    with FACTS.open(encoding="utf-8") as file:
        rows = {int(row["pattern"]): (*(row[axis] for axis in AXES), int(row["cases"])) for row in csv.DictReader(file)}
    assert rows == PRINTED


def test_each_step_says_what_is_left():
    derivation = derive(patterns()[9].on)
    assert [step.left for step in derivation.steps] == [(6, 7, 8, 9, 10, 11, 12), (8, 9), (9,), (9,), (9,)]
    assert said(derivation)[1] == "Research site: The funder's country. Patterns left: 8 and 9."
    assert said(derivation, "ja")[1] == "研究場所：資金拠出国。残るパターンは8、9。"


def test_values_that_no_pattern_has_lead_to_the_nearest_and_to_what_differs():
    on = {**patterns()[1].on, "government": "funder"}
    derivation = derive(on)
    assert derivation.pattern is None
    assert [(near.pattern, near.differs) for near in derivation.near] == [(1, ("government",)), (3, ("government",))]
    assert said(derivation)[-1] == "The nearest is pattern 3 (Agency to agency). It differs in: Governments."


def test_an_unknown_value_leaves_the_pattern_open_even_where_one_is_left():
    derivation = derive({"funding": "both_voluntary"})
    assert derivation.pattern is None
    assert [near.pattern for near in derivation.near] == [5]
    assert "fit pattern 5 alone" in said(derivation)[-1]
    several = derive({"funding": "one_side", "research_site": "funder"})
    assert [near.pattern for near in several.near] == [8, 9]
    assert "fit several patterns: 8 and 9" in said(several)[-1]


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ({"funds": "both"}, "no axis 'funds'; did you mean 'funding'"),
        ({"funding": "one_sided"}, "funding: no value 'one_sided'; did you mean 'one_side'"),
    ],
)
def test_an_axis_or_value_that_there_is_not_is_answered_with_the_nearest(on, message):
    with pytest.raises(DataError, match=message):
        derive(on)


@given(st.fixed_dictionaries(VALUES))
def test_any_values_either_derive_their_pattern_or_name_the_nearest_with_its_differences(on):
    derivation = derive(on)
    if derivation.pattern is not None:
        assert patterns()[derivation.pattern].on == on
    for near in derivation.near:
        known = {axis: value for axis, value in on.items() if value is not None}
        assert near.differs == tuple(
            axis for axis in AXES if axis in known and patterns()[near.pattern].on[axis] != known[axis]
        )
    assert derivation.pattern is not None or derivation.near
    assert said(derivation, "ja")


@pytest.mark.parametrize("number", PRINTED)
def test_a_pattern_seen_from_home_leads_back_to_its_values(number):
    pattern = patterns()[number]
    for seen in seen_from_home(pattern):
        values = from_home(seen.views)
        assert all(pattern.on[axis] in values[axis] for axis in AXES)
        assert all(f"{axis}.{view}" in views() for axis, view in seen.views.items())


def test_who_pays_and_who_hosts_give_a_pattern_two_ways_round():
    assert [dict(seen.views) for seen in seen_from_home(patterns()[10])] == [
        {"funding": "home", "research_site": "partner", "government": "both", "agency": "home", "researchers": "both"},
        {
            "funding": "partner",
            "research_site": "home",
            "government": "both",
            "agency": "partner",
            "researchers": "both",
        },
    ]
    assert [seen.host for seen in seen_from_home(patterns()[5])] == ["home", "partner"]
    assert [(seen.funder, seen.host) for seen in seen_from_home(patterns()[1])] == [(None, None)]
    assert [(seen.funder, seen.host) for seen in seen_from_home(patterns()[8])] == [
        ("home", "home"),
        ("partner", "partner"),
    ]


def test_an_agency_of_the_side_that_does_not_pay_is_in_no_pattern():
    choice = {
        "funding": "home",
        "research_site": "home",
        "government": "none",
        "agency": "partner",
        "researchers": "both",
    }
    assert from_home(choice)["agency"] == ()
    assert from_home(choice)["research_site"] == ("funder",)


def test_a_view_that_is_missing_or_unknown_is_refused():
    with pytest.raises(DataError, match=r"no view funding\.joint; did you mean 'funding"):
        from_home({"funding": "joint"})
    with pytest.raises(DataError, match="no view is given of research_site, government"):
        from_home({"funding": "home"})


def test_every_view_has_something_said_for_or_against_it():
    assert {effect.view for effect in effects().values()} == set(views())


def test_what_figure_3_6_says_of_the_other_side_is_marked_as_turned_round():
    assert {effect.view.split(".")[1] for effect in effects().values() if effect.mirrored} == {"partner"}
    printed = {effect.view for effect in effects().values() if not effect.mirrored}
    assert {view for view in printed if view.endswith(".partner")} == {"research_site.partner"}
