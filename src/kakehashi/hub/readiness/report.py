"""The whole answer about readiness, as a value and as plain data for JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kakehashi.hub.readiness.actions import Action, Payer, actions, payers
from kakehashi.hub.readiness.answers import Answers
from kakehashi.hub.readiness.gaps import Change, Gap, change, gaps, severity
from kakehashi.hub.readiness.national import Published
from kakehashi.hub.readiness.profile import Line, profile
from kakehashi.hub.readiness.questionnaire import YES, answer_name, links, part_name, parts, provenance
from kakehashi.knowledge import survey
from kakehashi.knowledge.sources import documents
from kakehashi.texts import LANGUAGES, Words, texts

_DOCUMENT = "nistep2016"
_PLACES = 6


@dataclass(frozen=True)
class Readiness:
    """What there is to say: profile, gaps by leverage, actions, programmes, supports wanted, change, what is open."""

    answers: Answers
    profile: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    actions: tuple[Action, ...]
    programmes: tuple[Payer, ...]
    supports: tuple[Line, ...]
    change: Change | None
    unanswered: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data. Texts are in both languages; shares and percentiles are in [0, 1]."""
        given = self.answers
        where, day = provenance()
        document = documents()[_DOCUMENT]
        return {
            "institution": given.institution,
            "year": given.year,
            "actor": given.actor,
            "home": given.home,
            "partner": given.partner,
            "group": given.group,
            "compared_with": {
                "document": _DOCUMENT,
                "title": both(document.title),
                "date": document.date,
                "questionnaire": {"source": where, "date": day},
            },
            "rule": keyed("readiness.rule"),
            "profile": [_line(line) for line in self.profile],
            "gaps": [_gap(rank, gap) for rank, gap in enumerate(self.gaps, 1)],
            "actions": [_action(one) for one in self.actions],
            "programmes": [_payer(one) for one in self.programmes],
            "supports_wanted": [_line(line) for line in self.supports],
            "change": None if self.change is None else _change(self.change),
            "unanswered": list(self.unanswered),
        }


def assess(answers: Answers, before: Answers | None = None) -> Readiness:
    """Compare answers with the survey and say what follows. Raises DataError where `before` is no earlier year."""
    lines, found = profile(answers), gaps(answers)
    wanted = [line for line in lines if line.part.question.id == "supports" and line.given.get(YES, 0) > 0]
    return Readiness(
        answers,
        lines,
        found,
        actions(answers, found),
        payers(answers, found),
        tuple(sorted(wanted, key=lambda line: -(line.same or 0.0))),
        None if before is None else change(answers, before),
        tuple(name for name in parts() if name not in answers.given),
    )


def both(words: Words) -> dict[str, str]:
    """Return words as plain data."""
    return {"ja": words.ja, "en": words.en}


def keyed(key: str, **values: Any) -> dict[str, str]:
    """Return a text of data/texts in both languages."""
    return {language: texts(language)(key, **values) for language in LANGUAGES}


def _named(name: str) -> dict[str, Any]:
    return {"id": name, "name": both(part_name(parts()[name]))}


def _shares(given: Mapping[str, float]) -> dict[str, float]:
    return {answer: round(weight, _PLACES) for answer, weight in given.items()}


def _line(line: Line) -> dict[str, Any]:
    part, figure = line.part, line.part.question.figure
    told = None if figure is None else survey.questions()[figure]
    place = line.standing
    return {
        **_named(part.id),
        "question": part.question.id,
        "ask": both(part.question.ask),
        "figure": figure,
        "base": None if told is None else both(told.base),
        "answer": _shares(line.given),
        "answer_names": {answer: both(answer_name(part, answer)) for answer in line.given},
        "national": [_published(line, one) for one in line.published],
        "n": line.n,
        "same": None if line.same is None else round(line.same, _PLACES),
        "comparable": line.incomparable is None,
        "percentile": None if place is None else {key: round(value, _PLACES) for key, value in asdict(place).items()},
        "reason": None if line.unplaced is None else keyed(f"readiness.reasons.{line.unplaced}"),
        "reason_id": line.unplaced,
        "severity": round(severity(part, line.given), _PLACES) if part.is_lack else None,
    }


def _published(line: Line, one: Published) -> dict[str, Any]:
    return {
        "answer": one.answer,
        "name": both(answer_name(line.part, one.answer)),
        "share": one.share,
        "count": one.count,
        "n": one.n,
        "unit": one.unit,
    }


def _gap(rank: int, gap: Gap) -> dict[str, Any]:
    name = gap.part.id
    line = gap.line
    return {
        "rank": rank,
        **_named(name),
        "question": gap.part.question.id,
        "answer": _shares(line.given),
        "severity": round(gap.severity, _PLACES),
        "eases": list(gap.eases),
        "leverage": round(gap.leverage, _PLACES),
        "cell": links()[name].cell if name in links() else None,
        "same": None if line.same is None else round(line.same, _PLACES),
        "percentile": None if line.standing is None else round(line.standing.middle, _PLACES),
        "n": line.n,
        "reason_id": line.unplaced,
    }


def _action(one: Action) -> dict[str, Any]:
    found = one.recommendation
    return {
        "id": found.id,
        "section": found.source.figure,
        "name": both(found.name),
        "text": both(found.text),
        "weight": round(one.weight, _PLACES),
        "gaps": list(one.gaps),
        "directions": [{"id": item.id, "name": both(item.name), "cell": item.cell} for item in one.directions],
        "practices": [{"id": item.id, "name": both(item.name), "cell": item.cell} for item in one.practices],
        "evidence": [evidence.plain() for evidence in one.evidence],
    }


def _payer(one: Payer) -> dict[str, Any]:
    return {
        "id": one.programme.id,
        "name": both(one.programme.name),
        "kind": one.programme.kind,
        "agencies": list(one.programme.agencies),
        "as_of": one.programme.as_of,
        "gaps": list(one.gaps),
        "fits": one.fits,
        "reasons": [reason.plain([texts(language) for language in LANGUAGES], "ict8") for reason in one.reasons],
        "evidence": [evidence.plain() for evidence in one.evidence],
    }


def _change(found: Change) -> dict[str, Any]:
    return {
        "since": found.year,
        "severity_before": round(found.severity_before, _PLACES),
        "severity_after": round(found.severity_after, _PLACES),
        "closed": list(found.closed),
        "new": list(found.new),
        "moved": [
            {
                **_named(one.part.id),
                "before": _shares(one.before),
                "after": _shares(one.after),
                "easier": round(one.easier, _PLACES),
                "percentile": None if one.percentile is None else round(one.percentile, _PLACES),
            }
            for one in found.moved
        ],
        "only_now": list(found.only_now),
        "only_before": list(found.only_before),
    }
