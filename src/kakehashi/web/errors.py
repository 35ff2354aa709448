"""Errors as they are told: as a page to people, in the one shape of errors to programs."""

import json

from fastapi import Request
from fastapi.responses import Response

from kakehashi.texts import Language, texts
from kakehashi.web import render
from kakehashi.web.frontdoor import frame
from kakehashi.web.problems import Problem, of


def error_body(code: str, message: str) -> bytes:
    """Write an error as `{"error": {"code": …, "message": …}}`."""
    return json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False).encode()


def missing(request: Request, code: str, form: str) -> Response:
    """Tell that there is no such page or study; `code` is a key of the texts for errors."""
    return told(request, 404, code, texts(_language(request))(f"web.errors.{code}"), form)


def told(request: Request, status: int, code: str, message: str, form: str) -> Response:
    """Tell an error: as a page to people, as JSON where a `form` of the values was asked for."""
    return _answered(request, status, code, Problem(message), form)


def failed(request: Request, status: int, code: str, error: BaseException, form: str) -> Response:
    """Tell an error that was caught, in the language of the page."""
    return _answered(request, status, code, of(error, _language(request)), form)


def _answered(request: Request, status: int, code: str, trouble: Problem, form: str) -> Response:
    if form:
        body = error_body(code, trouble.original or trouble.text)
        return Response(body, status, media_type="application/json")
    language = _language(request)
    t = texts(language)
    values = frame(language, t("web.errors.heading"), request.url.path, trouble=trouble)
    text = render.environment().get_template("error.html.j2").render(**values)
    return Response(text, status, media_type="text/html; charset=utf-8")


def _language(request: Request) -> Language:
    return "ja" if request.url.path.startswith("/ja/") else "en"
