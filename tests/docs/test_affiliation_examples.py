"""The examples of docs/affiliations.md, in both languages, run against the program."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kakehashi.affiliations.resolve import Resolution, Resolver
from kakehashi.affiliations.unify import basis_of, unify

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "affiliations.md", DOCS / "ja" / "affiliations.md"]
EXAMPLES = re.compile(r"<!-- example: (\w+) -->\n\n\|(.*)\|\n\|[ |-]*\|\n((?:\|.*\|\n)+)")


def rows(page: Path, kind: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield (heads, cells) of every row of every table of examples of a kind; a dash is an empty text."""
    for found, heads, body in EXAMPLES.findall(page.read_text(encoding="utf-8")):
        if found == kind:
            for line in body.splitlines():
                yield plain(heads), plain(line.strip("|"))


def plain(line: str) -> list[str]:
    return [cell.strip().strip("`").replace("–", "") for cell in line.split(" | ")]


def how(one: Resolution) -> str:
    return one.reason or one.country_method or ""


@pytest.mark.parametrize("page", PAGES, ids=["en", "ja"])
def test_every_string_is_read_as_the_page_says(page: Path) -> None:
    told: dict[str, list[tuple[str, ...]]] = {}
    for _, (string, *answer) in rows(page, "read"):
        told.setdefault(string, []).append(tuple(answer))
    assert len(told) >= 20
    resolver = Resolver()
    for string, answers in told.items():
        found = [(one.institution or "", one.country_code or "", how(one)) for one in resolver.resolve(string)]
        assert found == answers, string


@pytest.mark.parametrize("page", PAGES, ids=["en", "ja"])
def test_every_policy_counts_as_the_page_says(page: Path) -> None:
    examples = list(rows(page, "policy"))
    assert examples
    for heads, (string, *answers) in examples:
        found = [Resolver(policy).resolve(string)[0] for policy in heads[1:]]
        assert [one.country_code or how(one) for one in found] == answers, string


@pytest.mark.parametrize("page", PAGES, ids=["en", "ja"])
def test_every_spelling_meets_the_institution_that_the_page_says(page: Path) -> None:
    told = [(string, identifier) for _, (string, identifier) in rows(page, "unify")]
    assert told
    resolver = Resolver()
    read = [(string, one) for string, _ in told for one in resolver.resolve(string)]
    spellings = [(one.key, one.institution, one.country_code, basis_of(one.country_method), 5) for _, one in read]
    final = {(one.key, one.met_country, one.basis): one.institution_id for one in unify(spellings)}
    assert [
        (string, final[one.key, one.country_code, basis_of(one.country_method)]) for string, one in read
    ] == told  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=["en", "ja"])
def test_every_input_of_the_model_is_explained_once(page: Path) -> None:
    from kakehashi.affiliations.linking.evidence import FEATURES

    text = page.read_text(encoding="utf-8").split("<!-- inputs of the model -->\n")[1].split("\n\n")[0]
    named = [name for line in text.splitlines() for name in re.findall(r"`(\w+)`", line.split(" | ")[0])]
    assert sorted(named) == sorted(FEATURES)
