"""`kakehashi registry`: the registries of organisations (ROR dumps) that a person has added."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from kakehashi.cli.words import say
from kakehashi.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from kakehashi.affiliations.linking.organisations import Organisation

_SHOWN = 10
_CHILDREN = 20
_RELATIONS = ("parents", "children", "related", "predecessors", "successors")


@click.group()
def registry() -> None:
    """Keep registries of organisations (ROR dumps) to link institutions to.

    Example: kakehashi registry add --download
    """


@registry.command("add")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--download", "fetch", is_flag=True, help="Fetch the newest dump from where ROR publishes it (Zenodo).")
@click.option("--version", help="The name to keep it under; else the release that the file's name tells, else a date.")
def add_registry(file: Path | None, fetch: bool, version: str | None) -> None:
    """Check a ROR dump (schema 2: .json, .json.gz, or ROR's .zip) and keep a copy of it.

    Example: kakehashi registry add v1.74-2025-11-24-ror-data.zip
    """
    if fetch == (file is not None):
        raise click.UsageError("give the FILE of a dump, or --download, and not both")
    from rich.console import Console

    from kakehashi.affiliations import store
    from kakehashi.affiliations.download import download
    from kakehashi.cli.watch import TerminalWatcher

    with TemporaryDirectory(prefix="kakehashi-") as folder, TerminalWatcher(Console(stderr=True)) as watcher:
        dump, new = store.add(file or download(Path(folder), watcher), version)
        store.open_registry(dump.version, base=store.home(), progress=watcher)  # so that no study waits for its index
    click.echo(
        say("registry_added" if new else "registry_known", version=dump.version, organisations=dump.organisations)
    )


@registry.command("list")
def list_registries() -> None:
    """List the added registries: version, date, number of organisations, SHA-256 of the file.

    Example: kakehashi registry list
    """
    from kakehashi.affiliations import store

    added = store.registries()
    for dump in added:
        click.echo(f"{dump.version}  {dump.date}  {dump.organisations:,}  {dump.sha256}")
    if not added:
        click.echo(say("registry_none"))


@registry.command("show")
@click.argument("what")
@click.option("--registry", "named", help="Which registry: a version or a path; the newest one added unless given.")
def show_registry(what: str, named: str | None) -> None:
    """Show a registry by its version, or an organisation by its ROR id or name.

    Example: kakehashi registry show "Osaka University"
    """
    for line in _shown(what, named):
        click.echo(line)


@registry.command("remove")
@click.argument("version")
def remove_registry(version: str) -> None:
    """Remove an added registry and what was built from it. Studies that were computed keep their tables.

    Example: kakehashi registry remove v1.74
    """
    from kakehashi.affiliations import store

    click.echo(say("registry_removed", version=store.remove(version).version))


def _shown(what: str, named: str | None) -> Iterator[str]:
    from kakehashi.affiliations import store
    from kakehashi.affiliations.dump import Dump
    from kakehashi.affiliations.linking.organisations import read_organisations

    added: list[Dump] = store.registries()
    if named is None:
        for dump in added:
            if what in (dump.version, dump.version.removeprefix("v")):
                facts = {key: getattr(dump, key) for key in Dump.__struct_fields__}
                yield say("registry_facts", **facts)
                yield f"SHA-256 {dump.sha256}"
                yield str(store.dump_path(dump))
                return
        if not added:
            raise SettingsError(say("registry_none"))
    name = named or added[0].version
    organisations = read_organisations(store.find(name, base=Path()).path)
    found = _matching(what, organisations)
    if not found:
        raise SourceError(say("registry_not_found", what=what, version=name))
    if len(found) == 1:
        yield from _described(found[0], {one.ror_id: one.name for one in organisations})
        return
    yield from (_headline(one) for one in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield say("registry_more", more=len(found) - _SHOWN)


def _matching(what: str, organisations: "list[Organisation]") -> "list[Organisation]":
    """Return the organisation of an id; else those with exactly this name; else those whose name contains it."""
    wanted = what.strip().casefold()
    identifier = f"https://ror.org/{wanted.removeprefix('https://').removeprefix('ror.org/')}"
    by_id = [one for one in organisations if one.ror_id == identifier]
    if by_id or not wanted:
        return by_id
    exact = [one for one in organisations if any(name.value.casefold() == wanted for name in one.names)]
    return exact or [one for one in organisations if any(wanted in name.value.casefold() for name in one.names)]


def _headline(one: "Organisation") -> str:
    places = "; ".join(dict.fromkeys(f"{place.town}, {place.country}" for place in one.places))
    return f"{one.ror_id}  {one.name} ({places})"


def _described(one: "Organisation", names: dict[str, str]) -> Iterator[str]:
    yield _headline(one)
    if not one.active:
        yield "  " + say("registry_inactive")
    spelled = (f"{name.value} ({', '.join(filter(None, (name.kind, name.language)))})" for name in one.names)
    yield f"  {say('registry_names')}: {'; '.join(spelled)}"
    towns = (", ".join(filter(None, (place.town, place.region, place.country))) for place in one.places)
    yield f"  {say('registry_places')}: {'; '.join(dict.fromkeys(towns))}"
    yield f"  {say('registry_types')}: {', '.join(one.types)}"
    if one.domains:
        yield f"  {say('registry_domains')}: {', '.join(one.domains)}"
    for relation in _RELATIONS:
        ids: tuple[str, ...] = getattr(one, relation)
        if ids:
            listed = "; ".join(f"{names.get(each, '')} {each}".strip() for each in ids[:_CHILDREN])
            more = f"; {say('registry_more', more=len(ids) - _CHILDREN)}" if len(ids) > _CHILDREN else ""
            yield f"  {say(f'registry_{relation}')}: {listed}{more}"
