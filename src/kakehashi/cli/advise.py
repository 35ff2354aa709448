"""`kakehashi advise`: the answer as text, JSON or a page, and the trace of one of its sentences."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from kakehashi.cli.options import codes, language_option, listed
from kakehashi.cli.output import deliver
from kakehashi.cli.words import language, say
from kakehashi.cli.wrapping import terminal_width, wrapped

_MARKS = {"for": "+ ", "against": "− ", "plain": "", "head": ""}


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--home", "--as", "home", help="Who asks: a country code, or an institution. Else the study's home."),
    click.option("--partner", help="With whom: a country code, or an institution. Without: partners are ranked."),
    click.option("--actor", help="Who asks: university, company or government."),
    click.option("--field", default="all", show_default=True, help="A field of the study, or all."),
    click.option(
        "--goal", "goals", callback=listed, help="What is wanted, comma-separated, such as technology,talent."
    ),
    click.option("--form", "forms", callback=listed, help="Forms wanted, such as bilateral_research."),
    click.option("--exclude", callback=codes, help="Countries that are no candidates, comma-separated."),
    click.option("--only", callback=codes, help="The only countries that are, comma-separated."),
    click.option("--top", default=10, show_default=True, help="How many partners are listed."),
    click.option("--knowledge", type=_FOLDER, help="A folder of your own knowledge files, laid over ours."),
    click.option("--cases", type=_FILE, help="A CSV of your own cases."),
    click.option("--programmes", type=_FILE, help="A CSV of your own programmes."),
    click.option("--weights", type=_FILE, help="A TOML file of your own weights of the goals."),
)


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options in which a question for advice is put."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.option("--study", required=True, help="A study folder, or a built-in study such as mic2023.")
@question_options
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else standard output.")
@click.option("--full", is_flag=True, help="As text: details too.")
@click.option("--ids", is_flag=True, help="As text: the id of each reason, for `kakehashi explain reason ID`.")
@language_option("Language of text and page")
def advise(study: str, form: str, out: Path | None, full: bool, ids: bool, **question: Any) -> None:
    """Advise with whom to work, how, with which money, what to watch and what to do first.

    \b
    Example: kakehashi advise --study mic2023 --home JP --partner CN --actor university --goal technology
             kakehashi advise --study my-study --as jp --field photonics_quantum --goal technology,relationships
             kakehashi advise --study mic2023 --home JP --partner CN --format json
             kakehashi advise --study my-study --partner AU --format html --lang ja --out australia.html
    """
    from kakehashi.report.advised.page import page
    from kakehashi.study import Study

    opened = Study(study)
    advice = opened.advise(**question)
    if form == "json":
        text = json.dumps(advice.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif form == "html":
        with opened.reading() as rows:
            text = page(advice, language(), rows)
    else:
        lines = advice_lines(advice, full=full, ids=ids, seen=out is None)
        text = "".join(f"{line}\n" for line in lines)
    deliver(text, out, "advice_written")


def advice_lines(advice: Any, *, full: bool = False, ids: bool = False, seen: bool = True) -> Iterator[str]:
    """Yield an answer as lines, cut to the terminal's width; whole lines where the output is not a terminal."""
    from kakehashi.report.advised.entries import numbered
    from kakehashi.report.advised.outline import facts, outline, title
    from kakehashi.texts import texts

    words = texts(language())
    width = terminal_width() if seen else None
    sections = outline(advice, words)
    numbers = numbered(sections, more=full)
    yield _bold(title(advice, words), seen)
    for name, value in facts(advice, words):
        yield from wrapped(f"{name}: {value}", 1, width)
    for section in sections:
        yield ""
        yield _bold(section.title, seen)
        for entry in section.entries:
            if entry.more and not full:
                continue
            cited = _ranges(sorted(numbers[one] for one in entry.evidence))
            known = "".join(f" {{{one.id}}}" for one in entry.reasons) if ids else ""
            text = f"{_MARKS[entry.look]}{entry.text}" + (f" {cited}" if cited else "") + known
            yield from wrapped(text, entry.level + 1, width)
    yield ""
    yield _bold(words("advise.outline.sections.evidence"), seen)
    yield from _evidence_lines(numbers, words, advice.own.folder, width)
    yield ""
    yield from wrapped(say("advice_more"), 0, width)


def _ranges(numbers: list[int]) -> str:
    """Write numbers in brackets, runs of three and more as first and last."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = (f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return f"[{', '.join(told)}]" if numbers else ""


def _evidence_lines(numbers: Any, words: Any, own: Path | None, width: int | None) -> Iterator[str]:
    """Yield the evidence by its numbers: figures under their documents, then rows, rules and works."""
    from kakehashi.report.advised.evidence import named, placed, titled

    sources = [(one, number) for one, number in numbers.items() if one.kind == "source"]
    for document in dict.fromkeys(one.ref for one, _ in sources):
        yield from wrapped(titled(document, words, own), 1, width)
        places = [f"[{number}] {placed(one, words)}" for one, number in sources if one.ref == document]
        yield from wrapped("  ".join(places), 2, width)
    for one, number in numbers.items():
        if one.kind != "source":
            yield from wrapped(f"[{number}] {named(one, words, own)}", 1, width)


def reason_lines(study: Any, wanted: str, question: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence of an answer and what it rests on. Raises StudyError where the answer has no such reason."""
    from kakehashi.advice.trace import trace
    from kakehashi.report.advised.evidence import followed, named
    from kakehashi.texts import texts

    words = texts(language())
    advice = study.advise(**question)
    width = terminal_width()
    with study.reading() as rows:
        for reason in _found(advice, wanted, words):
            yield from wrapped(reason.say(words, advice.taxonomy), 0, width)
            yield f"  {say('reason_id', id=reason.id)}"
            for evidence in reason.evidence:
                yield from wrapped(named(evidence, words, advice.own.folder), 1, width)
                for line in followed(trace(evidence, rows, advice.own.folder), words):
                    yield from wrapped(line, 2, width)


def _found(advice: Any, wanted: str, words: Any) -> list[Any]:
    """Return the reason of an id; else those whose sentence holds the words."""
    from kakehashi.advice.partners.question import unknown
    from kakehashi.errors import StudyError

    reasons = {reason.id: reason for reason in advice.reasons()}
    if wanted in reasons:
        return [reasons[wanted]]
    found = [one for one in reasons.values() if wanted.casefold() in one.say(words, advice.taxonomy).casefold()]
    if not found:
        raise StudyError(f"reason: {unknown(wanted, reasons, 'no reason of this answer')}")
    return found


def _bold(text: str, seen: bool) -> str:
    return click.style(text, bold=True) if seen else text
