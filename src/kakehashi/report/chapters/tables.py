"""Helpers by which chapters fill table cells."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from kakehashi.figures.table import Cell
from kakehashi.report import codes
from kakehashi.report.context import Context
from kakehashi.report.queries import Ranked

# Errors of betweenness are printed in steps of 1 / this: four decimals.
_ERROR_STEPS = 10_000


def text(value: str | None, *, heads: bool = False) -> Cell:
    """A text cell; a dash where there is nothing."""
    return Cell(value or None, heads=heads)


def named(context: Context, kind: str, code: str, *, heads: bool = True) -> Cell:
    """The name of an id with the id in small type; the id alone where it is not one of ours."""
    name = codes.label(kind, code, context.texts.language)
    return Cell(code, heads=heads) if name is None else Cell(name, heads=heads, code=code)


def number(context: Context, value: float | None, reason: str = "common.no_value") -> Cell:
    """A count."""
    return _valued(context, value, context.texts.number(value), "number", reason)


def percent(context: Context, value: float | None, reason: str = "common.no_share") -> Cell:
    """A share."""
    return _valued(context, value, context.texts.percent(value), "percent", reason)


def decimal(context: Context, value: float | None, places: int = 3, reason: str = "common.no_value") -> Cell:
    """A measure with fixed decimals."""
    return _valued(context, value, context.texts.decimal(value, places), f"decimal{places}", reason)


def rank(context: Context, found: Ranked | None) -> Cell:
    """A rank with its interval."""
    t = context.texts
    if found is None:
        return Cell(None, t("ranks.none"))
    return Cell(t("ranks.short", rank=t.number(found.rank), low=t.number(found.low), high=t.number(found.high)))


def rank_note(context: Context, found: Mapping[str, Ranked]) -> list[str]:
    """What the intervals of ranks are; nothing where there are none."""
    draws = max((one.draws for one in found.values()), default=0)
    return [context.texts("ranks.note", draws=context.texts.number(draws))] if draws else []


def betweenness_note(context: Context, errors: Iterable[float | None]) -> list[str]:
    """The largest error that betweenness is stated with, rounded up; nothing where all of it is exact."""
    stated = [error for error in errors if error is not None]
    if not stated:
        return []
    most = max(1, math.ceil(round(max(stated) * _ERROR_STEPS, 6))) / _ERROR_STEPS  # no error that is stated is nothing
    return [context.texts("countries.indicators.with_error", error=context.texts.decimal(most, 4))]


def signed(context: Context, value: float | None, reason: str = "common.no_value") -> Cell:
    """A difference with its sign."""
    return _valued(context, value, context.texts.signed(value), "signed2", reason)


def _valued(context: Context, value: float | None, shown: str, form: str, reason: str) -> Cell:
    """A cell with the number behind its text; a dash with the reason where there is none."""
    return Cell(None, context.texts(reason)) if value is None else Cell(shown, value=value, form=form)


def headline(sentences: Sequence[str]) -> str:
    """Join findings to the headline of a slide; nothing where there is none."""
    gap = "" if all(not sentence.endswith(".") for sentence in sentences) else " "
    return gap.join(sentences)


def in_natural_order(file: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which `page_2` stands before `page_10`."""
    parts = re.split(r"(\d+)", file)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)
