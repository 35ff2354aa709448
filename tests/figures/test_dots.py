"""Dots: where they stand, when the scale is logarithmic, and that what cannot be shown is counted."""

import pytest

from kakehashi.figures import theme
from kakehashi.figures.dots import LOGARITHMIC_FROM, Dot, Line, dots

SERIES = (Dot("#111111", "circle"), Dot("#222222", "diamond"))


def drawn(lines, frame=theme.WIDE, series=SERIES):
    return dots(lines, series, frame, "value", lambda value: f"{value:g}")


def places(figure, shape):
    layers = [layer for layer in figure.spec["layer"] if isinstance(layer["mark"], dict)]
    return [row["x"] for layer in layers if layer["mark"].get("shape") == shape for row in layer["data"]["values"]]


def test_values_close_together_stand_from_zero_in_proportion():
    figure = drawn([Line("a", (10, 20), "10, 20"), Line("b", (40, None), "40")])
    assert figure.facts["logarithmic"] == 0
    left, right = places(figure, "circle")
    assert right == pytest.approx(4 * left, abs=0.05)
    assert places(figure, "diamond") == [pytest.approx(2 * left, abs=0.05)]


def test_values_far_apart_stand_on_a_logarithmic_scale_at_equal_ratios():
    figure = drawn([Line(str(value), (value,), "") for value in (1, 100, 10_000)], series=SERIES[:1])
    assert figure.facts["logarithmic"] == 1
    low, middle, high = places(figure, "circle")
    assert middle - low == pytest.approx(high - middle, abs=0.05)


@pytest.mark.parametrize(("most", "logarithmic"), [(LOGARITHMIC_FROM, 0), (LOGARITHMIC_FROM + 1, 1)])
def test_the_scale_turns_logarithmic_above_two_decades(most, logarithmic):
    figure = drawn([Line("a", (1.0, float(most)), "")])
    assert figure.facts["logarithmic"] == logarithmic


def test_a_zero_is_shown_from_zero_and_counted_where_it_has_no_place():
    assert places(drawn([Line("a", (0, 5), "")]), "circle") == [0]
    figure = drawn([Line("a", (0, 5), ""), Line("b", (5000, 1), "")])
    assert figure.facts["hidden"] == 1
    assert len(places(figure, "circle")) == 1


@pytest.mark.parametrize("frame", [theme.WIDE, theme.NARROW])
@pytest.mark.parametrize("values", [(3, 8), (0.02, 90_000), (1e-9, 1e12), (0, 0), (None, None)])
def test_every_mark_and_tick_lies_in_the_frame(frame, values):
    figure = drawn([Line("Aland", values, "words"), Line("Borduria", values[::-1], "other words")], frame)
    width = figure.spec["width"]
    assert all(0 <= place <= width for shape in ("circle", "diamond") for place in places(figure, shape))
    scale = figure.spec["layer"][0]["encoding"]["x"]
    low, high = scale["scale"]["domain"]
    assert all(low <= value <= high for value in scale["axis"]["values"])
    assert 2 <= len(scale["axis"]["values"]) <= 12
    padding = figure.spec["padding"]
    assert width + padding["left"] + padding["right"] == frame.width


def test_the_home_country_has_its_own_colour():
    figure = drawn([Line("a", (1,), "", home=True), Line("b", (2,), "")], series=SERIES[:1])
    colours = [row["colour"] for row in figure.spec["layer"][2]["data"]["values"]]
    assert colours == [theme.HOME, "#111111"]
