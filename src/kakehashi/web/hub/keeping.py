"""What admins keep: accounts and their roles, everything in one file and back, and the erasing of a person."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from kakehashi.hub.access.accounts import LOGIN, LONGEST, SHORTEST, Accounts
from kakehashi.hub.access.doors import WithAccounts
from kakehashi.hub.api.errors import STATUS
from kakehashi.hub.store.errors import HubError, InvalidError, NotFoundError
from kakehashi.hub.store.models import PRIVATE, ROLES
from kakehashi.hub.store.transfer import ENDINGS, MEDIA, export, import_everything
from kakehashi.web.hub.house import Asked, House, changes, receives, shows
from kakehashi.web.hub.registers import name_of
from kakehashi.web.problems import said


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of what only admins see; those of accounts where there are accounts."""
    if isinstance(house.door, WithAccounts):
        _add_accounts(app, house, house.door.accounts)
    _add_everything(app, house)
    _add_erasing(app, house)


# --- Accounts ---


def _add_accounts(app: FastAPI, house: House, accounts: Accounts) -> None:
    @shows(app, house, "/accounts", role="admin")
    def listed(asked: Asked) -> Response:
        return _accounts(asked, accounts)

    @changes(app, house, "/accounts", role="admin")
    def add(asked: Asked, given: Mapping[str, str]) -> Response:
        problem = _wrong(asked, given, needs_password=True)
        if not problem:
            try:
                accounts.add(given["login"], given["password"], given["role"], asked.caller.name)
            except InvalidError:
                problem = asked.t("hub.accounts.taken", login=given["login"])
        if problem:
            return _accounts(asked, accounts, given, problem)
        return RedirectResponse(asked.address("accounts"), 303)

    @changes(app, house, "/accounts/{login}", role="admin")
    def change(asked: Asked, given: Mapping[str, str], login: str) -> Response:
        problem = _wrong(asked, {**given, "login": login}, needs_password=False)
        if not problem:
            try:
                active = {"open": True, "close": False}.get(given.get("state", ""))
                role, password = given.get("role") or None, given.get("password") or None
                accounts.change(login, asked.caller.name, role=role, password=password, active=active)
            except InvalidError:
                problem = asked.t("hub.accounts.last_admin")
        if problem:
            return _accounts(asked, accounts, problem=problem)
        return RedirectResponse(asked.address("accounts"), 303)


def _wrong(asked: Asked, given: Mapping[str, str], *, needs_password: bool) -> str:
    """Return what is wrong with a form in words; nothing where all is well."""
    password = given.get("password", "")
    if not re.fullmatch(LOGIN, given.get("login", "")):
        return asked.t("hub.accounts.bad_login")
    if (password or needs_password) and not SHORTEST <= len(password) <= LONGEST:
        return asked.t("hub.accounts.bad_password", least=SHORTEST, most=LONGEST)
    if given.get("role", "") not in (*ROLES, *(() if needs_password else ("",))):
        return asked.t("hub.accounts.bad_role")
    return ""


def _accounts(
    asked: Asked, accounts: Accounts, given: Mapping[str, str] | None = None, problem: str = ""
) -> Response:  # fmt: skip
    t = asked.t
    rows = [
        {
            "login": one["login"], "role": one["role"], "active": one["active"],
            "since": f"{one['created_at']:%Y-%m-%d}", "own": one["login"] == asked.caller.name,
        }
        for one in accounts.all()
    ]  # fmt: skip
    roles = [(role, t(f"hub.roles.{role}")) for role in ROLES]
    return asked.page(
        "hub_accounts.html.j2", t("hub.pages.accounts"), 422 if problem else 200, accounts=rows, roles=roles,
        problem=problem, given=given or {}, least=SHORTEST, most=LONGEST,
    )  # fmt: skip


# --- Everything in one file ---


def _add_everything(app: FastAPI, house: House) -> None:
    @shows(app, house, "/everything", role="admin")
    def page(asked: Asked) -> Response:
        return _everything(asked)

    @shows(app, house, "/everything/{name}", role="admin")
    def give(asked: Asked, name: str) -> Response:
        ending = PurePath(name).suffix
        if ending not in ENDINGS:
            raise NotFoundError(f"there is no export {name!r}")
        form = ENDINGS[ending]
        headers = {"content-disposition": f'attachment; filename="hub{ending}"', "cache-control": "no-store"}
        return Response(export(asked.hub, form), media_type=MEDIA[form], headers=headers)

    @receives(app, house, "/everything", role="admin")
    def take(asked: Asked, name: str, content: bytes) -> Response:
        form = ENDINGS.get(PurePath(name).suffix.lower())
        if form is None:
            return _everything(asked, 422, [("", asked.t("hub.everything.no_form"))])
        try:
            import_everything(asked.hub, content, form, asked.caller.name)
        except InvalidError as error:
            return _everything(asked, 422, list(error.problems.items()))
        except HubError as error:
            return _everything(asked, STATUS.get(error.code, 400), [("", str(error))])
        return RedirectResponse(asked.address(""), 303)


def _everything(asked: Asked, status: int = 200, problems: Sequence[tuple[str, str]] = ()) -> Response:
    told = [(where, said(problem, asked.language)) for where, problem in problems]
    return asked.page("hub_everything.html.j2", asked.t("hub.pages.everything"), status, problems=told)


# --- Erasing ---


def _add_erasing(app: FastAPI, house: House) -> None:
    for kind in PRIVATE:
        _add_erasing_of(app, house, kind)


def _add_erasing_of(app: FastAPI, house: House, kind: str) -> None:
    @shows(app, house, f"/{kind}/{{record}}/erase", role="admin")
    def ask(asked: Asked, record: str) -> Response:
        found: Mapping[str, Any] = asked.hub.get(kind, record)
        title = asked.t("hub.erase.title", name=name_of(kind, found, asked.t) or record)
        return asked.page("hub_erase.html.j2", title, kind=kind, record=found)

    @changes(app, house, f"/{kind}/{{record}}/erase", role="admin")
    def erase(asked: Asked, given: Mapping[str, str], record: str) -> Response:  # noqa: ARG001 -- only its token counts
        with asked.hub.unit(asked.caller.name) as unit:
            unit.erase(kind, record)
        return RedirectResponse(asked.address(kind), 303)
