"""The two ways in. Single-user: no login, and only for what comes from this machine. Server: a session and a role."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from kakehashi.hub.access.accounts import Accounts, Caller, same
from kakehashi.hub.store.errors import HubError

COOKIE = "kakehashi_session"
CSRF = "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")


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

    def caller(self, request: Request, _token: str | None = None) -> Caller:
        """Return the caller. Raises ForbiddenError. There is no session whose token could be asked for."""
        client = request.client.host if request.client else ""
        if not is_loopback(client) or not is_loopback(request.url.hostname or ""):
            raise ForbiddenError("without accounts the hub answers this machine only; start it with accounts")
        check_origin(request)
        return Caller(self.name, "admin")


@dataclass(frozen=True)
class WithAccounts:
    """A session says who asks; whoever changes something shows its token too."""

    accounts: Accounts

    def caller(self, request: Request, token: str | None = None) -> Caller:
        """Return the caller. `token`: that of a form, else the header's. Raises NotLoggedInError, ForbiddenError."""
        session = request.cookies.get(COOKIE)
        found = self.accounts.caller(session) if session else None
        if found is None:
            raise NotLoggedInError("log in first")
        if request.method not in _SAFE:
            check_origin(request)
            if not same(token or request.headers.get(CSRF), found.csrf):
                raise ForbiddenError(f"the header {CSRF} is missing or wrong; send the token that the login gave")
        return found


Door = SingleUser | WithAccounts


def check_origin(request: Request) -> None:
    """Refuse a change that a page of another site sends. Raises ForbiddenError."""
    origin = request.headers.get("origin")
    if request.method in _SAFE:
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
