"""Part of chapter 2: how works came to their fields: what is unclassified, fields that meet, years, keyword tree."""

from collections import Counter
from collections.abc import Mapping, Sequence

from kakehashi.figures import theme
from kakehashi.figures.network import Link, Node, network
from kakehashi.figures.table import Column, Emphasis, Row, table
from kakehashi.names import database_name
from kakehashi.report.blocks import (
    Block,
    Drawing,
    FigureBlock,
    Key,
    Numbering,
    Paragraph,
    TableBlock,
    pictures,
)
from kakehashi.report.chapters import field_pictures
from kakehashi.report.chapters.tables import number, percent, text
from kakehashi.report.context import Context, bar
from kakehashi.report.queries import listed

DRAWN = 150
LAST_YEARS = 10
_OUTCOMES = ("fields", "outside", "unclassified")

_OUTCOMES_OF = """
select coalesce(w.database, '') as database, w.year, o.outcome, count(*)
from field_outcomes o
join works w on w.work_id = o.work_id
group by coalesce(w.database, ''), w.year, o.outcome
order by 1, 2 nulls last, 3
"""
_TOGETHER = """
select a.field, b.field, count(*)
from work_fields a
join work_fields b on b.work_id = a.work_id
group by a.field, b.field
order by a.field, b.field
"""
_TREE = f"""
select keyword, parent, coalesce(joint_works, 0), works from keyword_tree
order by works desc nulls last, keyword limit {DRAWN}
"""
_KEYWORDS = "select count(*) from keyword_tree"
_LABELLED = """
select distinct keyword from keyword_fields where field is not null order by keyword
"""


def blocks(context: Context, numbering: Numbering) -> list[Block]:
    """Write the section; nothing where the study has no keyword tree, such as one of published figures."""
    outcomes = context.tables.fetch(_OUTCOMES_OF, "field_outcomes", "works")
    if not outcomes:
        return []
    by_database: Counter[tuple[str, str]] = Counter()
    by_year: Counter[tuple[int, str]] = Counter()
    for database, year, outcome, works in outcomes:
        by_database[database, outcome] += works
        if year is not None:
            by_year[year, outcome] += works
    t = context.texts
    made: list[Block] = [numbering.heading(t("technology.heading")), Paragraph(t("technology.text"))]
    made += [_unclassified(context, numbering, by_database), *field_pictures.unclassified(context, numbering, by_year)]
    together = context.tables.fetch(_TOGETHER, "work_fields")
    if together:
        count = {(a, b): works for a, b, works in together}
        drawn = field_pictures.together(context, numbering, count)
        made += [*drawn, _matrix(context, numbering, count, folded=bool(drawn))]
        made += [*field_pictures.years(context, numbering), *_years(context, numbering)]
    tree = context.tables.fetch(_TREE, "keyword_tree")
    if tree:
        made.append(_tree(context, numbering, tree))
    return made


def _block(
    context: Context, numbering: Numbering, key: str, columns: Sequence[Column], rows: Sequence[Row], works: int,
    *, folded: bool = False,
) -> TableBlock:  # fmt: skip
    t = context.texts
    id_, no = numbering.exhibit()
    title = t(f"technology.{key}_title")
    n = t("n.works", n=t.number(works))
    notes = (t(f"technology.{key}_note"),)
    return TableBlock(id_, no, title, table(columns, rows, title), n, notes, context.source, folded)


def _unclassified(context: Context, numbering: Numbering, count: Mapping[tuple[str, str], int]) -> TableBlock:
    t = context.texts
    names = sorted({database for database, _ in count}, key=lambda name: (-sum(_row(count, name)), name))
    rows: list[Row] = []
    sums = [0] * len(_OUTCOMES)
    for name in names:
        works = _row(count, name)
        sums = [one + more for one, more in zip(sums, works, strict=True)]
        rows.append((text(database_name(name, t) if name else t("data.files.unknown"), heads=True),
                     *_cells(context, works)))  # fmt: skip
    rows.append(Emphasis((text(t("columns.total"), heads=True), *_cells(context, sums))))
    unit = t("units.works")
    columns = [Column(t("columns.database")), *(Column(t(f"technology.{name}"), "number", unit) for name in _OUTCOMES)]
    columns.append(Column(t("technology.unclassified_share"), "number"))
    return _block(context, numbering, "outcomes", columns, rows, sum(sums))


def _row(count: Mapping[tuple[str, str], int], database: str) -> list[int]:
    return [count.get((database, outcome), 0) for outcome in _OUTCOMES]


