"""`kakehashi resolve`: CSV in, CSV out."""

import csv
from pathlib import Path

import pytest

from kakehashi.affiliations.batch import COLUMNS, Summary, resolve_file
from kakehashi.errors import SettingsError, SourceError
from kakehashi.settings import AffiliationsSection

ROWS = [
    ("1", "Zzyzx Univ., Tokyo, Japan"),
    ("2", "Zzyzx University"),
    ("3", "Univ. of Oxford, Oxford, UK; Univ. of Vienna, Vienna, Austria"),
    ("4", "Department of Physics"),
    ("5", ""),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("id", "affiliation"), *ROWS])
    return path


def read(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_each_row_is_answered_with_ids_countries_and_reasons(source: Path, tmp_path: Path) -> None:
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
    assert {row["ror_ids"] for row in rows.values()} == {""}


def test_a_bare_name_takes_the_country_of_the_other_strings_of_the_file(source: Path, tmp_path: Path) -> None:
    resolve_file(source, tmp_path / "out.csv")
    row = read(tmp_path / "out.csv")["2"]
    assert (row["institutions"], row["country_codes"], row["method"]) == (
        "zzyzx-university.jp", "JP", "rule/corpus",
    )  # fmt: skip


def test_the_progress_is_told_in_distinct_strings(source: Path, tmp_path: Path) -> None:
    with source.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("6", ROWS[0][1]), ("7", ROWS[0][1])])
    told: list[int] = []
    assert (
        resolve_file(source, tmp_path / "out.csv", advance=lambda total: told.append(-total) or told.append).strings
        == 7
    )
    assert told[0] == -sum(told[1:]) == -len(ROWS)


def test_equal_strings_have_equal_answers_under_their_own_ids(source: Path, tmp_path: Path) -> None:
    with source.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(("6", ROWS[0][1]))
    resolve_file(source, tmp_path / "out.csv")
    rows = read(tmp_path / "out.csv")
    assert list(rows) == ["1", "2", "3", "4", "5", "6"]
    assert {**rows["6"], "id": "1"} == rows["1"]


def test_the_settings_decide(source: Path, tmp_path: Path) -> None:
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "affiliation"), ("1", "Zzyzx University, Hong Kong")])
    for policy, code in (("seed", "HK"), ("un", "CN")):
        resolve_file(source, tmp_path / "out.csv", AffiliationsSection(territory_policy=policy))
        assert read(tmp_path / "out.csv")["1"]["country_codes"] == code


def test_a_registry_that_is_not_there_is_said_before_anything_is_written(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="kakehashi registry add"):
        resolve_file(source, tmp_path / "out.csv", AffiliationsSection(registry="v0.0"))
    assert not (tmp_path / "out.csv").exists()


def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,address\n1,x\n", encoding="utf-8")
    with pytest.raises(SourceError, match="missing: affiliation"):
        resolve_file(path, tmp_path / "out.csv")


def test_a_file_that_is_not_there_or_not_utf8_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    with pytest.raises(SourceError, match="cannot be read"):
        resolve_file(path, tmp_path / "out.csv")
    path.write_bytes(b"id,affiliation\n1,\xff\xfe\n")
    with pytest.raises(SourceError, match="cannot be read"):
        resolve_file(path, tmp_path / "out.csv")
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.csv"]


def test_a_target_in_a_folder_that_is_not_there_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be written"):
        resolve_file(source, tmp_path / "none" / "out.csv")
