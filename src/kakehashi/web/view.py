"""One request for a page: the study, the language, the checked parameters, and how to write addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from kakehashi.report.context import Context
from kakehashi.texts import Language, Texts
from kakehashi.web.page import NotHere, Ref
from kakehashi.web.reader import Reader
from kakehashi.web.shelf import Opened

Record = tuple[Any, ...]
"""A row of a SELECT."""
PER_PAGE = 50
LONGEST = 400
"""Characters of a parameter that are read: longer ones are no id of ours."""


@dataclass(frozen=True)
class View:
    """What a page is asked with."""

    study: Opened
    language: Language
    page: str
    params: Mapping[str, Sequence[str]]
    whole: bool = False
    """Whether all rows are wanted, for a download."""
    form: str = ""
    """The form asked for: json, csv, ...; empty for the page itself."""
    frame: str = ""
    """wide or narrow where only the picture for pages of that width is wanted; empty for both."""

    @property
    def context(self) -> Context:
        """The study as report and pages know it."""
        return self.study.context(self.language)

    @property
    def t(self) -> Texts:
        """The texts."""
        return self.context.texts

    @property
    def reader(self) -> Reader:
        """The tables."""
        return self.study.reader

    @property
    def indicators(self) -> str:
        """The table of indicators for SELECTs about single entities: the index's, where there is one."""
        return "entity_indicators" if self.reader.has("entity_indicators") else "indicators"

    def say(self, key: str, **values: Any) -> str:
        """Say a text of the explorer."""
        return self.t(f"web.{key}", **values)

    def get(self, name: str, default: str = "") -> str:
        """Return a parameter."""
        found = self.params.get(name) or [default]
        return (found[0] or default)[:LONGEST]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter, each once."""
        return tuple(dict.fromkeys(one[:LONGEST] for one in self.params.get(name, ()) if one))

    def one_of(self, name: str, known: Sequence[str], default: str) -> str:
        """Return a parameter that must be one of the known values. Raises NotHere."""
        value = self.get(name, default)
        if value not in known:
            raise NotHere("errors.choice", name=name, value=value, known=", ".join(known[:12]))
        return value

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds; the default for what is none."""
        text = self.get(name)
        return min(max(int(text), least), most) if text.isdecimal() and len(text) < 12 else default

    @property
    def fields(self) -> tuple[str, ...]:
        """All works, then each field, in the taxonomy's order."""
        return ("all", *self.context.fields)

    def field(self) -> str:
        """Return the field asked for. Raises NotHere."""
        return self.one_of("field", (*self.fields, "collected"), "all")

    def years(self) -> tuple[str, ...]:
        """Return the years of the study that have positions."""
        return years(self.study)

    def year(self) -> str:
        """Return the period asked for: a year, or all. Raises NotHere."""
        return self.one_of("year", ("all", *self.years()), "all")

    def period_name(self, period: str) -> str:
        """Name a period."""
        return self.say("period.all") if period == "all" else self.say("period.year", year=period)

    def counted(self, mode: str = "") -> str:
        """Say how works are counted: as the study was, if no mode is given."""
        counting = mode or self.study.settings.counting.counting
        return self.say("choose.counted", counting=self.t(f"counting.{counting}"))

    def field_options(self) -> tuple[tuple[str, str], ...]:
        """Offer the fields."""
        return tuple((field, self.context.field(field)) for field in self.fields)

    def year_options(self) -> tuple[tuple[str, str], ...]:
        """Offer the periods."""
        return tuple((year, self.period_name(year)) for year in ("all", *self.years()))

    def ref(self, value: Any, page: str, hint: str = "", **params: Any) -> Ref:
        """Make a value lead to a page."""
        return Ref(value, address(page, **params), hint)

    def country(self, code: str | None) -> Any:
        """Name a country and lead to its page."""
        return self.ref(self.context.country(code), "country", id=code) if code else None

    def number(self, value: Any, indicator: str, level: str, entity: str, field: str, period: str) -> Any:
        """Make a number lead to how it came about; None stays None."""
        if value is None:
            return None
        return self.ref(
            value, "number", indicator=indicator, level=level, id=entity, field=field, year=period
        )  # fmt: skip

    def here(self, **changes: Any) -> str:
        """Return this page's address with parameters changed."""
        kept = {name: list(values) for name, values in self.params.items() if values and any(values)}
        return address(self.page, **{**kept, **changes})


def address(page: str, **params: Any) -> str:
    """Write an address within a study. Parameters that are empty or None are left out."""
    pairs = []
    for name, value in params.items():
        if value not in (None, "", [], ()):
            several = value if isinstance(value, list | tuple) else (value,)
            pairs += [f"{_quoted(name)}={_quoted(str(one))}" for one in several]
    return f"{page}?{'&'.join(pairs)}" if pairs else page


_quoted = lru_cache(maxsize=8192)(quote_plus)
"""A page writes thousands of addresses out of few words."""


def years(study: Opened) -> tuple[str, ...]:
    """Return the years of a study that have totals."""
    if "years" not in study.kept:
        rows = (
            study.reader.rows(
                "select distinct period from totals where period <> 'all' and field = 'all' order by period"
            )
            if study.reader.has("totals")
            else []
        )
        study.kept["years"] = tuple(row[0] for row in rows)
    found: tuple[str, ...] = study.kept["years"]
    return found
