"""Logging in and out, where the hub is served with accounts."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kakehashi.hub.access.doors import COOKIE, WithAccounts, check_origin
from kakehashi.hub.api.errors import STATUS
from kakehashi.hub.store.errors import HubError
from kakehashi.texts import LANGUAGES, Language, texts
from kakehashi.web import render
from kakehashi.web.frontdoor import frame
from kakehashi.web.hub.house import HTML, Asked, House, changes, too_much

_MOST = 10_000
"""How many bytes of a login are read, which may come from anybody."""


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of the session."""
    if not isinstance(house.door, WithAccounts):
        return
    accounts = house.door.accounts

    @app.get("/{language}/hub/login", include_in_schema=False)
    def form(request: Request, language: str) -> Response:
        return _form(request, "en" if language not in LANGUAGES else language, "", 200)

    @app.post("/{language}/hub/login", include_in_schema=False)
    async def log_in(request: Request, language: str) -> Response:
        spoken: Language = "en" if language not in LANGUAGES else language
        refused = too_much(request, _MOST)
        if refused is not None:
            return refused
        async with request.form(max_files=0, max_fields=5) as given:
            login, password = str(given.get("login", ""))[:100], str(given.get("password", ""))[:200]
        address = request.client.host if request.client else ""
        try:
            check_origin(request)
            token, _ = await run_in_threadpool(accounts.log_in, login, password, address)
        except HubError as error:
            return _form(request, spoken, texts(spoken)(f"hub.login.{error.code}"), STATUS.get(error.code, 400))
        answer = RedirectResponse(f"/{spoken}/hub/", 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
        return answer

    @changes(app, house, "/logout", role="reader")
    def log_out(asked: Asked, given: Mapping[str, str]) -> Response:  # noqa: ARG001 -- the token was looked at
        accounts.log_out(asked.request.cookies.get(COOKIE, ""), asked.caller.name)
        answer = RedirectResponse(f"/{asked.language}/hub/login", 303)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def _form(request: Request, language: Language, refused: str, status: int) -> Response:
    t = texts(language)
    values = frame(language, t("hub.login.title"), request.url.path, refused=refused)
    text = render.environment().get_template("hub_login.html.j2").render(**values)
    return Response(text, status, media_type=HTML, headers={"cache-control": "no-store"})
