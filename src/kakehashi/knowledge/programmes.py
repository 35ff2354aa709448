"""Funding programmes: ours of `programmes.csv`, and a user's file of that name beside them, for any home country."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kakehashi.knowledge.areas import areas
from kakehashi.knowledge.book import shipped_once
from kakehashi.knowledge.forms import ACTORS, forms
from kakehashi.knowledge.money import Money, currencies
from kakehashi.knowledge.own import own_file
from kakehashi.knowledge.rows import Layout, Row, ict_fields, read, shipped
from kakehashi.texts import Words

FILE = "programmes.csv"
CALLS = "calls.csv"
KINDS = (
    "joint_research", "research_grant", "mobility_outbound", "mobility_inbound", "centre", "university_reform",
    "education_exchange", "commercialisation", "other",
)  # fmt: skip
COUNTRY_RULES = ("open", "oda", "listed", "call")
PEOPLE = ("postdoctoral_researchers", "doctoral_students", "students", "high_school_students", "researchers", "staff")
LAYOUT = Layout(
    required=("programme", "home", "name_en", "name_ja", "agencies", "kind", "actors", "source"),
    optional=(
        "forms", "amount_min", "amount_max", "currency", "amount_per", "duration_min", "duration_max", "duration_unit",
        "people", "country_rule", "countries", "fields", "deadline", "since", "until", "as_of", "note_en", "note_ja",
    ),
    key="programme",
)  # fmt: skip
_CALLS = Layout(("programme", "place", "from", "to", "budget", "currency", "projects"))
_UNITS = {"weeks": 7 / 30.4375, "months": 1.0, "years": 12.0}


@dataclass(frozen=True)
class Span:
    """A duration as the source states it; `least` or `most` is None where it does not say."""

    least: float | None
    most: float | None
    unit: str

    def months(self) -> tuple[float | None, float | None]:
        """Return the bounds in months."""
        factor = _UNITS[self.unit]
        low = None if self.least is None else self.least * factor
        return low, None if self.most is None else self.most * factor


@dataclass(frozen=True)
class Programme:
    """A programme that pays for international work. Empty or None: its source does not say.

    `home`: the country whose programme it is. `actors`: who may apply. `least` and `most`: the money per `amount_per`
    (`year`, `award`). `country_rule`: partner countries may be any (`open`), recipients of ODA (`oda`), the `countries`
    (`listed`) or those of the present call (`call`, with the countries known so far). `countries` may hold areas.
    `file`: where it is written.
    """

    id: str
    file: str
    home: str
    name: Words
    agencies: tuple[str, ...]
    kind: str
    forms: tuple[str, ...]
    least: Money | None
    most: Money | None
    amount_per: str | None
    duration: Span | None
    actors: tuple[str, ...]
    people: tuple[str, ...]
    country_rule: str | None
    countries: tuple[str, ...]
    fields: tuple[str, ...]
    deadline: str | None
    since: int | None
    until: int | None
    as_of: str | None
    source: str
    note: Words | None


@dataclass(frozen=True)
class Call:
    """A past or present call of a programme for a country or area; years are fiscal years, the budget that of one."""

    programme: str
    place: str
    first: int
    last: int
    budget: Money | None
    projects: int | None


@shipped_once
def programmes(own: Path | None = None) -> tuple[Programme, ...]:
    """Return our programmes and then those of the user's folder, in the order of the files. Raises DataError."""
    known = _Known(tuple(areas()), tuple(forms()), ict_fields(), frozenset())
    ours = read(shipped(FILE), f"knowledge/{FILE}", LAYOUT, lambda row: _programme(row, FILE, known))
    path = own_file(own, FILE)
    return ours if path is None else (*ours, *read_programmes(path, own))


def read_programmes(path: Path, own: Path | None = None, fields: Collection[str] = ()) -> tuple[Programme, ...]:
    """Read a user's programmes. `fields`: the ids of the study's fields, unless they are the eight of ICT.

    Raises DataError naming row, column and remedy, also where an id is one of ours.
    """
    ours = frozenset(one.id for one in programmes())
    known = _Known(tuple(areas(own)), tuple(forms(own)), tuple(fields) or ict_fields(), ours)
    return read(path, str(path), LAYOUT, lambda row: _programme(row, str(path), known))


