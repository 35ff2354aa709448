"""SVG output: the same bytes each time, ids of its own, text as text, nothing executable."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest

from kakehashi.figures import theme
from kakehashi.figures.bars import Bar, bars, nice_step
from kakehashi.figures.lines import MOST, Series, lines
from kakehashi.figures.render import svg
from kakehashi.figures.scatter import Point, Words, scatter

WORDS = Words("papers", "eigenvector", "zero", {})
HOSTILE = '<script>alert("x")</script>'


def drawing(name="Japan", key="a"):
    figure = scatter([Point(name, 100, 0.1, "home"), Point("B", 10, 0.0, "lower_left")], theme.WIDE, WORDS, radius=0.5)
    return svg(figure.spec, key=key, title=f"Map {name}", description="two points")


def test_the_same_rows_give_the_same_bytes():
    first = drawing()
    drawing("Korea")
    assert drawing() == first


def test_drawings_on_one_page_share_no_id():
    ids = [set(re.findall(r'id="([^"]+)"', drawing(key=key))) for key in ("one", "two")]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_every_reference_has_its_target():
    text = (
        svg(bars([Bar("AI", 10, 2, "10")], theme.WIDE, "papers", str).spec, key="k", title="t", description="d")
        + drawing()
    )
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(re.findall(r'id="([^"]+)"', text))


def test_a_drawing_has_a_name_and_a_description():
    root = ElementTree.fromstring(drawing())  # noqa: S314 -- our own text
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.tag.endswith(("title", "desc"))}
    assert [named[key] for key in root.get("aria-labelledby").split()] == ["Map Japan", "two points"]


def test_text_stays_text_and_hostile_names_stay_harmless():
    text = drawing(HOSTILE)
    assert "<script" not in text
    assert "&lt;script" in text
    assert "日本" in drawing("日本")


def test_numbers_in_names_are_not_rounded():
    assert "v3.14159" in drawing("v3.14159")


def test_a_drawing_fetches_nothing():
    assert not re.findall(r'(?:href|src)="', drawing())


def test_bars_show_works_and_the_international_part():
    spec = bars([Bar("AI", 200, 50, "200"), Bar("IoT", 100, None, "100")], theme.WIDE, "papers", str).spec
    parts = [layer["data"]["values"] for layer in spec["layer"] if layer["mark"].get("type") == "rect"]
    assert [[row["works"] for row in part] for part in parts] == [[200, 100], [50, None]]
    lengths = [parts[0][0]["x2"], 2 * parts[0][1]["x2"], 4 * parts[1][0]["x2"]]
    assert lengths == pytest.approx([lengths[0]] * 3, abs=0.05)


def test_steps_of_an_axis_are_round():
    assert [nice_step(most, 5) for most in (798_872, 10, 7, 1)] == [100_000, 2, 1, 0.2]


def test_a_line_breaks_where_a_year_has_no_value():
    series = Series("JP", ((2020, 1.0), (2021, None), (2022, 3.0)), home=True)
    figure = lines([series], theme.WIDE, "papers", str)
    layer = next(layer for layer in figure.spec["layer"] if layer.get("mark", {}).get("type") == "line")
    assert [(row["year"], row["stretch"]) for row in layer["data"]["values"]] == [(2020, 0), (2022, 1)]


def test_lines_beyond_the_styles_are_counted():
    many = [Series(f"S{number}", ((2020, float(number)), (2021, 1.0))) for number in range(MOST + 2)]
    figure = lines(many, theme.NARROW, "papers", str)
    assert (figure.facts["drawn"], figure.facts["left_out"]) == (MOST, 2)


def test_every_line_has_its_name_even_where_lines_end_together():
    same = [Series(f"Country {number}", ((2020, 9.0), (2021, 0.1))) for number in range(MOST)]
    assert lines(same, theme.NARROW, "papers", str).facts["unlabelled"] == 0


def test_the_names_of_lines_that_end_early_together_do_not_lie_over_each_other():
    early = [Series(name, tuple((year, 6.0 + n / 10) for year in range(2000, 2020))) for n, name in enumerate("ABCD")]
    figure = lines([*early, Series("E", ((2000, 1.0), (2020, 2.0)))], theme.WIDE, "works", str)
    text = svg(figure.spec, key="k", title="t", description="d")
    named = dict(re.findall(r"translate\([\d.]+,([\d.]+)\)[^>]*>([A-E])</text>", text))
    assert sorted(named.values()) == list("ABCDE")
    heights = sorted(map(float, named))
    assert all(high - low >= theme.WIDE.font for low, high in pairwise(heights))


def test_a_line_that_ends_early_has_its_name_inside_and_a_band_reaches_its_highest_value():
    ahead = Series("ahead", ((2021, 2.0), (2023, 4.0)))
    figure = lines(
        [Series("until now", ((2020, 1.0), (2021, 2.0)), home=True), ahead], theme.WIDE, "papers", str,
        band=[(2021, 2.0, 2.0), (2023, 1.0, 9.0)],
    )  # fmt: skip
    text = svg(figure.spec, key="k", title="t", description="d")
    assert figure.facts["unlabelled"] == 0
    assert "until now" in text
    ticks = [float(one) for one in re.findall(r">(\d+\.\d)<", text)]
    assert max(ticks) >= 9  # the axis has room for the band
    assert 'opacity="0.2"' in text
