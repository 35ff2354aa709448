"""`kakehashi run --dry-run`: what a run would do and take, as lines of text."""

from collections.abc import Iterator
from pathlib import Path

from kakehashi.cli.words import say
from kakehashi.planning import free_disk
from kakehashi.study import Study

_TOLD = ("records", "works", "strings", "institutions", "edges")


def plan_lines(folder: Path) -> Iterator[str]:
    """Yield the lines. Raises StudyError, SettingsError and SourceError."""
    plan = Study(folder).plan()
    yield say("plan_input", files=plan.files, megabytes=plan.megabytes)
    yield say("plan_rows", **{name: _rounded(plan.rows[name]) for name in _TOLD})
    for number, one in enumerate(plan.stages, 1):
        name = say(f"stage_{one.stage}")
        head = f"{number}/{len(plan.stages)} "
        yield head + (
            say("plan_stage", stage=name, rows=_rounded(one.rows), time=_duration(one.seconds))
            if one.to_do
            else say("skipped", stage=name)
        )
    yield say("plan_sum", time=_duration(plan.seconds), memory=plan.memory, disk=free_disk(folder))
    yield say("plan_note")


def _rounded(count: int) -> int:
    """Keep two digits: the model knows no more."""
    digits = max(len(str(count)) - 2, 0)
    return round(count, -digits)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return say("plan_seconds", count=max(1, round(seconds)))
    return say("plan_minutes", count=round(seconds / 60))
