"""The second half of 名寄せ: from what strings say to institutions and countries of works, under people's decisions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from typing import Any

from kakehashi.affiliations import sql
from kakehashi.affiliations.deciding import Answer, Count, decide_string
from kakehashi.affiliations.decisions import COLUMNS, Checked, Decision, LookUp, read_decisions, ror_id
from kakehashi.affiliations.lists import policy
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.people import PEOPLE
from kakehashi.affiliations.private import (
    ASKED,
    CONTEXT,
    DECIDED,
    FOUND,
    GIVEN,
    JUDGED,
    KNOWN,
    LINKS,
    MET,
    UNIFIED,
    UNLINKED,
)
from kakehashi.affiliations.resolvers import registry_entries
from kakehashi.affiliations.settling import Corpus
from kakehashi.engine.base import Engine, Row
from kakehashi.progress import Progress
from kakehashi.settings import Settings
from kakehashi.tables import (
    DECISIONS,
    INSTITUTION_NAMES,
    INSTITUTIONS,
    RESOLUTIONS,
    WORK_COUNTRIES,
    WORK_INSTITUTIONS,
)


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Settle what READINGS say; write RESOLUTIONS, INSTITUTIONS, their names, DECISIONS, and those of each work.

    Decisions about strings come first; then spellings are unified over the corpus under decisions about names, and a
    country that a string does not name is taken from the source's own assertion, else from the corpus.
    Raises SettingsError and ContractError.
    """
    rules = policy(settings.affiliations.territory_policy)
    look_up = registry_entries(settings.affiliations)
    checked = read_decisions(settings.affiliations.decisions, look_up)
    advance = progress.step("institutions", 4)
    _decide_strings(engine, checked.decisions, rules.apply)
    engine.make(CONTEXT, sql.CONTEXT)
    engine.load(GIVEN, [(code, rules.apply(code.upper())) for (code,) in engine.rows(sql.GIVEN_CODES)])
    engine.make(MET, sql.MET)
    advance(1)
    _settle(engine, checked.decisions, rules.apply, look_up)
    advance(1)
    engine.make(RESOLUTIONS, sql.RESOLUTIONS)
    engine.make(LINKS, sql.LINKS)
    engine.make(INSTITUTIONS, sql.INSTITUTIONS)
    engine.make(INSTITUTION_NAMES, sql.INSTITUTION_NAMES)
    engine.load(JUDGED, list(_judged(checked)))
    engine.make(DECISIONS, sql.DECISIONS)
    advance(1)
    engine.make(WORK_INSTITUTIONS, sql.work_institutions(settings.counting.fractional_by))
    engine.make(WORK_COUNTRIES, sql.work_countries(settings.counting.fractional_by))
    advance(1)


def _decide_strings(engine: Engine, decisions: Sequence[Decision], count: Count) -> None:
    """Put decisions about strings in the place of what was read in them."""
    about: dict[str, list[Decision]] = defaultdict(list)
    for one in decisions:
        if one.affiliation is not None:
            about[one.affiliation].append(one)
    named = [one for one in decisions if one.affiliation is None and one.key]
    for text, country in engine.rows(sql.NAMELESS) if named else ():
        own = normal_key(text)
        if text not in about:
            meant = [one for one in named if own == one.key and _in_scope(one, country)]
            about.update({text: [_of_whole_string(one) for one in meant]} if meant else {})
    engine.load(ASKED, [(text,) for text in sorted(about)])
    read: dict[str, list[Answer]] = defaultdict(list)
    for text, key, name, country, known, *rest in engine.rows(sql.ASKED_READINGS) if about else ():
        read[text].append(Answer(key, name, country, known, None, *rest))
    engine.load(
        DECIDED,
        [
            (text, seq, *astuple(answer))
            for text in sorted(read)
            for seq, answer in enumerate(decide_string(read[text], about[text], count), start=1)
        ],
    )
    engine.load(UNLINKED, sorted({row for one in named for row in _unlinked(one)}))
    engine.make(FOUND, sql.FOUND)


def _in_scope(one: Decision, country: str | None) -> bool:
    return one.decision == "country" or country is None or one.country_code in (None, country)


def _of_whole_string(one: Decision) -> Decision:
    """Turn a decision about a name into one about a string that is nothing but that name."""
    anew = one.decision == "split" or (one.decision == "new_institution" and not one.target)
    word = {"merge": "link", "split": "new_institution"}.get(one.decision, one.decision)
    return replace(one, name=None, decision=word, target=one.name if anew else one.target)


def _unlinked(one: Decision) -> Iterator[Row]:
    """Yield which names the registry may no longer link, for a decided name outranks it."""
    scope = one.country_code or ""
    if one.decision == "country":
        yield one.key, "", "", one.target
    elif one.decision == "not_this" and one.target:
        if ror_id(one.target):
            yield one.key, scope, one.target, ""
    else:
        yield one.key, scope, "", ""


def _settle(engine: Engine, decisions: Sequence[Decision], count: Count, look_up: LookUp | None) -> None:
    """Unify the names of the corpus and name the known institutions."""
    spellings: list[Any] = engine.rows(sql.SPELLINGS)
    pairs: list[Any] = engine.rows(sql.PAIRS)
    people = frozenset(key for (key,) in engine.rows(PEOPLE))
    known: list[Any] = engine.rows(sql.KNOWN_SPELLINGS)
    corpus = Corpus(spellings, pairs, people, known, decisions, count, look_up)
    engine.load(
        UNIFIED,
        (
            (one.group[0], one.group[1] or "", one.group[2], one.institution_id, one.name, one.country,
             ror_id(one.institution_id or ""), one.evidence, one.reason, one.decision, one.country_decision)
            for one in corpus.settled()
        ),
    )  # fmt: skip
    engine.load(
        KNOWN,
        (
            (one.known_id, one.institution_id, one.name, one.country, ror_id(one.institution_id), one.decision,
             one.country_decision)
            for one in corpus.known()
        ),
    )  # fmt: skip


def _judged(checked: Checked) -> Iterator[Row]:
    """Yield the rows of JUDGED: each decision once, with its fault if it has one."""
    aside = {fault.decision.label: fault for fault in checked.set_aside()}
    warned = {fault.decision.label: fault for fault in checked.faults if fault.decision.label not in aside}
    every = {one.label: one for one in (*checked.decisions, *(fault.decision for fault in aside.values()))}
    for label, one in every.items():
        fault = aside.get(label) or warned.get(label)
        yield (
            one.file, one.row, *(getattr(one, column) for column in COLUMNS), label,
            "set_aside" if label in aside else "", fault.code if fault else None, fault.detail if fault else None,
        )  # fmt: skip
