"""Texts are in our own words: no run of 20 characters is shared with the documents that the knowledge rests on.

The documents are Japanese; English words in them are terms and names, so a run without a Japanese character counts
from 40 characters. White space is taken out of both sides first. Names, titles and fixed expressions of the documents,
which must be carried over exactly, are listed in FIXED and cut out of our texts before they are compared.
"""

import csv
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from kakehashi.data.read import csv_rows

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
LENGTH = 20
LATIN_LENGTH = 40
DATA = Path(str(files("kakehashi.data")))
FILES = sorted([*(DATA / "knowledge").rglob("*.*"), *(DATA / "texts").glob("*.toml")])
FIXED = (
    "ICT分野における国際連携推進のための調査検討",  # the title of the 2023 report
    "地域産学官金協創プラットフォーム",  # the name of the platform
    "科学技術・学術政策研究所",  # an institute
    "技術区分ごと、国ごとの国際共同研究の状況",  # the titles of figures 2-10 and 2-14, which the report redraws
    "技術区分ごと、機関ごとの国際共同研究の状況",
    "Southern University of Science and Technology",
    "Thapar Institute of Engineering and Technology",
    # the titles and schemes of the published cases, as printed
    *(row[key] for row in csv_rows("knowledge/cases.csv") for key in ("title", "scheme") if len(row[key]) > 19),
)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def leaves(tree):
    if isinstance(tree, dict):
        for value in tree.values():
            yield from leaves(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value)
    elif isinstance(tree, str):
        yield tree


def texts_of(path):
    """Return every text that a data file holds, without its comments and keys."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return list(leaves(tomllib.loads(text)))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [cell for row in csv.reader(lines) for cell in row]


def windows(text):
    short = {text[start : start + LENGTH] for start in range(len(text) - LENGTH + 1)}
    long = {text[start : start + LATIN_LENGTH] for start in range(len(text) - LATIN_LENGTH + 1)}
    return {run for run in short if not run.isascii()} | {run for run in long if run.isascii()}


def borrowed(text, seeds):
    """Return the runs of 20 characters that a text shares with the seeds, in the order of the alphabet."""
    for fixed in FIXED:
        text = text.replace(fixed, "\n")
    return sorted(set().union(*(windows(squeezed(part)) for part in text.split("\n"))) & seeds)


@pytest.fixture(scope="module")
def seeds():
    if not SEEDS.is_dir():
        pytest.skip(f"the source documents are not at {SEEDS}, so there is nothing to compare with")
    found = [squeezed(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"))]
    assert found
    return set().union(*(windows(text) for text in found))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_no_text_shares_twenty_characters_with_the_sources(path, seeds):
    assert {text: runs for text in texts_of(path) if (runs := borrowed(text, seeds))} == {}


def test_a_borrowed_sentence_is_found_whatever_its_line_breaks(seeds):
    sentence = squeezed((sorted(SEEDS.glob("004*.txt"))[0]).read_text(encoding="utf-8"))[5000:5040]
    assert len(borrowed(sentence[:10] + " " + sentence[10:30], seeds)) == 11
    assert borrowed("これは当方で書き起こした文であり、どこからも写していない。", seeds) == []


def test_windows_are_every_run_of_twenty_with_japanese_and_of_forty_without():
    assert windows("あ" * 19) == set()
    assert windows("あいうえお" * 4 + "か") == {"あいうえお" * 4, "いうえお" + "あいうえお" * 3 + "か"}
    assert windows("a" * 39) == set()
    assert windows("a" * 40) == {"a" * 40}
