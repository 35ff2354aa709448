"""A page as HTML, JSON, CSV, xlsx, SVG and PNG: the same values in every form."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kakehashi import __version__
from kakehashi.figures.table import Band, Cell, row_cells
from kakehashi.report.blocks import Bullets, FigureBlock, Heading, Paragraph, TableBlock, Terms
from kakehashi.texts import Texts
from kakehashi.web.edition import edition
from kakehashi.web.page import Column, Drawing, Facts, Form, Html, Links, Page, Ref, Table
from kakehashi.web.view import View, address

Sheet = tuple[str, str, list[str], Sequence[Sequence[Any]]]
"""Id, title, heads and rows of a table."""
_TEXT_KINDS = ("text",)
_WORDY = 4
"""Columns of text from which a table is one of words, whatever else it holds."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SPOTS = re.compile(r'<g class="spots">.*?</g>', re.DOTALL)
_NOT_IN_NAMES = re.compile(r"[][:*?/\\]")
_NAVIGATION = (
    ("study", ("", "map", "network", "countries", "institutions", "fields", "compare")),
    ("advice", ("partners", "advise", "schemes", "cases")),
    ("ground", ("economy", "quality", "methods", "review", "labels", "documents", "run")),
)


@cache
def environment() -> Environment:
    """Return the templates: ours and those of the report, everything escaped."""
    found = Environment(
        loader=ChoiceLoader([PackageLoader("kakehashi.web"), PackageLoader("kakehashi.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        is_ref=lambda one: isinstance(one, Ref),
        css=_css,
        look=_look,
        cells=_cells,
        rows_shown=_rows_shown,
        version=__version__,
        edition=edition(),
    )
    return found


def bare(cell: Any) -> Any:
    """Return the value of a cell."""
    return cell.value if isinstance(cell, Ref) else cell


def _rows_shown(t: Texts, table: Table) -> str:
    """Say how many rows a table has, and how many of them are shown where these are not all."""
    shown_rows = len(table.rows)
    if table.total is None or table.total <= shown_rows:
        return t.count("n.rows", shown_rows)
    return t("n.rows_of", n=t.number(shown_rows), total=t.number(table.total))


def _css(column: Column) -> str:
    return "text" if column.kind in _TEXT_KINDS else "number"


def _look(table: Table) -> str:
    """Tables of words are told row by row on a phone; tables of numbers stay tables, and scroll."""
    texts = sum(column.kind == "text" for column in table.columns)
    return "prose" if texts in (len(table.columns), *range(_WORDY, 20)) else "numbers"


def _cells(t: Texts, table: Table, row: Sequence[Any]) -> Markup:
    """Write the cells of a row. Not a template's work: a page may have thousands, and somebody waits for it."""
    written, wordy = [], _look(table) == "prose"
    for number, (column, one) in enumerate(zip(table.columns, row, strict=True)):
        raw, look = bare(one), _css(column)
        if raw is None:
            why = escape(table.missing or t("common.no_value"))
            written.append(
                f'<td class="{look} none" data-label="{escape(column.title)}"><abbr title="{why}">–</abbr></td>'
            )
            continue
        own = replace(column, kind=one.kind) if isinstance(one, Ref) and one.kind else column
        value = escape(shown(t, own, raw))
        if isinstance(one, Ref):
            value = f'<a href="{escape(one.href)}">{value}</a>'
        if number == 0:
            written.append(f'<th scope=row class="{look}">{value}</th>')
        elif look == "text" or wordy:
            written.append(f'<td class="{look}" data-label="{escape(column.title)}">{value}</td>')
        else:
            written.append(f'<td class="number">{value}</td>')
    return Markup("".join(written))  # noqa: S704 -- every value was escaped


def shown(t: Texts, column: Column, value: Any) -> str:
    """Write a value as the column's kind and the language want it."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return "–" if value is None else str(value)
    if column.kind == "percent":
        return t.percent(value)
    if column.kind == "decimal":
        return t.decimal(value)
    if column.kind == "signed":
        return t.signed(value)
    if column.kind == "fractional":
        return t.fractional(value)
    return str(value) if column.kind == "year" else t.number(value)


def file_size(count: int) -> str:
    """Write a number of bytes."""
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


def html(page: Page, view: View, *, other_href: str, extra: Sequence[str] = ()) -> str:
    """Write the page for the browser. `extra` names pages that this study also has."""
    t = view.t
    query = view.here().partition("?")[2]

    def with_query(ending: str, **more: str) -> str:
        name = page.id or "overview"
        pairs = {key: list(values) for key, values in view.params.items() if values and any(values)}
        return address(f"{name}.{ending}", **{**pairs, **more})

    forms = ["json"]
    if page.tables or any(isinstance(part, TableBlock) for part in page.parts):
        forms += ["xlsx"]
    template = environment().get_template("page.html.j2")
    return template.render(
        t=t,
        page=page,
        heading=page.title,
        study_title=view.context.settings.study.name,
        synthetic=view.context.settings.study.synthetic,
        nav=navigation(view, extra),
        here=view.page,
        menu_open=False,
        other="en" if t.language == "ja" else "ja",
        other_href=other_href,
        generation=view.study.generation[:8],
        action=page.id or "./",
        query=query,
        downloads=[(with_query(ending), ending.upper() if ending != "xlsx" else "xlsx") for ending in forms],
        table_downloads=lambda part: [
            (with_query("csv", part=part.id), "CSV"), (with_query("xlsx", part=part.id), "xlsx"),
        ],
        figure_downloads=lambda part: [
            (with_query("svg", part=part.id), "SVG"), (with_query("png", part=part.id), "PNG"),
        ],
        shown=lambda column, value: shown(t, column, value),
    )  # fmt: skip


def navigation(view: View, extra: Sequence[str]) -> list[dict[str, Any]]:
    """Return the groups of links beside every page of a study; pages without anything behind them are left out."""
    hidden = {"review", "labels", "run"} - set(extra)
    groups: list[dict[str, Any]] = []
    if not view.reader.has("entity_edges"):
        hidden |= {"network"}
    if view.study.is_reference:
        hidden |= {"quality", "economy"}
    for group, pages in _NAVIGATION:
        links = [(page, view.say(f"nav.{page or 'overview'}")) for page in pages if page not in hidden]
        if group == "advice" and extra and has_hub():
            # Needs are kept in the hub, which is beside the studies.
            asked = f"/{view.language}/hub/match?{urlencode({'study': view.study.name})}"
            links.insert(1, (asked, view.say("nav.match")))
        groups.append({"title": view.say(f"nav.group_{group}"), "links": links})
    return groups


def has_hub() -> bool:
    """Tell whether the hub's extra is installed."""
    return find_spec("sqlalchemy") is not None


def plain(page: Page, view: View) -> str:
    """Write the page as JSON: the same parts, values without their form."""
    parts = [found for part in page.parts if (found := _plain(part)) is not None]
    content = {
        "study": view.study.name, "run": view.study.generation, "page": page.id or "overview",
        "language": view.language, "title": page.title, "lead": page.lead,
        "synthetic": view.context.settings.study.synthetic, "parts": parts,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def _plain(part: Any) -> dict[str, Any] | None:
    if isinstance(part, Table):
        return {
            "kind": "table", "id": part.id, "title": part.title, "notes": list(part.notes), "total": part.total,
            "columns": [vars(column) for column in part.columns],
            "rows": [[_cell(one) for one in row] for row in part.rows],
        }  # fmt: skip
    if isinstance(part, Drawing | FigureBlock):
        found = {"kind": "figure", "id": part.id, "title": part.title, "n": part.n, "notes": list(part.notes)}
        return {**found, "definition": part.definition, "source": part.source}
    if isinstance(part, TableBlock):
        _, _, heads, rows = _sheet(part)
        return {"kind": "table", "id": part.id, "title": part.title, "notes": list(part.notes),
                "columns": [{"title": head} for head in heads], "rows": rows}  # fmt: skip
    if isinstance(part, Facts):
        return {"kind": "facts", "items": [{"name": name, "value": _cell(one)} for name, one in part.items]}
    if isinstance(part, Links):
        items = [{"title": one.value, "href": one.href, "hint": one.hint} for one in part.items]
        return {"kind": "links", "title": part.title, "items": items}
    if isinstance(part, Form):
        chosen = {one.name: one.value for one in part.choices}
        return {"kind": "choices", "chosen": chosen,
                "options": {one.name: [known for known, _ in one.options] for one in part.choices}}  # fmt: skip
    if isinstance(part, Html):
        return {"kind": "data", **{name: value for name, value in part.values.items() if not name.startswith("_")}}
    if isinstance(part, Paragraph | Heading):
        return {"kind": part.kind, "text": part.text}
    if isinstance(part, Bullets | Terms):
        return {"kind": part.kind, "items": list(part.items)}
    return None


def _cell(one: Any) -> Any:
    return {"value": one.value, "href": one.href} if isinstance(one, Ref) else one


def sheets(page: Page, part: str) -> list[Sheet]:
    """Return id, title, heads and rows of the tables asked for; an empty `part` asks for all."""
    found: list[Sheet] = []
    for one in page.parts:
        if isinstance(one, Table):
            heads = [column.title + (f" ({column.unit})" if column.unit else "") for column in one.columns]
            found.append((one.id, one.title, heads, [[bare(cell) for cell in row] for row in one.rows]))
        elif isinstance(one, TableBlock):
            found.append(_sheet(one))
    return [sheet for sheet in found if part in ("", sheet[0])]


def _sheet(block: TableBlock) -> Sheet:
    """Return a table of the report: numbers as numbers where it keeps them, else as they are written."""
    heads = [column.title + (f" ({column.unit})" if column.unit else "") for column in block.table.columns]
    rows: list[list[Any]] = [
        [row.text] if isinstance(row, Band) else [_kept(cell) for cell in row_cells(row)] for row in block.table.rows
    ]
    return block.id, block.title, heads, rows


def _kept(cell: Cell) -> Any:
    return cell.text if cell.value is None else cell.value


def as_csv(page: Page, part: str) -> bytes | None:
    """Write a table as CSV in UTF-8 with a mark, as spreadsheets want it; None where there is none."""
    found = sheets(page, part)
    if not found:
        return None
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(found[0][2])
    write.writerows([_harmless(cell) for cell in row] for row in found[0][3])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> Any:
    """Keep a spreadsheet from taking a text of the data for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def as_xlsx(page: Page, part: str) -> bytes | None:
    """Write the tables as a workbook, one sheet each with frozen heads and filters; None where there is none."""
    found = sheets(page, part)
    if not found:
        return None
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        for number, (_, title, heads, rows) in enumerate(found, 1):
            sheet = book.add_worksheet(_sheet_name(number, title))
            sheet.write_row(0, 0, heads, bold)
            for line, row in enumerate(rows, 1):
                sheet.write_row(line, 0, ["" if cell is None else cell for cell in row])
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(len(rows), 1), max(len(heads) - 1, 0))
            sheet.set_column(0, 0, 32)
            sheet.set_column(1, max(len(heads) - 1, 1), 15)
    return out.getvalue()


def _sheet_name(number: int, title: str) -> str:
    return f"{number} {_NOT_IN_NAMES.sub(' ', title)}"[:31].rstrip("'")


def as_svg(page: Page, part: str) -> str | None:
    """Return a figure as a file of its own; None where there is none."""
    for one in page.parts:
        if isinstance(one, Drawing) and part in ("", one.id):
            return _alone(one.wide)
        if isinstance(one, FigureBlock) and part in ("", one.id) and one.pictures:
            return _alone(str(one.pictures[0].svg))
    return None


def _alone(text: str) -> str:
    text = _SPOTS.sub("", text)
    if "paint-order" not in text[:600]:
        text = text.replace("<svg ", '<svg style="paint-order:stroke" ', 1)
    end = text.index(">") + 1
    return text[:end] + '<rect width="100%" height="100%" fill="#ffffff"/>' + text[end:]


def as_png(page: Page, part: str) -> bytes | None:
    """Return a figure as pixels, twice as many as its size says; None where there is none."""
    import vl_convert  # large, and few ask for pixels

    text = as_svg(page, part)
    return None if text is None else vl_convert.svg_to_png(text, scale=2)
