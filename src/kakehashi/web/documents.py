"""Documents of a study, written and taken in the browser: the formats and languages of `kakehashi report`."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kakehashi.errors import KakehashiError
from kakehashi.report.build import file_name
from kakehashi.report.writing import FORMATS
from kakehashi.texts import LANGUAGES, Language, Texts, texts
from kakehashi.web import render, runs
from kakehashi.web.cliwords import said
from kakehashi.web.errors import missing
from kakehashi.web.frontdoor import frame, study_frame
from kakehashi.web.problems import of, problem
from kakehashi.web.shelf import Shelf, display_name
from kakehashi.web.snapshot import generation
from kakehashi.web.view import View

_HTML = "text/html; charset=utf-8"
_JOB = "documents"
_FOLDER = "report"
_FILES: Mapping[str, tuple[Language, str]] = MappingProxyType(
    {file_name(language, form): (language, form) for form in FORMATS for language in LANGUAGES}
)
"""All that is ever served of the folder: an address can name nothing else."""
_STEPS = ("chapters", "documents")
_BOXES = 50


def add_routes(app: FastAPI) -> None:
    """Add the addresses under which documents are written and taken."""
    shelf: Shelf = app.state.shelf

    @app.get("/{language}/s/{study}/documents")
    @app.get("/{language}/s/{study}/documents.json")
    def look(request: Request, language: str, study: str) -> Response:
        form = "json" if request.url.path.endswith(".json") else ""
        folder = shelf.folder_of(study)
        if language not in LANGUAGES or (folder is None and (form or study not in shelf.references())):
            return missing(request, "no_study", form)
        if folder is not None and form:
            state = runs.state(folder, _JOB)
            return Response(json.dumps(state, ensure_ascii=False), media_type="application/json")
        return Response(_page(request, shelf, study, language, ""), media_type=_HTML)

    @app.post("/{language}/s/{study}/documents")
    async def act(request: Request, language: str, study: str) -> Response:
        folder = shelf.folder_of(study)
        if language not in LANGUAGES or folder is None:
            return missing(request, "no_study", "")
        async with request.form(max_files=0, max_fields=_BOXES) as form:
            given = {key: [str(one) for one in form.getlist(key)] for key in ("action", "format", "language")}
        refused = await run_in_threadpool(_act, folder, given, texts(language))
        if refused:
            text = await run_in_threadpool(_page, request, shelf, study, language, refused)
            return Response(text, 400, media_type=_HTML)
        return RedirectResponse(f"/{language}/s/{study}/documents", 303)

    @app.get("/{language}/s/{study}/documents/{name}")
    def take(request: Request, language: str, study: str, name: str) -> Response:
        folder = shelf.folder_of(study)
        if language not in LANGUAGES or folder is None or name not in _FILES or not _is_there(folder / _FOLDER / name):
            return missing(request, "not_found", "")
        # A report's style stands in the page itself, which the policy of this server forbids: it is taken, not opened.
        return FileResponse(
            folder / _FOLDER / name, filename=f"{folder.name}-{name}", headers={"cache-control": "no-cache"}
        )


def _is_there(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _act(folder: Path, given: Mapping[str, Sequence[str]], t: Texts) -> str:
    """Start or stop the writing; return why not, empty where it is done."""
    if "stop" in given["action"]:
        runs.stop(folder, _JOB)
        return ""
    formats = [one for one in FORMATS if one in given["format"]]
    languages = [one for one in LANGUAGES if one in given["language"]]
    if not formats or not languages:
        return t("web.documents.nothing_chosen")
    if runs.state(folder, _JOB)["status"] == "running":
        return t("web.documents.busy")
    try:
        if generation(folder) is None:
            return t("web.documents.not_run")
        runs.start(folder, _JOB, ",".join(formats), ",".join(languages))
    except (KakehashiError, OSError) as refused:
        return of(refused, t.language).text
    return ""


def _page(request: Request, shelf: Shelf, name: str, language: Language, refused: str) -> str:
    t = texts(language)
    folder = shelf.folder_of(name)
    opened = shelf.open(name)
    values: dict[str, Any] = {"refused": refused, "why_not": "", "to_run": False, "files": [], "steps": []}
    values["state"] = state = {"status": "none"} if folder is None else runs.state(folder, _JOB)
    if folder is None:
        values["why_not"] = t("web.documents.built_in", study=name)
    else:
        values["files"] = _listed(folder, t)
        values["to_run"] = generation(folder) is None
        values["why_not"] = t("web.documents.not_run") if values["to_run"] else ""
    running = state["status"] == "running"
    values |= {
        "running": running,
        "trouble": problem(state.get("kind", ""), state.get("message", ""), language),
        "stages": _steps(state, t) if running else [],
        "formats": [(one, t(f"web.documents.formats.{one}")) for one in FORMATS],
        "languages": [(one, t(f"web.documents.languages.{one}")) for one in LANGUAGES],
    }  # fmt: skip
    heading = t("web.documents.title")
    if opened is None:
        values = frame(language, heading, request.url.path) | values | {"study_title": display_name(shelf, name)}
    else:
        values = study_frame(View(opened, language, "documents", {}), heading, request.url.path, **values)
    return render.environment().get_template("documents.html.j2").render(**values)


def _listed(folder: Path, t: Texts) -> list[dict[str, Any]]:
    """Return the documents that are there, and whether the study was run since."""
    manifest = folder / "manifest.json"
    ran = manifest.stat().st_mtime if manifest.exists() else 0.0
    found = []
    for name, (language, form) in _FILES.items():
        path = folder / _FOLDER / name
        if _is_there(path):
            seen = path.stat()
            found.append(
                {
                    "name": name, "format": t(f"web.documents.formats.{form}"),
                    "language": t(f"web.documents.languages.{language}"), "size": render.file_size(seen.st_size),
                    "written": time.strftime("%Y-%m-%d %H:%M", time.localtime(seen.st_mtime)),
                    "old": seen.st_mtime < ran,
                }
            )  # fmt: skip
    return found


def _steps(state: Mapping[str, Any], t: Texts) -> list[dict[str, Any]]:
    """Return the steps of the writing for the list of stages."""
    step = state.get("step") or {}
    now = _STEPS.index(step["name"]) if step.get("name") in _STEPS else 0
    return [
        {
            "name": said(f"step_{name}", t.language), "told": "",
            "look": "done" if place < now else "now" if place == now else "waiting",
            "share": runs.share(step) if place == now else None,
        }
        for place, name in enumerate(_STEPS)
    ]  # fmt: skip
