"""The routes: the records of each kind, the log and undoing, export and import, KPIs and readiness, accounts."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Path, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field, create_model
from starlette.concurrency import run_in_threadpool

from kakehashi.hub.access.accounts import LONGEST, Caller
from kakehashi.hub.access.doors import COOKIE, Door, WithAccounts, check_origin
from kakehashi.hub.api.admission import Allow, CheckedFirst, allowing
from kakehashi.hub.api.errors import RESPONSES
from kakehashi.hub.kpi.reading import kpis_from_tree
from kakehashi.hub.kpi.report import review
from kakehashi.hub.readiness.answers import from_tree
from kakehashi.hub.readiness.report import assess
from kakehashi.hub.store.bridge import answers_of, kpis_of
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.hub.store.fields import changes_model, fields_model, record_model, to_plain
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.models import KINDS, PRIVATE, STAMPS
from kakehashi.hub.store.transfer import MEDIA, export, import_everything

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Version = Annotated[int, Query(ge=1, lt=2**31, description="The version that you have read.")]
Offset = Annotated[int, Query(ge=0, le=10**9)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Role = Literal["reader", "editor", "admin"]


class Entry(BaseModel):
    """A change as it was logged."""

    batch: str
    at: str
    author: str
    action: str
    kind: str
    record_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    undoes: str | None


class Log(BaseModel):
    """Changes, newest first."""

    changes: list[Entry]


class Login(BaseModel):
    """Login and password."""

    login: str = Field(max_length=100)
    password: str = Field(max_length=LONGEST)


class Me(BaseModel):
    """Who asks, and the token that changes must carry in the header X-CSRF-Token (none in single-user mode)."""

    name: str
    role: Role
    csrf: str | None


class NewAccount(Login):
    """A new account."""

    role: Role


class AccountChange(BaseModel):
    """What is to change of an account."""

    role: Role | None = None
    password: str | None = Field(default=None, max_length=LONGEST)
    active: bool | None = None


class Tree(BaseModel):
    """Answers of the readiness questionnaire, and those of an earlier year, as in a file."""

    answers: dict[str, Any]
    previous: dict[str, Any] | None = None


class KpiTree(BaseModel):
    """KPIs as in a file."""

    kpis: list[dict[str, Any]] = Field(max_length=2000)


def make_router(hub: Hub, door: Door) -> APIRouter:
    """Make the routes over a hub. An application that includes them must have `errors.install` done to it."""
    router = APIRouter(responses=RESPONSES, route_class=CheckedFirst)
    allow = allowing(door)
    for kind in KINDS:
        _records(router, hub, kind, allow)
    _log(router, hub, allow)
    _whole(router, hub, allow)
    _judged(router, hub, allow)
    _session(router, door, allow)
    if isinstance(door, WithAccounts):
        _accounts(router, door, allow)
    return router


def _records(router: APIRouter, hub: Hub, kind: str, allow: Allow) -> None:
    new, changed, whole = fields_model(kind), changes_model(kind), record_model(kind)
    page: Any = create_model(f"{whole.__name__}Page", records=(list[whole], ...), total=(int, ...))  # type: ignore[valid-type]
    reads = "editor" if kind in PRIVATE else "reader"
    named = [column.name for column in KINDS[kind].columns if column.name not in STAMPS and column.info.get("choices")]
    named += [column.name for column in KINDS[kind].columns if column.foreign_keys]
    Columns: Any = Literal[tuple(named)] if named else Literal["id"]  # noqa: N806

    @router.get(f"/{kind}", response_model=page, tags=[kind], summary=f"List {kind}", dependencies=[allow(reads)])
    def listed(
        offset: Offset = 0,
        limit: Limit = 100,
        column: Annotated[Columns | None, Query(description="Only records whose column …")] = None,
        value: Annotated[str | None, Query(pattern=r"^[\w.-]{1,100}$", description="… has this value.")] = None,
    ) -> Any:
        where = {column: value} if column is not None and value is not None else None
        return {"records": hub.records(kind, where, offset=offset, limit=limit), "total": hub.count(kind, where)}

    @router.post(f"/{kind}", response_model=whole, status_code=201, tags=[kind], summary=f"Add one of {kind}")
    def add(values: new, caller: Caller = allow("editor")) -> Any:  # type: ignore[valid-type]
        with hub.unit(caller.name) as unit:
            return unit.create(kind, values.model_dump())  # type: ignore[attr-defined]

    @router.get(f"/{kind}/{{record}}", response_model=whole, tags=[kind], dependencies=[allow(reads)])
    def one(record: Id) -> Any:
        return hub.get(kind, record)

    @router.patch(f"/{kind}/{{record}}", response_model=whole, tags=[kind], summary=f"Change one of {kind}")
    def change(record: Id, version: Version, values: changed, caller: Caller = allow("editor")) -> Any:  # type: ignore[valid-type]
        with hub.unit(caller.name) as unit:
            return unit.update(kind, record, version, values.model_dump(exclude_unset=True))  # type: ignore[attr-defined]

    @router.delete(f"/{kind}/{{record}}", status_code=204, tags=[kind], summary=f"Take one of {kind} away")
    def take_away(record: Id, version: Version, caller: Caller = allow("editor")) -> None:
        with hub.unit(caller.name) as unit:
            unit.delete(kind, record, version)

    @router.get(f"/{kind}/{{record}}/changes", response_model=Log, tags=[kind], dependencies=[allow(reads)])
    def history(record: Id, offset: Offset = 0, limit: Limit = 100) -> Any:
        return {"changes": [_entry(row) for row in hub.changes(kind, record, offset=offset, limit=limit)]}

    if kind in PRIVATE:

        @router.delete(f"/{kind}/{{record}}/for-good", status_code=204, tags=[kind], summary="Erase, the log as well")
        def erase(record: Id, caller: Caller = allow("admin")) -> None:
            with hub.unit(caller.name) as unit:
                unit.erase(kind, record)


def _log(router: APIRouter, hub: Hub, allow: Allow) -> None:
    @router.get("/changes", response_model=Log, tags=["changes"], summary="The log of changes, newest first")
    def changes(offset: Offset = 0, limit: Limit = 100, caller: Caller = allow("reader")) -> Any:
        return {"changes": [_entry(row) for row in hub.changes(without=caller.unseen, offset=offset, limit=limit)]}

    @router.post("/changes/{batch}/undo", response_model=Log, tags=["changes"], summary="Undo a batch of changes")
    def undo(batch: Id, caller: Caller = allow("editor")) -> Any:
        with hub.unit(caller.name) as unit:
            return {"changes": [_entry(row) for row in unit.undo(batch)]}


def _whole(router: APIRouter, hub: Hub, allow: Allow) -> None:
    @router.get("/export", tags=["everything"], summary="Everything in one file", dependencies=[allow("admin")])
    def export_all(form: Annotated[Literal["json", "csv", "xlsx"], Query(alias="format")] = "json") -> Response:
        ending = "zip" if form == "csv" else form
        headers = {"Content-Disposition": f'attachment; filename="hub.{ending}"'}
        return Response(export(hub, form), media_type=MEDIA[form], headers=headers)

    @router.post("/import", tags=["everything"], summary="Put an export into an empty hub")
    async def import_all(
        file: Annotated[UploadFile, File()],
        form: Annotated[Literal["json", "csv", "xlsx"], Query(alias="format")] = "json",
        caller: Caller = allow("admin"),
    ) -> dict[str, int]:
        given = await file.read()
        return await run_in_threadpool(import_everything, hub, given, form, caller.name)


def _judged(router: APIRouter, hub: Hub, allow: Allow) -> None:
    @router.post("/readiness", tags=["judged"], summary="Judge readiness answers", dependencies=[allow("reader")])
    def readiness(tree: Tree) -> dict[str, Any]:
        before = None if tree.previous is None else from_tree(tree.previous, "previous")
        return assess(from_tree(tree.answers, "answers"), before).to_dict()

    @router.get("/organisations/{record}/readiness/{year}", tags=["judged"], dependencies=[allow("reader")])
    def kept_readiness(record: Id, year: Annotated[int, Path(ge=1900, le=2200)]) -> dict[str, Any]:
        try:
            before = answers_of(hub, record, year - 1)
        except NotFoundError:
            before = None
        return assess(answers_of(hub, record, year), before).to_dict()

    @router.post("/kpi", tags=["judged"], summary="Judge KPIs", dependencies=[allow("reader")])
    def kpi(tree: KpiTree) -> dict[str, Any]:
        return review(kpis_from_tree({"kpis": tree.kpis}, "kpis")).to_dict()

    @router.get("/kpi", tags=["judged"], summary="Judge the KPIs that are kept", dependencies=[allow("reader")])
    def kept_kpis(organisation: Annotated[str | None, Query(pattern="^[0-9a-f]{32}$")] = None) -> dict[str, Any]:
        return review(kpis_of(hub, organisation)).to_dict()


def _session(router: APIRouter, door: Door, allow: Allow) -> None:
    @router.get("/me", response_model=Me, tags=["session"], summary="Who am I")
    def me(caller: Caller = allow("reader")) -> Any:
        return {"name": caller.name, "role": caller.role, "csrf": caller.csrf}

    if not isinstance(door, WithAccounts):
        return
    accounts = door.accounts

    @router.post("/login", response_model=Me, tags=["session"], summary="Log in")
    def log_in(given: Login, request: Request, response: Response) -> Any:
        check_origin(request)
        address = request.client.host if request.client else ""
        token, caller = accounts.log_in(given.login, given.password, address)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
        return {"name": caller.name, "role": caller.role, "csrf": caller.csrf}

    @router.post("/logout", status_code=204, tags=["session"], summary="Log out")
    def log_out(request: Request, response: Response, caller: Caller = allow("reader")) -> None:
        accounts.log_out(request.cookies.get(COOKIE, ""), caller.name)
        response.delete_cookie(COOKIE, path="/")


def _accounts(router: APIRouter, door: WithAccounts, allow: Allow) -> None:
    accounts = door.accounts

    @router.get("/accounts", tags=["accounts"], summary="List accounts", dependencies=[allow("admin")])
    def listed() -> dict[str, list[dict[str, Any]]]:
        return {"accounts": [{name: to_plain(value) for name, value in row.items()} for row in accounts.all()]}

    @router.post("/accounts", status_code=201, tags=["accounts"], summary="Open an account")
    def add(given: NewAccount, caller: Caller = allow("admin")) -> dict[str, str]:
        accounts.add(given.login, given.password, given.role, caller.name)
        return {"login": given.login, "role": given.role}

    @router.patch(
        "/accounts/{login}", status_code=204, tags=["accounts"], summary="Change an account, end its sessions"
    )
    def change(
        login: Annotated[str, Path(max_length=100)], given: AccountChange, caller: Caller = allow("admin")
    ) -> None:
        accounts.change(login, caller.name, role=given.role, password=given.password, active=given.active)


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    return {name: to_plain(value) for name, value in row.items() if name != "id"}
