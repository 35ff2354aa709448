"""The positioning map: what it draws, moves and leaves out."""

import pytest

from kakehashi.figures import theme
from kakehashi.figures.scatter import Point, Words, scatter, tick_label, ticks

WORDS = Words("papers", "eigenvector", "zero", {"upper_left": "hubs", "lower_left": "growing"})
JAPAN = Point("Japan", 94078, 0.114, "home", True)
INDIA = Point("India", 167641, 0.094, "lower_right")
NEPAL = Point("Nepal", 288, 0.0, "lower_left")


def texts(spec):
    found = []
    for layer in spec["layer"]:
        if layer["mark"].get("type") == "text":
            found += [row["label"] for row in layer["data"]["values"]]
    return found


def rows(spec, mark):
    return [row for layer in spec["layer"] if layer["mark"].get("type") == mark for row in layer["data"]["values"]]


def test_points_carry_their_own_values():
    spec = scatter([JAPAN, INDIA], theme.WIDE, WORDS, radius=0.5).spec
    assert {"label": "India", "x": 167641, "y": 0.094, "region": "lower_right"} in rows(spec, "point")


def test_home_is_drawn_over_the_other_points():
    spec = scatter([JAPAN, INDIA, NEPAL], theme.WIDE, WORDS, radius=0.5).spec
    assert [row["label"] for row in rows(spec, "point") if "label" in row] == ["India", "Japan"]


def test_the_two_guide_lines_cross_at_home():
    spec = scatter([JAPAN, INDIA, NEPAL], theme.WIDE, WORDS, radius=0.5).spec
    guides = next(layer for layer in spec["layer"] if layer["mark"].get("color") == theme.GUIDE)["data"]["values"]
    (down, across) = guides
    assert down["x"] == down["x2"]
    assert across["y"] == across["y2"]
    assert 0 < down["x"] < theme.WIDE.inner_width
    assert across["x2"] == theme.WIDE.inner_width


def test_without_home_there_is_nothing_to_compare_with():
    spec = scatter([INDIA], theme.WIDE, WORDS, radius=0.5).spec
    assert not [layer for layer in spec["layer"] if layer["mark"].get("color") == theme.GUIDE]
    assert "hubs" not in texts(spec)


def test_zero_stands_on_a_named_floor_and_is_counted():
    figure = scatter([JAPAN, INDIA, NEPAL], theme.WIDE, WORDS, radius=0.5)
    assert figure.facts["on_floor"] == 1
    assert "zero" in texts(figure.spec)
    assert [row["y"] for row in rows(figure.spec, "point") if "label" not in row] == [theme.WIDE.inner_height - 13]


def test_no_floor_is_drawn_when_nothing_stands_on_it():
    assert "zero" not in texts(scatter([JAPAN, INDIA], theme.WIDE, WORDS, radius=0.5).spec)


def test_vanishing_values_stand_on_the_floor_too():
    figure = scatter([JAPAN, Point("X", 10, 1e-12, "lower_left")], theme.WIDE, WORDS, radius=0.5)
    assert figure.facts["on_floor"] == 1


@pytest.mark.parametrize(("x", "y"), [(None, 0.1), (0, 0.1), (10, None)])
def test_points_without_a_place_on_the_axes_are_counted_not_drawn(x, y):
    figure = scatter([JAPAN, Point("X", x, y, None)], theme.WIDE, WORDS, radius=0.5)
    assert (figure.facts["drawn"], figure.facts["not_drawn"]) == (1, 1)


def test_a_map_of_nothing_is_still_a_drawing():
    assert scatter([], theme.NARROW, WORDS, radius=0.5).facts["drawn"] == 0


def test_axis_labels_stay_in_the_frame():
    points = [Point("X", 7_900, 0.1, None), Point("Y", 76_000, 0.2, None)]
    spec = scatter(points, theme.PANEL, WORDS, radius=0.5).spec
    axis = next(layer["encoding"]["x"]["axis"] for layer in spec["layer"] if layer["encoding"]["x"].get("axis"))
    assert axis["values"] == [10_000]


def test_ticks_are_decades_where_two_fit_and_finer_where_not():
    assert ticks((50, 20_000)) == [100, 1000, 10_000]
    assert ticks((300, 2500)) == [500, 1000, 2000]


def test_tick_labels_are_short_however_small_the_value():
    labels = [tick_label(value) for value in (10_000, 1, 0.05, 0.001, 0.0001, 0.00002, 1e-12)]
    assert labels == ["10,000", "1", "0.05", "0.001", "10⁻⁴", "2×10⁻⁵", "10⁻¹²"]


def test_maps_with_one_extent_have_the_same_scales():
    small, large = [Point("a", 5, 0.1, None)], [Point("b", 5000, 0.5, None), Point("c", 1, 0.001, None)]
    domains = [
        [
            (channel, layer["encoding"][channel]["scale"]["domain"])
            for layer in scatter(points, theme.PANEL, WORDS, radius=0.5, extent=small + large).spec["layer"]
            for channel in ("x", "y")
            if (layer["encoding"][channel].get("scale") or {}).get("type") == "log"
        ]
        for points in (small, large)
    ]
    assert domains[0] == domains[1]
    assert len(domains[0]) == 2


def test_without_home_the_guide_lines_run_through_the_reference_and_no_region_is_claimed():
    marked = Point("1 Tokyo", 100, 0.1, "home_country", reference=True)
    others = [Point("2 Seoul", 1000, 0.01, "centre"), Point("3 Sydney", 10, 0.5, "upper_left")]
    guided = scatter([marked, *others], theme.WIDE, WORDS, radius=0.5).spec
    plain = scatter([Point("1 Tokyo", 100, 0.1, "home_country"), *others], theme.WIDE, WORDS, radius=0.5).spec
    assert len(guided["layer"]) == len(plain["layer"]) + 1
    lines = [layer for layer in guided["layer"] if layer["mark"].get("color") == theme.GUIDE]
    assert len(lines) == 1
    across, down = (row for row in lines[0]["data"]["values"])
    assert across["x"] == across["x2"]
    assert down["y"] == down["y2"]
