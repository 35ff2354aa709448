"""The page by which many records of a kind are added from one table."""

from collections.abc import Sequence
from pathlib import PurePath

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from kakehashi.hub.api.errors import STATUS
from kakehashi.hub.store.adding import MOST_ROWS, TABLES, add_rows, label, refers_to, template
from kakehashi.hub.store.errors import HubError, InvalidError
from kakehashi.hub.store.fields import kind_columns
from kakehashi.web.hub.house import Asked, House, receives, shows
from kakehashi.web.hub.registers import check
from kakehashi.web.problems import said


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of the page."""

    @shows(app, house, "/{kind}/table", role="editor")
    def page(asked: Asked, kind: str) -> Response:
        check(asked, kind)
        return _page(asked, kind)

    @shows(app, house, "/{kind}/table.csv", role="editor")
    def blank(asked: Asked, kind: str) -> Response:
        check(asked, kind)
        headers = {"content-disposition": f'attachment; filename="{kind}.csv"'}
        return Response(template(kind, asked.t), media_type="text/csv; charset=utf-8", headers=headers)

    @receives(app, house, "/{kind}/table", role="editor")
    def take(asked: Asked, kind: str, name: str, content: bytes) -> Response:
        check(asked, kind)
        form = TABLES.get(PurePath(name).suffix.lower())
        if form is None:
            return _page(asked, kind, 422, [("", asked.t("hub.table.no_form"))])
        try:
            add_rows(asked.hub, kind, content, form, asked.caller.name)
        except InvalidError as error:
            return _page(asked, kind, 422, list(error.problems.items()))
        except HubError as error:
            return _page(asked, kind, STATUS.get(error.code, 400), [("", str(error))])
        return RedirectResponse(asked.address("changes"), 303)


def _page(asked: Asked, kind: str, status: int = 200, problems: Sequence[tuple[str, str]] = ()) -> Response:
    t = asked.t
    columns = []
    for column in kind_columns(kind):
        told = [t(f"hub.choices.{one}") for one in column.info.get("choices", ())]
        hint = t("hub.table.by_name") if refers_to(column) else t("hub.comma").join(told)
        needed = not column.nullable and column.server_default is None
        columns.append((label(t, kind, column.name), needed, hint))
    return asked.page(
        "hub_table.html.j2", t("hub.table.title", kind=t(f"hub.pages.{kind}")), status, kind=kind, columns=columns,
        problems=[(where, said(told, asked.language)) for where, told in problems], most=MOST_ROWS,
    )  # fmt: skip
