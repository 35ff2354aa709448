"""Small multiples: bars from zero to each panel's own highest value, and nothing outside its panel."""

import pytest

from kakehashi.figures import theme
from kakehashi.figures.multiples import Panel, multiples

PANELS = [
    Panel("Networks", ((2020, 10.0), (2021, 40.0), (2022, 20.0))),
    Panel("Devices", ((2020, 2.0), (2021, 1.0), (2022, 0.0))),
    Panel("Empty", ((2020, 0.0), (2021, 0.0), (2022, 0.0))),
]


def layers(kind, columns=2, frame=theme.NARROW):
    spec = multiples(PANELS, frame, lambda value: f"{value:g}", columns).spec
    return [layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == kind]


def test_bars_are_in_proportion_within_a_panel_and_fill_it_by_its_own_highest():
    heights = [row["y2"] - row["y"] for row in layers("rect")[0]]
    assert heights[0] * 4 == pytest.approx(heights[1])
    assert heights[2] * 2 == pytest.approx(heights[1])
    assert heights[3] == pytest.approx(heights[1])
    assert heights[5:] == [0, 0, 0, 0]


def test_each_panel_has_its_name_its_highest_value_and_its_first_and_last_year():
    names, tops, first, last = ([row["label"] for row in rows] for rows in layers("text"))
    assert names == ["Networks", "Devices", "Empty"]
    assert tops == ["40", "2", "0"]
    assert (set(first), set(last)) == ({"2020"}, {"2022"})


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_bars_stand_within_their_panel(columns):
    floors, bars = layers("rule", columns)[0], layers("rect", columns)[0]
    for place, bar in enumerate(bars):
        floor = floors[place // 3]
        assert floor["x"] <= bar["x"] < bar["x2"] <= floor["x2"]
        assert bar["y2"] == floor["y"]
