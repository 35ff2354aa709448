"""The code tested about itself: layers, imports, texts and SQL."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import sqlglot
from sqlglot.optimizer.qualify import qualify

from kakehashi import pipeline, tables

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "kakehashi"
MODULES = sorted(PACKAGE.rglob("*.py"))
STAGES = {"corpus", "affiliations", "fields", "networks", "indicators", "positioning", "layouts", "economy", "advice"}
GROUND = {
    "tables", "records", "settings", "errors", "progress", "pool", "collector", "data", "texts", "names", "reasons",
    "regions", "knowledge", "answers",
}  # fmt: skip


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kakehashi"):
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("kakehashi"))


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_stages_meet_only_in_tables(stage):
    allowed = GROUND | {stage, "engine"} | ({"sources"} if stage in ("corpus", "economy") else set())
    for path in (PACKAGE / stage).rglob("*.py"):
        parts = {name.split(".")[1] for name in imported(path)}
        assert parts <= allowed, f"{path.name} imports {sorted(parts - allowed)}"


@pytest.mark.parametrize("part", ["hub", "matching"])
def test_what_stands_beside_the_stages_imports_none(part):
    for path in (PACKAGE / part).rglob("*.py"):
        assert STAGES.isdisjoint(name.split(".")[1] for name in imported(path)), path.name


def test_only_the_rim_names_an_engine():
    rim = {PACKAGE / "study.py", PACKAGE / "cli" / "run.py", *(PACKAGE / "engine").glob("*.py")}
    for path in set(MODULES) - rim:
        bad = {
            name
            for name in imported(path)
            if re.match(r"kakehashi\.engine\.(?!arrow|base|files|numbering|rounding)", name)
        }
        assert not bad, f"{path} imports {bad}"


def test_figures_never_query():
    for path in (PACKAGE / "figures").rglob("*.py"):
        assert not {name for name in imported(path) if ".engine" in name or ".study" in name}, path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for_and_stays_short(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module docstring is missing"
    assert len(text.splitlines()) <= 400


def test_importing_the_package_loads_no_extra_and_starts_nothing():
    extras = {"pyspark", "pysail", "spacy", "pandas", "networkit", "numba"}
    code = f"import sys, kakehashi; print(sorted({extras} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_every_stage_reads_only_what_an_earlier_one_wrote():
    written: set[str] = set()
    for stage in pipeline.STAGES:
        assert {table.name for table in stage.reads} <= written, stage.name
        written |= {table.name for table in stage.writes}
    assert written == {table.name for table in tables.ALL}


@pytest.mark.parametrize("table", tables.ALL, ids=lambda table: table.name)
def test_every_table_has_a_meaning_and_a_key_of_its_own_columns(table):
    assert table.meaning.endswith(".")
    assert set(table.key) <= set(table.columns)


def test_every_text_of_the_command_line_exists_in_both_languages():
    texts = tomllib.loads(files("kakehashi.data").joinpath("texts/cli.toml").read_text(encoding="utf-8"))
    for key, text in texts.items():
        assert set(text) == {"ja", "en"}, key
        assert set(re.findall(r"{(\w+)", text["ja"])) == set(re.findall(r"{(\w+)", text["en"])), key


def test_every_step_and_stage_that_progress_shows_has_a_name():
    texts = tomllib.loads(files("kakehashi.data").joinpath("texts/cli.toml").read_text(encoding="utf-8"))
    steps = {
        name for path in MODULES for name in re.findall(r'progress\.step\("(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert steps
    assert {f"step_{name}" for name in steps} == {key for key in texts if key.startswith("step_")}
    assert {f"stage_{stage.name}" for stage in pipeline.STAGES} == {key for key in texts if key.startswith("stage_")}


def sql_texts():
    """Yield every SQL text of the stages: module constants that begin with select or with."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                text = node.value.value
                if re.match(r"\s*(select|with)\s", text) and "{" not in text:
                    yield pytest.param(text, id=f"{path.parent.name}/{path.stem}:{node.targets[0].id}")


def declared_tables():
    """Return the columns of every declared table, the private ones of the stages included."""
    import importlib

    found = {table.name: table for table in tables.ALL}
    for path in MODULES:
        relative = path.relative_to(PACKAGE.parent).with_suffix("")
        if relative.parts[1] in STAGES and path.stem != "__init__":
            try:
                module = importlib.import_module(".".join(relative.parts))
            except ModuleNotFoundError as error:
                if error.name not in {"numba", "llvmlite"}:  # the extra `fast`, whose modules declare no table
                    raise
                continue
            found |= {value.name: value for value in vars(module).values() if isinstance(value, tables.Table)}
    return {
        name: {c: t.replace("string", "varchar") for c, t in table.columns.items()} for name, table in found.items()
    }


@pytest.mark.parametrize("sql", list(sql_texts()))
def test_every_column_in_the_sql_exists(sql):
    qualify(sqlglot.parse_one(sql, read="duckdb"), schema=declared_tables(), dialect="duckdb")


ALLOWED_FUNCTIONS = {
    "Count", "Sum", "Max", "Min", "Avg", "Coalesce", "Nullif", "Cast", "Case", "If", "RowNumber", "Rank", "DenseRank",
    "Ln", "Log", "Sqrt", "Abs", "Floor", "Round", "Lower", "Upper", "Length", "Substring", "And", "Or", "Not", "Exists",
    "Greatest", "Least", "Power", "Pow",
}  # fmt: skip


@pytest.mark.parametrize("sql", list(sql_texts()))
def test_the_sql_keeps_to_what_both_engines_agree_on(sql):
    tree = sqlglot.parse_one(sql, read="duckdb")
    used = {type(node).__name__ for node in tree.find_all(sqlglot.exp.Func)}
    assert used <= ALLOWED_FUNCTIONS, sorted(used - ALLOWED_FUNCTIONS)
    assert not list(tree.find_all(sqlglot.exp.Star)) or all(
        isinstance(star.parent, sqlglot.exp.Count) for star in tree.find_all(sqlglot.exp.Star)
    ), "select * hides columns"
    for order in tree.find_all(sqlglot.exp.Ordered):
        assert "NULLS" in order.sql(dialect="postgres").upper() or order.args.get("nulls_first") is not None
