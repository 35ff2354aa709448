"""Companies of which the registry has a branch abroad only, acronyms beside a country, and names told twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from kakehashi.affiliations.linking.index import build
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.organisations import read_organisations
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolution, Resolver
from kakehashi.settings import AffiliationsSection

COUNTRIES = {"DE": "Germany", "IE": "Ireland", "BR": "Brazil", "US": "United States", "KR": "South Korea"}
BRANCH, DOCTORS, CEARA, ONE_MSU, OTHER_MSU, POHANG = (f"https://ror.org/0{number:08d}" for number in range(6))


def record(ror_id: str, name: str, town: str, country: str, **more: Any) -> dict[str, Any]:
    others = [{"value": one, "types": [kind]} for kind in ("acronym", "alias") for one in more.get(kind, ())]
    place = {"name": town, "country_code": country, "country_name": COUNTRIES[country]}
    return {
        "id": ror_id, "names": [{"value": name, "types": ["ror_display", "label"]}, *others], "status": "active",
        "types": [more.get("type", "education")], "locations": [{"geonames_details": place}],
        "relationships": more.get("relations", []),
    }  # fmt: skip


RECORDS = [
    record(BRANCH, "Accenture (Germany)", "Kronberg", "DE", type="company", relations=[
        {"type": "parent", "label": "Accenture (Ireland)", "id": "https://ror.org/099999999"}]),
    record(DOCTORS, "Doctors Abroad", "Dublin", "IE", type="nonprofit"),
    record(CEARA, "Universidade Federal do Ceará", "Fortaleza", "BR", acronym=["UFC"]),
    record(ONE_MSU, "Michigan State University", "East Lansing", "US", acronym=["MSU"]),
    record(OTHER_MSU, "Montana State University", "Bozeman", "US", acronym=["MSU"]),
    record(POHANG, "Pohang University of Science and Technology", "Pohang", "KR", acronym=["POSTECH"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def resolver(tmp_path_factory: pytest.TempPathFactory) -> RegistryResolver:
    path = tmp_path_factory.mktemp("branches") / "ror.json"
    path.write_text(json.dumps(RECORDS), encoding="utf-8")
    return RegistryResolver(Resolver(), Linker(build(read_organisations(path))), AffiliationsSection().min_confidence)


def only(found: tuple[Resolution, ...]) -> Resolution:
    [one] = found
    return one


def test_the_name_alone_is_the_company_and_not_its_branch_abroad(resolver: RegistryResolver) -> None:
    one = only(resolver.resolve("Accenture"))
    assert (one.institution, one.ror_id, one.country_code) == ("Accenture", None, "IE")


def test_the_name_with_the_branches_country_is_the_branch(resolver: RegistryResolver) -> None:
    one = only(resolver.resolve("Accenture, Kronberg, Germany"))
    assert (one.ror_id, one.country_code) == (BRANCH, "DE")


def test_where_the_company_is_is_kept_for_branches_only(tmp_path: Path) -> None:
    (tmp_path / "ror.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    homes = {one.ror_id: one.home for one in read_organisations(tmp_path / "ror.json")}
    assert homes == {BRANCH: "IE", DOCTORS: None, CEARA: None, ONE_MSU: None, OTHER_MSU: None, POHANG: None}


def test_capitals_beside_a_country_are_the_only_organisation_there_that_bears_them(resolver: RegistryResolver) -> None:
    assert only(resolver.resolve("UFC, Brazil")).ror_id == CEARA


def test_capitals_that_two_of_a_country_bear_are_neither(resolver: RegistryResolver) -> None:
    assert only(resolver.resolve("MSU, USA")).ror_id is None


def test_capitals_without_a_country_or_of_another_one_are_not_linked(resolver: RegistryResolver) -> None:
    assert {only(resolver.resolve(text)).ror_id for text in ("UFC", "UFC, Germany")} == {None}


def test_a_name_with_its_own_acronym_in_brackets_is_one_institution(resolver: RegistryResolver) -> None:
    one = only(resolver.resolve("Pohang University of Science and Technology (POSTECH)"))
    assert one.ror_id == POHANG
