"""What the first who asks would wait for: answered when a run's pages are prepared, loaded as the server starts."""

import pytest

from kakehashi.web import serve
from kakehashi.web.app import create_app
from kakehashi.web.foreseen import foresee
from kakehashi.web.pages.advice import advice, partners
from kakehashi.web.reader import Reader
from kakehashi.web.shelf import Shelf
from kakehashi.web.view import View


def opened(folder):
    return create_app(folder).state.shelf.open("study")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_advice_as_it_opens_reads_no_works_and_says_the_same_as_when_it_does(finished, language, monkeypatch):
    study = opened(finished)
    asked = []
    run = Reader._run
    monkeypatch.setattr(Reader, "_run", lambda self, sql, given: asked.append(sql) or run(self, sql, given))
    seen = advice(View(study, language, "advise", {}))
    assert not any("work_countries" in sql for sql in asked)
    study = opened(finished)
    study.reader._answered = frozenset()
    assert advice(View(study, language, "advise", {})) == seen
    assert any("work_countries" in sql for sql in asked)


def test_partners_as_they_open_are_ranked_from_answers(finished, monkeypatch):
    study = opened(finished)
    asked = []
    run = Reader._run
    monkeypatch.setattr(Reader, "_run", lambda self, sql, given: asked.append(sql) or run(self, sql, given))
    partners(View(study, "en", "partners", {}))
    assert not any("with ties" in sql or "heaviest" in sql for sql in asked)


def test_a_disk_that_is_full_leaves_no_half_of_the_answers(finished, tmp_path, monkeypatch):
    study = opened(finished)
    for path in study.reader._answers.parent.iterdir():
        if path.is_file():
            (tmp_path / path.name).hardlink_to(path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    foresee(tmp_path, study.settings)
    assert not [path.name for path in tmp_path.iterdir() if "answers" in path.name]


def test_what_matching_keeps_is_loaded_at_the_start_only_where_a_study_has_an_index(tmp_path, monkeypatch):
    loaded = []
    monkeypatch.setattr(serve, "load_what_matching_keeps", lambda: loaded.append(True))
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    serve.load_for_needs(Shelf(tmp_path))
    assert loaded == []
    (tmp_path / "matching" / "key").mkdir(parents=True)
    (tmp_path / "matching" / "key" / "index.json").write_text("{}", encoding="utf-8")
    serve.load_for_needs(Shelf(tmp_path))
    assert loaded == [True]
