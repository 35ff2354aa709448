"""What every answer of the explorer keeps to: who may ask, what the browser may do with it, how much may be sent."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from kakehashi.web.errors import error_body

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Guard:
    """Middleware: answers only to loopback names, refuses what another site sends, and sets the headers.

    The Host check keeps a page of the web from reading the study through a name that it makes point here (DNS
    rebinding); the Origin check keeps it from sending forms.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            await send(message)

        host = headers.get(b"host", "")
        if _name(host) not in _LOOPBACK:
            await _refuse(told, 421, "host", "this server answers on the loopback address only, such as 127.0.0.1")
        elif scope["method"] not in ("GET", "HEAD", "POST"):
            await _refuse(told, 405, "method", "GET, HEAD and POST are answered")
        elif scope["method"] == "POST" and not _ours(headers, host):
            await _refuse(told, 403, "origin", "forms are taken from pages of this server only")
        else:
            await self._app(scope, receive, told)


def _name(host: str) -> str:
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    return name if name and port.isdecimal() else host


def _ours(headers: MutableMapping[bytes, str], host: str) -> bool:
    """Tell whether a form comes from a page of this server; browsers say where it comes from."""
    origin = headers.get(b"origin")
    if origin is not None:
        return origin == f"http://{host}"
    return headers.get(b"sec-fetch-site", "none") in ("same-origin", "none")


async def _refuse(send: Send, status: int, code: str, message: str) -> None:
    body = error_body(code, message)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})
