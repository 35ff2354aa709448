"""Names and institutions of a whole corpus, unified under the decisions that people made about them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kakehashi.affiliations.deciding import Count
from kakehashi.affiliations.decisions import DECIDED_NONE, Decision, LookUp, ror_id
from kakehashi.affiliations.names import institution_id, normal_key
from kakehashi.affiliations.unify import Pair, Spelling, Unified, unify

Group = tuple[str, str | None, str]
"""What is settled as one: a normal key, the country it was met with (None: none), and that country's basis."""

KnownSpelling = tuple[str, str | None, str | None, int]
"""An id that a registry or a decision gave, the name beside it in strings, the country met, the number of mentions."""


class Settled(NamedTuple):
    """The institution of the mentions of one group, or None and the reason.

    `decision` and `country_decision` are the labels of the decisions that settled it, if any did.
    """

    group: Group
    institution_id: str | None
    name: str | None
    country: str | None
    evidence: str
    reason: str | None
    decision: str | None
    country_decision: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """An institution that a registry or a decision gave by id (`known_id`), and the one that it is counted as."""

    known_id: str
    institution_id: str
    name: str
    country: str | None
    decision: str | None
    country_decision: str | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """The decisions about a group: which institution it is, and where."""

    identity: Decision | None
    place: Decision | None


_NOTHING = _Choice(None, None)


