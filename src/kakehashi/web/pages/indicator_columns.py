"""How the columns of indicators look on every page: title, form of the numbers, unit."""

from collections.abc import Mapping
from types import MappingProxyType

from kakehashi.web.page import Column, Kind
from kakehashi.web.view import View

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "papers_fractional": "fractional", "international_share": "percent", "betweenness": "decimal",
        "eigenvector": "decimal", "activity_index": "decimal",
    }
)  # fmt: skip
"""Form of an indicator's numbers; what is not listed is a whole number."""

_WORKS = ("papers", "papers_fractional", "international_papers")


def indicator_column(view: View, name: str, level: str) -> Column:
    """Make the column of an indicator of countries or institutions."""
    key = f"columns.{name}"
    title = view.t(key) if view.t.has(key) else view.say(key)
    return Column(name, title, KINDS.get(name, "number"), _unit(view, name, level))


def _unit(view: View, name: str, level: str) -> str:
    if name in _WORKS:
        return view.t("units.works")
    if name == "degree":
        return view.t("units.countries" if level == "country" else "units.institutions")
    return ""
