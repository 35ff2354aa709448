"""`kakehashi explain "STRING"` and `kakehashi.explain`: with a registry, with a study, in both languages."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kakehashi as kk
from kakehashi.affiliations import store
from kakehashi.cli.main import main
from registries import FEW, as_json, write

STRING = "Dept. of Physics, University of Kushiro, Kushiro, Japan"
OWN = "id,title,year,affiliations\n1,Bridges,2020,{string}\n2,More bridges,2021,{string}\n"


@pytest.fixture(autouse=True)
def _in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAKEHASHI_LANG", "en")
    monkeypatch.setenv(store.HOME, str(tmp_path / "home"))
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write(tmp_path / "ror.json", as_json(FEW))


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def told(*arguments: Any) -> str:
    result = invoke("explain", *arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


@pytest.fixture
def own(tmp_path: Path, dump: Path) -> Path:
    """A study of two works that name STRING, with a registry and a decision about it; not yet run."""
    from kakehashi import Study

    (tmp_path / "own.csv").write_text(OWN.format(string=f'"{STRING}"'), encoding="utf-8")
    (tmp_path / "decisions.csv").write_text(
        f'decision,affiliation,name,target\nlink,"{STRING}",,https://ror.org/000000002\ncountry,,Elsewhere,SE\n',
        encoding="utf-8",
    )
    folder = Study.create(tmp_path / "own", "JP", [tmp_path / "own.csv"]).folder
    (folder / "study.toml").write_text(
        f'[[sources]]\npath = "../own.csv"\n[fields]\ntaxonomy = "none"\n'
        f'[affiliations]\nregistry = "{dump}"\ndecisions = ["../decisions.csv"]\n',
        encoding="utf-8",
    )
    return folder


def test_a_string_is_explained_with_the_candidates_of_a_registry(dump: Path) -> None:
    said = told(STRING, "--registry", dump)
    assert "Candidates of the registry" in said
    assert "University of Kushiro (Kushiro, JP) 000000001" in said
    assert "Candidates" not in told(STRING)


def test_all_tells_of_every_candidate(dump: Path) -> None:
    few, every = told(STRING, "--registry", dump), told(STRING, "--registry", dump, "--all")
    assert "candidates not shown here" not in every
    assert len(every.splitlines()) >= len(few.splitlines())


def test_lang_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "結果" in told(STRING, "--lang", "ja")
    assert "Answer" in told(STRING)
    monkeypatch.setenv("KAKEHASHI_LANG", "ja")
    assert "結果" in told(STRING)
    assert "Answer" in told(STRING, "--lang", "en")


def test_lines_are_cut_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(STRING)
    monkeypatch.setenv("COLUMNS", "60")
    narrow = told(STRING)
    assert max(map(len, whole.splitlines())) > 60 >= max(map(len, narrow.splitlines()))
    assert narrow.split() == whole.split()


def test_a_study_that_was_not_run_lends_its_settings_and_decisions(own: Path) -> None:
    said = told(STRING, "--study", own)
    assert "Candidates of the registry" in said
    assert "decisions.csv:2: link https://ror.org/000000002" in said
    assert "decisions.csv:3" not in said
    assert "has not been run yet" in said


def test_a_study_tells_what_it_made_of_the_string(own: Path) -> None:
    kk.Study(own).run()
    said = told(STRING, "--study", own)
    assert "works with this string: 2 (mentions: 2)" in said
    assert "University of Lund" in said.partition("In the study own")[2]
    assert "decided by decisions.csv:2" in said
    assert "no work of the study has this string" in told("University of Lund, Sweden", "--study", own)


def test_an_explained_work_says_methods_and_reasons_in_words(finished: Path) -> None:
    study = kk.Study(finished / "study")
    ((work,),) = study.rows(
        "select m.work_id from mentions m join resolutions r on r.affiliation = m.affiliation "
        "where r.method = 'rule' and r.country_method = 'country_name' order by 1 limit 1"
    )
    said = told("work", work, "--study", study.folder)
    assert "found by a word that institutions carry; country named in the address; confidence" in said


def test_a_built_in_study_has_settings_and_nothing_more_to_tell() -> None:
    assert "In the study" not in told(STRING, "--study", "mic2023")


def test_an_unknown_registry_is_refused_with_the_remedy() -> None:
    result = invoke("explain", STRING, "--registry", "v0.0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "kakehashi registry add" in result.stderr


def test_python_says_the_same_as_the_command(dump: Path, own: Path) -> None:
    assert kk.explain(STRING, registry=str(dump)) + "\n" == told(STRING, "--registry", dump)
    assert kk.explain(STRING, study=kk.Study(own), language="ja") + "\n" == told(STRING, "--study", own, "--lang", "ja")
    shutil.rmtree(own)
