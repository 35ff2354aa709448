"""The economy of the target countries: their trade with home, their GDP, and how intense the trade is against it."""

from collections.abc import Mapping, Sequence
from statistics import median

from kakehashi.figures import theme
from kakehashi.figures.dots import Dot, Line, dots
from kakehashi.figures.table import Cell, Column, Row, table
from kakehashi.report import codes
from kakehashi.report.blocks import Block, Drawing, FigureBlock, Key, Numbering, Paragraph, TableBlock, pictures
from kakehashi.report.chapters.tables import decimal, number, text
from kakehashi.report.context import Context, disc, shape
from kakehashi.report.queries import Economy

_EXPORTS = Dot(theme.ACCENT, "circle")
_IMPORTS = Dot("#b45f06", "diamond")
_ROUND = 1e8, 1e9  # 億 in Japanese, billions in English
_FEW = 10
_LEAST = 0.005
_NAMED = 3

Means = Mapping[tuple[str, str], Economy]


def blocks(context: Context, numbering: Numbering) -> list[Block]:
    """The section: figures 2-18 and 2-19 of the 2023 report for this study, and the intensities behind them."""
    t = context.texts
    heading = numbering.heading(t("economy.heading"))
    if context.published:
        return [heading, Paragraph(t("economy.published"), "empty")]
    means = {(row.country, row.indicator): row for row in context.tables.economy()}
    if not any(row.value is not None for row in means.values()):
        return [heading, Paragraph(t("economy.empty"), "empty"), *_refusals(context, numbering)]
    group = "ict_" if any(_value(means, code, "ict_exports", "ict_imports") for code in context.targets) else ""
    found: list[Block] = [heading, Paragraph(t("economy.text", home=context.country(context.home)))]
    if any(_value(means, code, f"{group}exports", f"{group}imports") for code in context.targets):
        found.append(_trade(context, numbering, means, group))
    if any(_value(means, code, "gdp") for code in context.targets):
        found.append(_products(context, numbering, means))
    if any(_value(means, code, f"{group}trade_intensity") is not None for code in context.targets):
        found += [Paragraph(_said(context, means, group)), _intensities(context, numbering, means, group)]
    return [*found, *_refusals(context, numbering)]


def _value(means: Means, country: str, *indicators: str) -> float | None:
    """Return the sum of the known ones among a country's means, None where none is known."""
    values = [row.value for name in indicators if (row := means.get((country, name))) and row.value is not None]
    return sum(values) if values else None


def _unit(context: Context, currency: str) -> tuple[float, str]:
    """Return by what values are divided, and the unit in words."""
    t = context.texts
    name = t(f"economy.currency.{currency}") if t.has(f"economy.currency.{currency}") else currency
    return _ROUND[t.language == "en"], t("economy.unit", currency=name)


def _short(context: Context, value: float | None) -> str:
    """Write an amount: whole from ten on, one decimal from one on, else two; a question mark where it is not known."""
    t = context.texts
    if value is None:
        return t("economy.unknown")
    if value >= _FEW or value == 0:
        return t.number(round(value))
    return t.decimal(value, 1 if value >= 1 else 2) if value >= _LEAST else t("economy.least")


