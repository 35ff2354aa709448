"""A run may be killed at any moment: the next one ends with the same bytes as if nothing had happened."""

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kakehashi import Study
from kakehashi.demo.generate import write_demo
from kakehashi.engine import sessions
from kakehashi.engine.files import swap
from kakehashi.errors import EngineError, StudyError, StudyLockedError
from kakehashi.pipeline import STAGES
from kakehashi.progress import Unwatched

CRASH = Path(__file__).with_name("crash.py")


def contents(folder):
    files = [*sorted((folder / "tables").rglob("*")), folder / "manifest.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


def crash(study, moment):
    return subprocess.run([sys.executable, CRASH, study, str(moment)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "exports"
    folder.mkdir()
    write_demo(folder, 150)
    return folder


@pytest.fixture(scope="module")
def undisturbed(exports):
    study = Study.create(exports.parent / "undisturbed", "JP", [exports])
    study.run()
    return contents(study.folder)


def test_the_same_inputs_give_the_same_bytes_twice(exports, undisturbed):
    study = Study.create(exports.parent / "twice", "JP", [exports])
    # The name of the study is its folder's, and part of the manifest.
    text = (study.folder / "study.toml").read_text(encoding="utf-8").replace('"twice"', '"undisturbed"')
    (study.folder / "study.toml").write_text(text, encoding="utf-8")
    study.run()
    assert contents(study.folder) == undisturbed


def test_a_run_killed_at_ten_moments_ends_with_the_same_bytes(exports, undisturbed):
    folder = exports.parent / "killed" / "undisturbed"
    Study.create(folder, "JP", [exports])
    whole = exports.parent / "counted" / "undisturbed"
    Study.create(whole, "JP", [exports])
    moments = int(crash(whole, 0).stdout)
    for moment in range(moments // 20, moments, moments // 10):
        shutil.rmtree(folder / "tables", ignore_errors=True)
        (folder / "manifest.json").unlink(missing_ok=True)
        assert crash(folder, moment).returncode == 137
        Study(folder).run()
        assert contents(folder) == undisturbed, f"killed at moment {moment} of {moments}"


def test_a_setting_put_back_after_a_kill_does_not_leave_mixed_tables(exports, undisturbed):
    folder = exports.parent / "back" / "undisturbed"
    study = Study.create(folder, "JP", [exports])
    study.run()
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('counting = "full"', 'counting = "fractional"'), encoding="utf-8")
    assert crash(folder, 6).returncode == 137
    toml.write_text(text, encoding="utf-8")
    study.run()
    assert contents(folder) == undisturbed


def test_a_run_with_nothing_changed_does_nothing(exports):
    study = Study.create(exports.parent / "again", "JP", [exports])
    assert study.run()
    assert study.run() == ()


def test_another_taxonomy_runs_again_from_fields_on(exports):
    study = Study.create(exports.parent / "taxonomy", "JP", [exports])
    study.run()
    toml = study.folder / "study.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('taxonomy = "ict8"', 'taxonomy = "none"'), encoding="utf-8"
    )
    assert study.run() == ("fields", "networks", "indicators", "positioning", "layouts")


def test_a_new_export_file_runs_everything_that_it_changes(exports):
    mine = exports.parent / "mine"
    shutil.copytree(exports, mine)
    study = Study.create(exports.parent / "grown", "JP", [mine])
    study.run()
    (mine / "more.csv").write_text('title,year,authors,affiliations\nA new work,2020,A. B,"Dept, Oslo, Norway"\n')
    assert study.run()[0] == "corpus"
    assert ("NO",) in study.rows("select country_code from work_countries")


def test_two_runs_at_once_are_refused(exports):
    study = Study.create(exports.parent / "locked", "JP", [exports])
    with study._lock(), pytest.raises(StudyLockedError, match="another run"):
        Study(study.folder).run()


def test_a_study_that_grew_has_the_bytes_of_one_that_was_made_at_once(exports):
    growing = exports.parent / "growing" / "exports"
    shutil.copytree(exports, growing)
    later = next(path for path in sorted(growing.rglob("*.csv")) if path.is_file())
    aside = later.rename(exports.parent / "later.csv")
    grown = Study.create(exports.parent / "growing" / "undisturbed", "JP", [growing])
    grown.run()
    aside.rename(later)
    assert "readings" in grown.run()
    once = Study.create(exports.parent / "once" / "undisturbed", "JP", [growing])
    once.run()
    assert contents(grown.folder) == contents(once.folder)


def test_too_little_memory_is_said_and_the_run_goes_on_with_more(exports, undisturbed):
    study = Study.create(exports.parent / "little", "JP", [exports])
    with pytest.raises(StudyError, match=r"not enough memory.*--memory"):
        study.run(memory="2MB")
    assert study.run(memory="300MB")
    assert contents(study.folder).keys() == undisturbed.keys()
    assert {name: data for name, data in contents(study.folder).items() if name != "manifest.json"} == {
        name: data for name, data in undisturbed.items() if name != "manifest.json"
    }


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(exports, monkeypatch):
    study = Study.create(exports.parent / "full", "JP", [exports])

    def full(_new, path):
        if path.stem == "edges":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        swap(_new, path)

    with monkeypatch.context() as patch:
        patch.setattr("kakehashi.engine.duckdb.swap", full)
        with pytest.raises(StudyError, match=r"edges\.parquet: No space left.*what was finished is kept"):
            study.run()
    assert not (study.folder / "tables" / "edges.parquet").exists()
    assert study.run()[0] == "networks"


SERVER = """
import sys
from kakehashi.engine.sail import start_server

server = start_server()
sys.stdout.write(f"{server.listening_address[1]}\\n")
sys.stdout.flush()
sys.stdin.read()
"""


def test_a_spark_server_that_is_killed_in_a_stage_is_said_and_the_run_goes_on_elsewhere(
    exports, undisturbed, monkeypatch
):
    pytest.importorskip("pysail", reason="the sail extra is not installed")
    monkeypatch.setattr(sessions, "RETRIES", 1)
    study = Study.create(exports.parent / "lost" / "undisturbed", "JP", [exports])
    with subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        port = int(server.stdout.readline())

        class Killer(Unwatched):
            def stage(self, name, _number, _total):
                if name == "readings":
                    server.kill()
                    server.wait()

        with (
            pytest.warns(UserWarning, match="RETRIES_EXCEEDED"),
            pytest.raises(EngineError, match=r"Spark could not go on \(.*connect.*what was finished is kept"),
        ):
            study.run(f"sc://127.0.0.1:{port}", Killer())
    assert study.run() == tuple(stage.name for stage in STAGES[1:])
    made = {table: study.rows(f"select count(*) from {table}") for table in ("works", "edges", "indicators")}
    whole = Study(exports.parent / "undisturbed")
    assert made == {table: whole.rows(f"select count(*) from {table}") for table in made}
