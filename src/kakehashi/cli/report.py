"""`kakehashi report`: the report of a study as a page and as documents."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kakehashi.choices import checked
from kakehashi.cli.words import say
from kakehashi.errors import SettingsError


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    help="Formats, comma-separated: html, xlsx, docx, pptx, pdf (printed by Chromium, Chrome or Edge).",
)
@click.option("--lang", default="ja,en", show_default=True, help="Languages, comma-separated: ja, en.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option(
    "--template",
    "templates",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A .docx or .pptx of your own: its styles, headers, layouts and colours are used. One of each at most.",
)
@click.option(
    "--logo",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A PNG or JPEG for the first page of docx and pptx.",
)
def report(
    study: str, formats: str, lang: str, out: Path | None, templates: tuple[Path, ...], logo: Path | None
) -> None:
    """Write the report of a study, one file a language and format.

    Example: kakehashi report my-study --format html,xlsx,docx,pptx,pdf --lang ja,en --out documents

    Example: kakehashi report my-study --format docx,pptx --template brand.docx --template brand.pptx
    """
    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.report.writing import FORMATS
    from kakehashi.study import Study

    chosen = _known("--format", formats, FORMATS)
    languages: Any = _known("--lang", lang, ("ja", "en"))
    with TerminalWatcher(Console(stderr=True)) as progress:
        paths = Study(study).report(languages, out, formats=chosen, templates=templates, logo=logo, progress=progress)
    for path in paths:
        click.echo(say("report_written", path=path))


def _known(option: str, value: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return checked(option, value.split(","), choices)
    except SettingsError as error:
        raise click.BadParameter(str(error).removeprefix(f"{option}: "), param_hint=option) from error
