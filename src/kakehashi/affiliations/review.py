"""What people should decide next about a study's affiliations: by the works affected times the doubt."""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from kakehashi.affiliations.decisions import COLUMNS, ror_id
from kakehashi.affiliations.lists import policy, small_words
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.places import gazetteer

Rows = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs a SELECT over a study's tables."""

Choices = Callable[[Sequence[str]], Sequence[Mapping[str, Sequence[tuple[str, str, str | None, float]]]]]
"""Tells for each string, by the id of each registry entry linked in it, that entry and the one that came second: id,
name, country code, confidence."""

REVIEW_COLUMNS = (*COLUMNS, "suggestion", "kind", "shown", "works", "doubt", "reason", "candidates")
"""The columns of the list as a CSV: those of a decision file, to be filled in, and what helps to decide."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide, about a name (also: a string in which no institution was found) or a whole institution.

    `suggestion` and `target` are the answer that seems most likely, None where nothing suggests itself. `works` counts
    the works that the answer may change; `doubt`, in [0, 1], the chance that it does. `candidates` are other answers,
    or what speaks for the suggested one.
    """

    kind: str
    shown: str
    works: int
    doubt: float
    reason: str = ""
    name: str | None = None
    country_code: str | None = None
    institution_id: str | None = None
    suggestion: str | None = None
    target: str | None = None
    candidates: tuple[str, ...] = ()

    @property
    def priority(self) -> float:
        """Works affected times doubt."""
        return self.works * self.doubt

    def row(self) -> dict[str, object]:
        """Return the item in REVIEW_COLUMNS, the decision left open."""
        return {
            "name": self.name, "country_code": self.country_code, "institution_id": self.institution_id,
            "target": self.target, "suggestion": self.suggestion, "kind": self.kind, "shown": self.shown,
            "works": self.works, "doubt": f"{self.doubt:.2f}", "reason": self.reason,
            "candidates": " | ".join(self.candidates),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Institution:
    identity: str
    name: str
    country: str | None
    works: int

    @property
    def shown(self) -> str:
        return f"{self.name} [{self.country or '–'}]"


@cache
def review_policy() -> dict[str, Any]:
    """Return the thresholds and doubts of data/affiliations/review.toml."""
    return tomllib.loads((files("kakehashi") / "data/affiliations/review.toml").read_text(encoding="utf-8"))


def items(rows: Rows, territory_policy: str = "seed", choices: Choices | None = None) -> list[Item]:
    """Return everything there is to decide, most affected and most doubtful first; what is decided is left out.

    `choices` shows doubtful links beside the runner-up; it is asked only if there are such links.
    """
    known = [_Institution(*row) for row in rows(_INSTITUTIONS)]
    decided = {identity for (identity,) in rows(_DECIDED)}
    open_ones = [one for one in known if one.identity not in decided]
    found = [
        *_unresolved(rows),
        *_without_country(known, open_ones),
        *_in_another_country(open_ones),
        *_contradicted(rows, {one.identity: one for one in open_ones}, territory_policy),
        *_lookalikes(open_ones),
        *_doubtful_names(rows),
        *_doubtful_links(rows, choices),
    ]
    return sorted(found, key=lambda item: (-item.priority, item.kind, item.shown, item.target or ""))


_INSTITUTIONS = """
select institution_id, name, country_code, works from institutions order by institution_id
"""
_DECIDED = """
select distinct institution_id from resolutions where decision is not null and institution_id is not null
"""
_UNRESOLVED = """
select distinct u.affiliation, u.reason, u.country_code, m.work_id
from (select affiliation, min(reason) as reason, min(country_code) as country_code
      from resolutions
      group by affiliation
      having count(institution_id) = 0 and count(decision) = 0) u
join mentions m on m.affiliation = u.affiliation
where u.reason not in ('empty', 'not_an_affiliation')
order by u.affiliation, m.work_id
"""
_CONTRADICTED = """
select r.institution_id, m.given_country, count(distinct m.work_id)
from mentions m
join resolutions r on r.affiliation = m.affiliation
join (select affiliation from resolutions group by affiliation having count(*) = 1) o on o.affiliation = r.affiliation
where m.given_country is not null and r.institution_id is not null and r.country_code is not null
  and upper(m.given_country) <> r.country_code and r.country_decision is null
group by r.institution_id, m.given_country
order by r.institution_id, m.given_country
"""
_DOUBTFUL_NAMES = """
select d.institution_id, i.name, i.country_code, d.confidence, i.works
from (select institution_id, max(confidence) as confidence
      from resolutions
      where institution_id is not null
      group by institution_id
      having count(decision) = 0 and count(country_decision) = 0) d
join institutions i on i.institution_id = d.institution_id
where i.country_code is not null
order by d.institution_id
"""
_DOUBTFUL_LINKS = """
select min(r.affiliation), min(f.name), r.country_code, r.institution_id, min(r.institution), max(r.confidence),
       count(r.reason), count(distinct m.work_id)
from resolutions r
join readings f on f.affiliation = r.affiliation and f.seq = r.seq
join mentions m on m.affiliation = r.affiliation
where f.ror_id = r.institution_id and f.name_key is not null and r.decision is null
  and (r.reason is null or r.reason = 'country_conflict')
group by f.name_key, r.country_code, r.institution_id
order by f.name_key, r.country_code, r.institution_id
"""


def _unresolved(rows: Rows) -> Iterator[Item]:
    """Yield strings in which no institution was found, those that differ only in writing as one."""
    works: dict[str, set[str]] = defaultdict(set)
    strings: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)
    for text, reason, country, work in rows(_UNRESOLVED):
        key = normal_key(text)
        if key:
            works[key].add(work)
            strings[key][text] = (reason, country)
    for key in sorted(strings):
        text = min(strings[key])
        reason, country = strings[key][text]
        others = tuple(sorted(strings[key].keys() - {text}))[:5]
        yield Item("unresolved", text, len(works[key]), 1.0, reason or "", name=text, country_code=country,
                   candidates=others)  # fmt: skip


