"""`kakehashi resolve`: CSV in, CSV out, with and without a registry."""

import csv
import gzip
import json

import pytest

from kakehashi.affiliations.batch import COLUMNS, Summary, resolve_file
from kakehashi.affiliations.registry import Registry, read_registry
from kakehashi.errors import SourceError

ROR = "https://ror.org/0000000"


def organisation(number, name, country, status="active", kind="label"):
    return {
        "id": f"{ROR}{number:02}",
        "status": status,
        "names": [{"value": name, "types": [kind]}],
        "locations": [{"geonames_details": {"country_code": country}}],
    }


ORGANISATIONS = [
    organisation(1, "Zzyzx University", "JP"),
    organisation(2, "Twin University", "US"),
    organisation(3, "Twin University", "US"),
    organisation(4, "Gone University", "FR", status="withdrawn"),
    organisation(5, "ZZU", "JP", kind="acronym"),
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    rows = [
        ("1", "Zzyzx Univ., Tokyo, Japan"),
        ("2", "Zzyzx University"),
        ("3", "Univ. of Oxford, Oxford, UK; Univ. of Vienna, Vienna, Austria"),
        ("4", "Department of Physics"),
        ("5", ""),
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("id", "affiliation"), *rows])
    return path


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_each_row_is_answered_with_ids_countries_and_reasons(source, tmp_path):
    target = tmp_path / "out.csv"
    assert resolve_file(source, target) == Summary(5, 3, 3, 0)
    rows = read(target)
    assert tuple(rows["1"]) == COLUMNS
    assert (rows["1"]["institutions"], rows["1"]["country_codes"]) == ("zzyzx-university.jp", "JP")
    assert rows["1"]["method"] == "rule/country_name"
    assert (rows["3"]["institutions"], rows["3"]["country_codes"]) == (
        "university-of-oxford.gb university-of-vienna.at", "GB AT",
    )  # fmt: skip
    assert (rows["4"]["reason"], rows["5"]["reason"]) == ("only_department", "empty")


def test_a_bare_name_takes_the_country_of_the_other_strings_of_the_file(source, tmp_path):
    resolve_file(source, tmp_path / "out.csv")
    row = read(tmp_path / "out.csv")["2"]
    assert (row["institutions"], row["country_codes"], row["method"]) == (
        "zzyzx-university.jp", "JP", "rule/corpus",
    )  # fmt: skip


def test_a_registry_gives_ids_where_name_and_country_agree(source, tmp_path):
    dump = tmp_path / "ror.json.gz"
    dump.write_bytes(gzip.compress(json.dumps(ORGANISATIONS).encode()))
    assert resolve_file(source, tmp_path / "out.csv", registry=dump).rors == 2
    assert read(tmp_path / "out.csv")["1"]["ror_ids"] == f"{ROR}01"


def test_a_registry_gives_nothing_where_it_cannot_tell():
    registry = Registry(ORGANISATIONS)
    assert registry.find("zzyzx university", "JP") == f"{ROR}01"
    assert registry.find("zzyzx university", "US") is None
    assert registry.find("twin university", "US") is None
    assert registry.find("gone university", "FR") is None
    assert registry.find("zzu", "JP") is None


@pytest.mark.parametrize("content", [b"not json", b'{"a": 1}', b"[1]"])
def test_a_file_that_is_no_registry_is_refused(tmp_path, content):
    path = tmp_path / "ror.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="ROR"):
        read_registry(path)


def test_missing_columns_are_named(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("id,address\n1,x\n", encoding="utf-8")
    with pytest.raises(SourceError, match="missing: affiliation"):
        resolve_file(path, tmp_path / "out.csv")


def test_a_file_that_is_not_there_or_not_utf8_is_refused_and_nothing_is_written(tmp_path):
    path = tmp_path / "in.csv"
    with pytest.raises(SourceError, match="cannot be read"):
        resolve_file(path, tmp_path / "out.csv")
    path.write_bytes(b"id,affiliation\n1,\xff\xfe\n")
    with pytest.raises(SourceError, match="cannot be read"):
        resolve_file(path, tmp_path / "out.csv")
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.csv"]
