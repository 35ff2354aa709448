"""Every command: its help, its errors in one sentence, its languages, and CSV that can be read back."""

import csv
import errno
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kakehashi.manifest
import kakehashi.study
from command import kakehashi as command
from kakehashi import Study, tables
from kakehashi.cli.main import main

OF_NOWHERE = ("--study", "nowhere")


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAKEHASHI_LANG", "en")


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, *words: str, code: int = 1) -> None:
    """Assert an error in plain words on standard error, nothing on standard output, and the exit code."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Error: " in result.stderr
    for word in words:
        assert word in result.stderr
    for sign in ("Traceback", "[Errno", "Error("):
        assert sign not in result.stderr


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_help_of_a_command_shows_an_example_of_it(name: str) -> None:
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert "Example: kakehashi" in result.output
    assert f"kakehashi {name}" in result.output.split("Example:")[1]
    assert "\\b" not in result.output


def test_the_help_gives_each_command_of_a_first_day_a_line_of_its_own() -> None:
    lines = [line.strip() for line in invoke("--help").output.splitlines()]
    assert any(line.startswith("kakehashi run my-study ") for line in lines)


def test_the_command_as_a_module_gives_its_version(tmp_path: Path) -> None:
    result = command("--version", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert kakehashi.__version__ in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [["run", "nowhere"], ["show", "works", *OF_NOWHERE], ["report", "nowhere"], ["explain", "work", "x", *OF_NOWHERE]],
)
def test_an_unknown_study_is_told_how_to_be_made(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(invoke(*arguments), "nowhere: no study here", "kakehashi init", "mic2023")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_table_is_answered_with_the_known_ones() -> None:
    refused(invoke("show", "nothing", "--study", "mic2023"), "no table 'nothing'", "positions", "works")


def test_a_table_that_was_not_computed_names_the_command(finished: Path, tmp_path: Path) -> None:
    study = Study.create(tmp_path / "new", "JP", [finished / "exports"])
    refused(invoke("show", "works", "--study", study.folder), "has not been computed", f"kakehashi run {study.folder}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "mic2023", "--lang", "fr"], ["--lang", "fr", "ja, en"]),
        (["report", "mic2023", "--lang", ""], ["--lang", "nothing", "ja, en"]),
        (["report", "mic2023", "--format", "doc"], ["--format", "doc", "html"]),
        (["run", "x", "--engine", "sqlite"], ["sqlite", "duckdb"]),
        (["show"], ["TABLE"]),
        (["show", "works"], ["--study"]),
        (["resolve", "x.csv"], ["--out"]),
        (["explain"], ["WHAT"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_a_wrong_option_names_it_and_gives_the_choices(arguments: list[str], words: list[str]) -> None:
    refused(invoke(*arguments), *words, code=2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", ["column(s) missing: id, affiliation"]),
        (b"", ["column(s) missing: id, affiliation"]),
        ("id,affiliation\n1,大阪大学\n".encode("cp932"), ["UTF-8"]),
    ],
)
def test_resolve_says_what_a_table_lacks(tmp_path: Path, content: bytes, words: list[str]) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    refused(invoke("resolve", source, "--out", out), str(source), *words)
    assert not out.exists()


def test_resolve_of_nothing_or_into_nowhere_names_the_path(tmp_path: Path) -> None:
    refused(invoke("resolve", tmp_path / "none.csv", "--out", tmp_path / "o.csv"), "none.csv", "No such file")
    source = tmp_path / "in.csv"
    source.write_text("id,affiliation\n1,nothing to find here\n", encoding="utf-8")
    refused(
        invoke("resolve", source, "--out", tmp_path / "no" / "o.csv"), str(tmp_path / "no" / "o.csv"), "make the folder"
    )


def test_init_over_a_study_leaves_it_alone(tmp_path: Path) -> None:
    assert invoke("init", tmp_path / "s").exit_code == 0
    before = (tmp_path / "s" / "study.toml").read_bytes()
    refused(invoke("init", tmp_path / "s", "--home", "KR"), "there is a study already")
    assert (tmp_path / "s" / "study.toml").read_bytes() == before


def test_init_with_sources_that_do_not_exist_makes_nothing(tmp_path: Path) -> None:
    refused(invoke("init", tmp_path / "s", "--sources", tmp_path / "gone"), "gone does not exist")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("home", ["Japan", "J", "日本", ""])
def test_init_with_a_home_that_is_no_country_code_makes_nothing(tmp_path: Path, home: str) -> None:
    refused(invoke("init", tmp_path / "s", "--home", home), "study.home", "two capital letters", "JP")
    assert list(tmp_path.iterdir()) == []


def test_a_home_in_lower_case_is_understood(tmp_path: Path) -> None:
    assert invoke("init", tmp_path / "s", "--home", "kr").exit_code == 0
    assert Study(tmp_path / "s").settings.study.home == "KR"


@pytest.mark.parametrize("repeated", [True, False])
def test_several_sources_may_follow_one_option_or_each_their_own(tmp_path: Path, repeated: bool) -> None:
    places = [tmp_path / name for name in ("a", "b b", "ヒ.csv")]
    for place in places:
        place.mkdir()
    given = [part for place in places for part in ("--sources", place)] if repeated else ["--sources", *places]
    assert invoke("init", tmp_path / "s", *given).exit_code == 0
    assert [Path(source.path) for source in Study(tmp_path / "s").settings.sources] == places


def test_a_study_without_sources_is_told_how_to_name_them(tmp_path: Path) -> None:
    invoke("init", tmp_path / "s")
    refused(invoke("run", tmp_path / "s"), "names no sources", "[[sources]]")


def test_a_folder_without_exports_is_named(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    invoke("init", tmp_path / "s", "--sources", tmp_path / "exports")
    refused(invoke("run", tmp_path / "s"), str(tmp_path / "exports"), "holds none")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[study\n", ["study.toml", "not valid TOML", "line 1"]),
        ("[study]\nhoem = 'JP'\n", ["study.hoem", "did you mean 'home'"]),
        ("[study]\nhome = 'jp'\n", ["study.home", "'jp'", "two capital letters"]),
        ("[[sources]]\npath = 'gone'\n", ["gone does not exist", "study.toml"]),
        ("[[sources]]\npath = 'study.toml'\nformat = 'endnote'\n", ["unknown format 'endnote'", "ieee_csv"]),
    ],
)
def test_a_study_toml_that_went_wrong_is_explained(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    refused(invoke("run", tmp_path), *words)


def test_sources_that_are_gone_are_named_and_the_results_stay(study: Path) -> None:
    shutil.rmtree(study.parent / "exports")
    refused(invoke("run", study), "exports does not exist", "study.toml")
    assert invoke("show", "works", "--study", study).exit_code == 0


def test_a_second_run_at_the_same_time_is_refused(study: Path) -> None:
    with Study(study)._lock():
        refused(invoke("run", study), "another run")


def full_disk(*arguments: Any, **options: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "somewhere")


def test_a_full_disk_is_a_sentence_and_the_study_goes_on_later(
    study: Path, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(study / "tables" / "edges.parquet")
    with monkeypatch.context() as during:
        during.setattr("kakehashi.engine.duckdb.swap", full_disk)
        refused(invoke("run", study), "No space left", "run the same command again")
    assert invoke("run", study).exit_code == 0
    tables = finished / "study" / "tables"
    for path in filter(Path.is_file, tables.rglob("*.parquet")):
        assert (study / "tables" / path.relative_to(tables)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "arguments", [("report", "mic2023", "--out", "r"), ("init", "s"), ("demo", "d", "--works", "5")]
)
def test_a_place_that_cannot_be_written_is_a_sentence(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_right(*arguments: Any, **options: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "here")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "mkdir", no_right)
    result = invoke(*arguments)
    assert result.exit_code == 1
    assert "Error: here: Permission denied" in result.stderr


def test_a_damaged_table_is_a_sentence_that_says_how_to_mend_it(study: Path) -> None:
    (study / "tables" / "works.parquet").write_bytes(b"")
    refused(invoke("show", "works", "--study", study), "cannot be read", f"kakehashi run {study}")
    assert invoke("run", study).exit_code == 0
    assert invoke("show", "works", "--study", study).exit_code == 0


TYPES = {"bigint": int, "double": float, "string": str, "boolean": lambda text: {"true": True, "false": False}[text]}


@pytest.mark.parametrize("name", [table.name for table in tables.ALL])
def test_csv_reads_back_as_the_table_itself(finished: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["show", name, "--study", str(finished / "study"), "--csv"])
    assert result.exit_code == 0
    head, *rows = csv.reader(io.StringIO(result.stdout_bytes.decode(), newline=""))
    columns = tables.BY_NAME[name].columns
    assert head == list(columns)
    kinds = [TYPES[kind] for kind in columns.values()]
    read = [{n: kind(c) if c else None for n, kind, c in zip(head, kinds, row, strict=True)} for row in rows]
    assert read == Study(finished / "study").table(name).to_pylist()


def test_brackets_in_a_value_are_shown_as_they_are(tmp_path: Path) -> None:
    title = "On [bold]walls[/bold] [/x] and [link=x]bridges"
    (tmp_path / "a.csv").write_text(f"title,year\n{title},2020\n", encoding="utf-8")
    Study.create(tmp_path / "s", "JP", [tmp_path / "a.csv"]).run()
    result = invoke("show", "works", "--study", tmp_path / "s")
    assert title in result.output


def test_limit_0_shows_every_row_and_says_so() -> None:
    result = invoke("show", "positions", "--study", "mic2023", "--limit", "0")
    shown, total = (int(word) for word in result.output.splitlines()[-1].replace("of ", "").split()[:2])
    assert shown == total == Study("mic2023").table("positions").num_rows


def test_the_language_is_chosen_by_kakehashi_lang(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "up to date" in invoke("run", study).output
    monkeypatch.setenv("KAKEHASHI_LANG", "ja")
    assert "変更はありません" in invoke("run", study).output
    assert "基本機能" in invoke("doctor").output
    assert "全 " in invoke("show", "works", "--study", study).output


def test_explain_tells_of_a_work_a_number_and_a_string(finished: Path) -> None:
    study = Study(finished / "study")
    ((work, title),) = study.rows("select work_id, title from works where doi is not null order by work_id limit 1")
    told = invoke("explain", "work", work, "--study", finished / "study")
    assert told.exit_code == 0
    assert title[:40] in told.output
    ((papers,),) = study.rows("select papers from indicators where level = 'country' and entity = 'JP' "
                              "and field = 'all' and period = 'all'")  # fmt: skip
    told = invoke("explain", "number", "country", "JP", "all", "all", "--study", finished / "study")
    assert f"(papers) = {papers} " in told.output
    assert "JP" in invoke("explain", "Osaka University, Suita, Osaka, Japan").output


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (["work", "doi:10.1/none"], ["no work 'doi:10.1/none'", "kakehashi show works"]),
        (["number", "country", "ZZ", "all", "all"], ["no indicators for country ZZ"]),
        (["number", "country", "JP"], ["LEVEL ENTITY FIELD PERIOD"]),
        (["work", "' or '1'='1"], ["no work"]),
    ],
)
def test_explain_of_something_unknown_says_where_to_look(finished: Path, what: list[str], words: list[str]) -> None:
    refused(invoke("explain", *what, "--study", finished / "study"), *words)


def test_demo_over_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("do not lose me", encoding="utf-8")
    refused(invoke("demo", tmp_path), "not empty and not a demo")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_nothing_of_this_machine_is_in_the_manifest(finished: Path) -> None:
    manifest = json.loads((finished / "study" / "manifest.json").read_text(encoding="utf-8"))
    assert str(finished) not in json.dumps(manifest)


def test_ctrl_c_in_any_command_is_a_sentence_and_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Study, "report", stopped)
    result = invoke("report", "mic2023")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "Stopped before the end.\n")
