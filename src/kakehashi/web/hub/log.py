"""The page of all changes, newest first: who changed what when, and the undoing of what was done at once."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from kakehashi.hub.store.fields import kind_columns
from kakehashi.hub.store.models import KINDS
from kakehashi.web.hub.house import Asked, House, changes, shows
from kakehashi.web.hub.registers import PARTS, REGISTERS, name_of

_PER_PAGE = 100
_SHOWN = 5
"""How many records of a kind are named that were changed at once; the rest is counted."""


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of the log."""

    @shows(app, house, "/changes")
    def listed(asked: Asked) -> Response:
        text = asked.request.query_params.get("page", "1")
        page = max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1
        found = asked.hub.changes(without=asked.caller.unseen, offset=(page - 1) * _PER_PAGE, limit=_PER_PAGE + 1)
        own = found[:_PER_PAGE]
        undone = asked.hub.undone({one["batch"] for one in own})
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
    lasting = any(one["kind"] not in KINDS or one["action"] in ("erase", "erased") for one in rows)
    return {
        "batch": batch, "at": f"{rows[0]['at']:%Y-%m-%d %H:%M}", "author": rows[0]["author"], "undone": undone,
        "undoable": not lasting and not undone,
        "lines": [
            _line(asked, kind, action, list(own))
            for (kind, action), own in groupby(rows, key=lambda one: (one["kind"], one["action"]))
        ],
    }  # fmt: skip


def _line(asked: Asked, kind: str, action: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Tell what was done to records of a kind that follow each other. Accounts and a wipe have no page."""
    t = asked.t
    shown = rows[:_SHOWN] if kind not in KINDS or any(one.info.get("name") for one in kind_columns(kind)) else ()
    more = len(rows) - len(shown)
    return {
        "action": t(f"hub.actions.{action.replace(' ', '_')}"),
        "kind": t(f"hub.pages.{kind}") if kind in KINDS else "",
        "records": [_record(asked, kind, one) for one in shown],
        "more": "" if not more else t("hub.more_changes" if shown else "hub.counted_changes", n=t.number(more)),
    }


def _record(asked: Asked, kind: str, one: Mapping[str, Any]) -> tuple[str, str]:
    """Return a record's name, and its address where it has a page."""
    record = one["after"] or one["before"] or {}
    if kind not in KINDS:
        return record.get("login", ""), ""
    name = name_of(kind, {**dict.fromkeys(KINDS[kind].c.keys()), **record}, asked.t) or one["record_id"][:8]
    here = kind in (*REGISTERS, *PARTS) and one["after"]
    return name, asked.address(kind, one["record_id"]) if here else ""
