"""`kakehashi hub`: the records that an organisation keeps between studies."""

import getpass
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kakehashi.cli.hub_server import account, serve
from kakehashi.cli.words import say
from kakehashi.errors import MissingExtraError, SettingsError

if TYPE_CHECKING:
    from kakehashi.hub.store.hub import Hub

_AUTHOR = "KAKEHASHI_AUTHOR"
_FORMATS = ("json", "csv", "xlsx")
_SHOWN = 60


def _database(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--url", help="The database; else KAKEHASHI_HUB_URL, else a SQLite file of yours.")(command)


def _author(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--author", help=f"Who changes it; else {_AUTHOR}, else your user name.")(command)


@click.group()
def hub() -> None:
    """Keep organisations, people, needs, seeds, matches, projects, cases, KPIs, answers and decisions.

    \b
    Example: kakehashi hub init
             kakehashi hub add needs --set title="Cheap sensor" --set text="..." --set language=en --set state=open
             kakehashi hub list needs
             kakehashi hub undo BATCH
             kakehashi hub export hub.xlsx
    """


@hub.command("init")
@_database
def init(url: str | None) -> None:
    """Make the tables in an empty database.

    Example: kakehashi hub init
    """
    opened = open_hub(url, create=True)
    click.echo(say("hub_ready", place=opened.place))
    opened.close()


@hub.command("upgrade")
@_database
def upgrade(url: str | None) -> None:
    """Bring an older database to this version's tables. Back it up first.

    Example: kakehashi hub upgrade
    """
    with _extra():
        from kakehashi.hub.store import engine as engines
    engine = engines.make_engine(url or engines.default_url())
    engines.upgrade(engine)
    engine.dispose()
    click.echo(say("hub_ready", place=engine.url.render_as_string(hide_password=True)))


@hub.command("list")
@click.argument("kind", required=False)
@click.option("--where", "-w", multiple=True, metavar="COLUMN=VALUE", help="Only records with this value.")
@click.option("--limit", default=30, show_default=True, help="Records to show; 0 for all.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_database
def list_records(kind: str | None, where: tuple[str, ...], limit: int, form: str, url: str | None) -> None:
    """List the records of a kind, or count those of every kind.

    Example: kakehashi hub list needs --where state=open
    """
    opened = open_hub(url)
    if kind is None:
        from kakehashi.hub.store.hub import named

        for name in named(None):
            click.echo(f"{name}  {opened.count(name)}")
    else:
        found = opened.records(kind, _values(where), limit=limit or None)
        if form == "json":
            click.echo(_json(found))
        else:
            for record in found:
                click.echo(f"{record['id']}  v{record['version']}  {_headline(kind, record)}")
    opened.close()


@hub.command("show")
@click.argument("kind")
@click.argument("record")
@_database
def show(kind: str, record: str, url: str | None) -> None:
    """Show a record with the history of its changes, as JSON.

    Example: kakehashi hub show needs 0f3c...
    """
    opened = open_hub(url)
    click.echo(_json({"record": opened.get(kind, record), "changes": opened.changes(kind, record, limit=None)}))
    opened.close()


@hub.command("add")
@click.argument("kind")
@click.option("--set", "-s", "values", multiple=True, metavar="COLUMN=VALUE", help="A value of the record.")
@_author
@_database
def add(kind: str, values: tuple[str, ...], author: str | None, url: str | None) -> None:
    """Add a record.

    Example: kakehashi hub add organisations --set name_en="Example University" --set kind=university --set country=JP
    """
    opened = open_hub(url)
    with opened.unit(author or me()) as unit:
        record = unit.create(kind, _typed(kind, _values(values)))
        batch = unit.batch
    opened.close()
    click.echo(say("hub_added", kind=kind, id=record["id"], batch=batch))


@hub.command("load")
@click.argument("kind")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_author
@_database
def load(kind: str, source: Path, author: str | None, url: str | None) -> None:
    """Add many records from a table, .csv or .xlsx, all of them or none. Its head names the columns.

    Example: kakehashi hub load needs needs.csv
    """
    opened = open_hub(url)
    from kakehashi.hub.store.adding import TABLES, add_rows
    from kakehashi.hub.store.hub import table_of

    table_of(kind)
    form = TABLES.get(source.suffix.lower())
    if form is None:
        raise SettingsError(f"{source}: unknown ending; give a table as .csv or .xlsx")
    count, batch = add_rows(opened, kind, _small(source), form, author or me())
    opened.close()
    click.echo(say("hub_loaded", kind=kind, rows=count, batch=batch))


@hub.command("edit")
@click.argument("kind")
@click.argument("record")
@click.option("--set", "-s", "values", multiple=True, metavar="COLUMN=VALUE", help="A new value; empty takes it away.")
@click.option("--version", type=int, help="The version that you have seen; else the present one.")
@_author
@_database
def edit(
    kind: str, record: str, values: tuple[str, ...], version: int | None, author: str | None, url: str | None
) -> None:
    """Change a record.

    Example: kakehashi hub edit needs 0f3c... --set state=closed
    """
    opened = open_hub(url)
    seen = version or int(opened.get(kind, record)["version"])
    with opened.unit(author or me()) as unit:
        found = unit.update(kind, record, seen, _typed(kind, _values(values)))
        batch = unit.batch
    opened.close()
    click.echo(say("hub_changed", kind=kind, id=record, version=found["version"], batch=batch))


@hub.command("delete")
@click.argument("kind")
@click.argument("record")
@click.option("--version", type=int, help="The version that you have seen; else the present one.")
@click.option("--for-good", is_flag=True, help="People only: erase them from the log as well. Cannot be undone.")
@_author
@_database
def delete(kind: str, record: str, version: int | None, for_good: bool, author: str | None, url: str | None) -> None:
    """Take a record away. That can be undone, unless a person is erased for good.

    Example: kakehashi hub delete needs 0f3c...
    """
    opened = open_hub(url)
    seen = 0 if for_good else version or int(opened.get(kind, record)["version"])
    with opened.unit(author or me()) as unit:
        if for_good:
            unit.erase(kind, record)
        else:
            unit.delete(kind, record, seen)
        batch = unit.batch
    opened.close()
    click.echo(say("hub_erased" if for_good else "hub_deleted", kind=kind, id=record, batch=batch))


@hub.command("log")
@click.option("--limit", default=20, show_default=True, help="Changes to show; 0 for all.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_database
def log(limit: int, form: str, url: str | None) -> None:
    """Show who changed what when, newest first, with the batch that `undo` takes.

    Example: kakehashi hub log
    """
    opened = open_hub(url)
    found = opened.changes(limit=limit or None)
    opened.close()
    if form == "json":
        click.echo(_json(found))
        return
    for one in found:
        when = one["at"].isoformat(sep=" ", timespec="seconds")
        click.echo(f"{one['batch']}  {when}  {one['author']}  {one['action']}  {one['kind']} {one['record_id']}")


@hub.command("undo")
@click.argument("batch")
@_author
@_database
def undo(batch: str, author: str | None, url: str | None) -> None:
    """Undo a batch of changes: its records become as they were before.

    Example: kakehashi hub undo 5d2f...
    """
    opened = open_hub(url)
    with opened.unit(author or me()) as unit:
        changes = unit.undo(batch)
    opened.close()
    click.echo(say("hub_undone", changes=len(changes), batch=unit.batch))


@hub.command("export")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Else by the ending: .json, .zip (CSV) or .xlsx.")
@_database
def export_hub(target: Path, form: str | None, url: str | None) -> None:
    """Write everything to a file, the log of changes included. Accounts are left out.

    Example: kakehashi hub export hub.xlsx
    """
    from kakehashi.study import writing

    opened = open_hub(url)
    from kakehashi.hub.store.transfer import export

    text = export(opened, form or _form(target))
    opened.close()
    with writing(target):
        draft = target.with_name(f".{target.name}.{os.getpid()}.part")
        draft.write_bytes(text)
        draft.replace(target)
    click.echo(say("readiness_written", path=target))


@hub.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Else by the ending: .json, .zip (CSV) or .xlsx.")
@_author
@_database
def import_hub(source: Path, form: str | None, author: str | None, url: str | None) -> None:
    """Put an export into an empty hub, all of it or nothing.

    Example: kakehashi hub import hub.xlsx
    """
    opened = open_hub(url, create=True)
    from kakehashi.hub.store.transfer import import_everything

    counted = import_everything(opened, _small(source), form or _form(source), author or me())
    opened.close()
    click.echo(say("hub_imported", rows=sum(counted.values())))


@hub.command("wipe")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_author
@_database
def wipe_hub(yes: bool, author: str | None, url: str | None) -> None:
    """Take every record away, and the log. Export first. Accounts stay.

    Example: kakehashi hub wipe --yes
    """
    opened = open_hub(url)
    if not yes:
        click.confirm(say("hub_wipe_sure", place=opened.place), abort=True)
    from kakehashi.hub.store.transfer import wipe

    wipe(opened, author or me())
    opened.close()
    click.echo(say("hub_wiped"))


hub.add_command(serve)
hub.add_command(account)


class _extra:  # noqa: N801 -- read as a word: `with _extra():`
    """Turns a missing package into the sentence that names the extra."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: Any, _trace: Any) -> None:
        if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("kakehashi"):
            raise MissingExtraError("The hub", "hub") from error


def open_hub(url: str | None, *, create: bool = False) -> "Hub":
    """Open the hub. Raises HubError, MissingExtraError."""
    with _extra():
        from kakehashi.hub.store.hub import Hub
    return Hub(url, create=create)


def me() -> str:
    """Return who changes things, as the environment says."""
    return os.environ.get(_AUTHOR) or getpass.getuser()


def _values(given: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise click.UsageError(f"{one!r}: write COLUMN=VALUE")
        found[name] = value or None
    return found


def _typed(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Read whole numbers, which a command line gives as text."""
    from sqlalchemy import Integer

    from kakehashi.hub.store.hub import table_of

    columns = table_of(kind).c
    whole = [
        name for name, value in values.items() if name in columns and isinstance(columns[name].type, Integer) and value
    ]
    return values | {name: int(values[name]) for name in whole if values[name].isdecimal() and len(values[name]) < 10}


def _headline(kind: str, record: dict[str, Any]) -> str:
    from kakehashi.hub.store.hub import table_of

    names = [column.name for column in table_of(kind).c if column.info.get("name") and record[column.name]]
    text = " / ".join(str(record[name]) for name in names)
    return text.replace("\n", " ")[:_SHOWN] or str(record.get("state", ""))


def _small(source: Path) -> bytes:
    """Read a file that is no larger than an import may be. Raises SettingsError."""
    from kakehashi.hub.store.sheets import MOST_BYTES

    if source.stat().st_size > MOST_BYTES:
        raise SettingsError(f"{source}: is larger than {MOST_BYTES // 1_000_000} MB; check the file")
    return source.read_bytes()


def _form(path: Path) -> str:
    from kakehashi.hub.store.transfer import ENDINGS

    form = ENDINGS.get(path.suffix.lower())
    if form is None:
        raise SettingsError(f"{path}: unknown ending; use .json, .zip (CSV) or .xlsx, or say --format")
    return form


def _json(found: Any) -> str:
    from kakehashi.hub.store.fields import to_plain

    return json.dumps(found, ensure_ascii=False, indent=2, default=to_plain)
