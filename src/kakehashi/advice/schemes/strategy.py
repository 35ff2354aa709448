"""What a region promises and which forms suit it, in the order in which they serve the wish."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kakehashi.advice.schemes.choices import FILE, named, speaks_of
from kakehashi.advice.schemes.wish import Wish, cite, say, words
from kakehashi.knowledge.forms import Form, form_effects, forms, goals, purpose_of
from kakehashi.knowledge.regions import cautions, gains, regions, suited
from kakehashi.knowledge.sources import documents
from kakehashi.reasons import Reason, Value


@dataclass(frozen=True)
class GainAdvice:
    """A gain that the region promises, whether it was wished for, and why it is to be had."""

    goal: str
    wished: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class FormAdvice:
    """A form: whether it is published for the region, the wished goals it serves, its grounds, merits and demerits."""

    form: str
    published: bool
    serves: tuple[str, ...]
    reasons: tuple[Reason, ...]


def gains_of(wish: Wish, own: Path | None = None) -> tuple[GainAdvice, ...]:
    """Return the gains of the region in published order. Raises DataError."""
    told = []
    for goal in regions(own)[wish.region].gains:
        reasons: list[Reason] = []
        for gain in gains(own).values():
            if (gain.region, gain.goal) != (wish.region, goal):
                continue
            evidence = cite(FILE, gain.id, gain.source)
            reasons.append(say(wish, f"gain.{gain.id}", "for", gain.text, evidence))
            if gain.found is not None and speaks_of(wish, gain.found_for, gain.found_from):
                reasons.append(say(wish, f"gain.{gain.id}.found", "neutral", gain.found, evidence))
        told.append(GainAdvice(goal, goal in wish.goals, tuple(reasons)))
    return tuple(told)


def forms_of(wish: Wish, own: Path | None = None) -> tuple[FormAdvice, ...]:
    """Return the forms published for the region: those wished for, of a wished purpose, serving more goals, first."""
    published = regions(own)[wish.region].forms
    told = [_form(wish, forms(own)[form], True, own) for form in published]

    def order(one: FormAdvice) -> tuple[bool, bool, int, int]:
        purposed = purpose_of(one.form, own) in wish.purposes
        return one.form not in wish.forms, not purposed, -len(one.serves), published.index(one.form)

    return tuple(sorted(told, key=order))


def further_forms(wish: Wish, own: Path | None = None) -> tuple[FormAdvice, ...]:
    """Return forms not published for the region that are wished for or serve a goal that no published form serves."""
    region = regions(own)[wish.region]
    served = {goal for form in region.forms for goal in forms(own)[form].serves}
    unserved = set(wish.goals) - served
    return tuple(
        _form(wish, form, False, own)
        for form in forms(own).values()
        if form.id not in region.forms and (form.id in wish.forms or unserved & set(form.serves))
    )


def unexpected_goals(wish: Wish, own: Path | None = None) -> tuple[Reason, ...]:
    """Say which wished goals the region does not promise, and which regions do."""
    region = regions(own)[wish.region]
    said = []
    for goal in wish.goals:
        if goal in region.gains:
            continue
        where = [one for one in regions(own).values() if goal in one.gains]
        values = {
            "goal": Value("words", goals(own)[goal].name),
            "gains": words(*(goals(own)[one].name for one in region.gains)),
            "regions": named({"regions": tuple(one.id for one in where)}, own),
        }
        evidence = tuple(part for one in (region, *where) for part in cite(FILE, one.id, one.source))
        key = "schemes.goal_elsewhere" if where else "schemes.goal_nowhere"
        said.append(say(wish, f"goal.{goal}", "against", key, tuple(dict.fromkeys(evidence)), values))
    return tuple(said)


def character(wish: Wish, own: Path | None = None) -> tuple[Reason, ...]:
    """Say what the region is like, and how far the published strategy was meant for these two countries."""
    region = regions(own)[wish.region]
    evidence = cite(FILE, region.id, region.source)
    said = [say(wish, f"region.{region.id}", "neutral", region.character, evidence)]
    seen_from = documents(own)[region.source.document].seen_from
    if seen_from not in (None, wish.home):
        values = {"seen_from": Value("country", seen_from)}
        said.append(say(wish, "region.other_home", "neutral", "schemes.other_home", evidence, values))
    elif wish.partner is not None and region.countries and wish.partner not in region.countries:
        values = {"countries": Value("list", [Value("country", country) for country in region.countries])}
        said.append(say(wish, "region.other_partner", "neutral", "schemes.other_partner", evidence, values))
    return tuple(said)


def cautions_of(wish: Wish, own: Path | None = None) -> tuple[Reason, ...]:
    """Say what to take care of in the region."""
    return tuple(
        say(wish, f"caution.{one.id}", "against", one.text, cite(FILE, one.id, one.source))
        for one in cautions(own).values()
        if one.region == wish.region
    )


def _form(wish: Wish, form: Form, published: bool, own: Path | None) -> FormAdvice:
    serves = tuple(goal for goal in wish.goals if goal in form.serves)
    reasons = list(_grounds(wish, form, published, own))
    if serves:
        values = {"form": Value("words", form.name), "goals": words(*(goals(own)[goal].name for goal in serves))}
        evidence = cite("forms.toml", form.id, form.source)
        reasons.append(say(wish, f"form.{form.id}.serves", "for", "schemes.form_serves", evidence, values))
        reasons.append(say(wish, f"form.{form.id}.why", "for", form.serves_why, evidence))
    reasons += [
        say(wish, f"form.{one.id}", "for" if one.stance == "merit" else "against", one.text,
            cite("forms.toml", one.id, one.source))
        for one in form_effects(own).values()
        if one.form == form.id
    ]  # fmt: skip
    return FormAdvice(form.id, published, serves, tuple(reasons))


def _grounds(wish: Wish, form: Form, published: bool, own: Path | None) -> Iterable[Reason]:
    if not published:
        region = regions(own)[wish.region]
        values = {"form": Value("words", form.name), "forms": words(*(forms(own)[one].name for one in region.forms))}
        evidence = cite(FILE, region.id, region.source)
        yield say(wish, f"form.{form.id}.unpublished", "against", "schemes.form_unpublished", evidence, values)
    for one in suited(own).values():
        if (one.region, one.form) == (wish.region, form.id):
            yield say(wish, f"form.{one.id}", "for", one.text, cite(FILE, one.id, one.source))
