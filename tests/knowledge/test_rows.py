"""Reading a user's CSV: whatever is wrong is told with file, row, column and remedy, all of it at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import DataError
from kakehashi.knowledge.rows import Layout, Row, read

LAYOUT = Layout(("id", "places"), ("n", "kind"), key="id")


def make(row):
    kinds = ("research", "education")
    return row.text("id"), row.places("places", ("asia",)), row.number("n"), row.choice("kind", kinds)


def written(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_rows_are_read_with_comments_above_blank_lines_and_a_byte_order_mark(tmp_path):
    path = written(tmp_path, "\ufeff# ours\n# 2026\nid,places,n\n\n a , JP asia ,2\nb,,\n")
    assert read(path, "mine.csv", LAYOUT, make) == (("a", ("JP", "asia"), 2.0, None), ("b", (), None, None))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"mine\.csv: is empty; its header needs the columns id, places"),
        ("id;places\na;JP\n", "has no commas between its columns; save it as CSV with commas"),
        ("id,place\n", "header: unknown column 'place'; did you mean 'places'"),
        ("id,n\n", "header: has no column 'places'; add it"),
        ("id,places,id\n", "header: column 'id' stands twice"),
        ("id,places\na\n", r"row 2: has 1 cells, the header 2"),
        ("# x\nid,places\na,JP\n,JP\n", r"row 4, column id: is empty; fill it in"),
        ("id,places\na,JP\nb,JP\na,JP\n", r"row 4, column id: 'a' stands in row 2 already; keep one"),
        ("id,places\na,Japan\n", r"row 2, column places: unknown country 'Japan'; did you mean 'JP'\?"),
        ("id,places\na,South Korea\n", r"row 2, column places: unknown country 'South Korea'; did you mean 'KR'\?"),
        ("id,places\na,JP JP\n", r"row 2, column places: 'JP' is given twice"),
        ("id,places,n\na,JP,3億\n", r"row 2, column n: '3億' is no number of at least 0"),
        ("id,places,n\na,JP,-1\n", r"row 2, column n: '-1' is no number of at least 0"),
        ("id,places,n\na,JP,nan\n", r"row 2, column n: 'nan' is no number of at least 0"),
        ("id,places,kind\na,JP,reserch\n", r"row 2, column kind: unknown 'reserch'; did you mean 'research'\?"),
        ('id,places\n"a,JP\n', r"row \d: .*check the quotes"),
        ("id,places\nä,JP\n".encode("cp1252"), "is not in UTF-8 .*save it as CSV in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_remedy(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read(written(tmp_path, text), "mine.csv", LAYOUT, make)


def test_every_problem_of_a_file_is_told_at_once(tmp_path):
    with pytest.raises(DataError) as refused:
        read(written(tmp_path, "id,places,n\na,Japan,x\n,QQ,1\n"), "mine.csv", LAYOUT, make)
    assert len(str(refused.value).splitlines()) == 4


def test_a_file_full_of_problems_is_told_in_part(tmp_path):
    with pytest.raises(DataError, match=r"mine\.csv: and 5 further problems"):
        read(written(tmp_path, "id,places\n" + "".join(f"{n},QQ\n" for n in range(25))), "mine.csv", LAYOUT, make)


def test_a_file_that_is_not_there_is_refused_with_its_path(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv: cannot be read"):
        read(tmp_path / "none.csv", "none.csv", LAYOUT, make)


def test_a_quoted_cell_over_two_lines_does_not_shift_the_rows_that_are_named(tmp_path):
    path = written(tmp_path, 'id,places,kind\n"a\nb",JP,\nc,JP,x\n')
    with pytest.raises(DataError, match="row 4, column kind"):
        read(path, "mine.csv", LAYOUT, make)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=20))
def test_any_cell_is_read_or_refused(cell):
    problems = []
    row = Row("mine.csv", 2, {"id": cell.strip(), "places": cell.strip(), "n": cell.strip(), "kind": cell}, problems)
    make(row)
    assert all(problem.startswith("mine.csv: row 2, column ") for problem in problems)
