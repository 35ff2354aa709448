"""Cases of cooperation: the published ones of `cases.csv`, a user's file of that name beside them, and mere counts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kakehashi.knowledge.axes import AXES, values_of
from kakehashi.knowledge.book import shipped_once
from kakehashi.knowledge.forms import forms, groups
from kakehashi.knowledge.money import Money, currencies
from kakehashi.knowledge.own import own_file
from kakehashi.knowledge.patterns import Pattern, patterns
from kakehashi.knowledge.rows import Layout, Row, ict_fields, read, shipped
from kakehashi.texts import Words

FILE = "cases.csv"
COUNTS = "case_counts.csv"
RESULTS = ("patents", "papers", "presentations", "meetings")
LAYOUT = Layout(
    required=("case", "title", "countries"),
    optional=(
        "scheme", "title_en", "title_ja", "summary_en", "summary_ja", "countries_read", "form", "field", "status",
        "period", "period_unit", "amount", "currency", "people", *RESULTS, "pattern", *AXES, "source", "note_en",
        "note_ja",
    ),
    key="case",
)  # fmt: skip
_COUNTS = Layout(("figure", "form", "field", "pattern", "cases"))
_MONTHS = MappingProxyType({"days": 1 / 30.4375, "months": 1.0, "years": 12.0})


@dataclass(frozen=True)
class Period:
    """How long a case ran or runs, as stated."""

    length: float
    unit: str

    @property
    def months(self) -> float:
        """The length in months."""
        return self.length * _MONTHS[self.unit]


@dataclass(frozen=True)
class Case:
    """A case of cooperation. None or empty: unknown.

    `title` is the project's own, `names` its title in both languages. `countries` are as printed; `read_as` as we read
    them where the print seems to slip, else the same. `form` is a form or, where no more is known, a group of forms.
    `on`: the five axis values, as far as given. `pattern`: derived from them, or as printed. `file`: where it stands.
    """

    id: str
    file: str
    published: bool
    title: str
    names: Words
    scheme: str | None
    summary: Words | None
    countries: tuple[str, ...]
    read_as: tuple[str, ...]
    form: str | None
    group: str | None
    field: str | None
    status: str | None
    period: Period | None
    money: Money | None
    people: int | None
    results: Mapping[str, int | None]
    on: Mapping[str, str | None]
    pattern: int | None
    source: str | None
    note: Words | None


@dataclass(frozen=True)
class Count:
    """How many cases of a kind a figure counts, the published ones among them. None: not told apart, or not known."""

    figure: str
    form: str | None
    field: str | None
    pattern: int | None
    cases: int


@shipped_once
def cases(own: Path | None = None) -> tuple[Case, ...]:
    """Return the published cases and then those of the user's folder, in the order of the files. Raises DataError."""
    ours = read(shipped(FILE), f"knowledge/{FILE}", LAYOUT, _reader(FILE, None, (), published=True))
    path = own_file(own, FILE)
    return ours if path is None else (*ours, *read_cases(path, own))


def read_cases(path: Path, own: Path | None = None, fields: Collection[str] = ()) -> tuple[Case, ...]:
    """Read a user's cases; the pattern is derived from the axes.

    `fields`: the ids of the study's fields, unless they are the eight of ICT. Raises DataError naming row, column and
    remedy.
    """
    return read(path, str(path), LAYOUT, _reader(str(path), own, fields, published=False))


@shipped_once
def counts(own: Path | None = None) -> tuple[Count, ...]:
    """Return the counts of the figures. Raises DataError."""

    def count(row: Row) -> Count:
        return Count(
            figure=row.need("figure"),
            form=row.choice("form", groups(own)),
            field=row.choice("field", ict_fields()),
            pattern=_pattern(row, patterns(own)),
            cases=row.whole("cases") or 0,
        )

    return read(shipped(COUNTS), f"knowledge/{COUNTS}", _COUNTS, count)


