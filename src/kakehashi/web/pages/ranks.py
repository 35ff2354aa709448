"""Ranks and how sure they are, as pages show them."""

from collections.abc import Sequence

from kakehashi.report.queries import Ranked
from kakehashi.web.view import View

PAPERS, EIGENVECTOR = "papers", "eigenvector"


def ranked(view: View, level: str, entities: Sequence[str]) -> dict[tuple[str, str, str], Ranked]:
    """Return ranks with their intervals by entity, field and measure: papers as the study counts them, eigenvector."""
    if not entities or not view.reader.has("rank_intervals"):
        return {}
    marks = ", ".join("?" for _ in entities)
    rows = view.reader.rows(
        "select entity, field, measure, rank, rank_low, rank_high, draws from rank_intervals "
        f"where level = ? and entity in ({marks})",
        [level, *entities],
    )
    return {(row[0], row[1], EIGENVECTOR if row[2] == EIGENVECTOR else PAPERS): Ranked(*row[3:]) for row in rows}


def said(view: View, found: Ranked | None, form: str = "short") -> str | None:
    """Write a rank with its interval: `short` for tables, `long` for a sentence; nothing where there is none."""
    if found is None:
        return None
    t = view.t
    values = {"rank": t.number(found.rank), "low": t.number(found.low), "high": t.number(found.high)}
    return t("ranks.short", **values) if form == "short" else view.say("ranks.long", **values)


def note(view: View, found: dict[tuple[str, str, str], Ranked]) -> tuple[str, ...]:
    """Say what the intervals are; nothing where there are none."""
    draws = max((one.draws for one in found.values()), default=0)
    return (view.say("ranks.note", draws=view.t.number(draws)),) if draws else ()
