"""The docs tested: generated pages are current and complete, links lead somewhere, worked changes fit the code."""

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from kakehashi import tables
from kakehashi.cli.main import main
from kakehashi.indicators.definitions import definitions
from kakehashi.settings import Settings
from kakehashi.sources.registry import FORMATS, GENERIC

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def test_generated_pages_say_what_the_code_says(generate: ModuleType) -> None:
    assert generate.stale() == [], "run `python docs/generate.py` and commit what changed"


def test_a_changed_page_is_found_stale(generate: ModuleType, tmp_path: Path) -> None:
    generate.write(tmp_path)
    assert generate.stale(tmp_path) == []
    (tmp_path / "tables.md").write_text("old", encoding="utf-8")
    assert generate.stale(tmp_path) == ["tables.md"]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    section = reference("commands.md").split(f"## kakehashi {name}\n")[1].split("\n## ")[0]
    for param in main.commands[name].params:
        if param.param_type_name == "option":
            assert param.opts[0] in section


def test_every_table_and_column_is_documented() -> None:
    for table in tables.ALL:
        section = reference("tables.md").split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert all(f"`{column}`" in section for column in table.columns)


def test_every_setting_is_documented_with_its_meaning(generate: ModuleType) -> None:
    for name, field in Settings.model_fields.items():
        model = generate._model(field.annotation)
        undocumented = set(model.model_fields) - set(generate._attribute_docs(model))
        assert not undocumented, f"[{name}] settings without a docstring: {sorted(undocumented)}"
        assert all(f"| `{key}` |" in reference("settings.md") for key in model.model_fields)


@pytest.mark.parametrize("page", sorted((DOCS / "reference").glob("*.md")), ids=lambda page: page.name)
def test_a_row_of_a_reference_table_is_one_line(page: Path) -> None:
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert all(line.endswith(" |") for line in rows)


def test_every_format_and_indicator_is_documented() -> None:
    assert all(f"`{form.name}`" in reference("formats.md") for form in (*FORMATS, *GENERIC))
    assert all(f"Column `{name}`" in reference("indicators.md") for name in definitions())


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in LINK.findall(prose):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).is_file(), target


GUIDE = [f"guide/{page.name}" for page in sorted((DOCS / "guide").glob("*.md"))]
FOR_USERS = ["index.md", "start.md", "affiliations.md", *GUIDE]
FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)


def facts(page: Path) -> dict[str, list[str]]:
    """Return what languages must share: code blocks, names in code type, levels of headings, table rows."""
    text = page.read_text(encoding="utf-8")
    prose = FENCED.sub("", text)
    return {
        "code": FENCED.findall(text),
        "names": sorted(set(re.findall(r"`[^`]+`", prose))),
        "headings": re.findall(r"^#+(?= )", prose, flags=re.MULTILINE),
        "rows": re.findall(r"^\|", prose, flags=re.MULTILINE),
    }


def test_every_page_for_users_has_its_japanese_twin_and_no_twin_stands_alone() -> None:
    assert {page.relative_to(DOCS / "ja").as_posix() for page in (DOCS / "ja").rglob("*.md")} == set(FOR_USERS)


@pytest.mark.parametrize("name", FOR_USERS)
def test_a_page_and_its_twin_have_the_same_code_names_headings_and_rows_and_lead_to_each_other(name: str) -> None:
    english, japanese = DOCS / name, DOCS / "ja" / name
    assert facts(english) == facts(japanese)
    for page, other in ((english, japanese), (japanese, english)):
        targets = [(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))]
        assert other.resolve() in targets


def test_the_picture_of_the_readme_is_small_and_says_that_it_is_synthetic() -> None:
    picture = DOCS / "assets" / "demo-map.svg"
    assert "docs/assets/demo-map.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert picture.stat().st_size < 200_000
    assert "Synthetic data" in picture.read_text(encoding="utf-8")


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert listed == {page.relative_to(DOCS).as_posix() for page in PAGES}


def changes(page: Path) -> list[tuple[str, list[str], list[str]]]:
    """Return (file, lines taken away, lines kept) for each file that the page's worked changes touch and not add."""
    found = []
    for block in re.findall(r"```diff\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        for part in re.split(r"^--- ", block, flags=re.MULTILINE)[1:]:
            old, _, *lines = part.splitlines()
            if old != "/dev/null":
                gone, kept = ([line[1:] for line in lines if line[:1] == sign and line.strip()] for sign in "- ")
                found.append((old.removeprefix("a/"), gone, kept))
    return found


@pytest.mark.parametrize("page", sorted((DOCS / "adding").glob("*.md")), ids=lambda page: page.stem)
def test_a_worked_change_fits_the_code_as_it_is(page: Path) -> None:
    worked = changes(page)
    assert worked
    for name, gone, kept in worked:
        lines = set((ROOT / name).read_text(encoding="utf-8").splitlines())
        assert not set(gone) - lines, f"{name} no longer has the lines that {page.name} changes"
        assert not kept or lines & set(kept), f"{name} no longer has the place that {page.name} changes"


HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@.*\n((?:(?!--- |@@ ).*\n)*)", re.MULTILINE)


@pytest.mark.parametrize("page", sorted((DOCS / "adding").glob("*.md")), ids=lambda page: page.stem)
def test_a_worked_change_counts_its_lines_right_so_that_patch_takes_it(page: Path) -> None:
    for block in re.findall(r"```diff\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        for old, new, body in HUNK.findall(block):
            signs = [line[:1] or " " for line in body.splitlines()]
            counted = (signs.count("-") + signs.count(" "), signs.count("+") + signs.count(" "))
            assert counted == (int(old or 1), int(new or 1)), body


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80


def test_the_docs_extra_can_build_the_configured_site() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    named = {re.split(r"[<>=\[]", entry)[0] for entry in groups["docs"]}
    assert {"mkdocs", "mkdocs-material", "mkdocstrings"} <= named
