"""Views: what a part holds, and what stands beside the names in it."""

from collections.abc import Callable

import pytest
from made_registry import CENTECH, KYOTO, KYOTO_HOSPITAL, MIT_NZ, MIT_US, ZURICH, organisation, ror

from kakehashi.affiliations.linking.evidence import FEATURES
from kakehashi.affiliations.linking.index import Index, build
from kakehashi.affiliations.linking.stretches import MAX_NAMES, MORE, NAMED, NOTHING, ONE, PLACE, UNIT
from kakehashi.affiliations.linking.views import Named, View, Viewer
from kakehashi.affiliations.resolve import Resolver

View_ = Callable[[str], View]


@pytest.fixture(scope="module")
def viewer(made: Index) -> Viewer:
    return Viewer(made)


@pytest.fixture
def view(viewer: Viewer, rules: Resolver) -> View_:
    """The view of what stands before the first comma of a string."""
    return lambda text: viewer.view(rules.facts(text.partition(",")[0]))


def organisations(index: Index, named: Named) -> set[str]:
    return {index.organisations[posting[0]].ror_id for posting in named.postings}


def test_a_name_is_told_as_it_is_printed_with_the_organisation(view: View_, made: Index) -> None:
    [named] = view("Irchel Campus of the Univ. of ZÜRICH, Zurich").names
    assert named.text == "Univ. of ZÜRICH"
    assert organisations(made, named) == {ror(ZURICH)}


def told(named: Named, name: str) -> float:
    """One of the inputs that all organisations of the name share: they come first in the model's list."""
    return named.said[FEATURES.index(name)]


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("University of Zurich", NOTHING, NOTHING),
        ("Irchel University of Zurich", ONE, NOTHING),
        ("Irchel Campus University of Zurich", MORE, NOTHING),
        ("Department of Mathematics of University of Zurich", UNIT, NOTHING),
        ("Kyoto University University of Zurich", NAMED, NOTHING),
        ("Kyoto University and University of Zurich", NOTHING, NOTHING),
        ("Kyoto University/University of Zurich", NOTHING, NOTHING),
        ("University of Zurich Irchel", NOTHING, ONE),
        ("University of Zurich Irchel Campus", NOTHING, MORE),
        ("University of Zurich 8057", NOTHING, PLACE),
        ("University of Zurich Switzerland", NOTHING, PLACE),
    ],
)
def test_what_stands_beside_a_name_is_told(view: View_, made: Index, text: str, left: int, right: int) -> None:
    [zurich] = [one for one in view(text).names if ror(ZURICH) in organisations(made, one)]
    assert (told(zurich, "left"), told(zurich, "right")) == (left, right)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("マックス", True), ("株式会社マックス", True), ("マックス株式会社", True), ("マックスホールディングス", True),
        ("東京マックス", True), ("マックス研究所", True), ("マックス・プランク研究所", False), ("クリマックス", False),
        ("マックスコム", False), ("マックスー", False),
    ],
)  # fmt: skip
def test_a_name_in_katakana_is_not_a_piece_of_a_longer_word(rules: Resolver, text: str, found: bool) -> None:
    made = Viewer(build([organisation(1, "マックス株式会社", "Tokyo, , , JP", types=("company",))]))
    assert bool(made.view(rules.facts(text)).names) is found


@pytest.mark.parametrize("text", ["株式会社マックス", "マックス有限会社", "学校法人マックス株式会社"])
def test_nothing_stands_beside_a_name_but_its_legal_form(rules: Resolver, text: str) -> None:
    made = Viewer(build([organisation(1, "マックス", "Tokyo, , , JP", types=("company",))]))
    [named] = made.view(rules.facts(text)).names
    assert (told(named, "left"), told(named, "right")) == (NOTHING, NOTHING)


def test_words_that_tie_a_name_to_another_are_told(view: View_) -> None:
    [named] = view("Irchel of University of Zurich").names
    assert (told(named, "link_before"), told(named, "link_after")) == (True, False)
    [named] = view("University of Zurich for Irchel").names
    assert (told(named, "link_before"), told(named, "link_after")) == (False, True)


def test_a_name_in_brackets_is_told(view: View_) -> None:
    assert [told(one, "bracketed") for one in view("UZH (University of Zurich) Irchel").names] == [False, True]


@pytest.mark.parametrize("text", ["Department of Mathematics", "Main Street 12", "Zurich", "Hospital"])
def test_departments_streets_and_places_name_nothing(view: View_, text: str) -> None:
    assert view(text).bare


def test_an_acronym_counts_in_capitals_or_as_the_registry_prints_it(view: View_, made: Index) -> None:
    assert [organisations(made, one) for one in view("MIT").names] == [{ror(MIT_US), ror(MIT_NZ)}]
    assert view("Mit").names == view("mit").names == ()
    assert [organisations(made, one) for one in view("CeNTech").names] == [{ror(CENTECH)}]
    assert [organisations(made, one) for one in view("Centech").names] == [{ror(CENTECH)}]  # nothing else is there
    assert view("Centech Irchel").names == ()


@pytest.mark.parametrize(
    "text", ["12 Kyoto University Street", "Kyoto University Avenue", "rue de Kyoto University 8", "Via MIT 8"]
)
def test_a_street_names_no_institution(view: View_, text: str) -> None:
    assert view(text).names == ()


def test_no_name_goes_over_a_stroke_but_those_that_the_registry_prints_so(view: View_) -> None:
    assert [one.text for one in view("Kyoto University/Zurich University").names] == [
        "Kyoto University", "Zurich University",
    ]  # fmt: skip


def test_words_that_lost_their_break_are_cut_at_the_capital(view: View_, made: Index) -> None:
    [one] = view("Kyoto UniversityJapan").names
    assert organisations(made, one) == {ror(KYOTO)}


def test_a_longer_name_around_takes_the_organisations_that_it_means(view: View_, made: Index) -> None:
    names = view("Kyoto University Hospital").names
    assert [organisations(made, one) for one in names] == [{ror(KYOTO)}, {ror(KYOTO_HOSPITAL)}]
    [zurich] = view("University Zurich University").names[:1]
    assert organisations(made, zurich) == {ror(ZURICH)}


def test_towns_and_regions_are_told_where_addresses_put_them(view: View_, made: Index) -> None:
    assert view("Davis CA").placed == (made.towns["davis"],)
    assert view("Davis CA").regions == ("USCA",)
    assert view("University of Zurich").placed == ()
    assert [made.towns["zurich"] == number for number, _, _ in view("University of Zurich").towns] == [True]


def test_a_part_is_looked_at_once(viewer: Viewer, rules: Resolver) -> None:
    facts = rules.read("University of Zurich, Zurich").facts[0]
    assert viewer.view(facts) is viewer.view(facts)


def test_views_of_two_viewers_do_not_mix(viewer: Viewer, made: Index, rules: Resolver) -> None:
    facts = rules.read("University of Zurich, Zurich").facts[0]
    other = Viewer(made)
    assert other.view(facts)[1:] == viewer.view(facts)[1:]
    assert other.view(facts) is not viewer.view(facts)


def test_a_part_full_of_names_keeps_the_longest(view: View_) -> None:
    names = view("UZH " * 60 + "University of Zurich").names
    assert len(names) <= MAX_NAMES
    assert "University of Zurich" in [one.text for one in names]
