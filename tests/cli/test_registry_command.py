"""`kakehashi registry`, and the registry that `run`, `resolve` and `doctor` know of."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kakehashi import Study
from kakehashi.affiliations import download, store
from kakehashi.cli.main import main
from kakehashi.cli.registry import registry
from kakehashi.progress import Progress
from registries import FEW, SCHEMA_1, as_json, organisation, published, write

NAMED = "v1.59-2025-01-23-ror-data.zip"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KAKEHASHI_LANG", "en")
    monkeypatch.setenv(store.HOME, str(tmp_path / "home"))
    return tmp_path / "home"


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def told(*arguments: Any) -> str:
    result = invoke(*arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def refused(*arguments: Any, code: int = 1) -> str:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert "Traceback" not in result.stderr
    return result.stderr


def test_a_registry_is_added_listed_shown_and_removed(tmp_path: Path) -> None:
    assert "none yet" in told("registry", "list")
    dump = write(tmp_path / NAMED, published())
    assert 'Added v1.59: 3 organisations. Use it: registry = "v1.59"' in told("registry", "add", dump)
    assert len(list((store.home() / "indexes").glob("*/index.msgpack"))) == 1, "no study waits for the index"
    assert "there already" in told("registry", "add", dump)
    sha256 = store.registries()[0].sha256
    assert told("registry", "list") == f"v1.59  2025-01-23  3  {sha256}\n"
    facts = told("registry", "show", "1.59")
    assert "3 organisations: 2 active, 1 inactive, 0 withdrawn" in facts
    assert sha256 in facts
    assert told("registry", "remove", "v1.59") == "Removed v1.59.\n"
    assert "none yet" in told("registry", "list")


def test_an_organisation_is_shown_by_id_by_name_and_by_part_of_a_name(tmp_path: Path) -> None:
    related = {**organisation(4, "Kushiro Marsh Laboratory", "Kushiro", "JP"), "domains": ["marsh.example"]}
    related["relationships"] = [
        {"type": "parent", "id": "https://ror.org/000000001", "label": "University of Kushiro"},
        {"type": "related", "id": "https://ror.org/000000009", "label": "Elsewhere"},
    ]
    told("registry", "add", write(tmp_path / "ror.json", as_json([*FEW, related])), "--version", "mine")
    headline = "https://ror.org/000000001  University of Kushiro (Kushiro, JP)"
    for what in ("https://ror.org/000000001", "000000001", "釧路総合大学", "UNIVERSITY of Kushiro"):
        assert told("registry", "show", what).startswith(headline)
    assert told("registry", "show", "kushiro").splitlines() == [
        headline,
        "https://ror.org/000000004  Kushiro Marsh Laboratory (Kushiro, JP)",
    ]
    shown = told("registry", "show", "000000004").splitlines()
    assert "  parents: University of Kushiro https://ror.org/000000001" in shown
    assert "  related: https://ror.org/000000009" in shown
    assert "  domains: marsh.example" in shown
    assert "no longer active" in told("registry", "show", "Lund Institute of Optics")
    assert "no organisation of mine" in refused("registry", "show", "Nowhere")
    assert "no organisation of mine" in refused("registry", "show", " ")


def test_of_many_organisations_the_first_ten_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    many = [organisation(number, f"Institute {number}", "Lund", "SE") for number in range(1, 14)]
    told("registry", "add", write(tmp_path / "ror.json", as_json(many)))
    lines = told("registry", "show", "institute").splitlines()
    assert (len(lines), lines[-1]) == (11, "... and 3 more")


def test_what_cannot_be_done_is_said_in_a_sentence_with_the_way_on(tmp_path: Path) -> None:
    assert "give the FILE of a dump, or --download" in refused("registry", "add", code=2)
    assert "not both" in refused("registry", "add", "x.json", "--download", code=2)
    assert "No such file" in refused("registry", "add", tmp_path / "none.json")
    assert "schema 1" in refused("registry", "add", write(tmp_path / "old.json", as_json(SCHEMA_1)))
    assert "no registry has been added" in refused("registry", "remove", "v1.59")
    assert "kakehashi registry add" in refused("registry", "show", "Lund")
    source = write(tmp_path / "in.csv", b"id,affiliation\n")
    out = tmp_path / "out.csv"
    assert "'v1.59': there is no such file" in refused("resolve", source, "--out", out, "--registry", "v1.59")
    assert not out.exists()


def test_download_keeps_what_it_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(folder: Path, progress: Progress) -> Path:
        progress.step("download", 3)(3)
        return write(folder / NAMED, published())

    monkeypatch.setattr(download, "download", fetch)
    result = invoke("registry", "add", "--download")
    assert "Added v1.59" in result.stdout
    assert store.registries()[0].organisations == 3


def test_doctor_lists_the_registries(tmp_path: Path, home: Path) -> None:
    assert f"registries of organisations in {home}\n  none yet" in told("doctor")
    told("registry", "add", write(tmp_path / NAMED, published()))
    assert f"registries of organisations in {home}\n  v1.59  2025-01-23  3\n" in told("doctor")


def test_resolve_takes_an_added_registry_or_a_file(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text('id,affiliation\n1,"University of Kushiro, Kushiro, Japan"\n', encoding="utf-8")
    dump = write(tmp_path / NAMED, published())
    told("registry", "add", dump)
    for number, named in enumerate(("v1.59", "1.59", dump)):
        out = tmp_path / f"out{number}.csv"
        told("resolve", source, "--out", out, "--registry", named)
        with out.open(encoding="utf-8", newline="") as file:
            assert [row["ror_ids"] for row in csv.DictReader(file)] == ["https://ror.org/000000001"]


def with_registry(study: Path, named: str) -> None:
    toml = study / "study.toml"
    text = toml.read_text(encoding="utf-8")
    changed = "".join(
        f'registry = "{named}"\n' if line.startswith(("# registry = ", "registry = ")) else line
        for line in text.splitlines(keepends=True)
    )
    assert changed != text
    toml.write_text(changed, encoding="utf-8")


def ran_from_affiliations(study: Path) -> bool:
    ran = Study(study).run()
    return "affiliations" in ran and "corpus" not in ran


def test_the_manifest_of_a_study_names_its_registry_and_another_runs_from_affiliations(
    study: Path, tmp_path: Path
) -> None:
    dump, _ = store.add(write(tmp_path / NAMED, published()))
    assert Study(study).manifest["registry"] == {}
    with_registry(study, "v1.59")
    assert ran_from_affiliations(study)
    kept = {"version": "v1.59", "sha256": dump.sha256, "organisations": 3}
    assert json.loads((study / "manifest.json").read_text(encoding="utf-8"))["registry"] == kept
    assert Study(study).run() == ()

    write(study / "own.json", as_json(FEW[:2]))
    with_registry(study, "own.json")
    assert ran_from_affiliations(study)
    assert Study(study).manifest["registry"]["organisations"] == 2
    assert str(study) not in (study / "manifest.json").read_text(encoding="utf-8")

    write(study / "own.json", as_json(FEW))
    assert ran_from_affiliations(study)
    assert Study(study).manifest["registry"]["organisations"] == 3


def contents(study: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (study / "tables").rglob("*.parquet") if path.is_file()}


def test_a_study_whose_registry_is_missing_says_how_to_add_it_and_keeps_its_tables(study: Path) -> None:
    before = contents(study)
    with_registry(study, "v9.9")
    message = refused("run", study)
    assert "registry 'v9.9': there is no such file, and no registry has been added" in message
    assert "kakehashi registry add --download" in message
    assert contents(study) == before


@pytest.mark.parametrize("name", sorted(registry.commands))
def test_the_help_of_every_command_within_shows_an_example_of_it(name: str) -> None:
    assert f"Example: kakehashi registry {name}" in told("registry", name, "--help")
