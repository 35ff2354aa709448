"""Formulas over other KPIs and study indicators: a parser of our own for a small language, so that nothing is executed.

    expression = term (("+" | "-") term)*
    term       = factor (("*" | "/") factor)*
    factor     = ["-"] (number | name | function "(" expression ("," expression)* ")" | "(" expression ")")

A name is a KPI's id or `study.` with an indicator. Functions: min, max, abs; `previous(name)` is the value of the year
before, `cumulative(name)` the sum of all years up to this one.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kakehashi.errors import DataError

FUNCTIONS = ("abs", "cumulative", "max", "min", "previous")
_OF_NAMES = ("cumulative", "previous")
_LONGEST = 500
_DEEPEST = 40
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_][A-Za-z0-9_.]*)|([-+*/(),]))")


@dataclass(frozen=True)
class Node:
    """A part of a formula. `kind`: number, name, a sign of arithmetic, negative, or a function."""

    kind: str
    value: float = 0.0
    name: str = ""
    parts: tuple["Node", ...] = ()

    def names(self) -> Iterator[str]:
        """Yield the names it stands on."""
        if self.kind == "name":
            yield self.name
        for part in self.parts:
            yield from part.names()


@dataclass(frozen=True)
class Worked:
    """A value, or None with the reason: a name without a value (`of`), division by zero, a number out of range."""

    value: float | None
    reason: str | None = None
    of: str | None = None


Lookup = Callable[[str, int], Worked]


def parse(text: str) -> Node:
    """Read a formula. Raises DataError naming the place and the remedy."""
    if len(text) > _LONGEST:
        raise DataError(f"formula: is longer than {_LONGEST} characters; define parts of it as KPIs of their own")
    tokens: list[tuple[str, str, int]] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            raise DataError(f"formula: {text[place]!r} at character {place + 1} is not understood; {_allowed()}")
        kind = "number" if found[1] else "name" if found[2] else "sign"
        tokens.append((kind, found[1] or found[2] or found[3], found.start(found.lastindex or 0) + 1))
        at = found.end()
    reader = _Reader(tokens, len(text) + 1)
    node = reader.expression(0)
    if reader.at < len(tokens):
        raise DataError(f"formula: {reader.word!r} at character {reader.place} is not expected there; {_allowed()}")
    return node


def evaluate(node: Node, year: int, lookup: Lookup) -> Worked:
    """Work out a formula for a year. `lookup` gives the value of a name in a year."""
    if node.kind == "number":
        return Worked(node.value)
    if node.kind == "name":
        return lookup(node.name, year)
    if node.kind == "previous":
        return lookup(node.parts[0].name, year - 1)
    if node.kind == "cumulative":
        return lookup(f"cumulative {node.parts[0].name}", year)
    worked = [evaluate(part, year, lookup) for part in node.parts]
    missing = next((one for one in worked if one.value is None), None)
    if missing is not None:
        return missing
    return _arithmetic(node.kind, [one.value for one in worked if one.value is not None])


def _arithmetic(kind: str, values: list[float]) -> Worked:
    first = values[0]
    try:
        if kind == "/":
            return Worked(None, "division_by_zero") if values[1] == 0 else _finite(first / values[1])
        worked = {
            "+": lambda: first + values[1],
            "-": lambda: first - values[1],
            "*": lambda: first * values[1],
            "negative": lambda: -first,
            "abs": lambda: abs(first),
            "min": lambda: min(values),
            "max": lambda: max(values),
        }[kind]()
    except OverflowError:
        return Worked(None, "out_of_range")
    return _finite(worked)


def _finite(value: float) -> Worked:
    return Worked(value) if math.isfinite(value) else Worked(None, "out_of_range")


def _allowed() -> str:
    return f"use numbers, KPI ids, + - * / ( ) and {', '.join(FUNCTIONS)}"


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[tuple[str, str, int]], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self.at = 0

    @property
    def word(self) -> str:
        return self._tokens[self.at][1] if self.at < len(self._tokens) else ""

    @property
    def place(self) -> int:
        return self._tokens[self.at][2] if self.at < len(self._tokens) else self._end

    def expression(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise DataError(f"formula: is nested deeper than {_DEEPEST}; define parts of it as KPIs of their own")
        node = self._term(depth)
        while self.word in ("+", "-"):
            sign = self._take()
            node = Node(sign, parts=(node, self._term(depth)))
        return node

    def _term(self, depth: int) -> Node:
        node = self._factor(depth)
        while self.word in ("*", "/"):
            sign = self._take()
            node = Node(sign, parts=(node, self._factor(depth)))
        return node

    def _factor(self, depth: int) -> Node:
        if self.at >= len(self._tokens):
            raise DataError("formula: ends where a number or a name is expected; complete it")
        kind, word, place = self._tokens[self.at]
        if word == "-":
            self._take()
            if depth > _DEEPEST:
                raise DataError(f"formula: is nested deeper than {_DEEPEST}; define parts of it as KPIs of their own")
            return Node("negative", parts=(self._factor(depth + 1),))
        if word == "(":
            self._take()
            node = self.expression(depth + 1)
            self._close(place)
            return node
        if kind == "sign":
            raise DataError(f"formula: {word!r} at character {place}: a number or a name is expected; {_allowed()}")
        self._take()
        if kind == "number":
            if not math.isfinite(float(word)):
                raise DataError(f"formula: {word} at character {place} is too large a number; write a smaller one")
            return Node("number", value=float(word))
        if self.word != "(":
            return Node("name", name=word)
        return self._function(word, place, depth)

    def _function(self, name: str, place: int, depth: int) -> Node:
        if name not in FUNCTIONS:
            raise DataError(f"formula: {name}(…) at character {place} is no function; known: {', '.join(FUNCTIONS)}")
        self._take()
        parts = [self.expression(depth + 1)]
        while self.word == ",":
            self._take()
            parts.append(self.expression(depth + 1))
        self._close(place)
        if name in _OF_NAMES and (len(parts) != 1 or parts[0].kind != "name"):
            raise DataError(
                f"formula: {name}(…) at character {place} takes the id of one KPI; give it a KPI of its own"
            )
        if name == "abs" and len(parts) != 1:
            raise DataError(f"formula: abs(…) at character {place} takes one value; give it one")
        return Node(name, parts=tuple(parts))

    def _take(self) -> str:
        self.at += 1
        return self._tokens[self.at - 1][1]

    def _close(self, place: int) -> None:
        if self.word != ")":
            raise DataError(f"formula: the bracket opened at character {place} is not closed; close it")
        self._take()
