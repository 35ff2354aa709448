"""Reading and changing records. Every change has an author and a time, is kept with before and after, can be undone.

A record is changed only by who has seen its newest version: the version read goes with the change, and where somebody
was faster, nothing is changed.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from kakehashi.hub.store import engine as engines
from kakehashi.hub.store.errors import ConflictError, HubError, InvalidError, NotFoundError, ReferencedError
from kakehashi.hub.store.fields import checked, from_plain, to_plain
from kakehashi.hub.store.models import KINDS, STAMPS, Change
from kakehashi.knowledge.book import nearest

Values = Mapping[str, Any]
_ERASABLE = ("people",)
_AUTHOR = 100
_LOG: Table = Change.__table__  # type: ignore[assignment]


def now() -> datetime:
    """Return the time in UTC, without a zone, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


class Hub:
    """The hub's database. Open it, then read, or change records within `unit`.

    >>> hub = Hub("sqlite:///hub.db", create=True)             # doctest: +SKIP
    >>> with hub.unit("ann") as unit:                          # doctest: +SKIP
    ...     unit.create("needs", {"title": "…", "text": "…", "language": "en", "state": "open"})
    """

    def __init__(self, url: str | None = None, *, create: bool = False) -> None:
        """Open a database; with `create` an empty one gets its tables. Raises HubError."""
        self.engine = engines.make_engine(url or engines.default_url())
        try:
            self._check(create=create)
        except BaseException:
            self.engine.dispose()
            raise

    def _check(self, *, create: bool) -> None:
        version = engines.schema_version(self.engine)
        if version is None and create:
            engines.upgrade(self.engine)
        elif version is None:
            raise HubError(f"{self.place}: is empty; make its tables with `kakehashi hub init`")
        elif version != engines.newest():
            raise HubError(
                f"{self.place}: has schema {version}, this version wants {engines.newest()}; "
                "back it up, then `kakehashi hub upgrade`"
            )

    @property
    def place(self) -> str:
        """Where the database is, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that only reads."""
        with engines.connecting(self.engine), self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def unit(self, author: str) -> Iterator["Unit"]:
        """Open a unit of work: all its changes are done, or none. Raises HubError and its kinds."""
        name = author.strip()
        if not name or len(name) > _AUTHOR:
            raise InvalidError("change", {"author": f"give a name of 1 to {_AUTHOR} characters"})
        try:
            with engines.connecting(self.engine), self.engine.begin() as connection:
                yield Unit(connection, name)
        except IntegrityError as error:
            raise _refused(error) from error

    def get(self, kind: str, record_id: str) -> dict[str, Any]:
        """Return a record. Raises NotFoundError."""
        with self.reading() as connection:
            return _get(connection, kind, record_id)

    def records(
        self, kind: str, where: Values | None = None, *, offset: int = 0, limit: int | None = None
    ) -> list[dict[str, Any]]:
        """Return the records of a kind in the order of their making. `where`: values that columns must have."""
        table = table_of(kind)
        query = select(table).where(*_having(table, where)).order_by(table.c.created_at, table.c.id).offset(offset)
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]

    def count(self, kind: str, where: Values | None = None) -> int:
        """Count the records of a kind. `where`: values that columns must have."""
        table = table_of(kind)
        query = select(func.count()).select_from(table).where(*_having(table, where))
        with self.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def changes(
        self,
        kind: str | None = None,
        record_id: str | None = None,
        *,
        without: Sequence[str] = (),
        offset: int = 0,
        limit: int | None = 100,
    ) -> list[dict[str, Any]]:
        """Return changes, newest first: all, those of a kind or a record. `without`: kinds left out."""
        query = select(_LOG).order_by(Change.id.desc()).offset(offset).limit(limit)
        if kind is not None:
            query = query.where(Change.kind == table_of(kind).name)
        if without:
            query = query.where(Change.kind.not_in(without))
        if record_id is not None:
            query = query.where(Change.record_id == record_id)
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def undone(self, batches: Collection[str]) -> set[str]:
        """Return those of the batches that were undone."""
        query = select(Change.undoes).where(Change.undoes.in_(batches)).distinct()
        with self.reading() as connection:
            return {batch for batch in connection.execute(query).scalars() if batch}


