"""Evidence: each of the model's inputs on a string made for it, on both sides of what it tells apart."""

import pytest
from made_registry import (
    ACADEMY,
    CALIFORNIA,
    CENTECH,
    DAVIS,
    GEARS,
    IMPERIAL,
    KYOTO,
    KYOTO_HOSPITAL,
    LUND,
    MIT_NZ,
    MIT_US,
    NORWEGIAN,
    PHYSICS_CN,
    PHYSICS_GB,
    PREFECTURE,
    TRINITY_IE,
    TRINITY_US,
    ZURICH,
    ZURICH_HOSPITAL,
    organisation,
    ror,
)  # fmt: skip

from kakehashi.affiliations.linking import weighing
from kakehashi.affiliations.linking.candidates import CORRECTED, EXACT, REORDERED, SIMILAR
from kakehashi.affiliations.linking.evidence import (
    FEATURES,
    KEPT_RIVALS,
    MAX_CANDIDATES,
    MAX_ORGANISATIONS,
    Candidate,
    Weigher,
    told,
)  # fmt: skip
from kakehashi.affiliations.linking.index import ACRONYM, DISPLAY, LABEL, PLACED, SHORTENED, Index, build
from kakehashi.affiliations.linking.rarity import rarity
from kakehashi.affiliations.linking.stretches import MORE, NAMED, NOTHING, ONE, PLACE, UNIT
from kakehashi.affiliations.linking.surroundings import HOSPITAL_BEHIND, INSTITUTE_BEHIND, UNIT_BEHIND
from kakehashi.affiliations.linking.tables import TYPES
from kakehashi.affiliations.linking.weighing import Gatherer
from kakehashi.affiliations.resolve import Resolver

UNKNOWN, WEAKLY, AGREES, DIFFERS_WEAKLY, DIFFERS = range(5)

ZURICH_ALONE = "University of Zurich"
HOSPITAL = "Kyoto University Hospital, Kyoto, Japan"
ACADEMY_PHYSICS = "Institute of Physics, Chinese Academy of Sciences, Beijing, China"
MIT_TWICE = "MIT (Massachusetts Institute of Technology), Cambridge, MA"

