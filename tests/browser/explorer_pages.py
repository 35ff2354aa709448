"""Every page of the explorer, for screenshots and for the checks in a browser."""

import json
import urllib.request
from collections.abc import Iterator

PAGES = (
    "", "map", "map?shown=all&trails=focus", "map?level=institution", "network", "network?level=institution",
    "countries", "institutions", "fields", "compare", "country?id=JP", "field?id=all", "number?id=JP&indicator=papers",
    "works?id=JP", "partners", "advise", "schemes", "schemes?pattern=5", "cases", "economy", "quality", "methods",
    "review", "labels", "documents", "run",
)  # fmt: skip
OUTSIDE = ("/{language}/", "/{language}/new", "/{language}/components")


def addresses(base: str, study: str, language: str) -> Iterator[str]:
    """Yield the address of every page of a study in a language, and of those before any study."""
    yield from (f"{base}{path.format(language=language)}" for path in OUTSIDE)
    here = f"{base}/{language}/s/{study}/"
    yield from (f"{here}{page}" for page in PAGES)
    for page in ("institution", "work"):
        yield f"{here}{_first(here, page)}"


def _first(here: str, page: str) -> str:
    """Return the address of the first institution or work that the study lists."""
    listed = "institutions.json" if page == "institution" else "works.json?id=JP"
    with urllib.request.urlopen(f"{here}{listed}") as answer:  # noqa: S310 -- our own server
        parts = json.load(answer)["parts"]
    table = next(part for part in parts if part["kind"] == "table")
    return str(table["rows"][0][0]["href"])