class Unit:
    """Changes that are done together. Made by `Hub.unit`."""

    def __init__(self, connection: Connection, author: str) -> None:
        """Begin a batch."""
        self.connection = connection
        self.author = author
        self.batch = uuid.uuid4().hex
        self._undone: set[tuple[str, str]] = set()

    def create(self, kind: str, values: Values) -> dict[str, Any]:
        """Add a record and return it. Raises InvalidError."""
        at = now()
        stamps = {"id": uuid.uuid4().hex, "version": 1, "created_at": at, "created_by": self.author}
        row: dict[str, Any] = {**checked(kind, values, kind), **stamps, "updated_at": at, "updated_by": self.author}
        self.connection.execute(insert(table_of(kind)).values(row))
        self._log("create", kind, row["id"], None, row)
        return row

    def update(self, kind: str, record_id: str, version: int, values: Values) -> dict[str, Any]:
        """Change fields of a record that was read at `version`. Raises ConflictError, NotFoundError, InvalidError."""
        before = self._locked(kind, record_id, version)
        given = checked(kind, values, f"{kind} {record_id}", partial=True)
        missing = {
            name: "is empty; give it"
            for name, value in given.items()
            if value is None and not table_of(kind).c[name].nullable
        }
        if missing:
            raise InvalidError(f"{kind} {record_id}", missing)
        return self._write("update", kind, before, {**before, **given}, None)

    def delete(self, kind: str, record_id: str, version: int) -> None:
        """Take a record away that was read at `version`. Raises ConflictError, NotFoundError, ReferencedError."""
        before = self._locked(kind, record_id, version)
        table = table_of(kind)
        self.connection.execute(delete(table).where(table.c.id == record_id))
        self._log("delete", kind, record_id, before, None)

    def erase(self, kind: str, record_id: str) -> None:
        """Take a person away for good, from the changes kept as well. That cannot be undone. Raises HubError."""
        if kind not in _ERASABLE:
            raise HubError(f"{kind}: only {', '.join(_ERASABLE)} are erased for good; delete the record")
        table, log = table_of(kind), _LOG
        known = (log.c.kind == kind) & (log.c.record_id == record_id)
        gone = self.connection.execute(delete(table).where(table.c.id == record_id)).rowcount
        if not gone and not self.connection.execute(select(log.c.id).where(known).limit(1)).first():
            raise NotFoundError(f"{kind} {record_id}: there is no such record")
        self.connection.execute(update(log).where(known).values(before=None, after=None, action="erased"))
        self._log("erase", kind, record_id, None, None)

    def undo(self, batch: str) -> list[dict[str, Any]]:
        """Undo a batch: its records become as they were before. Returns the changes made.

        Raises NotFoundError, ConflictError where a record was changed since, HubError where it was erased.
        """
        log = _LOG
        done = (
            self.connection.execute(select(log).where(log.c.batch == batch).order_by(log.c.id.desc())).mappings().all()
        )
        if not done:
            raise NotFoundError(f"changes {batch}: there is no such batch; see `kakehashi hub log`")
        if any(one["action"] in ("erase", "erased") for one in done):
            raise HubError(f"changes {batch}: what was erased for good cannot be brought back")
        if any(one["kind"] not in KINDS for one in done):
            raise HubError(f"changes {batch}: only changes of records are undone, not of accounts, nor a wipe")
        for one in done:
            self._undo(one)
        return [dict(row) for row in self.connection.execute(select(log).where(log.c.batch == self.batch)).mappings()]

    def _undo(self, one: Any) -> None:
        kind, record_id, table = one["kind"], one["record_id"], table_of(one["kind"])
        here = (
            self.connection.execute(select(table).where(table.c.id == record_id).with_for_update()).mappings().first()
        )
        was = None if one["before"] is None else _restored(table, one["before"])
        became = None if one["after"] is None else _restored(table, one["after"])
        again = (kind, record_id) in self._undone  # the batch changed it more than once
        self._undone.add((kind, record_id))
        if not again and _content(here) != (became and {**(_content(here) or {}), **(_content(became) or {})}):
            raise ConflictError(f"{kind} {record_id}: was changed since; undo the later change first")
        if was is None:
            self.connection.execute(delete(table).where(table.c.id == record_id))
            self._log("undo", kind, record_id, dict(here or {}), None, one["batch"])
        elif here is None:
            newer = {**was, "version": was["version"] + 1, "updated_at": now(), "updated_by": self.author}
            self.connection.execute(insert(table).values(newer))
            self._log("undo", kind, record_id, None, newer, one["batch"])
        else:
            self._write("undo", kind, dict(here), {**was, "version": here["version"]}, one["batch"])

    def _write(
        self, action: str, kind: str, before: dict[str, Any], after: dict[str, Any], undoes: str | None
    ) -> dict[str, Any]:
        table = table_of(kind)
        row = {**after, "version": before["version"] + 1, "updated_at": now(), "updated_by": self.author}
        known = (table.c.id == before["id"]) & (table.c.version == before["version"])
        if self.connection.execute(update(table).where(known).values(row)).rowcount != 1:
            raise _overtaken(kind, before["id"], None)
        self._log(action, kind, before["id"], before, row, undoes)
        return row

    def _locked(self, kind: str, record_id: str, version: int) -> dict[str, Any]:
        before = _get(self.connection, kind, record_id, lock=True)
        if before["version"] != version:
            raise _overtaken(kind, record_id, before)
        return before

    def _log(
        self,
        action: str,
        kind: str,
        record_id: str,
        before: Values | None,
        after: Values | None,
        undoes: str | None = None,
    ) -> None:
        self.connection.execute(
            insert(Change).values(
                batch=self.batch, at=now(), author=self.author, action=action, kind=kind, record_id=record_id,
                before=before and _plain(before), after=after and _plain(after), undoes=undoes,
            )
        )  # fmt: skip


