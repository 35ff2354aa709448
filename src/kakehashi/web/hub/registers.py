"""The registers: lists of records, a page for each with what belongs to it and its history, forms to add and change."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Column, Date, Integer, Numeric

from kakehashi.hub.store.adding import label, refers_to
from kakehashi.hub.store.errors import ConflictError, InvalidError, NotFoundError
from kakehashi.hub.store.fields import kind_columns, to_plain
from kakehashi.hub.store.models import KINDS, PRIVATE
from kakehashi.texts import Texts
from kakehashi.web.hub.house import EDITORS_ONLY, GROUPS, Asked, House, changes, shows
from kakehashi.web.problems import said

PER_PAGE = 50
_OFFERED = 500
_SHORT = 80
_LISTED = 5
_HISTORY = 20
REGISTERS = next(pages for group, pages in GROUPS if group == "registers")
CHILDREN: Mapping[str, tuple[str, ...]] = {
    "organisations": ("needs", "seeds", "project_partners", "kpi_definitions", "people", "organisation_links"),
    "needs": ("matches",),
    "seeds": ("matches",),
    "projects": ("project_partners", "project_outputs", "project_agreements", "cases"),
    "kpi_definitions": ("kpi_values",),
}
"""What is shown on the page of a record: the kinds that refer to it."""
PARTS = frozenset(kind for kinds in CHILDREN.values() for kind in kinds)


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of the registers."""

    @shows(app, house, "/")
    def front(asked: Asked) -> Response:
        kinds = [kind for kind in REGISTERS if _may_see(asked, kind)]
        counted = [(kind, asked.t(f"hub.pages.{kind}"), asked.hub.count(kind)) for kind in kinds]
        return asked.page("hub_front.html.j2", asked.t("hub.title"), counted=counted)

    @shows(app, house, "/{kind}")
    def listed(asked: Asked, kind: str) -> Response:
        check(asked, kind)
        return _list(asked, kind)

    @shows(app, house, "/{kind}/new", role="editor")
    def new(asked: Asked, kind: str) -> Response:
        check(asked, kind)
        values = {key: value for key, value in asked.request.query_params.items() if key in KINDS[kind].c}
        return _form(asked, kind, values, {})

    @shows(app, house, "/{kind}/{record}")
    def one(asked: Asked, kind: str, record: str) -> Response:
        check(asked, kind)
        return _record(asked, kind, asked.hub.get(kind, record))

    @shows(app, house, "/{kind}/{record}/edit", role="editor")
    def edit(asked: Asked, kind: str, record: str) -> Response:
        check(asked, kind)
        found = asked.hub.get(kind, record)
        return _form(asked, kind, {name: _written(value) for name, value in found.items()}, {}, found)

    @changes(app, house, "/{kind}/new")
    def add(asked: Asked, given: Mapping[str, str], kind: str) -> Response:
        check(asked, kind)
        try:
            with asked.hub.unit(asked.caller.name) as unit:
                made = unit.create(kind, _values(kind, given))
        except InvalidError as error:
            return _form(asked, kind, given, error.problems, status=422)
        return RedirectResponse(_home(asked, kind, made), 303)

    @changes(app, house, "/{kind}/{record}/edit")
    def change(asked: Asked, given: Mapping[str, str], kind: str, record: str) -> Response:
        check(asked, kind)
        found = asked.hub.get(kind, record)
        try:
            with asked.hub.unit(asked.caller.name) as unit:
                made = unit.update(kind, record, _version(given), _values(kind, given))
        except InvalidError as error:
            return _form(asked, kind, given, error.problems, found, 422)
        except ConflictError:
            problems = {"": asked.t("hub.overtaken", who=found["updated_by"])}
            return _form(asked, kind, {**given, "version": str(found["version"])}, problems, found, 409)
        return RedirectResponse(_home(asked, kind, made), 303)

    @changes(app, house, "/{kind}/{record}/delete")
    def take_away(asked: Asked, given: Mapping[str, str], kind: str, record: str) -> Response:
        check(asked, kind)
        found = asked.hub.get(kind, record)
        with asked.hub.unit(asked.caller.name) as unit:
            unit.delete(kind, record, _version(given))
        return RedirectResponse(_home(asked, kind, found, gone=True), 303)

    @changes(app, house, "/{kind}/{record}/undo")
    def undo(asked: Asked, given: Mapping[str, str], kind: str, record: str) -> Response:
        check(asked, kind)
        with asked.hub.unit(asked.caller.name) as unit:
            unit.undo(given.get("batch", ""))
        try:
            return RedirectResponse(_home(asked, kind, asked.hub.get(kind, record)), 303)
        except NotFoundError:
            return RedirectResponse(asked.address(kind if kind in REGISTERS else ""), 303)


