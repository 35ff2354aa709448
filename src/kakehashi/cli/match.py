"""`kakehashi match`: who answers a need, as text or JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kakehashi.cli.options import codes, listed
from kakehashi.cli.words import choose_language
from kakehashi.cli.wrapping import terminal_width, wrapped

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--study", required=True, help="A study folder.")
@click.option("--need", help="The need: a sentence, or @FILE for a page in a text file.")
@click.option("--seed", help="The other direction: a work's id or a text. Whom does it serve?")
@click.option("--needs", type=_FILE, help="With --seed: a CSV of registered needs: need_id, text, organisation.")
@click.option("--seeds", type=_FILE, help="A CSV of seeds such as patents, matched too: seed_id, title, text, kind.")
@click.option("--hub", "with_hub", is_flag=True,
              help="Also the open seeds of the hub; with --seed its open needs.")  # fmt: skip
@click.option("--lang", type=click.Choice(["ja", "en"]), callback=choose_language,
              help="Language of the need and of the text; else what the need's letters say.")  # fmt: skip
@click.option("--top", default=10, show_default=True, type=click.IntRange(1), help="How many institutions are listed.")
@click.option("--goal", "goals", callback=listed, help="What is wanted, comma-separated, such as technology,talent.")
@click.option("--exclude", callback=codes, help="Countries that are left out, comma-separated.")
@click.option("--only", callback=codes, help="The only countries looked at, comma-separated.")
@click.option("--abroad", is_flag=True, help="Leave out the institutions of the home country.")
@click.option("--feedback", type=_FILE, help="A CSV of what was found useful or not: kind, id, verdict.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--full", is_flag=True, help="With json: also how the need was read, and what no work covers.")
def match(
    study: str, need: str | None, seed: str | None, needs: Path | None, seeds: Path | None, with_hub: bool, lang: Any,
    form: str, full: bool, **options: Any,
) -> None:  # fmt: skip
    """Find the institutions and researchers whose works answer a need, in Japanese or English.

    The first question builds the index of the study's works; later ones read it from disk.

    \b
    Example: kakehashi match --study my-study --need "工場の予知保全" --lang ja
             kakehashi match --study my-study --need "predictive maintenance of pumps" --abroad --goal technology
             kakehashi match --study my-study --need @need.txt --only SG,AU --top 5 --format json
             kakehashi match --study my-study --need "predictive maintenance of pumps" --hub --seeds patents.csv
             kakehashi match --study my-study --seed doi:10.1000/182 --needs needs.csv
    """
    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.study import Study

    opened = Study(study)
    if seed is not None:
        if needs is not None and with_hub:
            raise click.UsageError("--needs and --hub: the registered needs are of one of them")
        _seed(opened, seed, _hub_rows("needs") if with_hub else needs, lang, form, options)
        return
    options["seeds"] = _seeds(seeds, with_hub)
    with TerminalWatcher(Console(stderr=True)) as watcher:
        answer = opened.match(read_need(need), language=lang, progress=watcher, **options)
    if form == "json":
        plain: Any = answer.to_dict() if full else answer.to_list()
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in match_lines(answer, lang or answer.need.language):
        click.echo(line)


def _seeds(path: Path | None, with_hub: bool) -> list[Any]:
    """Return the registered seeds that are matched beside the works."""
    from kakehashi.matching.seeds import read_seeds, seeds_of

    return [*(seeds_of(_hub_rows("seeds")) if with_hub else ()), *(read_seeds(path) if path else ())]


def _hub_rows(kind: str) -> list[dict[str, str]]:
    """Return the hub's open needs or seeds as rows of a table."""
    from kakehashi.cli.hub import open_hub

    opened = open_hub(None)
    try:
        from kakehashi.hub.store.bridge import open_needs, open_seeds

        return open_needs(opened) if kind == "needs" else open_seeds(opened)
    finally:
        opened.close()


