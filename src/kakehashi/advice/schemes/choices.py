"""Choices on the five axes: those that the region offers, those that the wish calls for, and on what grounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kakehashi.advice.schemes.wish import Wish, cite, say, stated, words
from kakehashi.knowledge.axes import AXES, Axis, View, axes, views
from kakehashi.knowledge.conditions import Condition, State, Stated, any_of
from kakehashi.knowledge.derive import OTHER, pattern_values
from kakehashi.knowledge.forms import forms, goals, purposes
from kakehashi.knowledge.regions import Choice, choices
from kakehashi.reasons import Reason, Value
from kakehashi.texts import Words

FILE = "regions.toml"


@dataclass(frozen=True)
class AxisChoice:
    """A choice that the region offers on an axis.

    `state`: whether the wish meets its condition, rules it out or leaves it open. `chosen`: whether patterns are
    measured against it. `pattern_values`: what patterns call it, whichever of the chosen sides pays; empty where no
    pattern has it then.
    """

    id: str
    axis: Axis
    value: View
    state: State
    chosen: bool
    pattern_values: tuple[str, ...]
    reasons: tuple[Reason, ...]


def choose(wish: Wish, own: Path | None = None) -> Mapping[Axis, tuple[AxisChoice, ...]]:
    """Return the region's choices by axis, in the order of the published figure. Raises DataError.

    Where the wish meets the condition of a choice, those choices and those without condition are chosen; else those
    that it leaves open. Where it rules all out, all stay chosen.
    """
    offered = [choice for choice in choices(own).values() if choice.region == wish.region]
    said = stated(wish, own)
    picked = {axis: _pick(said, [choice for choice in offered if choice.axis == axis]) for axis in AXES}
    payers = [choice.view for choice, _, chosen in picked["funding"] if chosen]
    return MappingProxyType({axis: tuple(_told(wish, one, payers, own) for one in picked[axis]) for axis in AXES})


def wanted(chosen: Mapping[Axis, tuple[AxisChoice, ...]]) -> Mapping[Axis, tuple[View, ...]]:
    """Return the chosen views by axis."""
    return MappingProxyType(
        {axis: tuple(choice.value for choice in offered if choice.chosen) for axis, offered in chosen.items()}
    )


def tensions(wish: Wish, chosen: Mapping[Axis, tuple[AxisChoice, ...]], own: Path | None = None) -> tuple[Reason, ...]:
    """Say on which axes the wishes call for different choices, so that people decide which wish comes first."""
    said = []
    for axis, offered in chosen.items():
        called = [one for one in offered if one.state == "met" and choices(own)[one.id].when]
        if len(called) > 1:
            values = {
                "axis": Value("words", axes(own)[axis].name),
                "choices": words(*(views(own)[f"{axis}.{one.value}"].name for one in called)),
            }
            evidence = tuple(
                dict.fromkeys(part for one in called for part in cite(FILE, one.id, choices(own)[one.id].source))
            )
            said.append(say(wish, f"tension.{axis}", "neutral", "schemes.tension", evidence, values))
    return tuple(said)


def named(condition_keys: Mapping[str, tuple[str, ...]], own: Path | None = None) -> Value:
    """Name the actors, goals, forms, regions, fields and views of conditions as one list."""
    names: dict[str, Value] = {}
    for key, ids in condition_keys.items():
        for one in ids:
            names.setdefault(f"{key}.{one}", _name(key, one, own))
    return Value("list", list(names.values()))


def _name(key: str, one: str, own: Path | None) -> Value:
    items: dict[str, Mapping[str, Any]] = {"goals": goals(own), "purposes": purposes(own), "forms": forms(own)}
    if key in items:
        return Value("words", items[key][one].name)
    if key == "views":
        view = views(own)[one]
        axis = axes(own)[view.axis].name
        return Value("words", Words(f"{axis.ja}：{view.name.ja}", f"{axis.en}: {view.name.en}"))
    if key == "fields":
        return Value("field", one)
    return Value("text", f"regions.{one}.name" if key == "regions" else f"schemes.actors.{one}")


def _pick(said: Stated, offered: list[Choice]) -> list[tuple[Choice, State, bool]]:
    states = [any_of(choice.when, said) for choice in offered]
    called = any(state == "met" and choice.when for choice, state in zip(offered, states, strict=True))
    kept = {"met"} if called else {"met", "open"}
    chosen = [state in kept for state in states]
    if not any(chosen):
        chosen = [True] * len(offered)
    return list(zip(offered, states, chosen, strict=True))


def _told(wish: Wish, picked: tuple[Choice, State, bool], payers: list[View], own: Path | None) -> AxisChoice:
    choice, state, chosen = picked
    evidence = cite(FILE, choice.id, choice.source)
    id_ = f"choice.{choice.id}"
    reasons = [say(wish, id_, "for" if chosen else "neutral", choice.text, evidence)]
    if choice.found is not None and speaks_of(wish, choice.found_for, choice.found_from):
        reasons.append(say(wish, f"{id_}.found", "neutral", choice.found, evidence))
    if choice.when and not wish.is_open:
        key, shown = _called(stated(wish, own), choice.when, state)
        reasons.append(say(wish, f"{id_}.{state}", "neutral", key, evidence, {"wishes": named(shown, own)}))
    values = dict.fromkeys(
        value
        for payer in (payers if choice.axis != "funding" else [choice.view])
        for value in pattern_values(choice.axis, choice.view, payer if payer in OTHER else None)
    )
    view = views(own)[f"{choice.axis}.{choice.view}"]
    if not values:
        reasons.append(
            say(
                wish,
                f"{id_}.nowhere",
                "neutral",
                "schemes.in_no_pattern",
                cite("axes.toml", view.id, view.source),
            )
        )
    return AxisChoice(choice.id, choice.axis, choice.view, state, chosen, tuple(values), tuple(reasons))


def _called(said: Stated, when: tuple[Condition, ...], state: State) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return the text that says why a choice is called for or not, and the ids that it names."""
    shown: dict[str, tuple[str, ...]] = {}
    for condition in when:
        if state == "met" and condition.state(said) != "met":
            continue
        for key, ids in condition.keys().items():
            told = tuple(one for one in ids if one in said[key]) if state == "met" else ids
            shown[key] = tuple(dict.fromkeys((*shown.get(key, ()), *told)))
    return f"schemes.choice_{state}", shown


def speaks_of(wish: Wish, partners: tuple[str, ...], seen_from: str | None) -> bool:
    """Tell whether what a document found concerns these two countries."""
    return wish.partner in partners and seen_from in (None, wish.home)
