"""Studies made and run from the browser: upload, look, choose, run, watch, stop, go on."""

import json
import shutil
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from kakehashi.errors import KakehashiError
from kakehashi.knowledge.areas import country_codes
from kakehashi.names import country_name, taxonomy_name
from kakehashi.pipeline import STAGES
from kakehashi.report import codes
from kakehashi.study import Study
from kakehashi.texts import LANGUAGES, Language, Texts, texts
from kakehashi.web import render, runs, uploads
from kakehashi.web.cliwords import said
from kakehashi.web.editing import change
from kakehashi.web.frontdoor import frame, study_frame
from kakehashi.web.problems import of, problem
from kakehashi.web.shelf import Shelf, display_name, safe_name
from kakehashi.web.view import View

_HTML = "text/html; charset=utf-8"
_TAXONOMIES = ("ict8", "openalex", "none")
_FILES = 2_000
EXPORTS = "exports"


class Refused(Exception):  # noqa: N818 -- an answer to the person at the form
    """What was sent cannot be used; the text says why."""


def add_routes(app: FastAPI) -> None:
    """Add the addresses under which studies are made and run."""
    shelf: Shelf = app.state.shelf

    @app.get("/{language}/new")
    def new(request: Request, language: str) -> Response:
        if language not in LANGUAGES or shelf.single:
            return RedirectResponse("/", 303)
        return Response(_new_page(request, language, ""), media_type=_HTML)

    @app.post("/{language}/new")
    async def create(request: Request, language: str) -> Response:
        if language not in LANGUAGES or shelf.single:
            return RedirectResponse("/", 303)
        try:
            async with _form(request, shelf.folder, texts(language)) as form:
                name = await run_in_threadpool(_create, shelf, form, texts(language))
        except (Refused, KakehashiError, OSError) as refused:
            return Response(_new_page(request, language, _said(refused, language)), 400, media_type=_HTML)
        return RedirectResponse(f"/{language}/s/{name}/run", 303)

    @app.get("/{language}/s/{study}/run")
    @app.get("/{language}/s/{study}/run.json")
    def look(request: Request, language: str, study: str) -> Response:
        folder = shelf.folder_of(study)
        if folder is None or language not in LANGUAGES:
            return RedirectResponse(f"/{language if language in LANGUAGES else 'en'}/", 303)
        if request.url.path.endswith(".json"):
            return Response(json.dumps(runs.state(folder), ensure_ascii=False), media_type="application/json")
        return Response(_run_page(request, shelf, folder, language, ""), media_type=_HTML)

    @app.post("/{language}/s/{study}/run")
    async def act(request: Request, language: str, study: str) -> Response:
        folder = shelf.folder_of(study)
        if folder is None or language not in LANGUAGES:
            return RedirectResponse("/", 303)
        try:
            async with _form(request, folder, texts(language)) as form:
                await run_in_threadpool(_act, folder, form, texts(language))
        except (Refused, KakehashiError, OSError) as refused:
            text = await run_in_threadpool(_run_page, request, shelf, folder, language, _said(refused, language))
            return Response(text, 400, media_type=_HTML)
        return RedirectResponse(f"/{language}/s/{study}/run", 303)


def _said(refused: Exception, language: Language) -> str:
    """Say why not; what the forms refuse themselves is said already."""
    return str(refused) if isinstance(refused, Refused) else of(refused, language).text


