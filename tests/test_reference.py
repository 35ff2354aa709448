import math

import pytest

from kakehashi import reference, tables
from kakehashi.errors import StudyError


def test_rows_have_the_columns_of_their_tables() -> None:
    for name, rows in reference.reference_rows("mic2023").items():
        table = tables.BY_NAME[name]
        assert {len(row) for row in rows} == {len(table.columns)}
        places = [list(table.columns).index(column) for column in table.key]
        keys = [tuple(row[place] for place in places) for row in rows]
        assert len(set(keys)) == len(keys)
        assert all(None not in key for key in keys)


def test_the_study_holds_thirty_countries_and_twenty_five_institutions() -> None:
    rows = reference.reference_rows("mic2023")
    assert [row[0] for row in rows["indicators"]].count("country") == 30
    assert [row[0] for row in rows["indicators"]].count("institution") == 25
    ids = {row[0] for row in rows["institutions"]}
    assert {row[3] for row in rows["indicators"] if row[0] == "institution"} == ids
    assert "tsinghua-university.cn" in ids


def test_printed_values_are_carried_over_exactly() -> None:
    rows = {row[3]: row for row in reference.reference_rows("mic2023")["indicators"]}
    assert rows["JP"] == ("country", "all", "all", "JP", 94078, None, None, 0.204, 195, None, 0.013, None, 0.114, None)


def test_what_was_not_published_is_none() -> None:
    for row in reference.reference_rows("mic2023")["totals"]:
        assert row[4] is None
        assert row[7] is None


def test_the_shares_in_the_totals_are_those_of_their_counts() -> None:
    for row in reference.reference_rows("mic2023")["totals"]:
        assert row[5] / row[3] == pytest.approx(row[6], abs=0.0006)


def test_strengths_are_the_published_verdicts() -> None:
    found = {(row[0], row[1]): row[6] for row in reference.reference_rows("mic2023")["strengths"]}
    assert found["JP", "photonics_quantum"] == "strong"
    assert found["JP", "iot"] == "weak"
    assert found["HK", "bigdata"] == "strong"
    assert len(found) == 19


def test_an_unknown_reference_is_refused_by_name() -> None:
    with pytest.raises(StudyError, match="mic2023"):
        reference.reference_rows("mic2024")


def test_the_published_regions_follow_from_the_published_values() -> None:
    rows = [row for row in reference.reference_rows("mic2023")["indicators"] if row[0] == "country"]
    points = {row[3]: (row[4], row[12]) for row in rows}
    home = points["JP"]
    upper = {code for code, point in points.items() if point[1] > home[1]}
    right = {code for code, point in points.items() if point[0] > home[0]}
    near = {
        code
        for code, point in points.items()
        if point[1] and math.dist([math.log10(value) for value in point], [math.log10(value) for value in home]) <= 0.5
    }
    assert upper & right == {"CN"}
    assert upper - right == {"AU", "HK", "SG"}
    assert right - upper == {"IN"}
    assert near - upper - right == {"JP", "KR", "TW"}
