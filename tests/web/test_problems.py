"""Errors on pages: in the page's language, with the message as it was raised under a translation."""

import inspect

import duckdb
import filelock
import pytest

from kakehashi import Study, errors
from kakehashi.engine.failures import told
from kakehashi.settings import read_settings
from kakehashi.study import writing
from kakehashi.web import problems


def raised(act):
    with pytest.raises(Exception) as caught:  # noqa: PT011 -- any error of ours
        act()
    return caught.value


def without_sources(folder):
    for path in (folder.parent / "exports").iterdir():
        path.unlink() if path.is_file() else None
    (folder.parent / "exports").rename(folder.parent / "elsewhere")
    Study(folder).run()


def with_broken_settings(folder):
    (folder / "study.toml").write_text("[study", encoding="utf-8")
    read_settings(folder / "study.toml")


def while_another_runs(folder):
    with filelock.FileLock(folder / ".lock"):
        Study(folder).run()


def under(error):
    def act(folder):
        with writing(folder):
            raise error

    return act


def with_a_lost_driver(_folder):
    with told("Spark"):
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (without_sources, "見つかりません"),
        (with_broken_settings, "TOMLの書き方"),
        (while_another_runs, "別の実行が使っています"),
        (under(duckdb.OutOfMemoryException("no room")), "メモリーが足りません"),
        (under(OSError(28, "No space left on device", "tables/a.parquet")), "ディスクの空き"),
        (with_a_lost_driver, "Spark が処理を続けられなくなりました（[Errno 111] Connection refused）"),
    ],
    ids=["sources gone", "settings", "locked", "memory", "disk", "driver"],
)
def test_what_stops_a_run_is_said_in_japanese_with_the_message_under_it(study, act, words):
    error = raised(lambda: act(study))
    found = problems.of(error, "ja")
    assert words in found.text
    assert found.text not in problems._texts()["kinds"].values() or "使っています" in found.text
    assert found.original == str(error)
    assert problems.of(error, "en") == problems.Problem(str(error))


@pytest.mark.parametrize(
    "name", [one for one, kind in inspect.getmembers(errors, inspect.isclass) if kind is not errors.KakehashiError]
)
def test_every_error_of_ours_has_a_japanese_sentence(name):
    found = problems.problem(name, "something nobody foresaw", "ja")
    assert any("ぁ" <= one <= "ん" for one in found.text)
    assert found.original == "something nobody foresaw"


def test_an_error_of_unknown_kind_keeps_its_words():
    assert problems.of(ZeroDivisionError("by zero"), "ja") == problems.Problem("by zero")
    assert problems.kind_of(BrokenPipeError()) == "OSError"
