"""Decisions about single strings, put to work before the corpus is looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kakehashi.affiliations.decisions import DECIDED_NONE, Decision
from kakehashi.affiliations.names import institution_id, normal_key

Count = Callable[[str], str | None]
"""Gives the code under which the territory policy counts a country, or None where it counts none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One institution that a string names, in the order of the columns of affiliations_found after `seq`.

    `known_id` is given where a registry or a decision says which institution it is; `not_id` is one that it is not.
    """

    name_key: str | None
    name: str | None
    country_code: str | None
    known_id: str | None
    not_id: str | None = None
    basis: str = ""
    method: str | None = None
    country_method: str | None = None
    span: str | None = None
    country_span: str | None = None
    confidence: float = 1.0
    reason: str | None = None
    decision: str | None = None
    country_decision: str | None = None


def decide_string(read: Sequence[Answer], decisions: Sequence[Decision], count: Count) -> list[Answer]:
    """Return what a string names after the decisions about it. `read` is what was read in it: at least one answer."""
    placed = [one for one in decisions if one.decision == "country"]
    given = [one for one in decisions if one.decision in ("link", "new_institution")]
    denied = [one for one in decisions if one.decision == "not_this"]
    whole = [one for one in given if one.name is None or _names_anew(one)]
    picked = {one.key: one for one in given if one not in whole}
    answers = [_given(one, read[0], count) for one in whole] or [
        _given(picked[answer.name_key], answer, count) if answer.name_key in picked else answer for answer in read
    ]
    for one in denied:
        answers = [_without(answer, one) if _meant(answer, one) else answer for answer in answers]
    for one in placed:
        answers = [_placed(answer, one, count) if _meant(answer, one) else answer for answer in answers]
    return list(dict.fromkeys(answers))


def _names_anew(one: Decision) -> bool:
    """Whether a decision's name is that of the new institution and not of one that was read in the string."""
    return one.decision == "new_institution" and one.target is None


def _meant(answer: Answer, one: Decision) -> bool:
    return one.name is None or one.key == answer.name_key


def _given(one: Decision, read: Answer, count: Count) -> Answer:
    country = count(one.country_code) if one.country_code else read.country_code
    name, known = read.name, one.target
    if one.decision == "new_institution":
        name = one.target or one.name or ""
        known = institution_id(normal_key(name), country)
    answer = replace(read, name_key=None, name=name, known_id=known, method="decision", reason=None, decision=one.label)
    if country == read.country_code:
        return answer
    return replace(
        answer, country_code=country, basis="address", country_method="decision", country_span=None,
        country_decision=one.label,
    )  # fmt: skip


def _without(answer: Answer, one: Decision) -> Answer:
    if one.target is None:
        return replace(
            answer, name_key=None, name=None, known_id=None, method=None, span=None, reason=DECIDED_NONE,
            decision=one.label,
        )  # fmt: skip
    if answer.known_id == one.target:
        return replace(answer, known_id=None, decision=one.label)
    return replace(answer, not_id=one.target, decision=one.label)


def _placed(answer: Answer, one: Decision, count: Count) -> Answer:
    code = count(one.target or "")
    reason = answer.reason if answer.name_key is None and answer.known_id is None else None
    return replace(
        answer, country_code=code, basis="address", country_method="decision", country_span=None, reason=reason,
        country_decision=one.label,
    )  # fmt: skip
