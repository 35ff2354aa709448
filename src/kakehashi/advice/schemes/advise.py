"""The whole answer about schemes: pure functions over a wish and the knowledge, the same answer for the same wish."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kakehashi.advice.schemes.choices import FILE, AxisChoice, choose, named, tensions, wanted
from kakehashi.advice.schemes.fit import Fit, rank
from kakehashi.advice.schemes.strategy import (
    FormAdvice,
    GainAdvice,
    cautions_of,
    character,
    forms_of,
    further_forms,
    gains_of,
    unexpected_goals,
)
from kakehashi.advice.schemes.wish import Wish, check_wish, cite, say, stated, words
from kakehashi.knowledge.axes import Axis, axes, effects, views
from kakehashi.knowledge.conditions import any_of
from kakehashi.knowledge.derive import Seen
from kakehashi.knowledge.diligence import prompts
from kakehashi.knowledge.patterns import patterns
from kakehashi.knowledge.regions import differences, regions
from kakehashi.reasons import Evidence, Reason, Value

_UNPUBLISHED_SHOWN = 2


@dataclass(frozen=True)
class PatternAdvice:
    """A pattern: its fit (a share of 1), how home sees it, the axes met, met in part and missed, and what is said.

    `effects` are the merits and demerits of its arrangement on each axis, seen from home.
    """

    number: int
    published: bool
    fit: float
    seen: Seen
    met: tuple[Axis, ...]
    partly: tuple[Axis, ...]
    missed: tuple[Axis, ...]
    reasons: tuple[Reason, ...]
    effects: tuple[Reason, ...]


@dataclass(frozen=True)
class PromptAdvice:
    """A question to be looked into before starting, what calls for it, and why it arises."""

    id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SchemeAdvice:
    """The answer for a wish.

    `patterns`: those published for the region, in printed order while nothing is wished for, else the best
    fit first; where none is published, the best fits. `by_axes`: every pattern by its fit to the axis choices alone.
    """

    wish: Wish
    region: tuple[Reason, ...]
    gains: tuple[GainAdvice, ...]
    forms: tuple[FormAdvice, ...]
    further_forms: tuple[FormAdvice, ...]
    axes: Mapping[Axis, tuple[AxisChoice, ...]]
    patterns: tuple[PatternAdvice, ...]
    by_axes: tuple[PatternAdvice, ...]
    cautions: tuple[Reason, ...]
    prompts: tuple[PromptAdvice, ...]
    notes: tuple[Reason, ...]

    def reasons(self) -> tuple[Reason, ...]:
        """Return every sentence of the answer once, in the order of the answer."""
        return tuple({reason.id: reason for reason in self._all()}.values())

    def _all(self) -> Iterator[Reason]:
        yield from self.region
        for part in (self.gains, self.forms, self.further_forms):
            for one in part:
                yield from one.reasons
        for offered in self.axes.values():
            for choice in offered:
                yield from choice.reasons
        for pattern in (*self.patterns, *self.by_axes):
            yield from (*pattern.reasons, *pattern.effects)
        yield from (*self.cautions, *(reason for prompt in self.prompts for reason in prompt.reasons), *self.notes)


def advise_schemes(wish: Wish, own: Path | None = None) -> SchemeAdvice:
    """Advise on schemes. `own`: a folder of knowledge files laid over ours.

    Raises SettingsError for a wish that cannot be answered, naming the nearest that can; DataError for bad knowledge.
    """
    check_wish(wish, own)
    chosen = choose(wish, own)
    fits = rank(wanted(chosen), own)
    published = _published(wish, fits, own)
    by_axes = tuple(_pattern(wish, fit, chosen, own) for fit in fits)
    told = {pattern.number: pattern for pattern in by_axes}
    suited = tuple(told[number] for number in published)
    shown = (*suited, by_axes[0])
    return SchemeAdvice(
        wish=wish,
        region=character(wish, own),
        gains=gains_of(wish, own),
        forms=forms_of(wish, own),
        further_forms=further_forms(wish, own),
        axes=chosen,
        patterns=suited,
        by_axes=by_axes,
        cautions=cautions_of(wish, own),
        prompts=_prompts(wish, shown, own),
        notes=(*unexpected_goals(wish, own), *tensions(wish, chosen, own), *_compared(wish, suited, by_axes, own)),
    )


def _published(wish: Wish, fits: tuple[Fit, ...], own: Path | None) -> tuple[int, ...]:
    printed = [int(number) for number in regions(own)[wish.region].patterns]
    if not printed:
        return tuple(fit.pattern.number for fit in fits[:_UNPUBLISHED_SHOWN])
    if wish.is_open:
        return tuple(printed)
    return tuple(fit.pattern.number for fit in fits if fit.pattern.number in printed)


def _pattern(wish: Wish, fit: Fit, chosen: Mapping[Axis, tuple[AxisChoice, ...]], own: Path | None) -> PatternAdvice:
    pattern = fit.pattern
    published = pattern.id in regions(own)[wish.region].patterns
    evidence = cite("patterns.toml", pattern.id, pattern.source)
    id_ = f"pattern.{pattern.id}"
    values = {
        "pattern": Value("number", pattern.number),
        "name": Value("words", pattern.name),
        "met": Value("number", len(fit.met)),
        "fit": Value("percent", fit.share),
        "cases": Value("number", pattern.cases),
    }
    reasons = [
        say(wish, id_, "neutral", pattern.summary, evidence),
        say(wish, f"{id_}.fit", "neutral", "schemes.fit", evidence, values),
    ]
    for key, missing in (("partly", fit.partly), ("missed", fit.missed)):
        reasons += [_unmet(wish, f"{id_}.{axis}", key, axis, fit.seen, chosen, own) for axis in missing]
    return PatternAdvice(
        pattern.number, published, fit.share, fit.seen, fit.met, fit.partly, fit.missed, tuple(reasons),
        _effects(wish, fit.seen, own),
    )  # fmt: skip


def _unmet(
    wish: Wish, id_: str, key: str, axis: Axis, seen: Seen, chosen: Mapping[Axis, tuple[AxisChoice, ...]],
    own: Path | None,
) -> Reason:  # fmt: skip
    called = [choice for choice in chosen[axis] if choice.chosen]
    values = {
        "pattern": Value("number", seen.pattern),
        "axis": Value("words", axes(own)[axis].name),
        "has": Value("words", views(own)[f"{axis}.{seen.views[axis]}"].name),
        "wanted": words(*(views(own)[f"{axis}.{choice.value}"].name for choice in called)),
    }
    partly = cite("axes.toml", "partly") if key == "partly" else ()
    evidence = (
        *cite("patterns.toml", str(seen.pattern), patterns(own)[seen.pattern].source),
        *(part for choice in called for part in cite(FILE, choice.id)),
        *partly,
    )
    return say(wish, id_, "against", f"schemes.{key}", evidence, values)


def _effects(wish: Wish, seen: Seen, own: Path | None) -> tuple[Reason, ...]:
    held = {f"{axis}.{view}" for axis, view in seen.views.items()}
    return tuple(
        say(wish, f"effect.{one.id}", "for" if one.stance == "merit" else "against", one.text,
            cite("axes.toml", one.id, one.source))
        for one in effects(own).values()
        if one.view in held
    )  # fmt: skip


def _prompts(wish: Wish, shown: tuple[PatternAdvice, ...], own: Path | None) -> tuple[PromptAdvice, ...]:
    held = dict.fromkeys(f"{axis}.{view}" for pattern in shown for axis, view in pattern.seen.views.items())
    said = {**stated(wish, own), "views": tuple(held)}
    told = []
    for prompt in prompts(own).values():
        if any_of(prompt.when, said) != "met":
            continue
        called: dict[str, tuple[str, ...]] = {}
        for condition in prompt.when:
            if condition.state(said) == "met":
                for key, ids in condition.keys().items():
                    called[key] = (*called.get(key, ()), *(one for one in ids if one in said[key]))
        evidence = cite("diligence.toml", prompt.id, prompt.source)
        id_ = f"prompt.{prompt.id}"
        reasons = [
            say(wish, id_, "neutral", prompt.question, evidence),
            say(wish, f"{id_}.why", "neutral", prompt.why, evidence),
        ]
        if called:
            values = {"wishes": named(called, own)}
            reasons.append(say(wish, f"{id_}.called", "neutral", "schemes.prompt_called", evidence, values))
        told.append(PromptAdvice(prompt.id, tuple(reasons)))
    return tuple(told)


def _compared(
    wish: Wish, suited: tuple[PatternAdvice, ...], by_axes: tuple[PatternAdvice, ...], own: Path | None
) -> tuple[Reason, ...]:
    """Say where published patterns and the fit to the axes part, and why, as far as anybody can say."""
    region = regions(own)[wish.region]
    if not region.patterns:
        return (
            say(
                wish,
                "patterns.none_published",
                "neutral",
                "schemes.none_published",
                cite(FILE, region.id, region.source),
            ),
        )
    known = {one.pattern: one for one in differences(own).values() if one.region == wish.region}
    best = max(pattern.fit for pattern in suited)
    said = []
    for pattern in by_axes:
        why = known.get(str(pattern.number))
        ahead = not pattern.published and pattern.fit > best
        if ahead:
            said.append(_ahead(wish, pattern, suited, own))
        if why is not None and (ahead or (pattern.published and pattern.fit < 1)):
            evidence = cite(FILE, why.id, why.source)
            said.append(say(wish, f"difference.{why.id}", "neutral", why.text, evidence))
    return tuple(said)


def _ahead(wish: Wish, pattern: PatternAdvice, suited: tuple[PatternAdvice, ...], own: Path | None) -> Reason:
    region = regions(own)[wish.region]
    values = {
        "pattern": Value("number", pattern.number),
        "fit": Value("percent", pattern.fit),
        "published": Value("list", [Value("number", one.number) for one in suited]),
        "best": Value("percent", max(one.fit for one in suited)),
    }
    rules: list[Evidence] = [*cite("patterns.toml", str(pattern.number)), *cite(FILE, region.id, region.source)]
    key = "schemes.ahead" if wish.is_open else "schemes.ahead_of_wish"
    return say(wish, f"patterns.ahead.{pattern.number}", "neutral", key, tuple(rules), values)
