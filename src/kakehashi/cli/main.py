"""The command line. Errors that Kakehashi raises on purpose become one message and exit code 1, never a traceback."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kakehashi import __version__
from kakehashi.cli.advise import advise, question_options
from kakehashi.cli.export import export
from kakehashi.cli.hub import hub
from kakehashi.cli.kpi import kpi
from kakehashi.cli.match import match
from kakehashi.cli.options import language_option
from kakehashi.cli.readiness import readiness
from kakehashi.cli.registry import registry
from kakehashi.cli.report import report
from kakehashi.cli.run import run, run_study
from kakehashi.cli.serve import serve
from kakehashi.cli.stop import stoppable
from kakehashi.cli.words import language, say
from kakehashi.errors import KakehashiError


class _Group(click.Group):
    """Turns the package's own errors into click's, and Ctrl-C into an exit code, for every command alike."""

    def invoke(self, ctx: click.Context) -> Any:
        with stoppable() as received:
            try:
                return super().invoke(ctx)
            except KakehashiError as error:
                raise click.ClickException(_in_words(error)) from error
            except KeyboardInterrupt as stop:
                click.echo(str(stop) or say("stopped"), err=True)
                raise click.exceptions.Exit(128 + received()) from None


def _in_words(error: KakehashiError) -> str:
    """Say an error in the reader's language, with the message as it was raised under a translation."""
    from kakehashi.web import problems

    found = problems.of(error, language())
    return f"{found.text}\n{found.original}" if found.original else found.text


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kakehashi")
def main() -> None:
    """From bibliographic exports to decisions about international research collaboration.

    \b
    kakehashi demo                                     a whole study on invented data, no network
    kakehashi init my-study --home JP --sources ex/    a study on your own exports
    kakehashi run my-study                             everything that is out of date
    kakehashi report my-study --lang ja,en             the report
    kakehashi serve my-study                           the explorer in the browser
    kakehashi advise --study my-study --partner AU     with whom, how, with which money, what first
    kakehashi match --study my-study --need "..."      whose works answer a need, Japanese or English
    """


