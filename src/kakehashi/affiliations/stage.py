"""The second half of 名寄せ: from what strings say to institutions and countries of works, under people's decisions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple, replace
from typing import Any

from kakehashi.affiliations import sql
from kakehashi.affiliations.coverage import COVERAGE
from kakehashi.affiliations.deciding import Answer, Count, decide_string
from kakehashi.affiliations.decisions import COLUMNS, Checked, Decision, LookUp, read_decisions, ror_id
from kakehashi.affiliations.lists import linking_policy, policy
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.people import PEOPLE
from kakehashi.affiliations.private import (
    AGREED,
    ASKED,
    CONTEXT,
    COUNTED_FOR,
    DECIDED,
    FOUND,
    GIVEN,
    JUDGED,
    KNOWN,
    LINKS,
    MET,
    NAMED,
    SETTLED,
    UNIFIED,
    UNLINKED,
)
from kakehashi.affiliations.relatives import Relatives
from kakehashi.affiliations.resolvers import registry_entries
from kakehashi.affiliations.settling import Corpus, Known
from kakehashi.affiliations.shares import work_countries, work_institutions
from kakehashi.collector import collector_paused
from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SettingsError
from kakehashi.progress import Progress
from kakehashi.settings import AffiliationsSection, Settings
from kakehashi.tables import (
    DECISIONS,
    INSTITUTION_NAMES,
    INSTITUTION_RELATIONS,
    INSTITUTIONS,
    RESOLUTIONS,
    SOURCE_COVERAGE,
    WORK_COUNTRIES,
    WORK_INSTITUTIONS,
)


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Settle what READINGS say; write the institutions of strings and works, their names, relations and countries.

    Decisions about strings come first; then spellings are unified over the corpus under decisions about names, and a
    country that a string does not name is taken from the source's own assertion, else from the corpus. What counts as
    its successor or for its parents is settled last: it changes institutions of works, never what a string names.
    Raises SettingsError and ContractError.
    """
    section = settings.affiliations
    rules = policy(section.territory_policy)
    look_up = _look_up(section)
    checked = read_decisions(section.decisions, look_up)
    advance = progress.step("institutions", 4)
    _decide_strings(engine, checked.decisions, rules.apply)
    engine.make(CONTEXT, sql.CONTEXT)
    engine.load(GIVEN, [(code, rules.apply(code.upper())) for (code,) in engine.rows(sql.GIVEN_CODES)])
    engine.make(MET, sql.MET)
    advance(1)
    with collector_paused():  # names and institutions are a million objects, none of which refers back to itself
        _settle(engine, section, checked.decisions, rules.apply, look_up)
    engine.make(SETTLED, sql.SETTLED)
    engine.make(RESOLUTIONS, sql.RESOLUTIONS)
    advance(1)
    by = settings.counting.fractional_by
    engine.make(LINKS, sql.links(succeeded=bool(engine.rows(sql.SUCCEEDED))))
    engine.make(SOURCE_COVERAGE, COVERAGE)
    engine.make(WORK_INSTITUTIONS, work_institutions(by))
    engine.make(WORK_COUNTRIES, work_countries(by))
    advance(1)
    engine.make(NAMED, sql.NAMED)
    engine.make(INSTITUTIONS, sql.INSTITUTIONS)
    engine.make(INSTITUTION_NAMES, sql.INSTITUTION_NAMES)
    engine.load(JUDGED, list(_judged(checked)))
    engine.make(DECISIONS, sql.DECISIONS)
    advance(1)


def _look_up(section: AffiliationsSection) -> LookUp | None:
    look_up = registry_entries(section)
    if look_up is None and section.roll_up != "none":
        raise SettingsError(
            f'affiliations.roll_up: "{section.roll_up}" follows the parents that a registry names; name one in '
            'affiliations.registry, or set "none"'
        )
    return look_up


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
    unlinked = {row: label for one in reversed(named) for row, label in _unlinked(one)}
    engine.load(UNLINKED, [(*row, label) for row, label in sorted(unlinked.items())])
    least = linking_policy()["agreed"]
    engine.make(
        AGREED,
        sql.agreed(int(least["strings"]), int(least["percent_of_linked"]), int(least["percent_of_all"])),
    )
    engine.make(FOUND, sql.FOUND)