CASES = [
    ("words", ZURICH_ALONE, ZURICH, 2),
    ("words", "Norwegian University of Science and Technology", NORWEGIAN, 4),
    ("head", ZURICH_ALONE, ZURICH, 1),
    ("head", "MIT, Cambridge, MA, USA", MIT_US, 0),
    ("left", ZURICH_ALONE, ZURICH, NOTHING),
    ("left", "Irchel Campus University of Zurich", ZURICH, MORE),
    ("left", "Department of Arts of University of Zurich", ZURICH, UNIT),
    ("left", "Kyoto University University of Zurich", ZURICH, NAMED),
    ("left", "Kyoto University and University of Zurich", ZURICH, NOTHING),
    ("right", "University of Zurich Irchel", ZURICH, ONE),
    ("right", "University of Zurich Switzerland", ZURICH, PLACE),
    ("link_before", "Irchel of University of Zurich", ZURICH, 1),
    ("link_before", "Irchel University of Zurich", ZURICH, 0),
    ("link_after", "University of Zurich for Irchel", ZURICH, 1),
    ("link_after", "University of Zurich Irchel", ZURICH, 0),
    ("inside", HOSPITAL, KYOTO, 1),
    ("inside", HOSPITAL, KYOTO_HOSPITAL, 0),
    ("around", HOSPITAL, KYOTO_HOSPITAL, 1),
    ("around", "University Hospital of Zurich", ZURICH_HOSPITAL, 0),
    ("letters", "The Univ. of Zurich, Switzerland", ZURICH, len("Univ. of Zurich")),
    ("letters", "University" + " " * 70 + "of Zurich", ZURICH, 60),
    ("behind", "University of Zurich School of Medicine", ZURICH, UNIT_BEHIND),
    ("behind", "University of Zurich Optics Institute", ZURICH, INSTITUTE_BEHIND),
    ("behind", "University of Zurich Childrens Hospital", ZURICH, HOSPITAL_BEHIND),
    ("behind", ZURICH_ALONE, ZURICH, 0),
    ("bracketed", "UZ (University of Zurich)", ZURICH, 1),
    ("bracketed", ZURICH_ALONE, ZURICH, 0),
    ("kind", ZURICH_ALONE, ZURICH, DISPLAY),
    ("kind", "京都大学", KYOTO, LABEL),
    ("kind", "Imperial College, W1", IMPERIAL, SHORTENED),
    ("kind", "CeNTech, Germany", CENTECH, ACRONYM),
    ("kind", "Davis University", DAVIS, PLACED),
    ("manner", ZURICH_ALONE, ZURICH, EXACT),
    ("manner", "Lund Optics Institute", LUND, REORDERED),
    ("manner", "University Hospitol of Zurich", ZURICH_HOSPITAL, CORRECTED),
    ("likeness", "Lund Optics Institute", LUND, 1),
    ("told", ZURICH_ALONE, ZURICH, 1),
    ("country", "Trinity College", TRINITY_IE, UNKNOWN),
    ("country", "Zurich University", ZURICH, WEAKLY),
    ("country", "Trinity College, Ireland", TRINITY_IE, AGREES),
    ("country", "Institute of Physics, Kyoto University", PHYSICS_GB, DIFFERS_WEAKLY),
    ("country", "Trinity College, Ireland", TRINITY_US, DIFFERS),
    ("town", "Trinity College, Hartford, CT", TRINITY_US, 2),
    ("town", "Trinity College, Hartford, CT", TRINITY_IE, 0),
    ("town", "Zurich University, Switzerland", ZURICH, 1),
    ("region", "Trinity College, CT, USA", TRINITY_US, 2),
    ("region", "Trinity College, NY, USA", TRINITY_US, 0),
    ("region", "Massachusetts Institute of Technology", MIT_US, 1),
    ("rivals", "Trinity College", TRINITY_US, 2),
    ("rivals", ZURICH_ALONE, ZURICH, 1),
    ("agreeing", "Trinity College, Ireland", TRINITY_US, 1),
    ("agreeing", "Trinity College, Sweden", TRINITY_US, 0),
    ("nearer", "Trinity College, Ireland", TRINITY_US, 1),
    ("nearer", "Trinity College, Ireland", TRINITY_IE, 0),
    ("host", "University of Zurich, a.b@math.uzh.ch", ZURICH, 1),
    ("host", "University of Zurich, a.b@math.zuz.ch", ZURICH, 0),
    ("parent_named", ACADEMY_PHYSICS, PHYSICS_CN, 1),
    ("parent_named", ACADEMY_PHYSICS, PHYSICS_GB, 0),
    ("child_named", ACADEMY_PHYSICS, ACADEMY, 1),
    ("child_named", HOSPITAL, KYOTO, 0),  # the name within the name is not another one
    ("named_again", MIT_TWICE, MIT_US, 1),
    ("named_again", MIT_TWICE, MIT_NZ, 0),
    ("type", ZURICH_ALONE, ZURICH, TYPES.index("education")),
    ("type", "Acme Gear Works", GEARS, TYPES.index("company")),
    ("active", "Osaka Prefecture University", PREFECTURE, 0),
    ("active", ZURICH_ALONE, ZURICH, 1),
    ("prominence", ZURICH_ALONE, ZURICH, 5),  # registers
    ("prominence", ACADEMY_PHYSICS, ACADEMY, 7),  # and children
    ("children", ACADEMY_PHYSICS, ACADEMY, 1),
    ("children", ACADEMY_PHYSICS, PHYSICS_CN, 0),
    ("succeeded", "Osaka Prefecture University", PREFECTURE, 1),
    ("succeeded", "Lund Institute of Optics", LUND, 0),  # closed, and nobody's predecessor
    ("has_parent", HOSPITAL, KYOTO_HOSPITAL, 1),
    ("has_parent", HOSPITAL, KYOTO, 0),
    ("less_prominent", "Institute of Physics", PHYSICS_CN, -3),
    ("less_prominent", "Institute of Physics", PHYSICS_GB, 0),
    ("across", "University of California, Davis", CALIFORNIA, 0),
    ("parts", ACADEMY_PHYSICS, ACADEMY, 2),
    ("parts", "University of Zurich, Main Street 12, Zurich", ZURICH, 1),
    ("heads", "Kyoto University and University of Zurich", ZURICH, 2),
    ("crowd", ACADEMY_PHYSICS, ACADEMY, 2),
    ("crowd", "MIT, Cambridge, MA, USA", MIT_US, 0),
    ("names", ACADEMY_PHYSICS, ACADEMY, 2),
    ("names", "MIT, Cambridge, MA, USA", MIT_US, 1),
    ("whole", ZURICH_ALONE, ZURICH, 1),
    ("whole", "Irchel University of Zurich", ZURICH, 0),
    ("spelled_out", MIT_TWICE, MIT_US, 1),
    ("spelled_out", "MIT, Cambridge, MA, USA", MIT_US, 0),
]
COMPUTED = {"rarity", "generic"}
"""Inputs that rest on counts of words: they have tests of their own."""


@pytest.fixture(scope="module")
def weigher(made: Index) -> Weigher:
    return Weigher(made)


@pytest.fixture(scope="module")
def gatherer(made: Index) -> Gatherer:
    return Gatherer(made)


@pytest.fixture
def candidates(weigher: Weigher, gatherer: Gatherer, rules: Resolver):
    """The candidates of a string."""
    return lambda text: gatherer.candidates(weigher.look(rules.read(text)))


def inputs(candidate: Candidate) -> dict[str, float]:
    return dict(zip(FEATURES, map(float, candidate.features), strict=True))


def of(index: Index, listed: list[Candidate], number: int) -> list[Candidate]:
    return [one for one in listed if index.organisations[one.organisation].ror_id == ror(number)]


@pytest.mark.parametrize(("name", "text", "number", "value"), CASES)
def test_an_input_is_what_the_string_says(
    made: Index, candidates, name: str, text: str, number: int, value: float
) -> None:
    [first, *_] = of(made, candidates(text), number)
    assert inputs(first)[name] == value


