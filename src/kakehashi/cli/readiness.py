"""`kakehashi readiness`: the questionnaire, the profile beside the survey, and the survey itself."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kakehashi.cli.options import language_option
from kakehashi.cli.output import deliver, outlined
from kakehashi.cli.words import language
from kakehashi.errors import SettingsError

if TYPE_CHECKING:
    from kakehashi.hub.readiness.answers import Answers

_SURVEY = "nistep2016"


@click.command()
@click.option("--answers", type=click.Path(path_type=Path), help=f"Answers as .csv, .toml or .json; {_SURVEY}: ours.")
@click.option("--previous", type=click.Path(path_type=Path), help="The answers of an earlier year, to tell the change.")
@click.option("--organisation", help="The answers kept in the hub instead of a file: whose; a name or an id.")
@click.option("--year", type=int, help="With --organisation: of which year. The year before tells the change.")
@click.option("--template", is_flag=True, help="Write a blank questionnaire as CSV, in both languages.")
@click.option("--survey", is_flag=True, help="Show the published survey, figure by figure.")
@click.option("--figure", help="With --survey: one figure only, such as 16.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html", "csv"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else standard output.")
@language_option("Language of text and page")
def readiness(
    answers: Path | None,
    previous: Path | None,
    organisation: str | None,
    year: int | None,
    template: bool,
    survey: bool,
    figure: str | None,
    form: str,
    out: Path | None,
) -> None:
    """Compare an institution with the national survey: profile, gaps, actions, change since last year.

    \b
    Example: kakehashi readiness --template --out answers.csv
             kakehashi readiness --answers answers.csv --format json
             kakehashi readiness --answers 2026.csv --previous 2025.csv --format html --lang ja --out readiness.html
             kakehashi readiness --organisation "Example University" --year 2026
             kakehashi readiness --survey --figure 16
             kakehashi readiness --survey --format html --out survey.html
    """
    if (answers is not None) + (organisation is not None) + template + survey != 1:
        raise click.UsageError("give one of --answers FILE, --organisation NAME, --template and --survey")
    if (organisation is None) != (year is None):
        raise click.UsageError("give --organisation NAME and --year YEAR together")
    if template:
        from kakehashi.hub.readiness.answers import template as blank

        deliver(blank(), out, "template_written")
    elif survey:
        deliver(_survey(figure, form, out), out, "readiness_written")
    elif organisation is not None and year is not None:
        deliver(_answer(*_kept(organisation, year), form, out), out, "readiness_written")
    elif answers is not None:
        deliver(_answer(*_read(answers, previous), form, out), out, "readiness_written")


def _read(answers: Path, previous: Path | None) -> tuple["Answers", "Answers | None"]:
    """Read the answers of a file, and of an earlier one."""
    from kakehashi.hub.readiness.answers import read_answers
    from kakehashi.hub.readiness.national import marginals

    given = marginals() if str(answers) == _SURVEY and not answers.exists() else read_answers(answers)
    return given, None if previous is None else read_answers(previous)


def _kept(organisation: str, year: int) -> tuple["Answers", "Answers | None"]:
    """Return the answers of the hub, and those of the year before. Raises HubError and its kinds."""
    from kakehashi.cli.hub import open_hub

    opened = open_hub(None)
    from kakehashi.hub.store.bridge import answers_of, organisation_of
    from kakehashi.hub.store.errors import NotFoundError

    try:
        who = organisation_of(opened, organisation)
        given = answers_of(opened, who, year)
        try:
            return given, answers_of(opened, who, year - 1)
        except NotFoundError:
            return given, None
    finally:
        opened.close()


def _answer(given: "Answers", before: "Answers | None", form: str, out: Path | None) -> str:
    from kakehashi.hub.readiness.answers import as_csv
    from kakehashi.hub.readiness.report import assess
    from kakehashi.report.hub.readiness import readiness_lines, readiness_page

    if form == "csv":
        return as_csv(given)
    found = assess(given, before)
    if form == "json":
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if form == "html":
        return readiness_page(found, language())
    return outlined(list(readiness_lines(found, language())), out)


def _survey(figure: str | None, form: str, out: Path | None) -> str:
    from kakehashi.knowledge.book import nearest
    from kakehashi.knowledge.survey import questions
    from kakehashi.report.hub.survey import survey_csv, survey_data, survey_lines, survey_page

    if figure is not None and figure not in questions():
        raise SettingsError(f"--figure: no figure {figure!r}; {nearest(figure, questions())}")
    figures = tuple(questions()) if figure is None else (figure,)
    if form == "json":
        return json.dumps(survey_data(figures), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return survey_csv(figures)
    if form == "html":
        return survey_page(figures, language())
    return outlined(list(survey_lines(figures, language())), out)
