"""Resolving with a registry: what is linked, which country an organisation counts for, and what stays as it was."""

import pytest
from made_registry import (
    GEARS,
    KYOTO,
    MIT_US,
    TRINITY_IE,
    ZURICH,
    agreeing,
    organisation,
    record,
    ror,
)  # fmt: skip

from kakehashi.affiliations.linking.index import Index, build
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.lists import linking_policy
from kakehashi.affiliations.registered import (
    BATCH,
    CONFLICT,
    FROM_DOMAIN,
    FROM_REGISTRY,
    WEAK,
    RegistryResolver,
)  # fmt: skip
from kakehashi.affiliations.resolve import Resolution, Resolver

TEXTS = [
    "Department of Mathematics, University of Zurich, Zurich, Switzerland",
    "Kyoto University, Kyoto, Japan; Qwertz Institute of Widgets, Dublin, Ireland",
    "Trinity College",
    "Zurich University",
    "Institute of Physics, Chinese Academy of Sciences, Beijing, China",
    "Department of Physics",
    "MIT, Cambridge, MA, USA",
    "",
]


def over(index: Index, rules: Resolver, threshold: float = 0.5, policy: str = "seed") -> RegistryResolver:
    return RegistryResolver(rules, Linker(index, agreeing()), threshold, policy)


@pytest.fixture
def resolve(made: Index, rules: Resolver):
    """Resolve a string with the registry made by hand."""
    resolver = over(made, rules)
    return lambda text: resolver.resolve(text)


def linked(rows: tuple[Resolution, ...]) -> list[str]:
    return [row.ror_id for row in rows if row.ror_id]


def test_a_linked_institution_has_the_name_of_the_registry_and_the_evidence_of_the_string(resolve) -> None:
    [row] = resolve("Department of Arts, Univ. of ZURICH, Zurich, Switzerland")
    assert (row.institution, row.ror_id, row.country_code) == ("University of Zurich", ror(ZURICH), "CH")
    assert (row.method, row.country_method, row.reason) == (FROM_REGISTRY, "country_name", None)
    assert (row.span, row.country_span) == ("Univ. of ZURICH", "Switzerland")


def test_what_the_registry_does_not_know_stays_an_institution_of_the_corpus(resolve, rules: Resolver) -> None:
    text = "Kyoto University, Kyoto, Japan; Qwertz Institute of Widgets, Dublin, Ireland"
    kyoto, qwertz = resolve(text)
    assert (kyoto.ror_id, kyoto.country_code) == (ror(KYOTO), "JP")
    [alone] = [one for one in rules.resolve(text) if one.country_code == "IE"]
    assert (qwertz.institution, qwertz.key, qwertz.ror_id) == (alone.institution, alone.key, None)
    assert [kyoto.seq, qwertz.seq] == [1, 2]


@pytest.mark.parametrize("text", ["", "Department of Physics", "Qwertz Institute, Lund, Sweden", "n/a", "Main St. 5"])
def test_strings_without_a_link_are_resolved_as_without_a_registry(resolve, rules: Resolver, text: str) -> None:
    assert resolve(text) == rules.resolve(text)


def test_an_empty_registry_changes_nothing(rules: Resolver) -> None:
    resolver = over(build(()), rules)
    assert list(resolver.resolve_many(TEXTS)) == [rules.resolve(text) for text in TEXTS]


def test_an_address_in_another_country_than_the_registry_says_is_a_conflict_and_the_address_counts(
    rules: Resolver,
) -> None:
    index = build([organisation(1, "Qwertz University of Kyoto", "Lund, , , SE")])
    [row] = over(index, rules, 0).resolve("Qwertz University of Kyoto, Paris, France")
    assert (row.ror_id, row.country_code, row.country_method, row.reason) == (ror(1), "FR", "country_name", CONFLICT)


def test_a_country_that_only_a_name_suggests_gives_way_to_that_of_the_organisation(rules: Resolver) -> None:
    text = "American University of Zurich"
    [plain] = rules.resolve(text)
    assert plain.country_method in WEAK
    index = build([organisation(1, text, "Dublin, , , IE")])
    [row] = over(index, rules, 0).resolve(text)
    assert (row.ror_id, row.country_code, row.country_method, row.reason) == (ror(1), "IE", FROM_REGISTRY, None)
    assert row.country_span is None


