"""`kakehashi export`: a study in the formats of other programs."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kakehashi.cli.words import say


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "formats",
    default="graphml,csv,citation",
    show_default=True,
    help="Formats, comma-separated: graphml, gexf, pajek, vosviewer, csv, parquet (every table), citation.",
)
@click.option(
    "--level", "levels", default="country", show_default=True, help="country, institution or both, comma-separated."
)
@click.option("--field", default="all", show_default=True, help="A field's id, or all.")
@click.option("--period", default="all", show_default=True, help="A year, or all.")
@click.option(
    "--min-works", default=1, show_default=True, type=click.IntRange(1), help="Leave out edges with fewer works."
)
@click.option(
    "--lang", default="en", show_default=True, type=click.Choice(["ja", "en"]), help="Language of country names."
)
@click.option("--author", "authors", multiple=True, help="Who made the study, for the citation file. May be repeated.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
def export(study: str, formats: str, levels: str, lang: Any, out: Path | None, **options: Any) -> None:
    """Write a study's networks, tables and citation file for other programs.

    Example: kakehashi export my-study --format graphml,gexf,pajek,vosviewer,csv --level country,institution --field ai

    Example: kakehashi export my-study --format parquet,citation --author "Taro Yamada" --out handover
    """
    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.study import Study

    with TerminalWatcher(Console(stderr=True)) as progress:
        paths = Study(study).export(
            formats.split(","), out, levels=tuple(part.strip() for part in levels.split(",")), language=lang,
            progress=progress, **options,
        )  # fmt: skip
    for path in paths:
        click.echo(say("exported", path=path))
