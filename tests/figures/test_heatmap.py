"""Heat maps: the shade follows the share, every number that fits is written, and the matrix must be square."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.figures import theme
from kakehashi.figures.heatmap import SHADES, Cell, heatmap, shade

NAMES = ["Networks", "Devices"]
CELLS = [[Cell(None, ("40",)), Cell(0.25, ("10", "25.0%"))], [Cell(1.0, ("10", "100.0%")), Cell(None, ("10",))]]


def texts(figure):
    layers = [layer for layer in figure.spec["layer"] if layer["mark"]["type"] == "text"]
    return [row["label"] for layer in layers for row in layer["data"]["values"]]


@pytest.mark.parametrize("frame", [theme.WIDE, theme.NARROW])
def test_rows_have_number_and_name_columns_the_number_and_cells_their_lines(frame):
    written = ["1 Networks", "2 Devices", "1", "2", "40", "10", "25.0%", "10", "100.0%", "10"]
    assert sorted(texts(heatmap(NAMES, CELLS, frame))) == sorted(written)


def test_the_rectangle_in_row_a_and_column_b_has_the_shade_of_its_share():
    rows = heatmap(NAMES, CELLS, theme.WIDE).spec["layer"][0]["data"]["values"]
    assert [row["colour"] for row in rows][1:3] == [SHADES[3], SHADES[-1]]
    assert rows[1]["x"] > rows[2]["x"]
    assert rows[1]["y"] < rows[2]["y"]


@pytest.mark.parametrize(
    ("share", "place"), [(0, 0), (0.001, 1), (0.1, 1), (0.101, 2), (0.3, 3), (0.499, 5), (0.5, 6), (1, 6)]
)
def test_shades_are_nothing_five_even_steps_and_a_half_or_more(share, place):
    assert shade(share) == place


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_is_never_lighter(one, other):
    assert (shade(one) <= shade(other)) or one > other


def test_eight_fields_keep_every_number_on_a_telephone():
    cells = [[Cell(1.0, ("100",))] * 8] * 8
    assert texts(heatmap(["人工知能技術の長い名前の区分"] * 8, cells, theme.NARROW)).count("100") == 64


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match="2 names"):
        heatmap(NAMES, CELLS[:1], theme.WIDE)


def test_every_number_stands_out_from_its_shade():
    for place, colour in enumerate(SHADES):
        cell = Cell(min(place, 5) / 10 - (0.01 if 0 < place < 6 else 0) + (0.5 if place == 6 else 0), ("7",))
        assert shade(cell.share) == place
        figure = heatmap(["a"], [[cell]], theme.WIDE)
        written = next(
            layer["mark"]["color"] for layer in figure.spec["layer"]
            if layer["mark"]["type"] == "text" and layer["data"]["values"][0]["label"] == "7"
        )  # fmt: skip
        light, dark = sorted(map(luminance, (colour, written)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def luminance(colour):
    """Relative luminance by WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
