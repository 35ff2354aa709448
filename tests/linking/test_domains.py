"""Which domains of the registry tell an institution: not those under which everybody has mail or pages."""

import json
from pathlib import Path

import pytest
from made_registry import agreeing

from kakehashi.affiliations.linking.index import build
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.organisations import read_organisations
from kakehashi.affiliations.lists import read_table
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver


def dump(path: Path, domains: list[str], website: str) -> Path:
    record = {
        "id": "https://ror.org/000000001",
        "names": [{"value": "Qwertz Institute", "types": ["ror_display", "label"], "lang": "en"}],
        "locations": [{"geonames_details": {"country_code": "CN", "country_name": "China", "name": "Beijing"}}],
        "domains": domains,
        "links": [{"type": "website", "value": website}],
    }
    path.write_text(json.dumps([record]), encoding="utf-8")
    return path


def test_domains_are_those_registered_and_that_of_the_web_site(tmp_path: Path) -> None:
    [one] = read_organisations(dump(tmp_path / "ror.json", ["Qwertz.EDU.cn"], "https://www.qwertz.cn/en/"))
    assert one.domains == ("qwertz.cn", "qwertz.edu.cn")


@pytest.mark.parametrize("host", ["edu.cn", "ieee.org", "163.com", "sites.google.com", "en.wikipedia.org", "gmail.com"])
def test_a_shared_host_is_nobodys_domain(tmp_path: Path, rules: Resolver, host: str) -> None:
    path = dump(tmp_path / "ror.json", [host], f"https://www.{host}/qwertz")
    [one] = read_organisations(path)
    assert one.domains == ()
    resolver = RegistryResolver(rules, Linker(build([one]), agreeing()), 0)
    text = f"Department of Physics, a.b@cs.{host}"
    assert resolver.resolve(text) == rules.resolve(text)


def test_a_record_without_a_web_site_has_no_domain(tmp_path: Path) -> None:
    [one] = read_organisations(dump(tmp_path / "ror.json", [], "not an address"))
    assert one.domains == ()


def test_the_shared_hosts_are_lower_case_sorted_by_kind_and_stand_once() -> None:
    rows = [(row["kind"], row["host"]) for row in read_table("shared_hosts.csv")]
    assert [(host, kind) for kind, host in rows if host != host.lower() or kind not in KINDS] == []
    assert len({host for _, host in rows}) == len(rows)
    assert rows == sorted(rows)


KINDS = {"mail", "members", "suffix", "web"}