@main.command()
@click.argument("folder", default="demo", type=click.Path(file_okay=False, path_type=Path))
@click.option("--works", default=20_000, show_default=True, help="How many works to invent.")
@click.option("--open", "open_report", is_flag=True, help="Open the report in the browser.")
def demo(folder: Path, works: int, open_report: bool) -> None:
    """Run a whole study on a built-in synthetic corpus.

    Example: kakehashi demo
    """
    from kakehashi.cli.demo import make_demo

    console = Console(stderr=True)
    console.print(say("demo_generating", works=works))
    study = make_demo(folder, works)
    run_study(study.folder, "duckdb")
    paths = study.report(("ja", "en"))
    for path in paths:
        click.echo(say("report_written", path=path))
    click.echo(say("demo_note"))
    if open_report:
        click.launch(str(paths[0]))


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--home", default="JP", show_default=True, help="The country that asks, ISO 3166 alpha-2.")
@click.option("--sources", multiple=True, type=click.Path(path_type=Path), help="Export files or folders.")
@click.argument("more_sources", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
def init(folder: Path, home: str, sources: Sequence[Path], more_sources: Sequence[Path]) -> None:
    """Write a commented study.toml.

    Example: kakehashi init my-study --home JP --sources exports/ more.csv
    """
    from kakehashi.study import Study

    study = Study.create(folder, home.upper(), [*sources, *more_sources])
    click.echo(say("created", path=study.folder / "study.toml", folder=study.folder))


@main.command()
@click.argument("table")
@click.option("--study", required=True, help="A study folder, or a built-in study such as mic2023.")
@click.option("--csv", "as_csv", is_flag=True, help="Write all rows as CSV to standard output.")
@click.option("--limit", default=30, show_default=True, help="Rows to show; 0 for all. Ignored with --csv.")
def show(table: str, study: str, as_csv: bool, limit: int) -> None:
    """Show a table of a study.

    Example: kakehashi show positions --study mic2023 --csv
    """
    from kakehashi.cli.show import print_csv, print_table
    from kakehashi.study import Study

    found = Study(study).table(table)
    if as_csv:
        print_csv(found)
    else:
        print_table(found, limit)


@main.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--study", help="A study folder; needed for all but strings.")
@click.option("--registry", "named", help="For strings: the version of an added registry, or the path of a ROR dump.")
@click.option("--all", "every", is_flag=True, help="For strings: every candidate, however unlikely.")
@question_options
@language_option("Language")
def explain(what: Sequence[str], study: str | None, named: str | None, every: bool, **question: Any) -> None:
    """Explain how an affiliation string, a work, a number or a reason of `kakehashi advise` came about.

    A reason is named by its id or by words of its sentence, and the question it answers is put as to `advise`.

    \b
    Example: kakehashi explain "Dept. of Physics, Univ. of Tokyo, Tokyo, Japan" --registry v1.74
             kakehashi explain "Dept. of Physics, Univ. of Tokyo" --study my-study --lang ja
             kakehashi explain work doi:10.1109/... --study my-study
             kakehashi explain institution "Kyoto University" --study my-study
             kakehashi explain number country JP all all --study my-study
             kakehashi explain reason pattern.5.fit --study mic2023 --home JP --partner CN
    """
    from kakehashi.cli.explain import explain_anything, explain_reason

    if what[0] == "reason" and len(what) > 1:
        for line in explain_reason(study, " ".join(what[1:]), question):
            click.echo(line)
        return
    for line in explain_anything(what, study, named, every):
        click.echo(line)


@main.command()
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The CSV to write.")
@click.option("--registry", "named", help="The version of an added registry, or the path of a ROR dump.")
@click.option(
    "--strategy",
    type=click.Choice(["rules", "appendix1"]),
    default="rules",
    show_default=True,
    help="appendix1: the method of the 2023 report, for comparison.",
)
@click.option("--spacy-model", help="An installed spaCy pipeline with NER; appendix1 needs one.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.6,
    show_default=True,
    help="Leave out links that are less sure: 0.6 for balance, 0.8 for precision.",
)
def resolve(
    source: Path, out: Path, named: str | None, strategy: Any, spacy_model: str | None, min_confidence: float
) -> None:
    """Resolve affiliation strings (columns id, affiliation) to institutions and countries.

    Example: kakehashi resolve strings.csv --out answers.csv --registry v1.74
    """
    from rich.console import Console

    from kakehashi.affiliations.batch import resolve_file
    from kakehashi.affiliations.store import open_registry
    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.settings import AffiliationsSection

    settings = AffiliationsSection(
        strategy=strategy, spacy_model=spacy_model, registry=named, min_confidence=min_confidence
    )
    with TerminalWatcher(Console(stderr=True)) as progress:
        if named is not None:  # one that is missing is said, and one that is new indexed in sight, before any string
            open_registry(named, base=Path(), progress=progress)
        summary = resolve_file(source, out, settings, lambda strings: progress.step("strings", strings))
    counts = {"strings": summary.strings, "countries": summary.countries, "institutions": summary.institutions}
    click.echo(say("resolved", path=out, **counts))


@main.command()
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The CSV to write.")
@click.option("--taxonomy", default="ict8", show_default=True, help="A shipped taxonomy, or a folder of your own.")
@click.option("--labels", help="A CSV of your own keyword labels (keyword,fields), over the taxonomy's.")
@click.option("--synonyms", help="A file of your own synonyms and stop words, two columns as VOSviewer's.")
def classify(source: Path, out: Path, taxonomy: str, labels: str | None, synonyms: str | None) -> None:
    """Classify works (columns id, title, abstract, keywords separated by ;, year) into technology fields.

    Example: kakehashi classify works.csv --out fields.csv
    """
    from kakehashi.cli.fields import classify_command

    click.echo(classify_command(source, out, taxonomy, labels, synonyms))


@main.group()
def fields() -> None:
    """See and steer how keywords lead to fields.

    Example: kakehashi fields review my-study --csv labels.csv
    """


@fields.command("review")
@click.argument("study")
@click.option("--csv", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the list, to fill in.")
@click.option("--limit", default=200, show_default=True, help="Keywords to list at most.")
@click.option("--conflicts", is_flag=True, help="Show labels that go against that of the keyword above.")
@click.option("--spread", is_flag=True, help="Show how many keywords and works each label decides.")
def fields_review(study: str, target: Path | None, limit: int, conflicts: bool, spread: bool) -> None:
    """List the keywords to label next, those first that decide most works.

    Example: kakehashi fields review my-study --csv labels.csv
    """
    from kakehashi.cli.fields import review_command

    for line in review_command(study, target, limit, "conflicts" if conflicts else "spread" if spread else "items"):
        click.echo(line)


@fields.command("check")
@click.argument("taxonomy")
@click.option("--labels", help="A CSV of your own labels, over the taxonomy's.")
@click.option("--study", help="A study: also tell how many of its works the taxonomy reaches.")
def fields_check(taxonomy: str, labels: str | None, study: str | None) -> None:
    """Check a taxonomy, shipped or in a folder of your own, and say what its labels cover.

    Example: kakehashi fields check energy/
    """
    from kakehashi.cli.fields import check_command

    for line in check_command(taxonomy, labels, study):
        click.echo(line)


@main.command()
@click.argument("study")
@click.option("--csv", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the list, to fill in.")
@click.option("--limit", default=30, show_default=True, help="Items to show; 0 for all. The CSV has all.")
@click.option("--check", is_flag=True, help="Only check the study's decision files.")
def review(study: str, target: Path | None, limit: int, check: bool) -> None:
    """List what people should decide about affiliations, most affected works first.

    Example: kakehashi review my-study --csv to-decide.csv
    """
    from kakehashi.cli.review import check_lines, print_list, to_decide, write_list
    from kakehashi.study import Study

    opened = Study(study)
    if check:
        for line in check_lines(opened):
            click.echo(line)
        return
    found = to_decide(opened)
    if target is None:
        print_list(found, limit)
    else:
        write_list(found, target)
        click.echo(say("review_written", path=target, items=len(found)))


@main.command()
def doctor() -> None:
    """Say what is installed, what is missing and what it would be needed for.

    Example: kakehashi doctor
    """
    from kakehashi.cli.doctor import findings

    for line in findings():
        click.echo(line)


main.add_command(advise)
main.add_command(export)
main.add_command(match)
main.add_command(registry)
main.add_command(report)
main.add_command(readiness)
main.add_command(kpi)
main.add_command(hub)
main.add_command(serve)
main.add_command(run)
