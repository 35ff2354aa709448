"""Cross-tables: the published ones come out of cases and counts; any set of a user's cases is counted whole."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.advice.crosstab import DIMENSIONS, crosstab
from kakehashi.errors import DataError
from kakehashi.knowledge.cases import cases, counts, read_cases
from kakehashi.knowledge.forms import groups
from kakehashi.knowledge.rows import ict_fields
from kakehashi.texts import texts

FACTS = Path(__file__).parents[3] / "shared" / "facts"
# Figure 3-2, rows in the order of the figure, columns in that of figure 1-5.
FORMS_BY_FIELDS = {
    "research": (8, 10, 6, 24, 4, 12, 3, 8),
    "community": (1, 4, 2, 4, 0, 3, 0, 0),
    "education": (1, 0, 3, 17, 0, 3, 1, 0),
    "exhibition": (0, 3, 0, 6, 3, 0, 0, 0),
    "agreement": (3, 0, 0, 2, 3, 8, 0, 0),
    "standard": (0, 3, 1, 0, 5, 0, 0, 0),
}
PATTERNS = (26, 16, 14, 2, 1, 1, 2, 23, 16, 8, 2, 1)


def said(table):
    return {reason.id.removeprefix("crosstab."): reason for reason in table.reasons}


def mine(tmp_path, *rows):
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(["case,title,countries,form,field,pattern", *rows]) + "\n", encoding="utf-8")
    return read_cases(path)


def test_the_151_cases_of_figure_3_2_come_out_of_the_data():
    table = crosstab(cases(), "form", "field", counts())
    printed = {
        (form, field): number
        for form, row in FORMS_BY_FIELDS.items()
        for field, number in zip(ict_fields(), row, strict=True)
        if number
    }
    assert {(cell.row, cell.column): cell.total for cell in table.cells} == printed
    assert (table.total(), table.cases) == (151, 151)
    assert [table.total(row=form) for form in groups()] == [75, 14, 25, 12, 16, 9]
    assert [table.total(column=field) for field in ict_fields()] == [13, 20, 12, 53, 15, 26, 4, 8]


def test_the_112_and_39_cases_of_figure_3_5_come_out_of_the_data():
    table = crosstab(cases(), "pattern", counts=counts())
    assert tuple(table.total(row=str(number)) for number in range(1, 13)) == PATTERNS
    assert sum(PATTERNS) == 112
    assert table.total(row=None) == 39
    assert [(cell.published, cell.counted) for cell in table.cells if cell.row in ("1", "12", None)] == [
        (2, 24), (1, 0), (0, 39),
    ]  # fmt: skip


@pytest.mark.skipif(
    not FACTS.is_dir(), reason=f"the typed facts are not at {FACTS}, so there is nothing to compare with"
)
def test_the_table_equals_the_typed_facts_cell_by_cell():
    table = crosstab(cases(), "form", "field", counts())
    with (FACTS / "mic2023_fig3-2_cases_by_form_and_field.csv").open(encoding="utf-8") as file:
        for fact in csv.DictReader(file):
            place = {"row": fact["form"], "column": fact["field"]}
            assert table.total(**{name: "*" if one == "total" else one for name, one in place.items()}) == int(
                fact["cases"]
            )


def test_described_and_merely_counted_cases_are_kept_apart_and_the_table_says_so():
    table = crosstab(cases(), "form", "field", counts())
    education = next(cell for cell in table.cells if (cell.row, cell.column) == ("education", "security"))
    assert (education.published, education.counted) == (1, 0)
    assert sum(cell.published for cell in table.cells) == 8
    assert len(table.unplaced) == 8
    assert sum(cell.counted for cell in table.cells) == 143
    assert "16 are described one by one. The other 135" in said(table)["counted"].say(texts("en"), "ict8")
    assert {one.key[0][1] for one in said(table)["unplaced"].evidence} == set(table.unplaced)


def test_by_country_only_the_described_cases_are_placed_as_figure_3_1_gives_no_numbers():
    table = crosstab(cases(), "country", counts=counts())
    assert table.cases == 151
    assert table.total(row=None) == 135
    assert table.total(row="JP") == 9
    assert table.total(row="AT") == 2  # as printed
    assert set(said(table)) == {"counted", "printed", "several"}


def test_a_users_cases_stand_apart_from_the_published_ones(tmp_path):
    own = mine(tmp_path, "a,A,KR BR,research,ai,1", "b,B,KR,,,")
    table = crosstab((*cases(), *own), "form", "field", counts())
    ai = next(cell for cell in table.cells if (cell.row, cell.column) == ("research", "ai"))
    assert (ai.own, ai.published, ai.counted, ai.total) == (1, 1, 23, 25)
    assert table.total(row=None) == 1
    assert (table.total(), table.cases) == (153, 153)
    assert set(said(table)) == {"counted", "own", "unplaced"}


def test_a_set_of_a_users_own_is_counted_with_what_it_does_not_state(tmp_path):
    own = mine(tmp_path, "a,A,KR BR,bilateral_research,ai,", "b,B,KR,,ai,", "c,C,KR,research,,")
    table = crosstab(own, "form", "field")
    assert {(cell.row, cell.column): cell.own for cell in table.cells} == {
        ("research", "ai"): 1, ("research", None): 1, (None, "ai"): 1,
    }  # fmt: skip
    assert table.total(row=None) == 1
    assert table.total(column=None) == 1


def test_a_pattern_that_was_printed_stands_for_its_axes():
    table = crosstab(cases(), "funding")
    assert {cell.row: cell.published for cell in table.cells} == {"both": 6, "both_voluntary": 1, "one_side": 9}


def test_counts_below_the_described_cases_are_refused():
    with pytest.raises(DataError, match="3-5: counts fewer cases of"):
        crosstab((*cases(), *cases()), "pattern", counts=counts())


def test_a_dimension_that_there_is_not_is_answered_with_the_nearest():
    with pytest.raises(DataError, match="no cases are counted by 'countries'; did you mean 'country'"):
        crosstab(cases(), "countries")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(cases()), unique_by=lambda case: case.id),
    st.sampled_from([d for d in DIMENSIONS if d != "country"]),
)
def test_no_case_is_lost_whatever_it_is_counted_by(some, dimension):
    assert crosstab(some, dimension).total() == len(some)
    assert crosstab(some, dimension, "field").total() == len(some)