def _trade(context: Context, numbering: Numbering, means: Means, group: str) -> FigureBlock:
    t = context.texts
    names = (f"{group}exports", f"{group}imports")
    currency = next(
        row.unit for code in context.targets for name in names if (row := means.get((code, name))) and row.unit
    )
    divisor, unit = _unit(context, currency)
    lines, mixed = [], []
    for code in context.targets:
        rows = [means.get((code, name)) for name in names]
        values = tuple(
            row.value / divisor if row and row.value is not None and row.unit == currency else None for row in rows
        )
        if any(row and row.value is not None and row.unit != currency for row in rows):
            mixed.append(code)
        if any(value is not None for value in values):
            said = t("economy.trade.value", exports=_short(context, values[0]), imports=_short(context, values[1]))
            lines.append((Line(context.country(code), values, said), sum(value or 0 for value in values), code))
    home = context.country(context.home)
    shown = {code for _, _, code in lines}
    notes = [context.targets_note, *_years_note(context, means, names, sorted(shown))]
    absent = [code for code in context.targets if code not in shown and code not in mixed]
    notes += _named_note(context, "economy.absent", absent) + _named_note(context, "economy.mixed", mixed)
    if group:
        notes.append(t("economy.trade.own_goods" if context.settings.economy.commodities else "economy.trade.goods"))
    return _figure(
        context, numbering, t(f"economy.trade.{group}title", home=home), [line for line, _, _ in _largest(lines)],
        (_EXPORTS, _IMPORTS), t("economy.trade.axis", unit=unit), t("economy.trade.definition", home=home), notes,
        (
            Key(disc(_EXPORTS.colour), t("economy.trade.exports", home=home)),
            Key(shape("diamond", _IMPORTS.colour), t("economy.trade.imports", home=home)),
        ),
    )  # fmt: skip


def _largest(lines: list[tuple[Line, float, str]]) -> list[tuple[Line, float, str]]:
    return sorted(lines, key=lambda entry: (-entry[1], entry[2]))


def _products(context: Context, numbering: Numbering, means: Means) -> FigureBlock:
    t = context.texts
    divisor, unit = _unit(context, "USD")
    lines = []
    for code in (context.home, *context.targets):
        value = _value(means, code, "gdp")
        if value is not None:
            said = _short(context, value / divisor)
            line = Line(context.country(code), (value / divisor,), said, home=code == context.home)
            lines.append((line, value, code))
    shown = {code for _, _, code in lines}
    notes = [context.targets_note, *_years_note(context, means, ("gdp",), sorted(shown))]
    notes += _named_note(context, "economy.absent", [code for code in context.targets if code not in shown])
    legend = (
        (Key(disc(theme.HOME), context.country(context.home)), Key(disc(theme.ACCENT), t("countries.networks.target")))
        if context.home in shown
        else ()
    )
    return _figure(
        context, numbering, t("economy.gdp.title"), [line for line, _, _ in _largest(lines)], (_EXPORTS,),
        t("economy.gdp.axis", unit=unit), t("economy.gdp.definition"), notes, legend,
    )  # fmt: skip


def _figure(
    context: Context, numbering: Numbering, title: str, lines: Sequence[Line], series: Sequence[Dot], axis: str,
    definition: str, notes: list[str], legend: tuple[Key, ...],
) -> FigureBlock:  # fmt: skip
    t = context.texts
    drawings = [
        Drawing(dots(lines, series, frame, axis, lambda value: _tick(context, value)), use)  # type: ignore[arg-type]
        for frame, use in ((theme.WIDE, "wide"), (theme.NARROW, "narrow"))
    ]
    facts = drawings[0].figure.facts
    if facts["logarithmic"]:
        notes = [*notes, t("economy.logarithmic")]
    if facts["hidden"]:
        notes = [*notes, t.count("economy.hidden", int(facts["hidden"]))]
    id_, no = numbering.exhibit()
    described = t.listing([f"{line.label} {line.text}" for line in lines])
    n = t.count("n.countries", len(lines))
    return FigureBlock(
        id_, no, title, pictures(id_, drawings, title, described), definition, n, tuple(notes), context.source, legend
    )


def _tick(context: Context, value: float) -> str:
    return context.texts.number(value) if value >= 1 or value == 0 else f"{value:g}"


def _years_note(context: Context, means: Means, names: Sequence[str], countries: Sequence[str]) -> list[str]:
    """Say over how many years the means are taken, and name the countries with fewer."""
    t = context.texts
    years = {
        code: min(row.years for name in names if (row := means.get((code, name))) and row.value is not None)
        for code in countries
    }
    most = max(years.values(), default=0)
    fewer = [context.country(code) for code, number_ in sorted(years.items()) if number_ < most]
    notes = [t.count("economy.years", most)]
    return [*notes, t("economy.fewer", names=t.listing(fewer))] if fewer else notes