class Corpus:
    """Settles names and known ids under decisions.

    The corpus is unified as if nothing had been decided: that tells which mentions a decision about `Kyoto University`
    in JP, or about an institution's id, speaks of. It is then unified again with the decided countries, while names
    that people took apart stand alone. Last, decided institutions take the place of those found.
    """

    def __init__(
        self,
        spellings: Sequence[Spelling],
        pairs: Sequence[Pair],
        people: frozenset[str],
        known: Sequence[KnownSpelling],
        decisions: Sequence[Decision],
        count: Count,
        look_up: LookUp | None = None,
    ) -> None:
        self._people = people
        self._known = known
        self._count = count
        first = {(one.key, one.met_country, one.basis): one for one in unify(spellings, pairs, people)}
        about = _About(decisions, first.values() if decisions else ())
        self._choices = {group: about.choice(one) for group, one in first.items()} if decisions else {}
        touched = any(choice != _NOTHING for choice in self._choices.values())
        self._rows = self._again(spellings, pairs, first) if touched else first
        self._moved = self._moves(first, about)
        self._confirmed = about.confirmed
        self._placed = {self._final(name): one for name, one in about.placed.items()}
        self._display = self._displayed(spellings, look_up)

    def settled(self) -> Iterator[Settled]:
        """Yield every group with its institution, sorted."""
        for group in sorted(self._rows, key=lambda group: (group[0], group[1] or "", group[2])):
            row, choice = self._rows[group], self._choices.get(group, _NOTHING)
            identity = self._identity(group)
            name, country = self._display[identity] if identity else (None, row.country)
            evidence = "decision" if choice.identity else row.evidence or ""
            reason = None if identity else row.reason
            yield Settled(
                group, identity, name, country, evidence, DECIDED_NONE if choice.identity and not identity else reason,
                _label(choice.identity), _label(choice.place),
            )  # fmt: skip

    def known(self) -> Iterator[Known]:
        """Yield every known id with the institution that it is counted as, sorted."""
        for name in sorted({name for name, _, _, _ in self._known}):
            final = self._final(name)
            shown, country = self._display[final]
            decided = self._moved[name][1] if name in self._moved else self._confirmed.get(name)
            yield Known(name, final, shown, country, _label(decided), _label(self._placed.get(final)))

    def _country(self, group: Group, first: Mapping[Group, Unified]) -> str | None:
        place = self._choices[group].place
        return self._count(place.target or "") if place else first[group].country

    def _again(
        self, spellings: Sequence[Spelling], pairs: Sequence[Pair], first: Mapping[Group, Unified]
    ) -> dict[Group, Unified]:
        together: list[Spelling] = []
        alone: dict[Group, list[Spelling]] = defaultdict(list)
        at: dict[Group, Group] = {}
        for key, name, met, basis, mentions in spellings:
            group = (key, met, basis)
            settled = (key, self._country(group, first), "address")  # no later step may change the country again
            at[group] = settled
            spelling = (key, name, settled[1], "address", mentions)
            if _takes_apart(self._choices[group].identity, first[group]):
                alone[settled].append(spelling)
            else:
                together.append(spelling)
        beside = [
            (key, acronym, *at[key, met, basis][1:], mentions)
            for key, acronym, met, basis, mentions in pairs
            if (key, met, basis) in at
        ]
        found = {(one.key, one.met_country, one.basis): one for one in unify(together, beside, self._people)}
        found.update({group: next(iter(unify(rows))) for group, rows in alone.items()})
        return {group: found[settled] for group, settled in at.items()}

    def _moves(self, first: Mapping[Group, Unified], about: "_About") -> dict[str, tuple[str, Decision | None]]:
        """Return where ids lead that a decision changed, or that the corpus counts under another spelling's."""
        moved: dict[str, tuple[str, Decision | None]] = {}
        again = self._rows is not first
        for row in self._rows.values():
            # Most lead to themselves. Only one that was taken apart can have the id of another that leads elsewhere.
            if row.institution_id is not None and (again or row.evidence != "same_key"):
                moved[_own_id(row)] = (row.institution_id, None)
        for group, row in self._rows.items() if again else ():
            was, is_now = first[group].institution_id, row.institution_id
            apart = _takes_apart(self._choices.get(group, _NOTHING).identity, first[group])
            if was is not None and is_now is not None and was == _own_id(first[group]) and not apart:
                moved.setdefault(was, (is_now, None))
        moved = {name: (target, one) for name, (target, one) in moved.items() if name != target}
        for name, one in about.moved.items():
            moved[name] = (one.target or "", one)
        return moved

    def _final(self, name: str) -> str:
        """Follow an id to where it leads; in a circle of merges, to the first of its ids in alphabetical order."""
        if name not in self._moved:
            return name
        seen: list[str] = []
        while name in self._moved and name not in seen:
            seen.append(name)
            name = self._moved[name][0]
        return min(seen[seen.index(name) :]) if name in seen else name

    def _identity(self, group: Group) -> str | None:
        row, one = self._rows[group], self._choices.get(group, _NOTHING).identity
        if one is None:
            return self._final(row.institution_id) if row.institution_id else None
        if one.decision in ("link", "merge"):
            return self._final(one.target or "")
        if one.decision == "not_this" and one.target in (None, _own_id(row)):
            return None
        if one.decision == "new_institution" and one.name and one.target:
            return institution_id(normal_key(one.target), row.country)
        return row.institution_id or _own_id(row)  # people may name an institution where the rules see none

    def _displayed(self, spellings: Sequence[Spelling], look_up: LookUp | None) -> dict[str, tuple[str, str | None]]:
        """Give every institution one name and one country, whatever brought its mentions together."""
        names: dict[str, Counter[str]] = defaultdict(Counter)
        countries: dict[str, Counter[str]] = defaultdict(Counter)
        fixed: dict[str, tuple[str, str | None]] = {}
        for key, name, met, basis, mentions in spellings:
            group = (key, met, basis)
            identity, row = self._identity(group), self._rows[group]
            if identity is not None and identity == row.institution_id and row.name is not None:
                fixed[identity] = (row.name, row.country)
            elif identity is not None:
                one = self._choices.get(group, _NOTHING).identity
                if one is not None and one.decision == "new_institution" and one.name and one.target:
                    fixed[identity] = (one.target, row.country)
                names[identity][name] += mentions
                countries[identity].update({row.country: mentions} if row.country else {})
        for known, said, where, mentions in self._known:
            final = self._final(known)
            names[final].update({said: mentions} if said else {})
            countries[final].update({where: mentions} if where else {})
        every = sorted({*names, *countries, *fixed, *(self._final(known) for known, _, _, _ in self._known)})
        none: Counter[str] = Counter()
        return {
            name: self._shown(name, fixed.get(name), names.get(name, none), countries.get(name, none), look_up)
            for name in every
        }

    def _shown(
        self,
        identity: str,
        fixed: tuple[str, str | None] | None,
        names: Counter[str],
        countries: Counter[str],
        look_up: LookUp | None,
    ) -> tuple[str, str | None]:
        """The registry's name and country, else the corpus's, else the most frequent ones that were met."""
        entry = look_up(identity) if look_up and ror_id(identity) else None
        if entry is not None:
            name, country = entry.name, self._count(entry.country_code) if entry.country_code else None
        elif fixed is not None:
            name, country = fixed
        else:
            name = min(names, key=lambda one: (-names[one], one), default=identity)
            country = min(countries, key=lambda one: (-countries[one], one), default=None)
            if ror_id(identity) is None:  # an id made from names ends in its country
                country = None if identity.endswith(".xx") else identity[-2:].upper()
        placed = self._placed.get(identity)
        return name, self._count(placed.target or "") if placed else country


