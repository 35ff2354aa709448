"""All pages of the hub under one call, and the server for many: pages and the JSON API behind accounts."""

from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kakehashi.hub.access.doors import Door
from kakehashi.hub.api import make_app
from kakehashi.hub.store.hub import Hub
from kakehashi.web.assets import add_assets
from kakehashi.web.guard import HEADERS
from kakehashi.web.hub import judged, keeping, log, manyrows, matching, registers, serving, session
from kakehashi.web.hub.house import House
from kakehashi.web.shelf import Shelf


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of all pages; the registers last, for theirs fit any name."""

    @app.get("/{language}/hub", include_in_schema=False)
    def no_slash(language: str) -> Response:
        return RedirectResponse(f"/{'ja' if language == 'ja' else 'en'}/hub/", 308)

    session.add_routes(app, house)
    matching.add_routes(app, house)
    serving.add_routes(app, house)
    judged.add_routes(app, house)
    keeping.add_routes(app, house)
    log.add_routes(app, house)
    manyrows.add_routes(app, house)
    registers.add_routes(app, house)


def make_server(hub: Hub, door: Door, shelf: Shelf | None) -> FastAPI:
    """Make the application that is served to many: the pages, and the JSON API as it is without them."""
    app = FastAPI(title="Kakehashi hub", docs_url=None, redoc_url=None, openapi_url=None)
    add_assets(app)

    @app.get("/", include_in_schema=False)
    @app.get("/{language}/", include_in_schema=False)
    def root(request: Request, language: str = "") -> Response:
        first = language or request.headers.get("accept-language", "").strip().lower()
        return RedirectResponse("/ja/hub/" if first.startswith("ja") else "/en/hub/", 302)

    add_routes(app, House(door, shelf, hub))
    app.mount("/", make_app(hub, door))
    app.add_middleware(_Headed)
    return app


class _Headed:
    """Adds the headers of pages to what has none of its own, as the API has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                here = list(message.get("headers", []))
                known = {name.lower() for name, _ in here}
                message = {**message, "headers": [*here, *(one for one in HEADERS if one[0] not in known)]}
            await send(message)

        await self._app(scope, receive, told if scope["type"] == "http" else send)