def table_of(kind: str) -> Table:
    """Return the table of a kind. Raises NotFoundError naming the nearest."""
    if kind not in KINDS:
        raise NotFoundError(f"kind: unknown {kind!r}; {nearest(kind, KINDS)}")
    return KINDS[kind]


def _having(table: Table, where: Values | None) -> list[Any]:
    """Return the conditions that columns have values. Raises InvalidError for what is no column."""
    for name in where or {}:
        if name not in table.c:
            raise InvalidError(table.name, {name: f"is no column; {nearest(name, table.c.keys())}"})
    return [table.c[name] == value for name, value in (where or {}).items()]


def _get(connection: Connection, kind: str, record_id: str, *, lock: bool = False) -> dict[str, Any]:
    table = table_of(kind)
    query = select(table).where(table.c.id == record_id)
    found = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if found is None:
        raise NotFoundError(f"{kind} {record_id}: there is no such record")
    return dict(found)


def _content(row: Any) -> dict[str, Any] | None:
    """Return what people filled in, to see whether a record still is as a change left it."""
    return None if row is None else {name: value for name, value in _plain(row).items() if name not in STAMPS}


def _overtaken(kind: str, record_id: str, here: Values | None) -> ConflictError:
    who = "" if here is None else f" by {here['updated_by']}, now version {here['version']}"
    return ConflictError(f"{kind} {record_id}: was changed{who}; read it again and repeat the change")


def _plain(row: Values) -> dict[str, Any]:
    return {name: to_plain(value) for name, value in row.items()}


def _restored(table: Table, row: Values) -> dict[str, Any]:
    """Return a kept row as the table takes it; a column that is newer than it gets its default."""
    return {name: from_plain(table.c[name], value) for name, value in row.items() if name in table.c}


def _refused(error: IntegrityError) -> HubError:
    told = str(error.orig).casefold()
    if "foreign key" in told:
        return ReferencedError(
            "a record refers to one that is not there, or others still refer to this one; put that right first"
        )
    return ReferencedError("there is a record with these values already; change that one, or use other values")


def named(kinds: Sequence[str] | None) -> tuple[str, ...]:
    """Return kinds in the order of their references; all where none are named. Raises NotFoundError."""
    for kind in kinds or ():
        table_of(kind)
    return tuple(kind for kind in KINDS if not kinds or kind in kinds)
