"""What stands around pages that are made of no tables, and the page before any study: the studies that are here."""

from typing import Any

from kakehashi.texts import Language, texts
from kakehashi.web import render
from kakehashi.web.shelf import Shelf, display_name
from kakehashi.web.snapshot import newest
from kakehashi.web.view import View

OWN = ("run", "review", "labels")
"""Pages that only a study of one's own has."""


def frame(language: Language, heading: str, path: str, **values: Any) -> dict[str, Any]:
    """Return what the layout needs around a page that belongs to no study."""
    other = "en" if language == "ja" else "ja"
    return {
        "t": texts(language), "heading": heading, "study_title": "", "synthetic": False, "nav": [], "here": "",
        "menu_open": False, "other": other, "generation": "",
        "other_href": path.replace(f"/{language}/", f"/{other}/", 1), **values,
    }  # fmt: skip


def study_frame(view: View, heading: str, path: str, **values: Any) -> dict[str, Any]:
    """Return what the layout needs around a page of a finished study."""
    settings = view.study.settings.study
    return frame(view.language, heading, path) | {
        "study_title": settings.name, "synthetic": settings.synthetic, "here": view.page,
        "nav": render.navigation(view, () if view.study.is_reference else OWN),
        "generation": view.study.generation[:8], **values,
    }  # fmt: skip


def shelf_page(shelf: Shelf, language: Language, path: str) -> str:
    """List the studies."""
    t = texts(language)
    studies = []
    for name in shelf.names():
        folder = shelf.folder_of(name)
        finished = folder is not None and (newest(folder / ".cache/explorer") or (folder / "manifest.json").exists())
        studies.append(
            {
                "name": name,
                "title": display_name(shelf, name),
                "page": "" if finished else "run",
                "state": t("web.shelf.finished" if finished else "web.shelf.unfinished"),
            }
        )
    values = frame(
        language, t("web.shelf.title"), path, studies=studies, built_in=shelf.references(), makes=not shelf.single,
        hub=render.has_hub(),
    )  # fmt: skip
    return render.environment().get_template("shelf.html.j2").render(**values)
