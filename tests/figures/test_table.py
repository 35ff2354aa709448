"""HTML tables: escaped, right-aligned numbers, and a reason where there is no value."""

import pytest
from markupsafe import escape

from kakehashi.figures.table import Band, Cell, Column, Emphasis
from kakehashi.figures.table import table as make_table

COLUMNS = (Column("Country"), Column("Papers", "number", "works"))


def table(columns, rows, caption):
    return escape(make_table(columns, rows, caption))


def test_names_are_escaped():
    assert "&lt;b&gt;" in table(COLUMNS, [(Cell("<b>"), Cell("1"))], "x")
    assert "<b>" not in table(COLUMNS, [(Cell("<b>"), Cell("1"))], "<b>")


def test_an_absent_value_is_a_dash_with_its_reason():
    html = table(COLUMNS, [(Cell("JP"), Cell(None, 'no "works"'))], "x")
    assert '<abbr title="no &#34;works&#34;">–</abbr>' in html


def test_numbers_are_marked_for_right_alignment_and_units_stand_in_the_head():
    html = table(COLUMNS, [(Cell("JP", heads=True), Cell("1,234"))], "x")
    assert '<td class="number">1,234</td>' in html
    assert '<th scope="row" class="text">JP</th>' in html
    assert '<span class="unit">works</span>' in html


def test_bands_span_all_columns_and_totals_stand_apart():
    html = table(COLUMNS, [Band("Asia"), Emphasis((Cell("Total"), Cell("3")))], "x")
    assert 'colspan="2">Asia' in html
    assert "<tr class=emphasis>" in html


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="a row of 1 cells in a table of 2 columns"):
        table(COLUMNS, [(Cell("JP"),)], "x")