def _named_note(context: Context, key: str, countries: Sequence[str]) -> list[str]:
    t = context.texts
    return [t(key, names=t.listing([context.country(code) for code in countries]))] if countries else []


def _said(context: Context, means: Means, group: str) -> str:
    """Name the target countries with which home trades most for their GDP, and least among the larger economies."""
    t = context.texts
    ranked = sorted(
        (value, code)
        for code in context.targets
        if (value := _value(means, code, f"{group}trade_intensity")) is not None
    )
    middle = median(_value(means, code, "gdp") or 0 for _, code in ranked)
    large = [(value, code) for value, code in ranked if (_value(means, code, "gdp") or 0) >= middle]

    def named(entries: Sequence[tuple[float, str]]) -> str:
        return t.listing(
            [t("economy.intensity.one", name=context.country(code), value=t.decimal(v, 2)) for v, code in entries]
        )

    few = min(_NAMED, len(large) // 2)
    if not few:
        return t("economy.intensity.text")
    return t("economy.intensity.said", most=named(ranked[::-1][:few]), least=named(large[:few]))


def _intensities(context: Context, numbering: Numbering, means: Means, group: str) -> TableBlock:
    t = context.texts
    names = [f"{group}{base}_intensity" for base in ("trade", "exports", "imports")]
    index = "export_intensity_index"
    shown_index = any(_value(means, code, index) is not None for code in context.targets)
    body: list[Row] = []
    ranked = sorted(context.targets, key=lambda code: (-(_value(means, code, names[0]) or -1), code))
    for code in ranked:
        cells = [text(context.country(code), heads=True), *(_cell(context, means.get((code, name))) for name in names)]
        if shown_index:
            cells.append(_cell(context, means.get((code, index))))
        row = means.get((code, names[0]))
        cells.append(number(context, row.years if row and row.value is not None else None))
        body.append(tuple(cells))
    columns = [
        Column(t("columns.country")),
        Column(t("economy.intensity.trade"), "number"),
        Column(t("economy.intensity.exports"), "number"),
        Column(t("economy.intensity.imports"), "number"),
        *([Column(t("economy.intensity.index"), "number")] if shown_index else []),
        Column(t("economy.intensity.years"), "number", t("economy.intensity.years_unit")),
    ]
    notes = [t("economy.intensity.formula"), t("economy.intensity.care")]
    if shown_index:
        notes.append(t("economy.intensity.index_formula"))
    id_, no = numbering.exhibit()
    title = t(f"economy.intensity.{group}title")
    return TableBlock(
        id_, no, title, table(columns, body, title), t.count("n.countries", len(body)), tuple(notes), context.source
    )


def _cell(context: Context, row: Economy | None) -> Cell:
    t = context.texts
    if row is not None and row.value is not None:
        return decimal(context, row.value, 2)
    reason = codes.label("economy_reasons", row.reason, t.language) if row and row.reason else None
    return Cell(None, reason or t("common.no_value"))


def _refusals(context: Context, numbering: Numbering) -> list[Block]:
    """What of the files could not be used, folded."""
    t = context.texts
    found = context.tables.economy_refusals()
    if not found:
        return []
    body: list[Row] = []
    for file, row, code, reason, records in found:
        name = codes.label("economy_refusals", code, t.language) or codes.label("refusals", code, t.language)
        body.append(
            (text(file, heads=True), text(name or code), text(reason), number(context, row), number(context, records))
        )
    columns = [
        Column(t("columns.file")),
        Column(t("economy.refusals.kind")),
        Column(t("economy.refusals.detail")),
        Column(t("economy.refusals.row"), "number"),
        Column(t("economy.refusals.records"), "number", t("units.records")),
    ]
    id_, no = numbering.exhibit()
    title = t("economy.refusals.title")
    n = t.count("n.rows", len(body))
    return [TableBlock(id_, no, title, table(columns, body, title), n, (), context.source, folded=True)]