def _cells(context: Context, works: Sequence[int]) -> list:  # type: ignore[type-arg]
    total = sum(works)
    return [*(number(context, one) for one in works), percent(context, works[-1] / total if total else None)]


def _matrix(
    context: Context, numbering: Numbering, count: Mapping[tuple[str, str], int], *, folded: bool
) -> TableBlock:
    t = context.texts
    fields = [field for field in context.fields if (field, field) in count]
    unit = t("units.works")
    columns = [Column(t("columns.field")), *(Column(context.field(field), "number", unit) for field in fields)]
    rows: list[Row] = [
        (text(context.field(a), heads=True), *(number(context, count.get((a, b), 0)) for b in fields)) for a in fields
    ]
    works = context.totals[("all", "all", "all")].works if ("all", "all", "all") in context.totals else 0
    return _block(context, numbering, "together", columns, rows, works, folded=folded)


def _years(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    years = sorted({int(period) for _, period, base in context.totals if base == "all" and period.isdigit()})
    years = years[-LAST_YEARS:]
    if not years:
        return []
    columns = [Column(t("columns.field")), *(Column(str(year), "number") for year in years)]
    rows: list[Row] = []
    total = 0
    for field in (*context.fields, "all"):
        found = [context.totals.get((field, str(year), "all")) for year in years]
        works = [row.works if row is not None else 0 for row in found]
        cells = (text(context.field(field), heads=True), *(number(context, one) for one in works))
        rows.append(Emphasis(cells) if field == "all" else cells)
        total = sum(works)
    return [_block(context, numbering, "years", columns, rows, total, folded=len(years) > 1)]


def _tree(context: Context, numbering: Numbering, tree: Sequence[tuple[str, str | None, int, int]]) -> FigureBlock:
    """Draw the keywords of most works and what they hang from, as vectors, to be enlarged."""
    t = context.texts
    above = _above(context, tree)
    works = {keyword: count for keyword, _, _, count in tree}
    joint = {keyword: count for keyword, _, count, _ in tree}
    labelled = {keyword for (keyword,) in context.tables.fetch(_LABELLED, "keyword_fields")}
    [(keywords,)] = context.tables.fetch(_KEYWORDS, "keyword_tree")
    id_, no = numbering.exhibit()
    drawings = []
    for frame, use, most in ((theme.WIDE_NETWORK, "wide", DRAWN), (theme.NARROW_NETWORK, "narrow", DRAWN // 3)):
        chosen = [keyword for keyword, *_ in tree[:most]]
        nodes = [Node(one, one, works[one], "target" if one in labelled else "other") for one in chosen]
        links = []
        for keyword in chosen:
            parent = _drawn_above(keyword, above, set(chosen))
            if parent is not None:
                links.append(Link(keyword, parent, max(joint[keyword] if above[keyword] == parent else 0, 1)))
        figure = network(nodes, links, frame, per_node=len(nodes), overall=len(links), labelled=most)
        drawings.append(Drawing(figure, use))  # type: ignore[arg-type]
    title = t("technology.tree_title", n=min(DRAWN, len(tree)))
    legend = (
        Key(bar(theme.TARGET), t("technology.tree_field")),
        Key(bar(theme.OTHER), t("technology.tree_no_field")),
    )
    described = t.listing([f"{keyword} ({count})" for keyword, _, _, count in tree[:10]])
    return FigureBlock(
        id_, no, title, pictures(id_, drawings, title, described), t("technology.tree_definition"),
        t("technology.tree_n", n=t.number(keywords)), (t("technology.tree_note"),), context.source, legend,
        zoom=True,
    )  # fmt: skip


def _above(context: Context, tree: Sequence[tuple[str, str | None, int, int]]) -> dict[str, str | None]:
    """Return what each keyword hangs from, up to the roots: few of the hundreds of thousands of keywords."""
    above = {keyword: parent for keyword, parent, _, _ in tree}
    while missing := {parent for parent in above.values() if parent is not None} - above.keys():
        sql = f"select keyword, parent from keyword_tree where keyword in ({listed(sorted(missing))}) order by keyword"
        above |= dict.fromkeys(missing) | dict(context.tables.fetch(sql, "keyword_tree"))
    return above


def _drawn_above(keyword: str, above: dict[str, str | None], drawn: set[str]) -> str | None:
    """Return the nearest keyword above that is drawn too."""
    found = above[keyword]
    while found is not None and found not in drawn:
        found = above.get(found)
    return found