class _About:
    """Finds the decisions about a group of mentions, given what the corpus is without any decision.

    `moved`, `placed` and `confirmed` lead from an institution's id to the decision which other it is, where it is, and
    that it is one by itself.
    """

    def __init__(self, decisions: Sequence[Decision], rows: Iterable[Unified]) -> None:
        clusters = list(rows)
        self._cluster = {_own_id(one): one.institution_id for one in clusters if one.institution_id is not None}
        self._names: dict[str, list[Decision]] = defaultdict(list)
        self._none: dict[str, Decision] = {}
        self.moved: dict[str, Decision] = {}
        self.placed: dict[str, Decision] = {}
        self.confirmed: dict[str, Decision] = {}
        kinds = {"link": self.moved, "merge": self.moved, "country": self.placed, "not_this": self._none}
        for one in decisions:
            if one.institution_id is not None:
                for name in (one.institution_id, self._cluster.get(one.institution_id)):
                    if name is not None:
                        kinds.get(one.decision, self.confirmed).setdefault(name, one)
            elif one.affiliation is None and one.key:
                self._names[one.key].append(one)
        # What is said of a name holds for the institution that its spellings form; its chief name is asked first.
        for row in (
            sorted(clusters, key=lambda row: (_own_id(row) != row.institution_id, row.key)) if self._names else ()
        ):
            named, home = self._named(row), row.institution_id
            if named is not None and named.decision in ("link", "merge") and home not in (None, named.target):
                self.moved.setdefault(str(home), named)

    def choice(self, row: Unified) -> _Choice:
        """Return the decisions about a group: a name's in one country, then a name's, then its institution's."""
        home = row.institution_id or ""
        by_id = (about.get(home) for about in (self._none, self.moved, self.confirmed))
        identity = self._named(row) or next((one for one in by_id if one is not None), None)
        named = next((one for one in self._names.get(row.key, ()) if one.decision == "country"), None)
        return _Choice(identity, named or self.placed.get(home))

    def _named(self, row: Unified) -> Decision | None:
        scope = (None, row.country, row.met_country)
        about = [one for one in self._names.get(row.key, ()) if one.decision != "country" and one.country_code in scope]
        about.sort(key=lambda one: (one.country_code is None, one.decision == "not_this" and one.target is not None))
        here = (row.institution_id, _own_id(row))
        return next((one for one in about if one.decision != "not_this" or self._denied(one) in (None, *here)), None)

    def _denied(self, one: Decision) -> str | None:
        return self._cluster.get(one.target, one.target) if one.target else None


def _own_id(row: Unified) -> str:
    """The id that a name has by itself: its institution's, if it is the chief name there."""
    if row.evidence == "same_key" and row.institution_id is not None:
        return row.institution_id
    return institution_id(row.key, row.country)


def _takes_apart(one: Decision | None, row: Unified) -> bool:
    if one is None or one.institution_id or one.decision not in ("new_institution", "split", "not_this"):
        return False
    return one.decision != "not_this" or one.target not in (None, _own_id(row))


def _label(one: Decision | None) -> str | None:
    return one.label if one else None