@shipped_once
def calls(own: Path | None = None) -> tuple[Call, ...]:
    """Return the calls on record. Raises DataError."""
    known = {one.id for one in programmes(own)}

    def call(row: Row) -> Call:
        return Call(
            programme=row.choice("programme", known) or "",
            place=next(iter(row.places("place", areas(own))), ""),
            first=row.whole("from") or 0,
            last=row.whole("to") or 0,
            budget=_money(row, "budget"),
            projects=row.whole("projects"),
        )

    return read(shipped(CALLS), f"knowledge/{CALLS}", _CALLS, call)


@dataclass(frozen=True)
class _Known:
    """The ids that cells may hold, looked up once a file, and those of programmes that are taken."""

    areas: tuple[str, ...]
    forms: tuple[str, ...]
    fields: tuple[str, ...]
    taken: frozenset[str]


def _programme(row: Row, file: str, known: _Known) -> Programme:
    if row.cells.get("programme") in known.taken:
        row.refuse("programme", f"{row.cells['programme']!r} is one of ours; give yours another id")
    rule, countries = row.choice("country_rule", COUNTRY_RULES), row.places("countries", known.areas)
    if rule == "listed" and not countries:
        row.refuse("countries", "is empty, yet country_rule is listed; name the countries, or leave the rule empty")
    if countries and rule not in ("listed", "call"):
        row.refuse("country_rule", "must be listed or call where countries are given; write one of them")
    home = row.places("home")
    if len(home) != 1:
        row.refuse("home", "must be one country; write its two-letter code, such as KR")
    per = row.choice("amount_per", ("year", "award"))
    least, most = _bounds(row, per)
    return Programme(
        id=row.cells.get("programme", ""),
        file=file,
        home=home[0] if home else "",
        name=Words(ja=row.need("name_ja"), en=row.need("name_en")),
        agencies=tuple(part.strip() for part in row.need("agencies").split(";") if part.strip()),
        kind=row.choice("kind", KINDS) or row.need("kind"),
        forms=row.choices("forms", known.forms),
        least=least,
        most=most,
        amount_per=per,
        duration=_span(row),
        actors=row.choices("actors", ACTORS),
        people=row.choices("people", PEOPLE),
        country_rule=rule,
        countries=countries,
        fields=row.choices("fields", known.fields),
        deadline=_day(row, "deadline"),
        since=row.whole("since"),
        until=row.whole("until"),
        as_of=row.text("as_of"),
        source=row.need("source"),
        note=row.words("note"),
    )


def _bounds(row: Row, per: str | None) -> tuple[Money | None, Money | None]:
    least, most = _money(row, "amount_min"), _money(row, "amount_max")
    if least is not None and most is not None and least.amount > most.amount:
        row.refuse("amount_min", "is more than amount_max; exchange them")
    if (least or most) and per is None:
        row.refuse("amount_per", "is empty, yet there is an amount; write year or award")
    if row.text("currency") and not (least or most):
        row.refuse("currency", "is given without an amount; give amount_min or amount_max, or leave it empty")
    return least, most


def _money(row: Row, column: str) -> Money | None:
    amount = row.number(column)
    if amount is None:
        return None
    currency = row.choice("currency", currencies())
    if currency is None:
        row.refuse("currency", f"is empty, yet {column} is given; write its code of ISO 4217, such as JPY")
    return Money(amount, currency or "")


def _span(row: Row) -> Span | None:
    least, most = row.number("duration_min"), row.number("duration_max")
    unit = row.choice("duration_unit", tuple(_UNITS))
    if least is None and most is None:
        if unit is not None:
            row.refuse("duration_unit", "is given without a duration; give one, or leave it empty")
        return None
    if unit not in _UNITS:
        if unit is None:
            row.refuse("duration_unit", f"is empty, yet there is a duration; write {', '.join(_UNITS)}")
        return None
    if least is not None and most is not None and least > most:
        row.refuse("duration_min", "is more than duration_max; exchange them")
    return Span(least, most, unit)


def _day(row: Row, column: str) -> str | None:
    found = row.text(column)
    try:
        return found and date.fromisoformat(found).isoformat()
    except ValueError:
        row.refuse(column, f"{found!r} is no day; write it as 2027-03-31, or leave the cell empty")
        return None
