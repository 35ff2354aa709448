"""The page that shows every part that pages and figures are made of: the visual language at a glance."""

from kakehashi.figures import theme
from kakehashi.figures.lines import Series, lines
from kakehashi.figures.scatter import Point, Words, scatter
from kakehashi.report.context import symbol
from kakehashi.texts import Language, Texts, texts
from kakehashi.web import render
from kakehashi.web.drawing import drawn
from kakehashi.web.frontdoor import frame
from kakehashi.web.page import Choice, Column, Drawing, Facts, Form, Links, Ref, Table

_COLOURS = ("ink", "muted", "line", "pale", "accent", "warn", "good", "tint")


def components_page(language: Language, path: str) -> str:
    """Write the page in a language."""
    t = texts(language)
    values = frame(language, t("web.components.title"), path)
    values |= {
        "colours": _COLOURS,
        "regions": [(symbol(one), t(f"regions.{one}.name")) for one in theme.REGIONS if one != "home"],
        "parts_shown": _parts(t), "action": "components", "shown": lambda column, value: render.shown(t, column, value),
        "table_downloads": lambda _: [], "figure_downloads": lambda _: [],
    }  # fmt: skip
    return render.environment().get_template("components.html.j2").render(**values)


def _parts(t: Texts) -> list[tuple[str, object]]:
    def say(key: str) -> str:
        return t(f"web.components.{key}")

    columns = (
        Column("name", t("columns.country")), Column("papers", t("columns.papers"), "number", t("units.works")),
        Column("share", t("columns.international_share"), "percent"),
        Column("score", t("columns.eigenvector"), "decimal"),
    )  # fmt: skip
    rows = (
        (Ref("A", "components"), 12345, 0.2083, 0.4321),
        (Ref("B", "components"), 678, 0.9996, 0.0000321),
        (Ref("C", "components"), None, None, 0.0),
    )
    form = Form(
        (
            Choice("one", say("choice"), "a", (("a", "A"), ("b", "B"))),
            Choice("two", say("text"), "", kind="text", hint=say("hint")),
            Choice("three", say("checks"), ("a",), (("a", "A"), ("b", "B")), "checks"),
        ),
        t("web.choose.show"),
        live=False,
    )
    return [
        (say("facts"), Facts(((say("term"), say("meaning")), (say("term"), Ref(say("link"), "components"))))),
        (say("form"), form),
        (
            say("table"),
            Table("t", say("table"), columns, rows, (say("note"),), emphasis=frozenset({1}), source=say("source")),
        ),
        (say("map"), _map(t, say("map"))),
        (say("lines"), _lines(say("lines"))),
        (say("ways"), Links((Ref(say("link"), "components", say("hint")),), "")),
    ]


def _map(t: Texts, title: str) -> Drawing:
    points = [
        Point("H", 1000, 0.1, "home", True), Point("UR", 9000, 0.6, "upper_right"), Point("UL", 300, 0.3, "upper_left"),
        Point("LR", 4000, 0.05, "lower_right"), Point("C", 700, 0.06, "centre"), Point("LL", 60, 0.004, "lower_left"),
    ]  # fmt: skip
    named = {one: t(f"regions.{one}.short") for one in ("upper_right", "upper_left", "lower_right", "lower_left")}
    words = Words(t("axes.papers_log"), t("axes.eigenvector_log"), t("axes.floor"), named)
    made = [
        drawn(scatter(points, one, words, radius=0.5), f"map-{one.name}", title, title)
        for one in (theme.Frame("wide", 960, 640), theme.NARROW)
    ]
    return Drawing("map", title, made[0], made[1])


def _lines(title: str) -> Drawing:
    series = [
        Series("H", tuple((2016 + n, 10.0 + 3 * n) for n in range(6)), home=True),
        *(Series(name, tuple((2016 + n, base + step * n) for n in range(6)))
          for name, base, step in (("A", 5.0, 4.0), ("B", 20.0, -1.0), ("C", 2.0, 0.5))),
    ]  # fmt: skip
    made = [
        drawn(lines(series, one, "y", lambda value: f"{value:,.0f}"), f"lines-{one.name}", title, title)
        for one in (theme.Frame("wide", 760, 300), theme.Frame("narrow", 340, 260))
    ]
    return Drawing("lines", title, made[0], made[1])
