"""Parts of the documents by themselves: names of sheets, widths of columns, rows over slides, rims of labels."""

import pytest

from kakehashi.figures.labels import text_width
from kakehashi.figures.table import Band, Cell, Column, row_cells, table
from kakehashi.report.documents.common import column_widths
from kakehashi.report.documents.images import rims_first
from kakehashi.report.documents.slide_parts import Room
from kakehashi.report.documents.slide_tables import parts
from kakehashi.report.documents.workbook_sheets import sheet_name
from kakehashi.xml_text import allowed

COLUMNS = (Column("Country"), Column("Papers", "number", "works"), Column("Reasons"))


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("1-1 [a]/b\\c:d*e?f", "1-1 a b c d e f"),
        ("'quoted'", "quoted"),
        ("History", "History –"),
        ("", "–"),
        ("[]", "–"),
        ("bell\x07", "bell\ufffd"),
        ("国" * 40, "国" * 31),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(wanted, name):
    assert sheet_name(wanted, set()) == name


def test_sheets_of_one_name_are_numbered_whatever_their_case():
    taken = set()
    names = [sheet_name(name, taken) for name in ("x" * 40, "X" * 40, "x" * 31)]
    assert names == ["x" * 31, "X" * 29 + " 2", "x" * 29 + " 3"]
    assert all(len(name) <= 31 for name in names)


def test_columns_share_the_width_and_numbers_are_never_broken():
    rows = [(Cell("Japan"), Cell("1,234,567"), Cell("long prose " * 40)), (Cell("x"), Cell("2"), Cell("short"))]
    widths = column_widths(table(COLUMNS, rows, "t"), 8.0, 400.0)
    assert sum(widths) == pytest.approx(400.0)
    assert widths[1] >= 9 * 8 * 0.5
    assert widths[2] > 2 * widths[0]


def test_a_column_of_short_texts_stays_on_one_line_beside_a_long_one():
    columns = (Column("Country"), Column("Verdict"), Column("Rivals"))
    rows = [(Cell("日本"), Cell("論文数が基準に満たない"), Cell("オーストラリアを上回った、" * 8))]
    widths = column_widths(table(columns, rows, "t"), 8.0, 300.0)
    assert widths[1] >= text_width("論文数が基準に満たない", 8.0) + 8
    assert widths[2] > widths[1]


def test_columns_that_cannot_fit_are_narrowed_alike():
    columns = [Column(f"Column {number}", "number") for number in range(30)]
    widths = column_widths(table(columns, [[Cell("1,000,000")] * 30], "t"), 8.0, 300.0)
    assert sum(widths) == pytest.approx(300.0)


def test_rows_are_shared_out_evenly_and_a_group_goes_on_under_its_name():
    rows = [Band("Asia"), *[(Cell(f"c{number}"), Cell("1"), Cell("r")) for number in range(60)]]
    size, slides = parts(table(COLUMNS, rows, "t"), Room(0, 0, 11_000_000, 4_500_000))
    assert size >= 9
    assert len(slides) > 1
    assert all(slide[0] == Band("Asia") for slide in slides)
    assert [row for slide in slides for row in slide if row_cells(row)] == rows[1:]
    lengths = [len(slide) for slide in slides]
    assert max(lengths) - min(lengths) <= 2


def test_the_name_of_a_group_is_never_last_on_a_slide():
    rows = []
    for number in range(40):
        rows += [Band(f"g{number}"), (Cell("a"), Cell("1"), Cell("b"))]
    _, slides = parts(table(COLUMNS, rows, "t"), Room(0, 0, 11_000_000, 4_000_000))
    assert not any(isinstance(slide[-1], Band) for slide in slides)


def test_a_table_without_rows_is_one_slide():
    assert parts(table(COLUMNS, [], "t"), Room(0, 0, 11_000_000, 4_000_000))[1] == [[]]


def test_the_rim_of_a_label_is_drawn_under_its_letters():
    label = '<text x="1" fill="#111" stroke="#fff" stroke-width="3">A &amp; B</text>'
    under, over = rims_first(label).replace("</text>", "</text>\n").split()[0], rims_first(label)
    assert under == "<text"
    assert over.count("A &amp; B") == 2
    assert over.index('stroke="#fff"') < over.index('fill="#111"')
    assert rims_first('<text fill="#111">plain</text>') == '<text fill="#111">plain</text>'


def test_characters_that_xml_forbids_become_one_sign_each():
    assert allowed("a\x00b\x0bc\ud800d\ufffee\t\n京🎓") == "a\ufffdb\ufffdc\ufffdd\ufffde\t\n京🎓"