def test_where_no_country_is_named_that_of_the_organisation_counts(resolve) -> None:
    [row] = over(build([record(GEARS)]), Resolver(), 0).resolve("Acme Gear Works")
    assert (row.country_code, row.country_method) == ("DE", FROM_REGISTRY)


def test_an_organisation_of_several_countries_tells_none_but_agrees_with_each(rules: Resolver) -> None:
    one = organisation(1, "Qwertz Laboratory", "Lund, , , SE")
    other = organisation(1, "Qwertz Laboratory", "Dublin, , , IE")
    index = build([type(one)(**{**_fields(one), "places": one.places + other.places})])
    resolver = over(index, rules, 0)
    assert [(row.country_code, row.reason) for row in resolver.resolve("Qwertz Laboratory")] == [(None, None)]
    [row] = resolver.resolve("Qwertz Laboratory, Dublin, Ireland")
    assert (row.country_code, row.country_method, row.reason) == ("IE", "country_name", None)


def _fields(one):
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_organisations_that_are_all_in_one_country_tell_it_even_if_none_is_given(rules: Resolver) -> None:
    index = build(
        [organisation(n, "Qwertz Arts College", f"{town}, , , IE") for n, town in ((1, "Dublin"), (2, "Cork"))]
    )
    [row] = over(index, rules, 1.0).resolve("Qwertz Arts College")
    assert (row.institution, row.ror_id) == ("Qwertz Arts College", None)
    assert (row.country_code, row.country_method, row.country_span) == ("IE", FROM_REGISTRY, None)


def test_organisations_of_two_countries_tell_none(made: Index, rules: Resolver) -> None:
    [row] = over(made, rules, 1.0).resolve("Trinity College")
    assert (row.ror_id, row.country_code) == (None, None)


def test_the_territory_policy_counts_the_organisations_countries_too(rules: Resolver) -> None:
    index = build([organisation(1, "Qwertz Polytechnic", "Kowloon, , , HK")])
    assert over(index, rules, 0).resolve("Qwertz Polytechnic")[0].country_code == "HK"
    assert over(index, Resolver("un"), 0, "un").resolve("Qwertz Polytechnic")[0].country_code == "CN"


@pytest.mark.parametrize("size", [1, 3, BATCH])
def test_many_strings_are_resolved_as_one_by_one(made: Index, rules: Resolver, size: int, monkeypatch) -> None:
    from kakehashi.affiliations import registered

    one_by_one = [over(made, rules).resolve(text) for text in TEXTS]
    monkeypatch.setattr(registered, "BATCH", size)
    assert list(over(made, rules).resolve_many(TEXTS)) == one_by_one


def test_a_higher_threshold_gives_fewer_links_and_no_others(index: Index, rules: Resolver) -> None:
    linker = Linker(index)
    texts = [f"{one.name}, {one.places[0].town}" for one in index.organisations]
    texts += [f"Department of Physics, {one.names[-1].value}" for one in index.organisations]
    before: list[set[str]] | None = None
    given = []
    for threshold in (0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 0.95, 1.0):
        found = [set(linked(rows)) for rows in RegistryResolver(rules, linker, threshold).resolve_many(texts)]
        assert before is None or all(now <= then for now, then in zip(found, before, strict=True)), threshold
        before = found
        given.append(sum(map(len, found)))
    assert given[0] > given[3] > given[-1]


def test_a_threshold_gives_exactly_the_links_that_are_as_sure(made: Index, rules: Resolver) -> None:
    [sure] = over(made, rules).resolve(TEXTS[0])
    assert linked(over(made, rules, sure.confidence).resolve(TEXTS[0])) == [ror(ZURICH)]
    assert linked(over(made, rules, sure.confidence + 0.001).resolve(TEXTS[0])) == []


def test_the_owner_of_an_e_mail_domain_is_given_where_nothing_is_named(resolve) -> None:
    [row] = resolve("Department of Mathematics, a.b@math.uzh.ch")
    assert (row.ror_id, row.method, row.country_code) == (ror(ZURICH), FROM_DOMAIN, "CH")
    assert row.confidence == linking_policy()["domain"]["confidence"]


def test_what_the_string_names_is_not_overruled_by_a_domain(resolve) -> None:
    assert linked(resolve("Trinity College, Dublin, Ireland, a.b@mit.edu")) == [ror(TRINITY_IE)]
    [row, *_] = resolve("Department of Mathematics, a.b@mit.edu, Paris, France")
    assert (row.ror_id, row.country_code, row.reason) == (ror(MIT_US), "FR", CONFLICT)
