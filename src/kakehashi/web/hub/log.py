"""The page of all changes, newest first: who changed what when, and the undoing of what was done at once."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from kakehashi.hub.store.fields import kind_columns
from kakehashi.hub.store.models import KINDS
from kakehashi.texts import Texts
from kakehashi.web.hub.house import Asked, House, changes, shows
from kakehashi.web.hub.registers import PARTS, REGISTERS, name_of

_PER_PAGE = 100
_SHOWN = 8
"""How many changes of one batch are listed; the rest is counted."""
_VALUES = 3


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of the log."""

    @shows(app, house, "/changes")
    def listed(asked: Asked) -> Response:
        text = asked.request.query_params.get("page", "1")
        page = max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1
        found = asked.hub.changes(without=asked.caller.unseen, offset=(page - 1) * _PER_PAGE, limit=_PER_PAGE + 1)
        own = found[:_PER_PAGE]
        undone = {one["undoes"] for one in own if one["undoes"]}
        batches = [
            _batch(asked, batch, list(rows), undone=batch in undone)
            for batch, rows in groupby(own, key=lambda one: one["batch"])
        ]
        return asked.page(
            "hub_log.html.j2", asked.t("hub.pages.changes"), batches=batches,
            before=page - 1 if page > 1 else 0, after=page + 1 if len(found) > _PER_PAGE else 0,
        )  # fmt: skip

    @changes(app, house, "/changes/undo")
    def undo(asked: Asked, given: Mapping[str, str]) -> Response:
        with asked.hub.unit(asked.caller.name) as unit:
            unit.undo(given.get("batch", ""))
        return RedirectResponse(asked.address("changes"), 303)


def _batch(asked: Asked, batch: str, rows: Sequence[Mapping[str, Any]], *, undone: bool) -> dict[str, Any]:
    t = asked.t
    lasting = any(one["kind"] not in KINDS or one["action"] in ("erase", "erased") for one in rows)
    return {
        "batch": batch, "at": f"{rows[0]['at']:%Y-%m-%d %H:%M}", "author": rows[0]["author"], "undone": undone,
        "undoable": not lasting and not undone,
        "lines": [_line(asked, one) for one in rows[:_SHOWN]],
        "more": t("hub.more_changes", n=t.number(len(rows) - _SHOWN)) if len(rows) > _SHOWN else "",
    }  # fmt: skip


def _line(asked: Asked, one: Mapping[str, Any]) -> dict[str, str]:
    """Tell one change: what was done to which record. Accounts and a wipe have no record to look at."""
    t: Texts = asked.t
    kind, record = one["kind"], one["after"] or one["before"] or {}
    action = t(f"hub.actions.{one['action'].replace(' ', '_')}")
    if kind not in KINDS:
        return {"action": action, "kind": "", "name": record.get("login", ""), "href": ""}
    shown = kind in (*REGISTERS, *PARTS) and one["after"]
    return {
        "action": action,
        "kind": t(f"hub.pages.{kind}"),
        "name": _name(kind, record, t) or one["record_id"][:8],
        "href": asked.address(kind, one["record_id"]) if shown else "",
    }


def _name(kind: str, record: Mapping[str, Any], t: Texts) -> str:
    """Name a record of the log; one of a kind without names by its first few values."""
    values = {column.name: record.get(column.name) for column in kind_columns(kind)}
    own = [str(values[column.name]) for column in kind_columns(kind) if not column.foreign_keys]
    known = [one for one in own if one != "None"][:_VALUES]
    return name_of(kind, {**dict.fromkeys(KINDS[kind].c.keys()), **record}, t) or " ".join(known)
