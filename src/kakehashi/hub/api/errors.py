"""One shape for every error: `{"error": {"code", "message", "fields"}}`."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from kakehashi.errors import DataError, KakehashiError, MissingExtraError, SettingsError
from kakehashi.hub.access.accounts import WINDOW
from kakehashi.hub.store.errors import HubError, InvalidError

STATUS = {
    "refused": 400, "login_failed": 401, "not_logged_in": 401, "forbidden": 403, "not_found": 404, "conflict": 409,
    "referenced": 409, "too_large": 413, "invalid": 422, "too_many": 429, "unavailable": 503,
}  # fmt: skip
_BY_STATUS = {401: "not_logged_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class Problem(BaseModel):
    """What went wrong: a code for programs, a message for people, and the fields that are wrong, if any."""

    code: str
    message: str
    fields: dict[str, str] | None = None


class Failure(BaseModel):
    """The shape of every error."""

    error: Problem


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure} for status in (400, 401, 403, 404, 409, 413, 422, 429)
}


def failure(code: str, message: str, fields: dict[str, str] | None = None, status: int | None = None) -> JSONResponse:
    """Return an error in its shape."""
    content = Failure(
        error=Problem(
            code=code, message=clean(message), fields=fields and {clean(k): clean(v) for k, v in fields.items()}
        )
    )
    headers = {"Retry-After": str(int(WINDOW.total_seconds()))} if code == "too_many" else None
    return JSONResponse(content.model_dump(), status or STATUS.get(code, 400), headers)


def clean(text: str) -> str:
    """Replace what cannot be written as UTF-8: a message may quote what was sent."""
    return text.encode("utf-8", "replace").decode()


def install(app: FastAPI) -> None:
    """Let an application answer errors in their shape."""

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        fields = {".".join(str(part) for part in one["loc"]): str(one["msg"]) for one in error.errors()}
        return failure("invalid", "; ".join(f"{name}: {told}" for name, told in fields.items()), fields)

    @app.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> JSONResponse:
        code = _BY_STATUS.get(error.status_code, "refused")
        answer = failure(code, str(error.detail), status=error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(KakehashiError)
    def told(_request: Request, error: KakehashiError) -> JSONResponse:
        if isinstance(error, HubError):
            return failure(error.code, str(error), error.problems if isinstance(error, InvalidError) else None)
        code = "invalid" if isinstance(error, DataError | SettingsError) else "refused"
        return failure("unavailable" if isinstance(error, MissingExtraError) else code, str(error))

    @app.exception_handler(Exception)
    def broken(_request: Request, _error: Exception) -> JSONResponse:
        return failure("broken", "something went wrong here; it is in the server's log", status=500)
