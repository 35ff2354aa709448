"""`kakehashi hub`: the same database from the command line."""

import json

import pytest
from click.testing import CliRunner

from kakehashi.cli.main import main


@pytest.fixture
def hub_command(tmp_path, sqlite_template):
    import shutil

    shutil.copy(sqlite_template, tmp_path / "hub.db")
    env = {"KAKEHASHI_HUB_URL": f"sqlite:///{tmp_path / 'hub.db'}", "KAKEHASHI_AUTHOR": "ann", "KAKEHASHI_LANG": "en"}

    def run(*arguments, code=0):
        told = CliRunner().invoke(main, ["hub", *map(str, arguments)], env=env)
        assert told.exit_code == code, told.output
        return told.output

    return run


def test_a_record_is_added_changed_listed_undone_and_deleted(hub_command):
    run = hub_command
    run("add", "cases", "-s", "title=Fair", "-s", "text=We met at a fair", "-s", "year=2020")
    (case,) = json.loads(run("list", "cases", "--format", "json"))
    assert (case["year"], case["created_by"]) == (2020, "ann")
    run("edit", "cases", case["id"], "-s", "country=AU", "--author", "bob")
    shown = json.loads(run("show", "cases", case["id"]))
    assert (shown["record"]["country"], shown["changes"][0]["author"]) == ("AU", "bob")
    run("undo", shown["changes"][0]["batch"])
    run("delete", "cases", case["id"])
    assert run("list", "cases") == ""
    assert [line.split()[4] for line in run("log").splitlines()] == ["delete", "undo", "update", "create"]
    assert "cases  0" in run("list")


def test_what_is_exported_is_imported_again(hub_command, tmp_path):
    run = hub_command
    run("add", "people", "-s", "name=Ann")
    before = run("list", "people", "--format", "json")
    for name in ("hub.json", "hub.zip", "hub.xlsx"):
        run("export", tmp_path / name)
        run("wipe", "--yes")
        assert "Imported 2 rows" in run("import", tmp_path / name)
        assert run("list", "people", "--format", "json") == before
    (person,) = json.loads(before)
    run("delete", "people", person["id"], "--for-good")
    assert "Ann" not in run("log", "--format", "json")


def test_many_records_are_loaded_from_a_table(hub_command, tmp_path):
    (tmp_path / "needs.csv").write_text("title,text,language,state\nA,b,en,open\nC,d,en,open\n", encoding="utf-8")
    assert "Added 2 to needs" in hub_command("load", "needs", tmp_path / "needs.csv")
    assert hub_command("list", "needs").count("v1") == 2


def test_kpis_and_readiness_of_the_hub_are_judged_as_those_of_files(hub_command, tmp_path, monkeypatch):
    monkeypatch.setenv("KAKEHASHI_HUB_URL", f"sqlite:///{tmp_path / 'hub.db'}")
    monkeypatch.setenv("KAKEHASHI_LANG", "en")

    def run(*arguments, code=0):
        told = CliRunner().invoke(main, arguments)
        assert told.exit_code == code, told.output
        return told.output

    hub_command("add", "organisations", "-s", "name_en=Example University", "-s", "kind=university")
    (one,) = json.loads(hub_command("list", "organisations", "--format", "json"))
    organisation = f"organisation_id={one['id']}"
    kpi = ("key=joint", "unit=works", "direction=up", "years=calendar", "cumulative=no", organisation)
    hub_command("add", "kpi_definitions", *(part for value in kpi for part in ("-s", value)))
    values = "kpi_id,year,kind,value\njoint,2024,actual,12\njoint,2024,target,10\n"
    (tmp_path / "values.csv").write_text(values, encoding="utf-8")
    hub_command("load", "kpi_values", tmp_path / "values.csv")
    judged = json.loads(run("kpi", "--hub", "--organisation", "Example University", "--format", "json"))
    assert judged["lights"]["green"] == 1
    for year, answer in ((2025, "neither"), (2026, "domestic_only")):
        given = ("question=participation", f"year={year}", f"answer={answer}", organisation)
        hub_command("add", "readiness_answers", *(part for value in given for part in ("-s", value)))
    profile = ("readiness", "--organisation", "Example University", "--year", "2026", "--format", "json")
    assert json.loads(run(*profile))["change"]["since"] == 2025
    assert "Example University" in run("kpi", "--hub", "--organisation", "Exampel University", code=1)
    assert run("kpi", "--hub", "--example", code=2)
    assert run("readiness", "--organisation", "Example University", code=2)


