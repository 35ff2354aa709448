"""The index: built once for the same inputs, whole or not at all, resumed where it was stopped."""

import shutil

import pytest

from kakehashi import Study
from kakehashi.errors import StudyError
from kakehashi.matching import building, opening
from kakehashi.matching.opening import open_index
from kakehashi.progress import Silent


@pytest.fixture
def study(study):
    """A finished study without an index, whatever other tests asked of the original."""
    shutil.rmtree(study / "matching", ignore_errors=True)
    return study


class StoppedError(Exception):
    pass


def test_an_index_is_built_once_and_again_when_the_home_changes(study):
    folder = open_index(Study(study)).folder
    before = (folder / "index.json").stat().st_mtime_ns
    assert open_index(Study(study)).folder == folder
    assert (folder / "index.json").stat().st_mtime_ns == before
    settings = study / "study.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('home = "JP"', 'home = "CN"'), encoding="utf-8")
    again = open_index(Study(study))
    assert again.folder != folder
    assert not folder.exists()
    assert again.home == "CN"


def test_a_stopped_build_leaves_nothing_to_open_and_goes_on_where_it_was(study, monkeypatch):
    monkeypatch.setattr(building, "_BLOCK", 40)
    written = []

    def stop_after_one(*arguments):
        if written:
            raise StoppedError
        written.append(True)
        return original(*arguments)

    original = building._write_block
    monkeypatch.setattr(building, "_write_block", stop_after_one)
    with pytest.raises(StoppedError):
        open_index(Study(study))
    assert not list((study / "matching").glob("*/index.json"))
    resumed = []
    monkeypatch.setattr(building, "_write_block", lambda *a: resumed.append(a[4]) or original(*a))
    index = open_index(Study(study))
    assert resumed[0] == 40
    assert index.searcher.num_docs == index.works == Study(study).rows("select count(*) from works")[0][0]


def test_a_resumed_index_gives_the_answers_of_one_built_in_one_go(study, monkeypatch, tmp_path):
    monkeypatch.setattr(building, "_BLOCK", 40)
    whole = Study(study).match("machine learning security").to_list()
    shutil.rmtree(study / "matching")
    original, calls = building._write_block, []

    def stop_after_two(*arguments):
        if len(calls) == 2:
            raise StoppedError
        calls.append(True)
        return original(*arguments)

    monkeypatch.setattr(building, "_write_block", stop_after_two)
    with pytest.raises(StoppedError):
        open_index(Study(study))
    monkeypatch.setattr(building, "_write_block", original)
    assert Study(study).match("machine learning security").to_list() == whole


def test_the_index_tells_how_far_it_has_come(study):
    steps = {}

    class Watching(Silent):
        def step(self, name, total):
            steps[name] = [total, 0]

            def advance(units):
                steps[name][1] += units

            return advance

    works = opening.open_index(Study(study), Watching()).works
    assert steps == {"match_index": [works, works], "match_vectors": [works, works]}


def test_a_damaged_index_is_named_with_what_to_do(study):
    folder = open_index(Study(study)).folder
    (folder / "years.npy").write_bytes(b"")
    with pytest.raises(StudyError, match=r"cannot be read .*; remove this folder and ask again"):
        open_index(Study(study))
