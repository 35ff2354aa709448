"""Pages that are chapters of the report: schemes, cases, economy, data quality, methods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from kakehashi.figures.scheme import NARROW_SCHEME, WIDE_SCHEME, description, pattern_diagram, scheme
from kakehashi.knowledge.axes import Axis, effects, views
from kakehashi.knowledge.cases import Case, cases
from kakehashi.knowledge.forms import forms, groups
from kakehashi.knowledge.patterns import patterns
from kakehashi.names import field_name
from kakehashi.report import codes
from kakehashi.report.blocks import Block, Bullets, FigureBlock, Numbering, Paragraph
from kakehashi.report.chapters import candidates, economy, methods, schemes, sources
from kakehashi.web.page import Choice, Column, Drawing, Form, Page, Part, Table
from kakehashi.web.view import View

_TAXONOMY = "ict8"


def for_browser(blocks: Sequence[Block]) -> list[Part]:
    """Take the inline style off the drawings of blocks: the explorer's policy forbids it, its style sheet says it."""
    return [_bare(block) if isinstance(block, FigureBlock) else block for block in blocks]


def _bare(block: FigureBlock) -> FigureBlock:
    made = tuple(
        # The drawing was escaped when it was made.
        replace(one, svg=Markup(str(one.svg).replace(' style="paint-order:stroke"', "")))  # noqa: S704
        for one in block.pictures
    )
    return replace(block, pictures=made, zoom=False)


def schemes_page(view: View) -> Page:
    """Draw the twelve patterns, each with what is said for and against the choices that it makes."""
    t, context = view.t, view.context
    chosen = view.one_of("pattern", ("", *(str(one) for one in patterns())), "")
    names = (context.country(context.home), t("schemes.partner"))
    options = (
        ("", view.say("schemes.all")),
        *((str(one.number), t("advise.outline.pattern", number=one.number, name=one.name(t.language)))
          for one in patterns().values()),
    )  # fmt: skip
    parts: list[Part] = [
        Form((Choice("pattern", view.say("schemes.choose"), chosen, options),), view.say("choose.show"))
    ]
    if not chosen:
        parts += for_browser(schemes.pattern_blocks(context, Numbering(6)))
    for pattern in patterns().values():
        if chosen not in ("", pattern.id):
            continue
        title = t("advise.outline.pattern", number=pattern.number, name=pattern.name(t.language))
        diagram = pattern_diagram(pattern, t, names)
        drawn = [
            scheme(diagram, t, page, key=f"scheme{pattern.id}-{page.name}", title=title)
            for page in (WIDE_SCHEME, NARROW_SCHEME)
        ]
        parts.append(
            Drawing(
                f"pattern{pattern.id}", title, drawn[0], drawn[1], definition=pattern.summary(t.language),
                notes=(description(diagram, t),), n=t.count("n.cases", pattern.cases),
                source=candidates.knowledge_source(context, "3-5"),
            )
        )  # fmt: skip
        if chosen:
            parts += _effects(view, diagram.seen.views, names)
    return Page("schemes", view.say("nav.schemes"), tuple(parts), view.say("ways.schemes"))


def _effects(view: View, seen: Mapping[Axis, str], names: tuple[str, str]) -> list[Part]:
    """Say what speaks for and against each choice of a pattern."""
    t = view.t
    parts: list[Part] = []
    for axis, choice in seen.items():
        id_ = f"{axis}.{choice}"
        told = [one for one in effects().values() if one.view == id_]
        if not told:
            continue
        name = t.fill(views()[id_].name, home=names[0], partner=names[1])
        parts.append(Paragraph(name, "note"))
        parts.append(
            Bullets(
                tuple(
                    view.say(f"schemes.{one.stance}", text=t.fill(one.text, home=names[0], partner=names[1]))
                    for one in told
                )
            )
        )
    return parts


def cases_page(view: View) -> Page:
    """Count the cases by form, field and pattern, and list those of a choice."""
    t = view.t
    group = view.one_of("form", ("", *groups()), "")
    field = view.get("field")
    known = sorted({one.field for one in cases() if one.field})
    field = field if field in known else ""
    form = Form(
        (
            Choice("form", view.say("cases.form"), group, (
                ("", view.say("cases.any")), *((one.id, one.name(t.language)) for one in groups().values()))),
            Choice("field", view.say("choose.field"), field, (
                ("", view.say("cases.any")), *((one, field_name(one, _TAXONOMY, t)) for one in known))),
        ),
        view.say("choose.show"),
    )  # fmt: skip
    found = [one for one in cases() if (not group or one.group == group) and (not field or one.field == field)]
    parts = (form, _case_table(view, found), *for_browser(schemes.case_blocks(view.context, Numbering(6))))
    return Page("cases", view.say("nav.cases"), parts, view.say("cases.lead"))


def _case_table(view: View, found: Sequence[Case]) -> Table:
    t = view.t
    body = tuple(
        (
            one.names(t.language) or one.title,
            t.listing([view.context.country(code) for code in one.read_as]) if one.read_as else None,
            (forms()[one.form].name(t.language) if one.form and one.form in forms() else None)
            or (groups()[one.group].name(t.language) if one.group else None),
            field_name(one.field, _TAXONOMY, t) if one.field else None,
            view.ref(t("advise.outline.pattern_short", number=one.pattern), "schemes", pattern=one.pattern)
            if one.pattern
            else None,
            one.scheme,
        )
        for one in found
    )
    columns = (
        Column("title", view.say("columns.title")),
        Column("countries", t("columns.countries")),
        Column("form", view.say("cases.form")),
        Column("field", t("columns.field")),
        Column("pattern", view.say("cases.pattern")),
        Column("scheme", view.say("cases.scheme")),
    )
    source = candidates.knowledge_source(view.context, "3-1")
    return Table("cases", view.say("cases.table"), columns, body, missing=view.say("cases.unknown"), source=source)


def economy_page(view: View) -> Page:
    """Show trade and GDP."""
    blocks = for_browser(economy.blocks(view.context, Numbering(5)))
    return Page("economy", view.say("nav.economy"), tuple(blocks), view.say("ways.economy"))


def quality_page(view: View) -> Page:
    """Show what was read and refused, how much could be resolved, and what could not, the most works first."""
    blocks = for_browser(sources.chapter(view.context).blocks)
    return Page("quality", view.say("nav.quality"), (*blocks, *_unresolved(view)), view.say("ways.quality"))


def _unresolved(view: View) -> list[Part]:
    if not view.reader.has("unresolved"):
        return []
    limit = "" if view.whole else " limit 100"
    rows = view.reader.rows(
        f"select affiliation, works, mentions, reason from unresolved order by works desc, 1{limit}"
    )
    [(total,)] = view.reader.rows("select count(*) from unresolved")
    t = view.t
    body = tuple(
        (row[0], row[1], row[2], (codes.label("reasons", row[3], t.language) or row[3]) if row[3] else None)
        for row in rows
    )
    columns = (
        Column("affiliation", view.say("columns.affiliation")),
        Column("works", t("columns.works"), "number"),
        Column("mentions", t("columns.mentions"), "number"),
        Column("reason", view.say("quality.why")),
    )
    return [Table("unresolved", view.say("quality.unresolved"), columns, body, total=total)]


def methods_page(view: View) -> Page:
    """Say how everything was computed."""
    chapter = methods.chapter(view.context)
    return Page("methods", view.say("nav.methods"), tuple(for_browser(chapter.blocks)), view.say("ways.methods"))
