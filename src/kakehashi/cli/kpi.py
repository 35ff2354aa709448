"""`kakehashi kpi`: KPIs of a file with status, forecast and what would have to happen."""

import json
from pathlib import Path

import click

from kakehashi.cli.options import language_option
from kakehashi.cli.output import deliver, outlined
from kakehashi.cli.words import language


@click.command()
@click.option("--file", "source", type=click.Path(path_type=Path), help="KPIs as .csv, .toml or .json.")
@click.option("--example", is_flag=True, help="The shipped example set instead of a file.")
@click.option("--study", help="A study that feeds KPIs whose formulas name study.… indicators.")
@click.option("--entity", help="For whom: a country code, or an institution of the study. Else the study's home.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html", "csv"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else standard output.")
@language_option("Language of text and page")
def kpi(source: Path | None, example: bool, study: str | None, entity: str | None, form: str, out: Path | None) -> None:
    """Tell how KPIs stand against their path to target, what to expect, and what the next target takes.

    \b
    Example: kakehashi kpi --example
             kakehashi kpi --file kpis.csv --format json
             kakehashi kpi --file kpis.toml --study my-study --entity "Kyoto University"
             kakehashi kpi --file kpis.toml --format html --lang ja --out kpi.html
    """
    if (source is not None) + example != 1:
        raise click.UsageError("give one of --file FILE and --example")
    from kakehashi.hub.kpi.reading import example_kpis, read_kpis
    from kakehashi.hub.kpi.report import kpis_csv, review
    from kakehashi.hub.kpi.series import indicators_of
    from kakehashi.hub.kpi.study import feed
    from kakehashi.report.hub.kpi import kpi_lines, kpi_page

    kpis = example_kpis() if source is None else read_kpis(source)
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