def _may_see(asked: Asked, kind: str) -> bool:
    return kind not in EDITORS_ONLY or asked.caller.may("editor")


def check(asked: Asked, kind: str) -> None:
    """Raise NotFoundError for what is no register or may not be seen by the caller."""
    if kind not in (*REGISTERS, *PARTS) or not _may_see(asked, kind):
        raise NotFoundError(f"there is no register {kind!r}")


def _version(given: Mapping[str, str]) -> int:
    text = given.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _home(asked: Asked, kind: str, record: Mapping[str, Any], *, gone: bool = False) -> str:
    """Return where to go after a change: the record; for what is part of another, that other."""
    if kind not in REGISTERS:
        for column in kind_columns(kind):
            owner = refers_to(column)
            if owner and kind in CHILDREN.get(owner, ()) and record[column.name]:
                return asked.address(owner, record[column.name])
    return asked.address(kind) if gone else asked.address(kind, record["id"])


# --- Lists ---


def _list(asked: Asked, kind: str) -> Response:
    total = asked.hub.count(kind)
    text = asked.request.query_params.get("page", "1")
    last = max(1, -(-total // PER_PAGE))
    page = min(max(int(text), 1), last) if text.isdecimal() and len(text) < 9 else 1
    records = asked.hub.records(kind, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    return asked.page(
        "hub_list.html.j2", asked.t(f"hub.pages.{kind}"), kind=kind, table=table(asked, kind, records), total=total,
        before=page - 1 if page > 1 else 0, after=page + 1 if page < last else 0,
        lead=asked.t(f"hub.leads.{kind}"),
    )  # fmt: skip


def table(asked: Asked, kind: str, records: Sequence[Mapping[str, Any]], without: str = "") -> dict[str, Any]:
    """Return records as a table: heads, and rows of the record's id and its cells, the naming column first.

    `without`: a kind that the records refer to and that need not be said again.
    """
    t = asked.t
    columns = [column for column in kind_columns(kind) if not column.info.get("long")]
    columns = [column for column in columns if not without or refers_to(column) != without]
    columns = [
        column
        for column in columns
        if not (column.name == "name_ja" and t.language == "en" and kind == "organisations")
    ]
    columns.sort(key=lambda column: not column.info.get("name"))
    columns = columns[:_LISTED]
    names = {owner: names_of(asked, owner) for column in columns if (owner := refers_to(column))}
    rows = []
    for record in records:
        cells = [_shown(t, column, record[column.name], names) for column in columns]
        rows.append((record["id"], [cells[0] or name_of(kind, record, t) or record["id"][:8], *cells[1:]]))
    number = [isinstance(column.type, Integer | Numeric) for column in columns]
    return {"heads": [label(t, kind, column.name) for column in columns], "rows": rows, "number": number}


def name_of(kind: str, record: Mapping[str, Any], t: Texts) -> str:
    """Name a record as people know it."""
    names = [column.name for column in kind_columns(kind) if column.info.get("name")]
    if "name_ja" in KINDS[kind].c:
        names = ["name_ja", "name_en", *names] if t.language == "ja" else ["name_en", "name_ja", *names]
    return next((str(record[name]) for name in names if record[name]), "")


def names_of(asked: Asked, kind: str) -> dict[str, str]:
    """Return the names of the records of a kind by id."""
    return {
        one["id"]: name_of(kind, one, asked.t) or one["id"][:8] for one in asked.hub.records(kind, limit=_OFFERED)
    }  # fmt: skip


def _shown(t: Texts, column: Column[Any], value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    if value is None:
        return ""
    if "choices" in column.info:
        return t(f"hub.choices.{value}")
    owner = refers_to(column)
    if owner:
        return names[owner].get(value, value[:8])
    if isinstance(column.type, Numeric):
        return f"{value:,.8f}".rstrip("0").rstrip(".")
    return str(to_plain(value))


# --- One record ---


def _record(asked: Asked, kind: str, record: Mapping[str, Any]) -> Response:
    t = asked.t
    columns = kind_columns(kind)
    names = {owner: names_of(asked, owner) for column in columns if (owner := refers_to(column))}
    facts = []
    for column in columns:
        told = _shown(t, column, record[column.name], names)
        owner = refers_to(column)
        href = asked.address(owner, record[column.name]) if owner and told else ""
        if told:
            facts.append((label(t, kind, column.name), told, href, bool(column.info.get("long"))))
    parts = []
    for child in CHILDREN.get(kind, ()):
        if not _may_see(asked, child):
            continue
        key = next(column.name for column in kind_columns(child) if refers_to(column) == kind)
        own = asked.hub.records(child, {key: record["id"]}, limit=_OFFERED)
        parts.append((child, t(f"hub.pages.{child}"), table(asked, child, own, kind), key))
    history = [
        {
            "batch": one["batch"], "at": f"{one['at']:%Y-%m-%d %H:%M}", "author": one["author"],
            "action": t(f"hub.actions.{one['action']}"), "undone": one["action"] in ("erase", "erased"),
        }
        for one in asked.hub.changes(kind, record["id"], limit=_HISTORY)
    ]  # fmt: skip
    return asked.page(
        "hub_record.html.j2", name_of(kind, record, t) or t(f"hub.pages.{kind}"), kind=kind, record=record,
        kind_name=t(f"hub.pages.{kind}"), facts=facts, parts=parts, history=history,
        asks=kind if kind in ("needs", "seeds") and asked.house.shelf is not None else "",
        judged=kind == "organisations", erasable=kind in PRIVATE and asked.caller.may("admin"),
    )  # fmt: skip


# --- Forms ---


def _form(
    asked: Asked, kind: str, values: Mapping[str, Any], problems: Mapping[str, str],
    record: Mapping[str, Any] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    t = asked.t
    controls = []
    for column in kind_columns(kind):
        name = column.name
        owner = refers_to(column)
        options: list[tuple[str, str]] = []
        if owner:
            options = list(names_of(asked, owner).items())
        elif "choices" in column.info:
            options = [(one, t(f"hub.choices.{one}")) for one in column.info["choices"]]
        needed = not column.nullable
        default = str(column.server_default.arg) if column.server_default is not None else ""  # type: ignore[attr-defined]
        if needed and not default and "choices" in column.info:
            default = t.language if name == "language" else column.info["choices"][0]
        controls.append(
            {
                "name": name, "label": label(t, kind, name), "kind": _control(column, owner),
                "value": values.get(name) or ("" if record else default), "options": options, "needed": needed,
                "problem": said(problems.get(name, ""), t.language),
                "hint": t(f"hub.hints.{name}") if t.has(f"hub.hints.{name}") else "",
            }
        )  # fmt: skip
    heading = t("hub.change" if record else "hub.add", kind=t(f"hub.one.{kind}"))
    return asked.page(
        "hub_form.html.j2", heading, status, kind=kind, controls=controls, record=record,
        seen=values.get("version", ""), problem=problems.get("", ""), failed=bool(problems),
    )  # fmt: skip


def _control(column: Column[Any], owner: str) -> str:
    if owner or "choices" in column.info:
        return "select"
    if column.info.get("long"):
        return "area"
    if isinstance(column.type, Date):
        return "date"
    return "text"


def _written(value: Any) -> str:
    return "" if value is None else str(to_plain(value))


def _values(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a form: nothing where a field is empty, whole numbers as such."""
    found: dict[str, Any] = {}
    for column in kind_columns(kind):
        text = given.get(column.name, "").strip()
        whole = isinstance(column.type, Integer) and text.lstrip("-").isdecimal() and len(text) < 10
        found[column.name] = None if not text else int(text) if whole else text
    for column in kind_columns(kind):
        if found[column.name] is None and (column.server_default is not None or not column.nullable):
            del found[column.name]
    return found
