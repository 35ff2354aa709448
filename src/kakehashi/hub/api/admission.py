"""Who is let in, asked before the body of a request is read."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from kakehashi.hub.access.accounts import Caller
from kakehashi.hub.access.doors import CSRF, SAFE, Door, ForbiddenError

Allow = Callable[[str], Any]


@dataclass(frozen=True)
class Check:
    """Lets callers of a role through a door."""

    door: Door
    role: str

    def __call__(self, request: Request) -> Caller:
        """Return the caller. Raises NotLoggedInError, ForbiddenError. Who has been looked at is not asked again."""
        if not hasattr(request.state, "caller"):
            found = self.door.enter(request)
            if not found.may(self.role):
                raise ForbiddenError(f"that takes the role {self.role}; yours is {found.role}")
            if request.method not in SAFE:
                self.door.show(found, request.headers.get(CSRF))
            request.state.caller = found
        return request.state.caller  # type: ignore[no-any-return]


def allowing(door: Door) -> Allow:
    """Return what makes a dependency that lets callers of a role through."""
    return lambda role: Depends(Check(door, role))


class CheckedFirst(APIRoute):
    """Asks who is there first of all: FastAPI reads the body of a request before it asks the dependencies."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with its checks before it."""
        handle = super().get_route_handler()
        checks = [one.call for one in self.dependant.dependencies if isinstance(one.call, Check)]

        async def checked(request: Request) -> Response:
            for check in checks:
                await run_in_threadpool(check, request)
            return await handle(request)

        return checked
