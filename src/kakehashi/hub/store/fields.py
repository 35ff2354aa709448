"""What a record may hold: a model of pydantic for each kind, made from the columns of its table."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Optional

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic.functional_serializers import PlainSerializer
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, DateTime, Integer, Numeric

from kakehashi.hub.kpi.definitions import id_problem
from kakehashi.hub.store.errors import InvalidError
from kakehashi.hub.store.exact import DIGITS, PLACES, plain
from kakehashi.hub.store.models import KINDS, STAMPS
from kakehashi.knowledge.areas import country_problem

_LONGEST = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def kind_columns(kind: str) -> tuple[Column[Any], ...]:
    """Return the columns of a kind that people fill in."""
    return tuple(column for column in KINDS[kind].columns if column.name not in STAMPS)


@functools.cache
def fields_model(kind: str) -> type[BaseModel]:
    """Return the model of what a new record of a kind holds."""
    return _model(kind, f"{_title(kind)}Fields", partial=False)


@functools.cache
def changes_model(kind: str) -> type[BaseModel]:
    """Return the model of changed fields: any of them, beside the version that was read."""
    return _model(kind, f"{_title(kind)}Changes", partial=True)


@functools.cache
def record_model(kind: str) -> type[BaseModel]:
    """Return the model of a whole record."""
    stamps: dict[str, Any] = {
        "id": (str, ...), "version": (int, ...), "created_at": (datetime, ...), "created_by": (str, ...),
        "updated_at": (datetime, ...), "updated_by": (str, ...),
    }  # fmt: skip
    for column in kind_columns(kind):
        stamps[column.name] = (_type(column), None if column.nullable else ...)
    return create_model(_title(kind), __config__=ConfigDict(extra="forbid"), **stamps)


def checked(kind: str, values: Mapping[str, Any], where: str, *, partial: bool = False) -> dict[str, Any]:
    """Check the values of a record and return them as the database takes them. Raises InvalidError by field."""
    model = changes_model(kind) if partial else fields_model(kind)
    try:
        found = model.model_validate(dict(values))
    except ValidationError as error:
        problems = {".".join(str(part) for part in one["loc"]) or "record": _told(one) for one in error.errors()}
        raise InvalidError(where, problems) from error
    return {name: getattr(found, name) for name in (found.model_fields_set if partial else type(found).model_fields)}


def _told(problem: Any) -> str:
    given = repr(problem.get("input"))
    remedy = {"missing": "is missing; give it", "extra_forbidden": "is unknown; leave it out"}.get(problem["type"])
    return remedy or f"{problem['msg'].removeprefix('Value error, ')} (got {given[:60]})"


def _title(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))


def _model(kind: str, name: str, *, partial: bool) -> type[BaseModel]:
    found: dict[str, Any] = {}
    for column in kind_columns(kind):
        optional = column.nullable or partial
        default = ... if column.server_default is None else str(column.server_default.arg)  # type: ignore[attr-defined]
        found[column.name] = (_type(column), None if optional else default)
    return create_model(name, __config__=ConfigDict(extra="forbid"), **found)


def _type(column: Column[Any]) -> Any:
    kind = _plain_type(column)
    return Optional[kind] if column.nullable else kind  # noqa: UP045 -- built at run time


def _plain_type(column: Column[Any]) -> Any:
    info = column.info
    if "choices" in info:
        return Literal[info["choices"]]
    if isinstance(column.type, Integer):
        return Annotated[int, Field(ge=info["least"], le=info["most"], strict=True)]
    if isinstance(column.type, Numeric):
        shown = PlainSerializer(lambda value: str(plain(value)), return_type=str)
        return Annotated[Decimal, BeforeValidator(_decimal), shown]
    if isinstance(column.type, Date):
        return Annotated[date, BeforeValidator(_day)]
    longest = _LONGEST if info.get("long") else column.type.length  # type: ignore[attr-defined]
    check = next((rule for name, rule in _RULES if info.get(name)), str)

    def known(value: Any) -> Any:
        """Look at the rule before the length: "did you mean 'JP'?" says more of Japan than that it is too long."""
        one = _text(value)
        return check(one) if isinstance(one, str) and one else one

    return Annotated[str, Field(min_length=1, max_length=longest), BeforeValidator(known)]


def _text(value: Any) -> Any:
    """Bring a text to one form, so that it comes back the same from every format: NFC, plain line ends, no edges."""
    if not isinstance(value, str):
        return value
    one = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    found = _CONTROL.search(one)
    if found is not None:
        raise ValueError(f"holds the control character U+{ord(found[0]):04X}; take it out")
    return one


def _decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("is no number; write digits with a point")  # noqa: TRY004 -- pydantic reads ValueError
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError("is no number; write digits with a point") from error
    if not found.is_finite() or abs(found) >= Decimal(10) ** (DIGITS - PLACES):
        raise ValueError(f"is too large; at most {DIGITS - PLACES} digits before the point")
    if found != round(found, PLACES):
        raise ValueError(f"has more than {PLACES} decimals; round it")
    return plain(found)


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise ValueError("is no day; write it as 2026-04-01")
    if not isinstance(value, str | date) or isinstance(value, datetime):
        raise ValueError("is no day; write it as 2026-04-01")  # noqa: TRY004 -- pydantic reads ValueError
    return value


def _country(code: str) -> str:
    problem = country_problem(code)
    if problem is not None:
        raise ValueError(problem)
    return code


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError("is no currency of ISO 4217; write three letters such as JPY")
    return code


def _key(text: str) -> str:
    problem = id_problem(text)
    if problem is not None:
        raise ValueError(problem)
    return text


_RULES = (("country", _country), ("currency", _currency), ("id", _key))
"""What texts of a kind must be besides, by the key of the column's `info`."""


def to_plain(value: Any) -> Any:
    """Return a value as JSON holds it: decimals and days as text, so that nothing is lost."""
    if isinstance(value, Decimal):
        return str(plain(value))
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def from_plain(column: Column[Any], value: Any) -> Any:
    """Return a value of JSON as the database takes it. Raises ValueError."""
    if value is None or isinstance(column.type, JSON | Boolean):
        return value
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Numeric):
        return _decimal(value)
    return int(value) if isinstance(column.type, Integer | BigInteger) else value
