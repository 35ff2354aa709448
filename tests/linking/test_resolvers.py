"""Which resolver the settings make, and what is looked up of a registry's ids."""

from pathlib import Path

import pytest
from made_registry import ACADEMY, METROPOLITAN, PREFECTURE, ZURICH, ror

from kakehashi.affiliations.linking.index import Index
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.resolvers import Entries, make_resolver, registry_entries
from kakehashi.errors import SettingsError
from kakehashi.settings import AffiliationsSection

pytestmark = pytest.mark.usefixtures("home")
KYOTO = "https://ror.org/02kpeqv85"


@pytest.fixture
def registered(dump: Path) -> AffiliationsSection:
    return AffiliationsSection(registry=str(dump))


def test_without_a_registry_the_rules_resolve_alone() -> None:
    assert type(make_resolver(AffiliationsSection())) is Resolver
    assert registry_entries(AffiliationsSection()) is None


def test_with_a_registry_its_organisations_are_linked_at_the_threshold(dump: Path) -> None:
    made = make_resolver(AffiliationsSection(registry=str(dump), min_confidence=0.75))
    assert isinstance(made, RegistryResolver)
    assert made.threshold == 0.75
    assert KYOTO in {one.ror_id for one in made.linker.index.organisations}


def test_the_registry_is_opened_once_for_all_resolvers(registered: AffiliationsSection) -> None:
    first, second = make_resolver(registered), make_resolver(registered.model_copy(update={"min_confidence": 0.9}))
    assert isinstance(first, RegistryResolver)
    assert isinstance(second, RegistryResolver)
    assert first.linker is second.linker


def test_the_territory_policy_reaches_the_organisations_countries(registered: AffiliationsSection) -> None:
    text = "The University of Hong Kong"
    for policy, code in (("seed", "HK"), ("un", "CN")):
        [row] = make_resolver(registered.model_copy(update={"territory_policy": policy})).resolve(text)
        assert row.country_code == code


def test_the_former_method_knows_no_registry_and_asks_for_a_pipeline(dump: Path) -> None:
    with pytest.raises(SettingsError, match="spacy_model"):
        make_resolver(AffiliationsSection(strategy="appendix1", registry=str(dump)))
    assert registry_entries(AffiliationsSection(strategy="appendix1", registry=str(dump))) is None


def test_a_registry_that_is_not_there_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="kakehashi registry add"):
        make_resolver(AffiliationsSection(registry=str(tmp_path / "none.json")))


def test_an_entry_tells_name_country_and_what_became_of_it(made: Index) -> None:
    entries = Entries(made)
    zurich, closed = entries.find(ror(ZURICH)), entries.find(ror(PREFECTURE))
    assert zurich is not None
    assert (zurich.name, zurich.country_code, zurich.active) == ("University of Zurich", "CH", True)
    assert closed is not None
    assert (closed.active, closed.successors) == (False, (ror(METROPOLITAN),))
    assert entries.find(ror(ACADEMY)) is not None
    assert entries.find(ror(99)) is None


def test_entries_are_those_of_the_settings_registry(registered: AffiliationsSection) -> None:
    find = registry_entries(registered)
    assert find is not None
    kyoto = find(KYOTO)
    assert kyoto is not None
    assert (kyoto.name, kyoto.country_code) == ("Kyoto University", "JP")
    assert find(ror(1)) is None
