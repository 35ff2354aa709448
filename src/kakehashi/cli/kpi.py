"""`kakehashi kpi`: KPIs of a file with status, forecast and what would have to happen."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kakehashi.cli.options import language_option
from kakehashi.cli.output import deliver, outlined
from kakehashi.cli.words import language

if TYPE_CHECKING:
    from kakehashi.hub.kpi.definitions import Kpi


@click.command()
@click.option("--file", "source", type=click.Path(path_type=Path), help="KPIs as .csv, .toml or .json.")
@click.option("--example", is_flag=True, help="The shipped example set instead of a file.")
@click.option("--hub", "in_hub", is_flag=True, help="The KPIs kept in the hub instead of a file.")
@click.option("--organisation", help="With --hub: whose; a name or an id. Else those of nobody.")
@click.option("--study", help="A study that feeds KPIs whose formulas name study.… indicators.")
@click.option("--entity", help="For whom: a country code, or an institution of the study. Else the study's home.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html", "csv"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else standard output.")
@language_option("Language of text and page")
def kpi(
    source: Path | None,
    example: bool,
    in_hub: bool,
    organisation: str | None,
    study: str | None,
    entity: str | None,
    form: str,
    out: Path | None,
) -> None:
    """Tell how KPIs stand against their path to target, what to expect, and what the next target takes.

    \b
    Example: kakehashi kpi --example
             kakehashi kpi --file kpis.csv --format json
             kakehashi kpi --file kpis.toml --study my-study --entity "Kyoto University"
             kakehashi kpi --hub --organisation "Example University"
             kakehashi kpi --file kpis.toml --format html --lang ja --out kpi.html
    """
    if (source is not None) + example + in_hub != 1:
        raise click.UsageError("give one of --file FILE, --example and --hub")
    from kakehashi.hub.kpi.reading import example_kpis, read_kpis
    from kakehashi.hub.kpi.report import kpis_csv, review
    from kakehashi.hub.kpi.series import indicators_of
    from kakehashi.hub.kpi.study import feed
    from kakehashi.report.hub.kpi import kpi_lines, kpi_page

    kpis = _kept(organisation) if in_hub else example_kpis() if source is None else read_kpis(source)
    if form == "csv":
        deliver(kpis_csv(kpis), out, "readiness_written")
        return
    fed = None
    if study is not None:
        from kakehashi.study import Study

        opened = Study(study)
        entity = entity or opened.settings.study.home
        with opened.reading() as rows:
            fed = feed(rows, entity, indicators_of(kpis.values()))
    found = review(kpis, fed, study, entity if study else None)
    if form == "json":
        text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif form == "html":
        text = kpi_page(found, language())
    else:
        text = outlined(list(kpi_lines(found, language())), out)
    deliver(text, out, "readiness_written")


def _kept(organisation: str | None) -> Mapping[str, "Kpi"]:
    """Return the KPIs of the hub. Raises HubError and its kinds."""
    from kakehashi.cli.hub import open_hub

    opened = open_hub(None)
    from kakehashi.hub.store.bridge import kpis_of, organisation_of

    try:
        return kpis_of(opened, None if organisation is None else organisation_of(opened, organisation))
    finally:
        opened.close()
