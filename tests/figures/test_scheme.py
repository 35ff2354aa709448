"""Scheme diagrams: every pattern drawn from its axis values, the same in both languages, nothing outside the page."""

import re
import xml.etree.ElementTree as ET

import pytest

from kakehashi.figures.labels import text_width
from kakehashi.figures.scheme import (
    NARROW_SCHEME,
    WIDE_SCHEME,
    Diagram,
    description,
    pattern_diagram,
    scheme,
)
from kakehashi.knowledge.derive import seen_from_home
from kakehashi.knowledge.patterns import patterns
from kakehashi.texts import texts

SVG = "{http://www.w3.org/2000/svg}"
WAYS = [(number, way) for number, pattern in patterns().items() for way in range(len(seen_from_home(pattern)))]


def drawn(number, language="en", page=WIDE_SCHEME, names=("Japan", "Australia"), way=0):
    diagram = pattern_diagram(patterns()[number], texts(language), names, way)
    return ET.fromstring(scheme(diagram, texts(language), page, key="k", title="Pattern"))  # noqa: S314


def labels(tree):
    return [node.text for node in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize(("number", "way"), WAYS)
def test_a_diagram_shows_who_pays_agrees_reviews_and_researches_as_the_axis_values_say(number, way):
    pattern = patterns()[number]
    seen = seen_from_home(pattern)[way].views
    said = labels(drawn(number, way=way))
    sides = {"both": 2, "joint": 2, "home": 1, "partner": 1, "none": 0}
    paying = "voluntary" if pattern.funding == "both_voluntary" else "pays"
    assert said.count(paying) == sides[seen["funding"]]
    assert said.count("Agreement") == (seen["government"] == "both")
    assert said.count("Joint agency") == (seen["agency"] == "joint")
    assert said.count("Cooperation") == (seen["agency"] == "both")
    assert said.count("Joint research") == (seen["researchers"] == "both")
    assert said.count("Research site") == sides[seen["research_site"]]
    guests = seen["research_site"] != "both" and seen["researchers"] in ("both", guest(seen))
    assert said.count("to the site") == guests
    absent = sum(2 - sides[seen[axis]] for axis in ("government", "agency", "researchers"))
    assert said.count("not involved") == absent


def guest(seen):
    """The side that does not host."""
    return {"home": "partner", "partner": "home"}.get(seen["research_site"])


def test_the_site_stands_on_the_side_of_the_host():
    def site_x(way):
        return [float(node.get("x")) for node in drawn(10, way=way).iter(f"{SVG}text") if node.text == "Research site"]

    assert site_x(0)[0] > WIDE_SCHEME.width / 2 > site_x(1)[0]


def test_all_patterns_look_different():
    assert len({ET.tostring(drawn(number)) for number in patterns()}) == 12


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", [WIDE_SCHEME, NARROW_SCHEME], ids=lambda page: page.name)
@pytest.mark.parametrize(
    "names", [None, ("Bosnia and Herzegovina", "United Arab Emirates"), ("日本", "ボスニア・ヘルツェゴビナ")]
)
@pytest.mark.parametrize(("number", "way"), WAYS)
def test_no_text_leaves_the_page(number, way, names, page, language):
    for node in drawn(number, language, page, names, way).iter(f"{SVG}text"):
        width = text_width(node.text, float(node.get("font-size")))
        x = float(node.get("x")) - width * {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor")]
        assert 0 <= x <= page.width - width, node.text


@pytest.mark.parametrize("number", patterns())
def test_the_same_diagram_gives_the_same_bytes_and_ids_begin_with_the_key(number):
    diagram = pattern_diagram(patterns()[number], texts("ja"))
    first, second = (scheme(diagram, texts("ja"), WIDE_SCHEME, key="a", title="T") for _ in range(2))
    assert first == second
    assert set(re.findall(r'id="([^"]+)"', scheme(diagram, texts("ja"), WIDE_SCHEME, key="x", title="T"))) == {
        "x-title", "x-desc",
    }  # fmt: skip


def test_names_and_titles_are_escaped():
    diagram = Diagram(seen_from_home(patterns()[1])[0], False, "A & B", "<C>")
    tree = ET.fromstring(scheme(diagram, texts("en"), WIDE_SCHEME, key="k", title="<T> & more"))  # noqa: S314
    assert {"A & B", "<C>"} <= set(labels(tree))
    assert tree.find(f"{SVG}title").text == "<T> & more"


@pytest.mark.parametrize(
    ("language", "names", "wanted"),
    [
        (
            "en",
            ("Japan", "Laos"),
            "Funding: Both sides pay. Research site: In Japan. Governments: Both governments. "
            "Agencies: A joint agency. Researchers: Researchers of both sides. Each side pays what it chooses.",
        ),
        (
            "ja",
            ("日本", "ラオス"),
            "資金：双方が負担。研究場所：日本。政府の関与：双方の政府。対応機関の関与：合同の機関。"
            "研究者の関与：双方の研究者。資金は各国の任意による。",
        ),
    ],
)
def test_the_description_says_all_five_axes(language, names, wanted):
    assert description(pattern_diagram(patterns()[5], texts(language), names), texts(language)) == wanted