def _stem(identity: str) -> str:
    """The part of an id that a name made, without its country."""
    return identity[:-3]


def _without_country(known: Iterable[_Institution], open_ones: Iterable[_Institution]) -> Iterator[Item]:
    """Yield institutions without a country, with the countries in which the name is met as candidates."""
    elsewhere: dict[str, list[_Institution]] = defaultdict(list)
    for one in known:
        if one.country is not None:
            elsewhere[_stem(one.identity)].append(one)
    for one in open_ones:
        if one.country is None:
            others = sorted(elsewhere[_stem(one.identity)], key=lambda other: (-other.works, other.identity))
            yield Item(
                "no_country", one.shown, one.works, 1.0, institution_id=one.identity, suggestion="country",
                target=others[0].country if others else None,
                candidates=tuple(f"{other.country}: {other.works}" for other in others[:5]),
            )  # fmt: skip


def _in_another_country(institutions: Iterable[_Institution]) -> Iterator[Item]:
    """Yield institutions whose name is met almost only in another country."""
    named: dict[str, list[_Institution]] = defaultdict(list)
    for one in institutions:
        if one.country is not None and ror_id(one.identity) is None:
            named[_stem(one.identity)].append(one)
    for _, same in sorted(named.items()):
        main = max(same, key=lambda one: (one.works, one.identity))
        if len(same) > 1 and main.works >= review_policy()["min_main_share"] * sum(one.works for one in same):
            for one in same:
                if one is not main:
                    yield Item(
                        "other_country", one.shown, one.works, review_policy()["doubt"]["other_country"],
                        institution_id=one.identity, suggestion="merge", target=main.identity,
                        candidates=(f"{main.shown}: {main.works}",),
                    )  # fmt: skip


def _contradicted(rows: Rows, known: dict[str, _Institution], territory_policy: str) -> Iterator[Item]:
    """Yield institutions that sources place in another country in half of their works or more."""
    count = policy(territory_policy).apply
    for identity, given, works in rows(_CONTRADICTED):
        one = known.get(identity)
        if one is not None and 2 * works >= one.works and count(given.upper()) != one.country:
            yield Item(
                "source_country", one.shown, works, review_policy()["doubt"]["source_country"],
                institution_id=identity, suggestion="country", target=given.upper(),
            )  # fmt: skip


