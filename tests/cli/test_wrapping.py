"""Lines cut to the width of a terminal, in letters of one cell and of two."""

import pytest
from rich.cells import cell_len

from kakehashi.cli.wrapping import wrapped

JAPANESE = "「Univ. of Tokyo」は登録名（一致）。国が一致、所在都市の記載あり、同名の機関 2 件（日本（JP））"
ENGLISH = '"Univ. of Tokyo" is its main name, word for word; the country agrees, its town is named'


@pytest.mark.parametrize("text", [JAPANESE, ENGLISH])
@pytest.mark.parametrize("level", [0, 1, 3])
@pytest.mark.parametrize("width", [40, 57, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(text, level, width):
    rows = list(wrapped(text, level, width))
    assert max(map(cell_len, rows)) <= width
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert all(row.startswith("  " * level) for row in rows)


@pytest.mark.parametrize("width", range(30, 90))
def test_a_japanese_line_neither_begins_with_a_closing_mark_nor_ends_with_an_opening_one(width):
    rows = [row.strip() for row in wrapped(JAPANESE, 1, width)]
    assert not any(row[0] in "、。）」" for row in rows)
    assert not any(row[-1] in "（「" for row in rows)


def test_further_lines_are_indented_one_level_more():
    first, second, *_ = wrapped(ENGLISH, 1, 60)
    assert (first[:3], second[:5]) == ('  "', "    " + second[4])
    assert second[4] != " "


def test_without_a_width_a_line_stays_whole():
    assert list(wrapped(ENGLISH * 9, 2, None)) == ["    " + ENGLISH * 9]


def test_a_word_longer_than_the_terminal_stands_alone():
    assert list(wrapped("see https://ror.org/" + "x" * 90 + " there", 0, 40))[1].strip().endswith("xxx")