def test_every_input_has_a_case() -> None:
    assert {name for name, *_ in CASES} | COMPUTED == set(FEATURES)


def test_rarity_is_the_sum_over_the_words_and_told_its_share_of_the_whole_name(made: Index, candidates) -> None:
    text = "University of California, W1"
    [one] = of(made, candidates(text), DAVIS)
    shortened, whole = (
        sum(map(rarity, words.split())) for words in ("university california", "university california davis")
    )
    assert inputs(one)["rarity"] == round(shortened, 1)
    assert inputs(one)["told"] == round(round(shortened, 1) / whole, 2) < 1


def test_generic_is_the_share_of_words_that_many_names_have(made: Index, candidates) -> None:
    [physics] = of(made, candidates("Institute of Physics"), PHYSICS_GB)
    [acronym] = of(made, candidates("UZH, Switzerland"), ZURICH)
    assert (inputs(physics)["generic"], inputs(acronym)["generic"]) == (1, 0)


def test_a_similar_name_is_as_like_as_the_words_it_shares(made: Index, candidates) -> None:
    [one] = of(made, candidates("Norwegian University of Technology"), NORWEGIAN)
    said = inputs(one)
    assert said["manner"] == SIMILAR
    assert 0 < said["likeness"] < 1


def test_a_name_over_a_comma_says_so_and_ends_in_the_next_part(made: Index, candidates) -> None:
    over = [one for one in of(made, candidates("University of California, Davis"), DAVIS) if inputs(one)["across"]]
    assert [(one.part, one.first, one.until, one.last) for one in over] == [(0, 0, 1, 1)]


def test_as_many_inputs_as_names_for_every_candidate(candidates) -> None:
    for text in sorted({text for _, text, *_ in CASES}):
        assert all(len(one.features) == len(FEATURES) for one in candidates(text)), text


def test_an_organisation_that_is_left_out_is_no_candidate(
    made: Index, weigher: Weigher, gatherer: Gatherer, rules: Resolver
) -> None:
    seen = weigher.look(rules.read("Trinity College, Ireland"))
    [dublin] = [number for number, one in enumerate(made.organisations) if one.ror_id == ror(TRINITY_IE)]
    rest = gatherer.candidates(seen, frozenset((dublin,)))
    assert [made.organisations[one.organisation].ror_id for one in rest] == [ror(TRINITY_US)]
    assert inputs(rest[0])["rivals"] == 1


def many(count: int) -> Index:
    towns = ("Lund", "Kyoto", "Davis", "Dublin")
    codes = ("SE", "JP", "US", "IE")
    numbers = range(1, count + 1)
    places = [f"{towns[n % 4]}, , , {codes[n % 4]}" for n in numbers]
    named = "Ministry of Health"
    return build([organisation(n, named, place, registered=n % 7) for n, place in zip(numbers, places, strict=True)])


def test_of_many_organisations_of_one_name_those_that_fit_best_are_weighed(rules: Resolver) -> None:
    index = many(MAX_ORGANISATIONS + 10)
    seen = Weigher(index).look(rules.read("Ministry of Health, Kyoto, Japan"))
    kept = Gatherer(index).candidates(seen)
    assert len(kept) == KEPT_RIVALS
    assert {index.organisations[one.organisation].places[0].town for one in kept} == {"Kyoto"}
    best = sorted((one.registered for one in index.organisations if one.places[0].town == "Kyoto"), reverse=True)
    assert [index.organisations[one.organisation].registered for one in kept] == best[:KEPT_RIVALS]


def test_a_name_of_too_many_organisations_says_nothing_without_a_place(rules: Resolver) -> None:
    index = many(MAX_ORGANISATIONS + 10)
    assert Gatherer(index).candidates(Weigher(index).look(rules.read("Ministry of Health"))) == []


def test_of_a_string_of_too_many_organisations_the_first_names_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, weigher: Weigher, made: Index, rules: Resolver
) -> None:
    seen = weigher.look(rules.read("Trinity College; Kyoto University; University of Zurich"))
    parts = lambda: {one.part for one in Gatherer(made).candidates(seen)}  # noqa: E731
    assert parts() == {0, 1, 2}
    monkeypatch.setattr(weighing, "MAX_POSTED", 2)  # Trinity College is two
    assert parts() == {0, 1}


def test_a_string_full_of_names_has_a_bounded_number_of_candidates(candidates) -> None:
    text = "; ".join(f"Trinity College {n}, Institute of Physics {n}" for n in range(100))
    assert len(candidates(text)) <= MAX_CANDIDATES


def test_the_evidence_is_told_in_words(made: Index, candidates) -> None:
    listed = candidates("Trinity College, Hartford, CT, USA")
    here, there = (of(made, listed, number)[0] for number in (TRINITY_US, TRINITY_IE))
    assert told(here) == {"name": "display", "country": "agrees", "town": "agrees", "region": "agrees"}
    assert told(there) == {"name": "display", "country": "differs", "town": "absent", "region": "absent"}
