"""`kakehashi review`: what people should decide about a study's affiliations, and whether their decisions are sound."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from kakehashi.affiliations.decisions import WARNINGS, Fault, read_decisions, write_csv
from kakehashi.affiliations.resolvers import Choice, choices, registry_entries
from kakehashi.affiliations.review import REVIEW_COLUMNS, Item, items
from kakehashi.cli.words import say
from kakehashi.errors import SettingsError, SourceError, StudyError
from kakehashi.manifest import write_text
from kakehashi.settings import AffiliationsSection
from kakehashi.study import Study, writing


def to_decide(study: Study) -> list[Item]:
    """Return what there is to decide in a study that has been run. Raises StudyError."""
    if study.is_reference:
        raise StudyError(f"{study.folder} is a built-in reference study: it has no affiliations to decide on")
    settings = study.settings.affiliations
    return items(study.rows, settings.territory_policy, lambda texts: _choices(settings, texts))


def _choices(settings: AffiliationsSection, texts: Sequence[str]) -> Sequence[Mapping[str, Sequence[Choice]]]:
    """What came second for each link; nothing where the registry is not on this machine, for the list needs none."""
    try:
        return choices(settings, texts)
    except (SettingsError, SourceError):
        return [{} for _ in texts]


def write_list(found: Sequence[Item], target: Path) -> None:
    """Write the list as a CSV whose column `decision` is to be filled in. Raises StudyError."""
    with writing(target):
        write_text(target, write_csv(REVIEW_COLUMNS, (item.row() for item in found)))


def print_list(found: Sequence[Item], limit: int) -> None:
    """Draw the first items as a table: the works affected, the doubt, what it is about, and what seems right."""
    shown = found[:limit] if limit else found
    drawn = RichTable(show_edge=False)
    for name, side in (("works", "right"), ("doubt", "right"), ("about", "left"), ("question", "left")):
        drawn.add_column(say(f"review_{name}"), justify="right" if side == "right" else "left", overflow="fold")
    for item in shown:
        drawn.add_row(str(item.works), f"{item.doubt:.2f}", Text(item.shown), Text(question(item)))
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(drawn)
    console.print(say("review_shown", shown=len(shown), total=len(found)), style="dim")


def question(item: Item) -> str:
    """Ask what is to be decided, with the suggested answer and the others, in the reader's language."""
    asked = say(f"review_kind_{item.kind}")
    answer = say(f"review_suggest_{item.suggestion}", target=item.target or "?") if item.suggestion else ""
    others = say("review_candidates", candidates="; ".join(item.candidates)) if item.candidates else ""
    return " ".join(part for part in (asked, answer, others) if part)


def check_lines(study: Study) -> Iterator[str]:
    """Yield what is wrong with the study's decision files, and what the last run made of them."""
    settings = study.settings.affiliations
    if not settings.decisions:
        yield say("decisions_none")
        return
    checked = read_decisions(settings.decisions, registry_entries(settings))
    for fault in checked.faults:
        yield fault_line(fault)
    aside = len(list(checked.set_aside()))
    yield say("decisions_read", sound=len(checked.decisions), aside=aside)
    yield from applied_lines(study)


def applied_lines(study: Study) -> Iterator[str]:
    """Yield what the last run made of the decisions. Raises StudyError where the study has not been run."""
    counted = study.rows("select status, count(*), sum(strings), sum(works) from decisions group by status")
    number = {status: decisions for status, decisions, _, _ in counted}
    yield say(
        "decisions_applied",
        applied=number.get("applied", 0), idle=number.get("no_effect", 0), aside=number.get("set_aside", 0),
    )  # fmt: skip


def fault_line(fault: Fault) -> str:
    """Say what is wrong with one decision, where it stands, and what to do."""
    kind = say("decision_warning") if fault.code in WARNINGS else say("decision_set_aside")
    return f"{fault.decision.label}: {kind}: " + say(f"decision_{fault.code}", detail=fault.detail)
