"""`kakehashi run`: do what is out of date in a study, or say what that would be."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kakehashi.cli.words import say
from kakehashi.errors import SettingsError


def _memory(_context: click.Context, _option: click.Parameter, size: str | None) -> str | None:
    if size is not None and not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", size, re.IGNORECASE):
        raise click.BadParameter(f"{size!r} is no size; write a number and its unit, such as 4GiB or 500MB")
    return size


def _engine(_context: click.Context, _option: click.Parameter, name: str) -> str:
    from kakehashi.engine.opening import checked_engine

    try:
        return checked_engine(name)
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--engine",
    default="duckdb",
    show_default=True,
    callback=_engine,
    help="duckdb; spark or sail, on this machine; a Spark master such as local[4] or spark://host:7077; a Spark "
    "Connect server such as sc://host:15002.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    callback=_memory,
    help="How much DuckDB may take, such as 4GiB, before it goes on in temporary files, else four fifths of all; or "
    "Spark's Java machine here.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be done, with rows, time and memory expected; do nothing."
)
def run(folder: Path, engine: str, memory: str | None, dry_run: bool) -> None:
    """Do everything in a study that is out of date. May be stopped and started again.

    \b
    Example: kakehashi run my-study
             kakehashi run my-study --memory 4GiB
             kakehashi run my-study --engine sail
             kakehashi run my-study --dry-run
    """
    if dry_run:
        from kakehashi.cli.plan import plan_lines

        for line in plan_lines(folder):
            click.echo(line)
        return
    done = run_study(folder, engine, memory)
    click.echo(say("done", folder=folder) if done else say("nothing_to_do"))
    _tell_decisions(folder, done)


def _tell_decisions(folder: Path, done: Sequence[str]) -> None:
    """Say what became of people's decisions, if the run applied some."""
    from kakehashi.study import Study

    study = Study(folder)
    if "affiliations" in done and study.settings.affiliations.decisions:
        from kakehashi.cli.review import applied_lines

        for line in applied_lines(study):
            click.echo(line)


def run_study(folder: Path, engine: Any, memory: str | None = None) -> tuple[str, ...]:
    """Run a study and show how far it is; return the stages that ran."""
    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.study import Study

    study = Study(folder)
    try:
        with TerminalWatcher(Console(stderr=True)) as watcher:
            return study.run(engine, watcher, memory)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(say("interrupted", folder=folder)) from None