def _form(request: Request, folder: Path, t: Texts) -> Any:
    """Take the form, files to disk; one that is too large for us or for the disk is refused before it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise Refused(t("web.new.no_length"))
    if int(length) > uploads.MOST_BYTES:
        raise Refused(t("web.new.too_large", most=uploads.MOST_BYTES // 1024**3))
    if 2 * int(length) > shutil.disk_usage(folder).free:
        raise Refused(t("web.new.no_room"))
    return request.form(max_files=_FILES, max_fields=200)


def _create(shelf: Shelf, form: FormData, t: Texts) -> str:
    name = safe_name(str(form.get("name", "")))
    if name is None or name in shelf.references():
        raise Refused(t("web.new.bad_name"))
    folder = shelf.folder / name
    if folder.exists():
        raise Refused(t("web.new.taken", name=name))
    home = str(form.get("home", ""))
    if home not in country_codes():
        raise Refused(t("web.new.bad_home"))
    with uploads.unfinished(shelf.folder) as aside:
        new = aside / name
        refused = _keep(form, new / EXPORTS, t)
        if not any((new / EXPORTS).iterdir()):
            raise Refused(" ".join(refused) or t("web.new.no_files"))
        _choose(Study.create(new, home, [new / EXPORTS]).folder, form)
        if refused:
            (new / ".cache").mkdir(exist_ok=True)
            (new / ".cache/refused.txt").write_text("\n".join(refused), encoding="utf-8")
        try:
            new.rename(folder)
        except OSError as error:
            if folder.exists():  # made by somebody else meanwhile
                raise Refused(t("web.new.taken", name=name)) from error
            raise
    return name


def _choose(folder: Path, form: FormData) -> None:
    changes: list[tuple[str, str, Any]] = []
    home, taxonomy = str(form.get("home", "")), str(form.get("taxonomy", ""))
    if home in country_codes():
        changes.append(("study", "home", home))
    if taxonomy in _TAXONOMIES:
        changes.append(("fields", "taxonomy", taxonomy))
    for key in ("first_year", "last_year"):
        year = str(form.get(key, ""))
        if year.isdecimal() and len(year) == len("2020"):
            changes.append(("study", key, int(year)))
    if changes:
        change(folder / "study.toml", *changes)


def _keep(form: FormData, folder: Path, t: Texts) -> list[str]:
    """Keep the files of a form, and say which were refused and why."""
    folder.mkdir(parents=True, exist_ok=True)
    refused = []
    for one in form.getlist("files"):
        if not isinstance(one, UploadFile) or not one.filename:
            continue
        path = uploads.keep(one.file, one.filename, folder)
        seen = uploads.look(path)
        if seen.refusal or not seen.formats:
            path.unlink()
            refused.append(t("web.new.refused", name=seen.name, why=_why(seen, t)))
    return refused


def _act(folder: Path, form: FormData, t: Texts) -> None:
    action = str(form.get("action", ""))
    if action == "stop":
        runs.stop(folder)
        return
    if runs.state(folder)["status"] in ("running", "elsewhere"):
        raise Refused(t("web.run.busy"))
    if action == "add":
        refused = _keep(form, folder / EXPORTS, t)
        if refused:
            raise Refused(" ".join(refused))
    elif action == "choose":
        _choose(folder, form)
    elif action == "start":
        (folder / ".cache/refused.txt").unlink(missing_ok=True)
        runs.start(folder)


def _homes(t: Texts) -> list[tuple[str, str]]:
    return sorted(((code, country_name(code, t.language)) for code in country_codes()), key=lambda pair: pair[1])


def _taxonomies(t: Texts) -> list[tuple[str, str]]:
    return [(one, t("web.new.no_taxonomy") if one == "none" else taxonomy_name(one, t)) for one in _TAXONOMIES]


def _new_page(request: Request, language: Language, refused: str) -> str:
    t = texts(language)
    values = frame(
        language, t("web.new.title"), request.url.path, refused=refused, homes=_homes(t), taxonomies=_taxonomies(t),
        most=uploads.MOST_BYTES // 1024**3,
    )  # fmt: skip
    return render.environment().get_template("new.html.j2").render(**values)


def _run_page(request: Request, shelf: Shelf, folder: Path, language: Language, refused: str) -> str:
    t = texts(language)
    found = runs.state(folder)
    settings = Study(folder).settings
    opened = shelf.open(folder.name)
    finished = opened is not None
    if finished and found["status"] == "none":  # run from the command line
        found["status"] = "finished"
    left = folder / ".cache/refused.txt"
    heading = t("web.nav.run")
    if opened is None:
        values = frame(language, heading, request.url.path)
    else:
        values = study_frame(View(opened, language, "run", {}), heading, request.url.path)
    values |= {
        "refused": refused or (left.read_text(encoding="utf-8") if left.exists() else ""),
        "files": [_file(one, t) for one in uploads.listed(folder / EXPORTS)] if found["status"] != "running" else [],
        "own_sources": [one.path for one in settings.sources if Path(one.path) != folder / EXPORTS],
        "state": found, "trouble": problem(found.get("kind", ""), found.get("message", ""), language),
        "running": found["status"] in ("running", "elsewhere"), "stages": _stages(found, t),
        "finished": finished, "settings": settings, "homes": _homes(t), "taxonomies": _taxonomies(t),
        "home_name": country_name(settings.study.home, language),
    }  # fmt: skip
    values["study_title"] = display_name(shelf, folder.name)
    return render.environment().get_template("run.html.j2").render(**values)


def _file(seen: uploads.Seen, t: Texts) -> dict[str, str]:
    formats = [codes.label("formats", one, t.language) or one for one in seen.formats]
    told = t.listing(formats) if formats and not seen.refusal else _why(seen, t)
    return {
        "name": seen.name,
        "size": render.file_size(seen.bytes),
        "what": told,
        "bad": "" if formats and not seen.refusal else "yes",
    }


def _why(seen: uploads.Seen, t: Texts) -> str:
    """Say why a file is refused."""
    if not seen.refusal:
        return t("web.new.unknown_format")
    meant = codes.meaning("refusals", seen.code, t.language) if t.language != "en" else None
    return meant or problem("OSError", seen.refusal, t.language).text


def _stages(found: dict[str, Any], t: Texts) -> list[dict[str, Any]]:
    done = {one["name"]: one for one in found.get("stages", ())}
    step = found.get("step") or {}
    listed = []
    for stage in (*(one.name for one in STAGES), "pages"):
        name = t("web.run.pages") if stage == "pages" else said(f"stage_{stage}", t.language)
        entry: dict[str, Any] = {"name": name, "look": "waiting", "told": "", "share": None}
        if stage in done:
            seconds = done[stage]["seconds"]
            entry["look"] = "done"
            entry["told"] = t("web.run.fresh") if seconds is None else t("web.run.seconds", n=seconds)
        elif found.get("status") == "finished":
            entry["look"] = "done"
        elif found.get("stage") == stage and found.get("status") == "running":
            entry["look"] = "now"
            if step:
                entry["told"] = said(f"step_{step['name']}", t.language)
                entry["share"] = runs.share(step)
        listed.append(entry)
    return listed
