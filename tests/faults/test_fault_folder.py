"""A folder of broken files, run through the real command: every file is accounted for, and the good ones are whole."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import kakehashi
from faults.hostile import BAD, GOOD, ODD, write_files, write_odd_things
from kakehashi import Study

LARGE = {"bomb.zip": ("truncated",), "long_line.csv": ("line_too_long",)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run `init` and `run` over the hostile folder, and keep what they said beside the study."""
    root = tmp_path_factory.mktemp("faults")
    exports = root / "exports"
    exports.mkdir()
    write_files(exports)
    listening = write_odd_things(exports)
    made = kakehashi("init", "study", "--sources", "exports", cwd=root)
    assert (made.returncode, made.stderr) == (0, "")
    done = kakehashi("run", "study", cwd=root)
    (root / "stderr").write_text(done.stderr, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    yield root
    for one in listening:
        one.close()


def shown(root: Path, table: str) -> list[dict[str, str]]:
    result = kakehashi("show", table, "--study", "study", "--csv", cwd=root)
    assert result.returncode == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout, newline="")))


@pytest.fixture(scope="module")
def sources(folder: Path) -> dict[str, dict[str, str]]:
    return {row["file"].removeprefix("exports/"): row for row in shown(folder, "sources")}


@pytest.fixture(scope="module")
def refusals(folder: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in shown(folder, "refusals"):
        found.setdefault(row["file"].removeprefix("exports/"), []).append(row)
    return found


def test_no_traceback_is_printed(folder: Path) -> None:
    said = (folder / "stderr").read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Error" not in said


def test_every_file_is_listed_once(folder: Path, sources: dict[str, dict[str, str]]) -> None:
    assert set(sources) == {*GOOD, *BAD, *ODD, *LARGE}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_beside_broken_ones_loses_nothing(name: str, sources: dict[str, dict[str, str]]) -> None:
    row = sources[name]
    assert (int(row["records"]), int(row["refused"])) == (GOOD[name][1], 0)


@pytest.mark.parametrize("name", [*BAD, *ODD, *LARGE])
def test_a_broken_file_is_refused_with_a_reason_that_fits(
    name: str, sources: dict[str, dict[str, str]], refusals: dict[str, list[dict[str, str]]]
) -> None:
    expected = BAD[name][1].codes if name in BAD else LARGE.get(name, ("unreadable",))
    codes = {row["code"] for row in refusals.get(name, ())}
    assert codes <= set(expected)
    assert codes or not expected
    if name in BAD and BAD[name][1].kept is not None:
        assert int(sources[name]["kept"]) + int(sources[name]["merged"]) == BAD[name][1].kept


REMEDIES = ("again", "remove", "unpack", "export as", "save as", "Save as", "study.toml", "put the", "check ")


def test_every_reason_is_in_plain_words_and_names_a_remedy(refusals: dict[str, list[dict[str, str]]]) -> None:
    for name, rows in refusals.items():
        for row in rows:
            assert any(remedy in row["reason"] for remedy in REMEDIES), f"{name}: {row['reason']}"
            assert "Errno" not in row["reason"]
            assert "0x" not in row["reason"]


def test_the_records_of_each_file_are_kept_merged_or_refused(sources: dict[str, dict[str, str]]) -> None:
    for row in sources.values():
        assert int(row["records"]) == int(row["kept"]) + int(row["merged"]) + int(row["refused"]), row["file"]


def test_the_counts_of_a_file_are_those_of_the_records_and_refusals(folder: Path) -> None:
    study = Study(folder / "study")
    counted = study.rows(
        "select s.file, s.kept, s.merged, s.refused, "
        "(select count(*) from records r where r.file = s.file and r.status = 'kept'), "
        "(select count(*) from records r where r.file = s.file and r.status = 'merged'), "
        "(select coalesce(sum(records), 0) from refusals f where f.file = s.file) from sources s"
    )
    assert [row[1:4] for row in counted] == [row[4:] for row in counted]


def test_a_name_in_a_zip_writes_nothing_outside_the_study(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"exports", "study", "stderr"}
    assert not (folder.parent / "outside.csv").exists()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("cp932.csv", "架け橋の研究"),
        ("utf16_no_bom.csv", "架け橋の研究"),
        ("latin1.csv", "Étude du réseau"),
        ("mixed.csv", "Étude du réseau"),
    ],
)
def test_a_text_in_another_encoding_is_read_as_it_was_written(folder: Path, name: str, title: str) -> None:
    titles = Study(folder / "study").rows(
        f"select distinct w.title from works w join records r on r.work_id = w.work_id where r.file = 'exports/{name}'"
    )
    assert titles == [(title,)]


def test_running_again_over_the_broken_files_does_nothing(folder: Path) -> None:
    assert Study(folder / "study").run() == ()