def _in_scope(one: Decision, country: str | None) -> bool:
    return one.decision == "country" or country is None or one.country_code in (None, country)


def _of_whole_string(one: Decision) -> Decision:
    """Turn a decision about a name into one about a string that is nothing but that name."""
    anew = one.decision == "split" or (one.decision == "new_institution" and not one.target)
    word = {"merge": "link", "split": "new_institution"}.get(one.decision, one.decision)
    return replace(one, name=None, decision=word, target=one.name if anew else one.target)


def _unlinked(one: Decision) -> Iterator[tuple[Row, str]]:
    """Yield which names the registry may no longer link, and the decision if that is all it says of the name."""
    scope = one.country_code or ""
    if one.decision == "country":
        yield (one.key, "", "", one.target), ""
    elif one.decision == "not_this" and one.target:
        if ror_id(one.target):
            yield (one.key, scope, one.target, ""), one.label
    else:
        yield (one.key, scope, "", ""), ""


def _settle(
    engine: Engine,
    section: AffiliationsSection,
    decisions: Sequence[Decision],
    count: Count,
    look_up: LookUp | None,
) -> None:
    """Unify the names of the corpus, name the known institutions, and relate them to others of the registry."""
    spellings: list[Any] = engine.rows(sql.SPELLINGS)
    pairs: list[Any] = engine.rows(sql.PAIRS)
    people = frozenset(key for (key,) in engine.rows(PEOPLE))
    known: list[Any] = engine.rows(sql.KNOWN_SPELLINGS)
    relatives = Relatives(look_up, section.roll_up, section.successors)
    met = {one for one, _, _, _ in known} | {one.target for one in decisions if one.target}
    near = relatives.around(met)
    known += [(one, None, None, 0) for one in sorted({*near} - {one for one, _, _, _ in known})]
    corpus = Corpus(spellings, pairs, people, known, decisions, count, look_up)
    engine.load(
        UNIFIED,
        (
            (one.group[0], one.group[1] or "", one.group[2], one.institution_id, one.name, one.country,
             ror_id(one.institution_id or ""), one.evidence, one.reason, one.decision, one.country_decision)
            for one in corpus.settled()
        ),
    )  # fmt: skip
    final = list(corpus.known())
    engine.load(
        KNOWN,
        (
            (one.known_id, one.institution_id, one.name, one.country, ror_id(one.institution_id), one.decision,
             one.country_decision)
            for one in final
        ),
    )  # fmt: skip
    by_id = {one.known_id: one for one in final}
    _relate(engine, relatives, {by_id[one].institution_id for one in met if one in by_id}, by_id)


def _relate(engine: Engine, relatives: Relatives, met: AbstractSet[str], final: Mapping[str, Known]) -> None:
    """Write as which other institutions those met count. What people merged into another counts as that one."""
    rows: dict[tuple[str, str, str], Row] = {}
    succeeding = {final[one.identity].institution_id for each in met for one in relatives.of(each) if one.in_place}
    for identity in sorted(met | succeeding):
        for one in relatives.of(identity):
            other = final[one.identity]
            key = (identity, one.relation, other.institution_id)
            if other.institution_id != identity:
                rows.setdefault(key, (*key, other.name, one.counts, one.reason, one.from_year, one.until_year))
    engine.load(INSTITUTION_RELATIONS, [rows[key] for key in sorted(rows)])
    beside: dict[str, list[str]] = defaultdict(list)
    for identity, relation, other_id, _, counts, *_ in rows.values():
        if counts and relation != "successor":
            beside[identity].append(other_id)
    engine.load(
        COUNTED_FOR,
        [
            (identity, one, len(others) + 1)
            for identity, others in sorted(beside.items())
            for one in sorted([identity, *others])
        ],
    )


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
