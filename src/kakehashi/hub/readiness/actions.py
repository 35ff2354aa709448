"""What to do about the gaps: recommendations of sections 5.2 and 5.3 with linked items, and programmes that pay."""

from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.hub.readiness.answers import Answers
from kakehashi.hub.readiness.gaps import Gap
from kakehashi.hub.readiness.questionnaire import FILE, links
from kakehashi.knowledge.funding import Need, funding
from kakehashi.knowledge.items import Item, Recommendation, items, recommendations
from kakehashi.knowledge.programmes import FILE as PROGRAMMES
from kakehashi.knowledge.programmes import Programme, calls, programmes
from kakehashi.reasons import Evidence, Reason, Value, rule, source


@dataclass(frozen=True)
class Action:
    """A recommendation: the gaps it answers and the sum of their severities, its directions and linked practices."""

    recommendation: Recommendation
    weight: float
    gaps: tuple[str, ...]
    directions: tuple[Item, ...]
    practices: tuple[Item, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Payer:
    """A programme of the home country whose kind fits gaps. `reasons`: what is known of its fit with a partner.

    `fits`: False where it pays for nothing with the partner, None where no partner is in view.
    """

    programme: Programme
    gaps: tuple[str, ...]
    fits: bool | None
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]


def actions(answers: Answers, found: Iterable[Gap]) -> tuple[Action, ...]:
    """Return the recommendations to the actor, heaviest sum of severities first, then in the order of the gaps."""
    held = tuple(found)
    by_id: dict[str, list[Gap]] = {}
    for gap in held:
        for name in links()[gap.part.id].recommendations if gap.part.id in links() else ():
            if answers.actor in recommendations()[name].actors:
                by_id.setdefault(name, []).append(gap)
    told = [_action(recommendations()[name], of, answers.actor) for name, of in by_id.items()]
    return tuple(sorted(told, key=lambda action: -round(action.weight, 9)))


def _action(one: Recommendation, of: list[Gap], actor: str) -> Action:
    linked = [links()[gap.part.id] for gap in of]
    practices = dict.fromkeys(name for link in linked for name in link.practices if actor in items()[name].actors)
    return Action(
        one,
        weight=sum(gap.severity for gap in of),
        gaps=tuple(gap.part.id for gap in of),
        directions=tuple(items()[name] for name in one.directions.get(actor, ())),
        practices=tuple(items()[name] for name in practices),
        evidence=(
            rule("recommendations.toml", one.id),
            source(one.source.document, one.source.figure),
            *(rule(FILE, gap.part.id) for gap in of),
        ),
    )


def payers(answers: Answers, found: Iterable[Gap]) -> tuple[Payer, ...]:
    """Return the programmes whose kind fits a gap, those that fit most severity first.

    With a partner in view, each is judged as `kakehashi advise` judges it, and what cannot pay stands last.
    """
    wanted: dict[str, list[Gap]] = {}
    for gap in found:
        for kind in links()[gap.part.id].programmes if gap.part.id in links() else ():
            wanted.setdefault(kind, []).append(gap)
    mine = [
        one
        for one in programmes()
        if one.home == answers.home and one.kind in wanted and (not one.actors or answers.actor in one.actors)
    ]
    verdicts: dict[str, tuple[bool, tuple[Reason, ...]]] = {}
    if answers.partner is not None:
        judged = funding(mine, Need(answers.home, answers.partner, answers.actor, year=answers.year), calls())
        verdicts = {offer.programme.id: (True, offer.reasons) for offer in judged.offers}
        verdicts |= {offer.programme.id: (False, offer.reasons) for offer in judged.refused}
    told = [_payer(one, wanted[one.kind], verdicts.get(one.id), answers.year) for one in mine]
    weight = {kind: sum(gap.severity for gap in of) for kind, of in wanted.items()}
    return tuple(sorted(told, key=lambda payer: (payer.fits is False, -round(weight[payer.programme.kind], 9))))


def _payer(one: Programme, of: list[Gap], verdict: tuple[bool, tuple[Reason, ...]] | None, year: int) -> Payer:
    cited = source(*one.source.split(" ", 1)) if " " in one.source else None
    evidence = (rule(PROGRAMMES, one.id), *((cited,) if cited else ()), *(rule(FILE, gap.part.id) for gap in of))
    fits, reasons = (None, ()) if verdict is None else verdict
    if verdict is None:
        reasons = (_term(one, evidence, year),)
        fits = False if one.until is not None and one.until < year else None
    return Payer(one, tuple(gap.part.id for gap in of), fits, reasons, evidence)


def _term(one: Programme, evidence: tuple[Evidence, ...], year: int) -> Reason:
    """Tell how old what is known of a programme is."""
    name = f"programme.{one.id}.term"
    if one.until is not None:
        over = one.until < year
        key = "items.programmes.term_over" if over else "items.programmes.term"
        return Reason(name, "against" if over else "neutral", key, {"until": Value("name", one.until)}, evidence)
    if one.as_of is None:
        return Reason(name, "neutral", "items.programmes.as_of_unknown", {}, evidence)
    return Reason(name, "neutral", "items.programmes.as_of", {"year": Value("name", one.as_of)}, evidence)
