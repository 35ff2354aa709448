"""Strong and weak fields: the table of fields and countries, and the evidence behind each verdict."""

from kakehashi.figures.table import Band, Column, Row, table
from kakehashi.report.blocks import Block, Numbering, Paragraph, TableBlock
from kakehashi.report.chapters import findings
from kakehashi.report.chapters.tables import decimal, headline, number, signed, text
from kakehashi.report.context import Context
from kakehashi.report.queries import Strength


def blocks(context: Context, numbering: Numbering) -> list[Block]:
    """The section."""
    t = context.texts
    heading = numbering.heading(t("strengths.heading"))
    shown = (context.home, *(context.focus or context.targets))
    rows = [row for row in context.strengths if row.entity in shown]
    if not rows:
        return [heading, Paragraph(t("strengths.empty"), "empty")]
    if context.published:
        return [
            heading,
            Paragraph(t("strengths.text")),
            _verdicts(context, numbering, rows, shown, t("strengths.published")),
        ]
    rule = t(
        "strengths.rule",
        shift=context.settings.positioning.strength_shift,
        papers=t.number(context.settings.positioning.strength_min_papers),
    )
    return [
        heading,
        Paragraph(t("strengths.text")),
        _verdicts(context, numbering, rows, shown, rule),
        _evidence(context, numbering, rows, shown),
    ]


def _fields(context: Context, rows: list[Strength]) -> list[str]:
    met = {row.field for row in rows}
    return [field for field in context.fields if field in met] + sorted(met - set(context.fields))


def _verdicts(
    context: Context, numbering: Numbering, rows: list[Strength], shown: tuple[str, ...], rule: str
) -> TableBlock:
    t = context.texts
    verdicts = {(row.field, row.entity): row.verdict for row in rows}
    body: list[Row] = []
    for field in _fields(context, rows):
        cells = [text(context.field(field), heads=True)]
        for verdict in ("strong", "weak"):
            names = [context.country(code) for code in shown if verdicts.get((field, code)) == verdict]
            cells.append(text(t.listing(names)))
        body.append(tuple(cells))
    columns = [Column(t("columns.field")), Column(t("strengths.strong")), Column(t("strengths.weak"))]
    id_, no = numbering.exhibit()
    title = t("strengths.title")
    notes = (rule, t("strengths.note"))
    n = t.count("n.countries", len({row.entity for row in rows}))
    return TableBlock(
        id_,
        no,
        title,
        table(columns, body, title),
        n,
        notes,
        context.source,
        headline=headline(findings.strengths(context)),
    )


def _evidence(context: Context, numbering: Numbering, rows: list[Strength], shown: tuple[str, ...]) -> TableBlock:
    t = context.texts
    body: list[Row] = []
    for field in _fields(context, rows):
        body.append(Band(context.field(field)))
        found = {row.entity: row for row in rows if row.field == field}
        body += [_row(context, found[code]) for code in shown if code in found]
    columns = [
        Column(t("columns.country")),
        Column(t("columns.overtakes"), "number", t("units.countries")),
        Column(t("columns.overtaken"), "number", t("units.countries")),
        Column(t("columns.shift"), "number", t("units.decades")),
        Column(t("columns.activity_index"), "number"),
        Column(t("columns.verdict")),
        Column(t("columns.rivals")),
    ]
    id_, no = numbering.exhibit()
    title = t("strengths.evidence_title")
    n = t.count("n.rows", sum(1 for row in body if not isinstance(row, Band)))
    return TableBlock(
        id_, no, title, table(columns, body, title), n, (t("strengths.rule_above"),), context.source, folded=True
    )


def _row(context: Context, row: Strength) -> Row:
    t = context.texts
    verdict = (
        t(f"strengths.{row.verdict}_short") if row.verdict in ("strong", "weak") else no_verdict(context, row.reason)
    )
    return (
        text(context.country(row.entity), heads=True),
        number(context, row.overtakes),
        number(context, row.overtaken),
        signed(context, row.shift),
        decimal(context, row.activity_index, 2),
        text(verdict),
        text(_rivals(context, row.rivals)),
    )


def no_verdict(context: Context, reason: str | None) -> str | None:
    """Say why there is no verdict; an unknown code is shown as it is."""
    key = f"strengths.reason.{reason}"
    return context.texts(key) if context.texts.has(key) else reason


def _rivals(context: Context, rivals: str | None) -> str | None:
    """Name the peers in a text such as `+KR -AU`: overtaken by the country, or overtaking it."""
    parts = (rivals or "").split()
    sentences = []
    for sign, key in (("+", "strengths.overtook"), ("-", "strengths.overtaken_by")):
        names = [context.country(part[1:]) for part in parts if part.startswith(sign)]
        if names:
            sentences.append(context.texts(key, names=context.texts.listing(names)))
    return context.texts("strengths.and").join(sentences) or None
