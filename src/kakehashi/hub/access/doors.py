"""The two ways in. Single-user: no login, and only for what comes from this machine. Server: a session and a role.

A door is asked twice. `enter` says who asks, by what stands in the head of a request, so that nothing of the body is
read of whoever may not send it; `show` then asks for the token of the login, which a form has in its body.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from kakehashi.hub.access.accounts import Accounts, Caller, same
from kakehashi.hub.store.errors import HubError

COOKIE = "kakehashi_session"
CSRF = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")


class NotLoggedInError(HubError):
    """There is no session, or it has ended."""

    code = "not_logged_in"


class ForbiddenError(HubError):
    """The caller may not do that."""

    code = "forbidden"


@dataclass(frozen=True)
class SingleUser:
    """Everything is allowed to whoever sits at this machine, and nothing to anybody else.

    A page of another site that the browser shows could send requests here as well, or have a name of its own point
    here; so host and origin must be this machine's too.
    """

    name: str = "local"

    def enter(self, request: Request) -> Caller:
        """Return the caller. Raises ForbiddenError."""
        client = request.client.host if request.client else ""
        if not is_loopback(client) or not is_loopback(request.url.hostname or ""):
            raise ForbiddenError("without accounts the hub answers this machine only; start it with accounts")
        check_origin(request)
        return Caller(self.name, "admin")

    def show(self, caller: Caller, token: str | None) -> None:
        """Ask for nothing: there is no session whose token could be asked for."""


@dataclass(frozen=True)
class WithAccounts:
    """A session says who asks; whoever changes something shows its token too."""

    accounts: Accounts

    def enter(self, request: Request) -> Caller:
        """Return the caller. Raises NotLoggedInError, ForbiddenError."""
        session = request.cookies.get(COOKIE)
        found = self.accounts.caller(session) if session else None
        if found is None:
            raise NotLoggedInError("log in first")
        check_origin(request)
        return found

    def show(self, caller: Caller, token: str | None) -> None:
        """Compare the token that a change carries with that of the login. Raises ForbiddenError."""
        if not same(token, caller.csrf):
            raise ForbiddenError(f"the header {CSRF} is missing or wrong; send the token that the login gave")


Door = SingleUser | WithAccounts


def check_origin(request: Request) -> None:
    """Refuse a change that a page of another site sends. Raises ForbiddenError."""
    origin = request.headers.get("origin")
    if request.method in SAFE:
        return
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForbiddenError("the request comes from a page of another site")
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise ForbiddenError("the request comes from a page of another site")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    name = host.strip("[]").rstrip(".").casefold()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
