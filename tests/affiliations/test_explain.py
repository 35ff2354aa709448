"""What a resolver saw in a string is kept as it was: candidates, their verdicts, the answers themselves."""

import pytest

from kakehashi.affiliations import explain as module
from kakehashi.affiliations.decisions import Decision
from kakehashi.affiliations.explain import decisions_about, explain
from kakehashi.affiliations.linking.index import build
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.organisations import Name, Organisation, Place
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver

KYOTO, OTHER, SPRINGFIELD = (f"https://ror.org/0{letter}abcde12" for letter in "abc")
STRING = "Dept. of Physics, Kyoto University, Japan"


def organisation(ror_id, name, town, country, country_name):
    return Organisation(
        ror_id, (Name(name, "display", "en"),), (Place(town, "", "", country, country_name),), ("education",), True,
        1900, (), (), (), (), (), (), 4,
    )  # fmt: skip


LINKER = Linker(
    build(
        [
            organisation(KYOTO, "Kyoto University", "Kyoto", "JP", "Japan"),
            organisation(OTHER, "Kyoto University", "Paris", "FR", "France"),
            organisation(SPRINGFIELD, "Springfield University", "Springfield", "US", "United States"),
        ]
    )
)


@pytest.fixture(autouse=True)
def everybody_is_told_of(monkeypatch):
    monkeypatch.setattr(module, "NOBODY", -1.0)


def resolver(threshold):
    return RegistryResolver(Resolver(), LINKER, threshold)


def verdicts(text, threshold):
    found = explain(text, resolver(threshold))
    return [(one.organisation.ror_id, one.verdict, one.by) for one in found.weighing.options]


def test_the_candidate_that_was_chosen_comes_first_and_the_other_of_its_words_names_it():
    assert verdicts(STRING, 0.0) == [(KYOTO, "chosen", 0), (OTHER, "taken", 1)]


def test_the_surest_candidate_below_the_threshold_is_told_and_not_given():
    found = explain(STRING, resolver(1.01))
    assert found.weighing.options[0].verdict == "unsure"
    assert found.weighing.threshold == 1.01
    assert [one.ror_id for one in found.answers] == [None]


def test_an_organisation_that_is_named_twice_is_given_once():
    told = verdicts("Kyoto University, Japan; Kyoto University, Japan", 0.0)
    assert sorted(verdict for ror_id, verdict, _ in told if ror_id == KYOTO) == ["again", "chosen"]


def test_an_explanation_has_the_answers_of_its_resolver():
    for one in (Resolver(), resolver(0.0), resolver(0.5), resolver(1.01)):
        for text in (STRING, "", "N/A", "Department of Physics", "Osaka University and Kyoto University, Japan"):
            assert explain(text, one).answers == one.resolve(text)


@pytest.mark.parametrize("resolver", [Resolver(), RegistryResolver(Resolver(), LINKER, 0.6)])
def test_the_parts_of_an_explained_string_stand_where_they_were_printed(resolver):
    clean = explain(STRING, resolver).reading.clean
    assert [clean.span(part.start, part.end) for part in clean.parts] == STRING.split(", ")


def test_evidence_is_in_words():
    found = explain(STRING, resolver(0.0)).weighing.options[0]
    assert (found.span, found.evidence["name"], found.evidence["manner"]) == ("Kyoto University", "display", "exact")
    assert (found.evidence["country"], found.evidence["town"]) == ("agrees", "in_name")


def test_a_name_found_by_rule_gives_way_to_the_organisation_that_has_its_words():
    assert [one.name for one in explain(STRING, resolver(0.0)).replaced] == ["Kyoto University"]
    assert explain(STRING, resolver(1.01)).replaced == ()


def test_candidates_that_nobody_would_guess_are_only_counted(monkeypatch):
    monkeypatch.setattr(module, "NOBODY", 1.01)
    weighing = explain(STRING, resolver(0.0)).weighing
    assert ([one.organisation.ror_id for one in weighing.options], weighing.others) == ([KYOTO], 1)


def test_decisions_about_the_string_its_names_and_its_institution_are_found():
    about = [
        Decision("d.csv", 2, "link", affiliation=STRING, target=OTHER),
        Decision("d.csv", 3, "country", name="KYOTO UNIV.", target="JP"),
        Decision("d.csv", 4, "merge", institution_id=KYOTO, target=OTHER),
    ]
    others = [
        Decision("d.csv", 5, "link", affiliation="Kyoto University", target=OTHER),
        Decision("d.csv", 6, "country", name="Osaka University", target="JP"),
        Decision("d.csv", 7, "not_this", affiliation="Kyoto", name="Kyoto University"),
    ]
    assert decisions_about(explain(STRING, resolver(0.0)), [*about, *others]) == about
