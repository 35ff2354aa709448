"""The example of the guide to explaining, in both languages, is what the program says."""

import re
from pathlib import Path

import pytest

import kakehashi as kk

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = re.compile(r"<!-- example: explain -->\n\n~~~text\n(.*?)\n~~~", re.DOTALL)
"""Fenced by tildes, for it differs by language; code in backticks is the same on both pages (test_docs)."""


@pytest.mark.parametrize(("folder", "language"), [(DOCS, "en"), (DOCS / "ja", "ja")])
def test_the_program_explains_as_the_page_says(folder: Path, language: str) -> None:
    [told] = EXAMPLE.findall((folder / "guide" / "explain.md").read_text(encoding="utf-8"))
    assert kk.explain(told.splitlines()[0], language=language) == told


def test_the_readme_shows_the_end_of_that_explanation() -> None:
    said = kk.explain("Dept. of Physics, Univ. of Tokyo, Tokyo, Japan").splitlines()[-4:]
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(f"    {line}" for line in said) in readme