def group_of(form: str | None, own: Path | None = None) -> str | None:
    """Return the group of a form, or the group itself."""
    if form is None or form in groups(own):
        return form
    return forms(own)[form].group


def _reader(file: str, own: Path | None, fields: Collection[str], *, published: bool) -> Callable[[Row], Case]:
    """Return what makes a case of a row; ids are looked up once a file."""
    group_by_form = {**{form.id: form.group for form in forms(own).values()}, **{group: group for group in groups(own)}}
    known_fields = tuple(fields) or ict_fields()
    on_axes: dict[str, tuple[str, ...]] = {axis: values_of(axis, own) for axis in AXES}
    on_patterns = patterns(own)
    # What derive() finds, which reads the user's files anew each time; a test holds both equal.
    by_values: Mapping[tuple[str | None, ...], int] = {
        (*one.on.values(),): number for number, one in on_patterns.items()
    }

    def make(row: Row) -> Case:
        title = row.need("title")
        form = row.choice("form", group_by_form)
        row.need("countries")
        countries = row.places("countries")
        on: dict[str, str | None] = {axis: row.choice(axis, on_axes[axis]) for axis in AXES}
        pattern = _pattern(row, on_patterns)
        if any(on.values()) and all(value is None or value in on_axes[axis] for axis, value in on.items()):
            pattern = _agreed(row, pattern, by_values.get((*on.values(),)), on, on_patterns)
        return Case(
            id=row.cells.get("case", ""),
            file=file,
            published=published,
            title=title,
            names=Words(ja=row.text("title_ja") or title, en=row.text("title_en") or title),
            scheme=row.text("scheme"),
            summary=row.words("summary"),
            countries=countries,
            read_as=row.places("countries_read") or countries,
            form=form,
            group=group_by_form.get(form or ""),
            field=row.choice("field", known_fields),
            status=row.choice("status", ("past", "ongoing", "planned")),
            period=_period(row),
            money=_money(row),
            people=row.whole("people"),
            results=MappingProxyType({kind: row.whole(kind) for kind in RESULTS}),
            on=MappingProxyType(on),
            pattern=pattern,
            source=row.text("source"),
            note=row.words("note"),
        )

    return make


def _agreed(
    row: Row, given: int | None, derived: int | None, on: Mapping[str, str | None], known: Mapping[int, Pattern]
) -> int | None:
    """Return the pattern of the axes, or the one given where the axes are not all known; refuse what contradicts."""
    if given is None or given == derived:
        return derived
    if derived is not None:
        row.refuse("pattern", f"{given} is given, yet the five axes make it {derived}; correct one of them")
        return given
    differs = next((axis for axis, value in known[given].on.items() if on[axis] not in (None, value)), None)
    if differs is not None:
        value = known[given].on[differs]
        row.refuse("pattern", f"{given} has {differs} {value!r}, the row {on[differs]!r}; correct one of them")
    return given


def _pattern(row: Row, known: Mapping[int, Pattern]) -> int | None:
    by_name = {str(number): number for number in known}
    return by_name.get(row.choice("pattern", by_name) or "")


def _period(row: Row) -> Period | None:
    length, unit = row.number("period"), row.choice("period_unit", tuple(_MONTHS))
    if length is None and unit is not None:
        row.refuse("period_unit", "is given without a period; give one, or leave it empty")
    if length is not None and unit is None:
        row.refuse("period_unit", f"is empty, yet there is a period; write {', '.join(_MONTHS)}")
    return Period(length, unit) if length is not None and unit is not None and unit in _MONTHS else None


def _money(row: Row) -> Money | None:
    amount, currency = row.number("amount"), row.choice("currency", currencies())
    if amount is not None and currency is None:
        row.refuse("currency", "is empty, yet there is an amount; write its code of ISO 4217, such as EUR")
    if amount is None and currency is not None and row.text("amount") is None:
        row.refuse("amount", "is empty, yet there is a currency; give the amount, or leave both empty")
    return None if amount is None or currency is None else Money(amount, currency)