def _lookalikes(institutions: Sequence[_Institution]) -> Iterator[Item]:
    """Yield pairs of institutions of one country that may be one: the smaller to be merged into the larger."""
    largest = sorted(institutions, key=lambda one: (-one.works, one.identity))[: review_policy()["max_compared"]]
    found: dict[tuple[str, str], Item] = {}
    for signs, reason in ((_words, "same_words"), (_letters, "one_letter"), (_initials, "initials")):
        alike: dict[tuple[str | None, str], dict[str, _Institution]] = defaultdict(dict)
        for one in largest:
            for sign in signs(one):
                alike[one.country, sign][one.identity] = one
        for same in alike.values():
            for large, small in pairwise(same.values()):
                if reason == "initials" and (len(same) > 2 or _is_acronym(large) == _is_acronym(small)):
                    continue
                if reason == "one_letter" and _in_two_towns(large, small):
                    continue
                item = Item(
                    "lookalike", small.shown, small.works, review_policy()["doubt"][reason], reason,
                    institution_id=small.identity, suggestion="merge", target=large.identity,
                    candidates=(f"{large.shown}: {large.works}",),
                )  # fmt: skip
                found.setdefault((small.identity, large.identity), item)
    yield from found.values()


def _spoken(one: _Institution) -> list[str]:
    return [word for word in normal_key(one.name).split(" ") if word not in small_words("unspoken")]


def _words(one: _Institution) -> Iterator[str]:
    words = _spoken(one)
    if len(words) > 1:
        yield " ".join(sorted(words))


def _letters(one: _Institution) -> Iterator[str]:
    """The letters, and the letters without each one of them: two names that share one differ in a letter at most."""
    letters = "".join(_spoken(one))
    if len(letters) >= review_policy()["min_letters"] and letters.isalpha():
        yield letters
        yield from sorted({letters[:place] + letters[place + 1 :] for place in range(len(letters))})


def _in_two_towns(one: _Institution, other: _Institution) -> bool:
    """Whether the names differ in a place only: Nanning is not Nanjing misspelt."""
    first, second = set(_spoken(one)), set(_spoken(other))
    different = [first - second, second - first]
    return all(words and all(gazetteer().names.at((word,), 0) for word in words) for words in different)


def _is_acronym(one: _Institution) -> bool:
    return " " not in one.name and one.name.isupper() and 3 <= len(one.name) <= 8


def _initials(one: _Institution) -> Iterator[str]:
    if _is_acronym(one):
        yield one.name.lower()
    elif len(words := _spoken(one)) > 2:
        yield "".join(word[0] for word in words)


def _doubtful_names(rows: Rows) -> Iterator[Item]:
    """Yield institutions of which every mention was read with little confidence."""
    for identity, name, country, confidence, works in rows(_DOUBTFUL_NAMES):
        if ror_id(identity) is None and confidence < review_policy()["min_confidence"]:
            shown = _Institution(identity, name, country, works).shown
            yield Item("doubtful_name", shown, works, 1.0 - confidence, institution_id=identity)


def _doubtful_links(rows: Rows, choices: Choices | None) -> Iterator[Item]:
    """Yield names that the registry's entry was given to with little confidence, or against the address's country."""
    rules = review_policy()
    found = []
    for text, name, country, identity, entry, confidence, conflicts, works in rows(_DOUBTFUL_LINKS):
        against = rules["doubt"]["country_conflict"] if conflicts else 0.0
        doubt = max(against, 1.0 - confidence if confidence < rules["min_link_confidence"] else 0.0)
        if doubt > 0:
            reason = "country_conflict" if conflicts else ""
            found.append((text, Item(
                "doubtful_link", f"{name} [{country or '–'}]", works, doubt, reason, name=name,
                country_code=country, suggestion="link", target=identity, candidates=(entry,),
            )))  # fmt: skip
    known = choices([text for text, _ in found]) if choices and found else [{} for _ in found]
    for (_, item), linked in zip(found, known, strict=True):
        ranked = linked.get(item.target or "", ())
        shown = tuple(f"{name} [{place or '–'}] {sure:.2f} {one}" for one, name, place, sure in ranked)
        yield replace(item, candidates=shown or item.candidates)