def test_what_is_wrong_is_said_in_one_message(hub_command, tmp_path):
    run = hub_command
    assert "did you mean 'needs'" in run("list", "need", code=1)
    assert "state: Input should be" in run("add", "needs", "-s", "state=lost", code=1)
    assert "COLUMN=VALUE" in run("add", "needs", "-s", "state", code=2)
    assert "no such batch" in run("undo", "x", code=1)
    assert "unknown ending" in run("export", tmp_path / "hub.pdf", code=1)
    run("add", "people", "-s", "name=Ann")
    (person,) = json.loads(run("list", "people", "--format", "json"))
    assert "read it again" in run("edit", "people", person["id"], "-s", "name=B", "--version", "7", code=1)
    assert "no column" in run("list", "people", "--where", "colour=red", code=1)


def test_an_empty_database_is_made_ready_and_an_old_one_brought_up(tmp_path):
    env = {"KAKEHASHI_LANG": "en"}
    url = f"sqlite:///{tmp_path / 'new' / 'hub.db'}"
    told = CliRunner().invoke(main, ["hub", "list", "--url", url], env=env)
    assert (told.exit_code, "kakehashi hub init" in told.output) == (1, True)
    for command in ("init", "upgrade", "list"):
        assert CliRunner().invoke(main, ["hub", command, "--url", url], env=env).exit_code == 0


def test_accounts_are_opened_changed_and_listed_without_their_passwords(tmp_path, sqlite_template, monkeypatch):
    import shutil

    from argon2 import PasswordHasher

    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("kakehashi.hub.access.accounts.PasswordHasher", lambda: light)

    shutil.copy(sqlite_template, tmp_path / "hub.db")
    url = f"sqlite:///{tmp_path / 'hub.db'}"

    def run(*arguments, code=0, given="a long enough password\n"):
        told = CliRunner().invoke(main, ["hub", *arguments, "--url", url], input=given, env={"KAKEHASHI_LANG": "en"})
        assert told.exit_code == code, told.output
        return told.output

    assert "account add" in run("serve", "--accounts", code=1)
    assert "add --accounts" in run("serve", "--host", "0.0.0.0", code=1)  # noqa: S104
    assert "give 12 to" in run("account", "add", "ann", "--role", "admin", code=1, given="short\n")
    run("account", "add", "ann", "--role", "admin")
    run("account", "add", "bob", "--role", "reader")
    assert "last admin" in run("account", "change", "ann", "--close", code=1)
    run("account", "change", "bob", "--close", "--password")
    assert run("account", "list") == "ann  admin\nbob  reader  closed\n"


def test_without_the_extra_the_hub_says_what_to_install_and_readiness_and_kpi_work(tmp_path):
    import subprocess
    import sys

    code = """
import sys
sys.modules.update(dict.fromkeys(["sqlalchemy", "alembic", "argon2", "fastapi", "openpyxl"]))
from kakehashi.cli.main import main
main(sys.argv[1:])
"""
    for arguments, status, told in (
        (["hub", "list"], 1, "pip install 'kakehashi[hub]'"),
        (["hub", "init"], 1, "pip install 'kakehashi[hub]'"),
        (["kpi", "--example", "--format", "json"], 0, "international_students_share"),
        (["readiness", "--survey", "--figure", "1"], 0, "108/784"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        assert (done.returncode, told in done.stdout + done.stderr) == (status, True), done.stderr
