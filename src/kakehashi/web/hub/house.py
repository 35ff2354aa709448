"""What all pages of the hub share: the database, who asks, the frame around a page, and errors told as pages."""

import secrets
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from kakehashi.errors import KakehashiError
from kakehashi.hub.access.accounts import Caller, same
from kakehashi.hub.access.doors import Door, ForbiddenError, NotLoggedInError, WithAccounts
from kakehashi.hub.api.errors import STATUS
from kakehashi.hub.store.errors import HubError, NotFoundError
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.sheets import MOST_BYTES as MOST_OF_FILE
from kakehashi.texts import LANGUAGES, Language, Texts, texts
from kakehashi.web import render
from kakehashi.web.frontdoor import frame
from kakehashi.web.problems import Problem, of
from kakehashi.web.shelf import Shelf

HTML = "text/html; charset=utf-8"
MOST_FIELDS = 500
MOST_BYTES = 1_000_000
LONGEST = 12_000
GROUPS = (
    ("ask", ("", "match", "kpi", "readiness")),
    ("registers", ("organisations", "needs", "seeds", "matches", "projects", "cases", "kpi_definitions", "people")),
    ("keeping", ("changes", "accounts", "everything")),
)
EDITORS_ONLY = ("people",)
"""Registers that readers do not see."""
ADMINS_ONLY = ("accounts", "everything")


class House:
    """The hub behind the pages. `shelf`: the studies that needs are matched with, if any are served."""

    def __init__(self, door: Door, shelf: Shelf | None, hub: Hub | None = None) -> None:
        self.door = door
        self.shelf = shelf
        self._hub = hub
        self._lock = threading.Lock()
        self._token = secrets.token_urlsafe(24)

    @property
    def hub(self) -> Hub:
        """The database, opened when it is first asked for. Raises HubError."""
        with self._lock:
            if self._hub is None:
                self._hub = Hub(create=True)
            return self._hub

    def enter(self, request: Request, role: str) -> Caller:
        """Return who asks, if of the role; nothing of a form is read. Raises NotLoggedInError, ForbiddenError."""
        found = self.door.enter(request)
        if not found.may(role):
            raise ForbiddenError(f"that takes the role {role}; yours is {found.role}")
        return found

    def show(self, caller: Caller, token: str) -> None:
        """Look at the token that a form carries. Raises ForbiddenError."""
        self.door.show(caller, token)
        if not same(token, self.token(caller)):
            raise ForbiddenError("the form has ended or is not of this server; open the page again")

    def token(self, caller: Caller) -> str:
        """Return the token that forms carry."""
        return caller.csrf or self._token


@dataclass(frozen=True)
class Asked:
    """One request for a page of the hub."""

    house: House
    request: Request
    language: Language
    caller: Caller

    @property
    def t(self) -> Texts:
        """The texts."""
        return texts(self.language)

    @property
    def hub(self) -> Hub:
        """The database."""
        return self.house.hub

    def address(self, *parts: str) -> str:
        """Return the address of a page of the hub."""
        return "/".join((f"/{self.language}/hub", *parts))

    def page(self, template: str, heading: str, status: int = 200, **values: Any) -> Response:
        """Write a page."""
        path = self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else "")
        around = frame(self.language, heading, path) | {
            "nav": navigation(self), "here": self.address(self.request.url.path.split("/")[3] or ""),
            "csrf": self.house.token(self.caller),
            "edits": self.caller.may("editor"), "hub_root": self.address(),
            "account": self.caller.name if isinstance(self.house.door, WithAccounts) else "",
            "shown": lambda column, value: render.shown(self.t, column, value),
        }  # fmt: skip
        text = render.environment().get_template(template).render(**around, **values)
        return Response(text, status, media_type=HTML, headers={"cache-control": "no-store"})


def navigation(asked: Asked) -> list[dict[str, Any]]:
    """Return the groups of links beside every page of the hub, without what the caller may not see."""
    hidden = set() if asked.caller.may("editor") else set(EDITORS_ONLY)
    hidden |= set() if asked.caller.may("admin") else set(ADMINS_ONLY)
    hidden |= set() if isinstance(asked.house.door, WithAccounts) else {"accounts"}
    hidden |= set() if asked.house.shelf is not None else {"match"}
    t = asked.t
    return [
        {
            "title": t(f"hub.groups.{group}"),
            "links": [(asked.address(page), t(f"hub.pages.{page or 'front'}")) for page in pages if page not in hidden],
        }
        for group, pages in GROUPS
        if not hidden.issuperset(pages)
    ]


Show = Callable[..., Response]


