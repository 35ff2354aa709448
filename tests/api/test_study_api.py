"""The Python API: frames that agree, scripts without ceremony, threads, and folders that move."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

import kakehashi as kk
from command import environment
from kakehashi import tables
from kakehashi.errors import StudyError

ROOT = Path(__file__).parents[2]


def test_the_public_names_are_the_documented_ones() -> None:
    assert sorted(kk.__all__) == ["Study", "__version__", "explain"]
    assert all(hasattr(kk, name) for name in kk.__all__)
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert "::: kakehashi.study.Study" in page


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Stduy"):
        _ = kk.Stduy


@pytest.mark.parametrize("name", ["works", "indicators", "positions", "refusals"])
def test_arrow_pandas_and_polars_hold_the_same_values(finished: Path, name: str) -> None:
    pytest.importorskip("pandas", reason="the frames extra is not installed")
    pytest.importorskip("polars", reason="the frames extra is not installed")
    study = kk.Study(finished / "study")
    expected = study.table(name).to_pylist()
    assert study.table(name, "polars").to_dicts() == expected
    frame = study.table(name, "pandas")
    plain = frame.astype(object).where(frame.notna(), None)
    assert plain.to_dict("records") == expected


def test_a_table_has_the_declared_columns_in_the_order_of_its_key(finished: Path) -> None:
    study = kk.Study(finished / "study")
    for table in tables.ALL:
        found = study.table(table.name)
        assert found.column_names == list(table.columns)
        keys = list(zip(*(found[column].to_pylist() for column in table.key), strict=True))
        assert keys == sorted(keys)


def test_rows_answers_sql_and_explains_a_missing_table(finished: Path) -> None:
    study = kk.Study(finished / "study")
    assert study.rows("select count(*) from works") == [(study.table("works").num_rows,)]
    with pytest.raises(StudyError, match="Has the study been run"):
        study.rows("select 1 from nothing")


def script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", path],
        capture_output=True, text=True, cwd=folder, env=environment(), timeout=300, check=False,
    )  # fmt: skip


def test_a_plain_script_without_a_main_guard_may_use_every_core(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished / "exports", tmp_path / "exports")
    (tmp_path / "exports" / "large.bib").write_text(
        "@article{a, title={A bridge}, year=2020}\n" + ("x" * 100_000 + "\n") * 81, encoding="utf-8"
    )
    result = script(
        tmp_path,
        "import kakehashi as kk\n"
        "study = kk.Study.create('study', 'JP', ['exports'])\n"
        "print(study.run())\n"
        "print(study.table('sources').num_rows)\n",
    )
    assert (result.returncode, result.stderr) == (0, "")
    files = sum(path.is_file() for path in (tmp_path / "exports").rglob("*"))
    assert result.stdout.splitlines()[-1] == str(files)


def test_a_study_runs_and_answers_in_a_thread(finished: Path, tmp_path: Path) -> None:
    study = kk.Study.create(tmp_path / "study", "JP", [finished / "exports"])
    counted = []

    def work() -> None:
        study.run()
        counted.append(study.table("works").num_rows)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert counted == [kk.Study(finished / "study").table("works").num_rows]


def test_two_threads_may_read_one_study(finished: Path) -> None:
    study = kk.Study(finished / "study")
    counted: list[int] = []
    threads = [threading.Thread(target=lambda: counted.append(study.table("works").num_rows)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counted) == 4
    assert len(set(counted)) == 1


def test_a_moved_study_shows_its_tables_and_runs_nothing_again(study: Path, finished: Path, tmp_path: Path) -> None:
    moved = tmp_path / "別の 場所"
    study.parent.rename(moved)
    again = kk.Study(moved / "study")
    assert again.table("works").equals(kk.Study(finished / "study").table("works"))
    assert again.run() == ()


def test_a_study_named_by_a_relative_path_is_the_same(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study.parent)
    assert kk.Study("study").run() == ()
    monkeypatch.chdir(study)
    assert kk.Study(".").run() == ()


def test_a_tilde_means_the_home_folder(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(study.parent))
    assert kk.Study("~/study").run() == ()
    other = kk.Study.create("~/other", "JP", ["~/exports"])
    assert other.folder == study.parent / "other"
    assert [Path(source.path) for source in other.settings.sources] == [study.parent / "exports"]
    toml = study / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"../exports"', '"~/exports"'), encoding="utf-8")
    assert kk.Study(study).run() == ()


def test_absolute_and_relative_sources_give_the_same_tables(study: Path) -> None:
    toml = study / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('"../exports"', f'"{study.parent / "exports"}"'), encoding="utf-8")
    assert kk.Study(study).run() == ()


@pytest.mark.parametrize("second", ["../exports", "../exports/../exports", "../link"])
def test_a_source_named_twice_is_read_once(study: Path, second: str) -> None:
    (study.parent / "link").symlink_to(study.parent / "exports")
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[sources]]\npath = "{second}"\n')
    before = kk.Study(study).table("sources")
    kk.Study(study).run()
    assert kk.Study(study).table("sources").equals(before)


def test_study_duckdb_opens_from_the_folder_of_the_study_wherever_it_is(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = kk.Study(study).table("works").num_rows
    shutil.move(study, tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with duckdb.connect("study.duckdb", read_only=True) as connection:
        assert connection.execute("select count(*) from works").fetchall() == [(expected,)]
        names = {
            name for (name,) in connection.execute("select view_name from duckdb_views() where not internal").fetchall()
        }
    assert names == {table.name for table in tables.ALL}


def test_a_study_named_like_a_built_in_one_is_the_folder(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(study, study.parent / "mic2023")
    monkeypatch.chdir(study.parent)
    assert not kk.Study("mic2023").is_reference
    assert kk.Study("mic2023").table("works").num_rows > 0


def test_reading_leaves_a_study_as_it_was(study: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in study.rglob("*") if path.is_file()}
    kk.Study(study).table("works")
    kk.Study(study).rows("select 1")
    assert {path: path.stat().st_mtime_ns for path in study.rglob("*") if path.is_file()} == before


def test_a_file_that_vanishes_between_listing_and_reading_is_refused(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kakehashi.corpus import stage

    shutil.copytree(finished / "exports", tmp_path / "exports")
    gone = tmp_path / "exports" / "gone.csv"
    gone.write_text("title,year\nA bridge,2020\n", encoding="utf-8")
    study = kk.Study.create(tmp_path / "study", "JP", [tmp_path / "exports"])
    read = stage._run_jobs

    def vanish(jobs: list[stage.Job], size: int) -> object:
        gone.unlink()
        return read(jobs, size)

    with monkeypatch.context() as during:
        during.setattr(stage, "_run_jobs", vanish)
        study.run()
    ((code, reason),) = study.rows("select code, reason from refusals where file = 'exports/gone.csv'")
    assert code == "unreadable"
    assert "the file is gone" in reason
    assert study.run()[0] == "corpus"
    assert study.rows("select file from sources where file = 'exports/gone.csv'") == []
    assert os.path.lexists(study.folder / "study.duckdb")
