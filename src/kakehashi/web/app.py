"""The web application: addresses to pages. `create_app` is all that others need."""

import re
from pathlib import Path

import duckdb
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from kakehashi import __version__
from kakehashi.errors import KakehashiError
from kakehashi.texts import LANGUAGES, Language, texts
from kakehashi.web import deciding, documents, making, networkfiles, render
from kakehashi.web.assets import add_assets
from kakehashi.web.cache import Answer, Answers
from kakehashi.web.catalogue import FORMS, PAGES
from kakehashi.web.components import components_page
from kakehashi.web.edition import edition
from kakehashi.web.errors import failed, missing, told
from kakehashi.web.frontdoor import OWN, shelf_page
from kakehashi.web.guard import Guard
from kakehashi.web.page import NotHere, Page
from kakehashi.web.shelf import Shelf
from kakehashi.web.view import View

_HTML = "text/html; charset=utf-8"
_WHOLE = frozenset({"csv", "xlsx", "json"})
_FRAME = "kakehashi-frame"
"""A header by which our script says which width of picture it can show."""
_CAREFUL = re.compile(r"[^\w.\-]+")


def create_app(folder: Path) -> FastAPI:
    """Make the explorer of a folder: a study, or a folder of studies."""
    app = FastAPI(title="Kakehashi", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.shelf = Shelf(folder)
    app.state.answers = Answers()
    add_assets(app)
    _hub(app)
    making.add_routes(app)
    deciding.add_routes(app)
    documents.add_routes(app)
    _routes(app)
    app.add_middleware(Guard)
    return app


def _hub(app: FastAPI) -> None:
    """Add the hub's pages where its extra is installed: for whoever sits at this machine."""
    if not render.has_hub():
        return
    from kakehashi.hub.access.doors import SingleUser
    from kakehashi.web.hub.house import House
    from kakehashi.web.hub.pages import add_routes

    add_routes(app, House(SingleUser(), app.state.shelf))


def _routes(app: FastAPI) -> None:
    @app.get("/")
    def root(request: Request) -> Response:
        first = request.headers.get("accept-language", "").strip().lower()
        return RedirectResponse("/ja/" if first.startswith("ja") else "/en/", 302)

    @app.get("/{language}/")
    def front(request: Request, language: str) -> Response:
        if language not in LANGUAGES:
            return missing(request, "not_found", "")
        return Response(shelf_page(app.state.shelf, language, request.url.path), media_type=_HTML)

    @app.get("/{language}/components")
    def components(request: Request, language: str) -> Response:
        if language not in LANGUAGES:
            return missing(request, "not_found", "")
        return Response(components_page(language, request.url.path), media_type=_HTML)

    @app.get("/{language}/s/{study}")
    def no_slash(study: str) -> Response:
        return RedirectResponse(f"{study}/", 308)

    @app.get("/{language}/s/{study}/{page}")
    @app.get("/{language}/s/{study}/")
    def study_page(request: Request, language: str, study: str, page: str = "") -> Response:
        name, _, form = page.partition(".")
        if language not in LANGUAGES or name not in PAGES or form not in ("", *FORMS):
            return missing(request, "not_found", form)
        return _answer(app, request, language, study, name, form)

    @app.get("/{rest:path}")
    def nothing(request: Request, rest: str) -> Response:
        return missing(request, "not_found", "json" if rest.endswith(".json") else "")


def _answer(app: FastAPI, request: Request, language: Language, name: str, page: str, form: str) -> Response:
    shelf: Shelf = app.state.shelf
    try:
        study = shelf.open(name)
    except (KakehashiError, OSError, duckdb.Error) as error:
        return failed(request, 500, "unreadable", error, form)
    if study is None:
        return missing(request, "no_study", form)
    params: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        params.setdefault(key, []).append(value)
    frame = request.headers.get(_FRAME, "")
    frame = frame if frame in ("wide", "narrow") else ""
    asked = (name, study.generation, language, page, form, frame, str(request.query_params))
    tag = f'"{__version__}-{edition()}-{study.generation}{frame}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    try:
        answer = app.state.answers.get(
            asked, lambda: _made(View(study, language, page, params, form in _WHOLE, form, frame), request)
        )
    except NotHere as absent:
        return told(request, 404, "not_here", texts(language)(f"web.{absent.text}", **absent.values), form)
    except KakehashiError as error:
        return failed(request, 400, "refused", error, form)
    headers = {"cache-control": "no-cache", "etag": tag, "vary": _FRAME}
    if answer.file:
        headers["content-disposition"] = f'attachment; filename="{answer.file}"'
    return Response(answer.body, media_type=answer.media_type, headers=headers)


def _made(view: View, request: Request) -> Answer:
    study, language, page, form = view.study, view.language, view.page, view.form
    found = PAGES[page](view)
    if not form:
        other = "en" if language == "ja" else "ja"
        path = request.url.path.replace(f"/{language}/", f"/{other}/", 1)
        href = f"{path}?{request.url.query}" if request.url.query else path
        return Answer(
            render.html(found, view, other_href=href, extra=() if study.is_reference else OWN).encode(), _HTML
        )
    body = _formed(found, view, form)
    if body is None:
        raise NotHere("errors.form", form=form)
    file = "" if form == "json" else f"{_CAREFUL.sub('-', study.name)}-{page or 'overview'}.{language}.{form}"
    return Answer(body, FORMS[form], file)


def _formed(page: Page, view: View, form: str) -> bytes | None:
    part = view.get("part")
    if form == "json":
        return render.plain(page, view).encode()
    if form == "csv":
        return render.as_csv(page, part)
    if form == "xlsx":
        return render.as_xlsx(page, part)
    if form == "png":
        return render.as_png(page, part)
    if form in networkfiles.FORMS:
        return networkfiles.body(view, form) if page.id == "network" else None
    drawn = render.as_svg(page, part)
    return None if drawn is None else drawn.encode()