def shows(app: FastAPI, house: House, path: str, role: str = "reader") -> Callable[[Show], Show]:
    """Make a function of Asked, and of the address's places, the answer to GET at an address of the hub."""

    def made(function: Show) -> Show:
        def answer(request: Request) -> Response:
            asked = _entered(house, request, role)
            return _answered(asked, function) if isinstance(asked, Asked) else asked

        app.get(f"/{{language}}/hub{path}", include_in_schema=False)(answer)
        return function

    return made


def changes(app: FastAPI, house: House, path: str, role: str = "editor") -> Callable[[Show], Show]:
    """Make a function of Asked, the form's values and the address's places the answer to POST at an address."""

    async def values(request: Request) -> tuple[str, dict[str, Any]]:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            given = {key: str(value)[:LONGEST] for key, value in form.items()}
        return given.get("csrf", ""), {"given": given}

    return _taking(app, house, path, role, MOST_BYTES, values)


def receives(app: FastAPI, house: House, path: str, role: str) -> Callable[[Show], Show]:
    """Make a function of Asked, a file's name and its content the answer to a form with one file."""

    async def file(request: Request) -> tuple[str, dict[str, Any]]:
        async with request.form(max_files=1, max_fields=5) as form:
            sent = form.get("file")
            name = sent.filename if isinstance(sent, UploadFile) else ""
            content = await sent.read() if isinstance(sent, UploadFile) else b""
            return str(form.get("csrf", ""))[:LONGEST], {"name": name or "", "content": content}

    return _taking(app, house, path, role, MOST_BYTES + MOST_OF_FILE, file)


Read = Callable[[Request], Coroutine[Any, Any, tuple[str, dict[str, Any]]]]


def _taking(app: FastAPI, house: House, path: str, role: str, most: int, read: Read) -> Callable[[Show], Show]:
    """Make a function the answer to a form, of which nothing is read before it is clear who sends how much."""

    def made(function: Show) -> Show:
        async def answer(request: Request) -> Response:
            asked = await run_in_threadpool(_entered, house, request, role)
            if not isinstance(asked, Asked):
                return asked
            refused = too_much(request, most)
            if refused is not None:
                return refused
            token, given = await read(request)
            return await run_in_threadpool(_answered, asked, function, token, given)

        app.post(f"/{{language}}/hub{path}", include_in_schema=False)(answer)
        return function

    return made


def too_much(request: Request, most: int) -> Response | None:
    """Refuse what is longer than `most` bytes, or does not say how long it is. Nothing of it was read."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= most:
        return None
    language: Language = "ja" if request.url.path.startswith("/ja/") else "en"
    return refusal(request, language, texts(language)("hub.too_much", most=most // 1_000_000), 413)


def _entered(house: House, request: Request, role: str) -> Asked | Response:
    """Return the request and who asks, or why they are turned away."""
    language = request.path_params.get("language", "en")
    if language not in LANGUAGES:
        return RedirectResponse("/en/hub/", 303)
    try:
        return Asked(house, request, language, house.enter(request, role))
    except NotLoggedInError:
        return RedirectResponse(f"/{language}/hub/login", 303)
    except HubError as error:
        return refusal(request, language, error)
    except SQLAlchemyError as error:
        return _unavailable(request, language, error)


def _answered(
    asked: Asked, function: Show, token: str | None = None, given: Mapping[str, Any] | None = None
) -> Response:
    """Answer a page, or with a token the form that carries it."""
    request, language = asked.request, asked.language
    places = {name: value for name, value in request.path_params.items() if name != "language"}
    try:
        if token is not None:
            asked.house.show(asked.caller, token)
        return function(asked, **(given or {}), **places)
    except HubError as error:
        return refusal(request, language, error)
    except KakehashiError as error:
        return refusal(request, language, error, 400)
    except SQLAlchemyError as error:
        return _unavailable(request, language, error)


def _unavailable(request: Request, language: Language, error: SQLAlchemyError) -> Response:
    return refusal(request, language, f"the database cannot be used: {type(error).__name__}", 503)


def refusal(request: Request, language: Language, error: object, status: int | None = None) -> Response:
    """Tell on a page why not."""
    found = status or STATUS.get(getattr(error, "code", ""), 400)
    t = texts(language)
    if isinstance(error, NotFoundError):
        trouble = Problem(t("web.errors.not_found"))
    else:
        trouble = of(error, language) if isinstance(error, BaseException) else Problem(str(error))
    values = frame(language, t("web.errors.heading"), request.url.path, trouble=trouble)
    return Response(render.environment().get_template("error.html.j2").render(**values), found, media_type=HTML)