def _seed(opened: Any, seed: str, needs: Any, lang: Any, form: str, options: dict[str, Any]) -> None:
    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.matching.ranking import Filters
    from kakehashi.matching.reverse import served_by
    from kakehashi.matching.words import language_of
    from kakehashi.texts import texts

    filters = Filters(options["exclude"], options["only"], options["abroad"])
    with TerminalWatcher(Console(stderr=True)) as watcher:
        served = served_by(opened, seed, needs=needs, top=options["top"], filters=filters, progress=watcher)
    if form == "json":
        click.echo(json.dumps(served.to_dict(), ensure_ascii=False, indent=2, allow_nan=False))
        return
    words = texts(lang or language_of(seed))
    click.echo(click.style(served.seed.title, bold=True))
    if needs is not None:
        click.echo(click.style(words("match.needs"), bold=True))
        for one in served.needs:
            owner = f" ({one.registered.organisation})" if one.registered.organisation else ""
            click.echo(f"  {one.score:.2f}  {one.registered.need_id}{owner}: {one.registered.need.text}")
            if one.gap:
                click.echo(f"        {words('match.gap')}: {words.listing(one.gap)}")
    for line in match_lines(served.companies, words.language, title="match.companies"):
        click.echo(line)


def read_need(need: str | None) -> str:
    """Return the need, read from a file where it begins with @. Raises click.UsageError."""
    if need is None or not need.strip():
        raise click.UsageError("--need is missing: write the need as a sentence, or @FILE")
    if not need.startswith("@"):
        return need
    try:
        return Path(need[1:]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--need: {need[1:]} cannot be read as UTF-8: {error}") from error


def match_lines(answer: Any, spoken: Any, title: str = "match.title") -> Iterator[str]:
    """Yield an answer as lines for a terminal."""
    from kakehashi.names import country_name
    from kakehashi.texts import texts

    words = texts(spoken)
    width = terminal_width()
    yield click.style(words(title), bold=True)
    read = [f"{c.text} → {' / '.join(_english(c))}" if _english(c) else c.text for c in answer.need.concepts]
    yield from wrapped(f"{words('match.read_as')}: {', '.join(read)}", 1, width)
    if answer.keywords:
        yield from wrapped(f"{words('match.enlarged')}: {', '.join(answer.keywords)}", 1, width)
    if answer.gap:
        yield from wrapped(f"{words('match.gap_all')}: {words.listing(answer.gap)}", 1, width)
    if answer.topics:
        yield from wrapped(words("match.topics_note"), 1, width)
    for number, topic in enumerate(answer.topics, 1):
        yield from wrapped(f"[{number}] {topic.text}", 2, width)
        if topic.best:
            names = words.listing([institution.name for institution in topic.best])
            yield from wrapped(f"{words('match.topic_of')}: {names}", 3, width)
    if not answer.institutions:
        yield from wrapped(words("match.nothing"), 0, width)
    for one in answer.institutions:
        institution = one.candidate.institution
        country = country_name(institution.country_code, spoken)
        yield ""
        yield click.style(f"{one.rank}. {institution.name} ({country})", bold=True) + (
            f"  {words('match.score')} {one.candidate.score:.3f}"
        )
        for reason in one.reasons:
            mark = {"for": "+ ", "against": "− ", "neutral": "  "}[reason.stance]
            yield from wrapped(mark + reason.say(words, answer.taxonomy), 1, width)
        if one.researchers:
            people = words.listing([person.name for person in one.researchers])
            yield from wrapped(f"{words('match.researchers')}: {people}", 1, width)
        for work in one.works:
            yield from _work_lines(work, width)
    if answer.seeds:
        yield ""
        yield click.style(words("match.seeds"), bold=True)
    for one in answer.seeds:
        owner = f" ({one.seed.organisation})" if one.seed.organisation else ""
        yield from wrapped(f"{one.score:.2f}  {one.seed.title}{owner}  {one.seed.seed_id}", 1, width)
        if one.gap:
            yield from wrapped(f"{words('match.gap')}: {words.listing(one.gap)}", 2, width)


def _work_lines(work: Any, width: int | None) -> Iterator[str]:
    year = f" ({work.record.year})" if work.record.year else ""
    topic = f"[{work.topic}] " if work.topic else ""
    yield from wrapped(f"{topic}{work.record.title}{year}  {work.record.work_id}", 2, width)
    for passage in work.passages:
        if passage.place == "abstract":
            yield from wrapped(f"… {_marked(passage)}", 3, width)


def _marked(passage: Any) -> str:
    out, at = "", 0
    for start, end in passage.marks:
        if start >= at:
            out += f"{passage.text[at:start]}[{passage.text[start:end]}]"
            at = end
    return out + str(passage.text[at:])


def _english(concept: Any) -> list[str]:
    found = [one.text for one in concept.alternatives if one.language == "en" and one.origin != "written"]
    return found[:3]
