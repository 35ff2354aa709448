"""The application around the routes: errors in one shape, bodies of bounded size, headers that keep browsers strict."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kakehashi import __version__
from kakehashi.hub.access.doors import Door
from kakehashi.hub.api.errors import failure, install
from kakehashi.hub.api.routes import make_router
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.sheets import MOST_BYTES

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_MOST = {"/import": MOST_BYTES + 100_000, "/login": 10_000}
_MOST_ELSE = 5_000_000
"""How many bytes may be sent: an import, a login, which is read of anybody, and anything else."""


def make_app(hub: Hub, door: Door) -> FastAPI:
    """Make the hub's application. `door`: who is let in. Another may mount it, as `app.mount("/hub", …)`."""
    app = FastAPI(
        title="Kakehashi hub",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        description="Organisations, needs, seeds, matches, projects, cases, KPIs, readiness answers and decisions.",
    )
    install(app)
    app.include_router(make_router(hub, door))
    app.add_middleware(_Bounded)
    return app


class _Bounded:
    """Refuses bodies larger than their route takes, also where no length was announced, and adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = next((size for end, size in _MOST.items() if scope["path"].endswith(end)), _MOST_ELSE)
        taken = 0
        answered = False

        async def bounded() -> Message:
            """Hand on the body up to the bound; what is longer ends there, and its answer is replaced."""
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return message if taken <= most else {"type": "http.request", "body": b"", "more_body": False}

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        async def judged(message: Message) -> None:
            nonlocal answered
            if taken <= most:
                await headed(message)
            elif not answered:
                answered = True
                told = failure("too_large", f"the body is larger than {most / 1e6:g} MB; send less")
                await told(scope, receive, headed)

        await self._app(scope, bounded, judged)
