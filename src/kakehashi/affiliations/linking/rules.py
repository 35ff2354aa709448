"""What rules of links look at in a string's candidates (data/affiliations/linking.toml)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.aliases import aliases
from kakehashi.affiliations.linking.candidates import EXACT, REORDERED
from kakehashi.affiliations.linking.choosing import Link, Scored
from kakehashi.affiliations.linking.evidence import FEATURES, Candidate, Seen
from kakehashi.affiliations.linking.index import ACRONYM, ALIAS, LABEL, SHORTENED, Index
from kakehashi.affiliations.linking.joins import Numbers
from kakehashi.affiliations.linking.model import NEIGHBOURS, Floats
from kakehashi.affiliations.linking.neighbours import LONGER
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.stretches import NOTHING, PLACE
from kakehashi.affiliations.linking.weighed import Weighed
from kakehashi.affiliations.linking.words import name_words

AGREES = 2
"""Up to this value of the input `country`, the organisation is where the address is, or nothing is told."""

IN_TOWN = 2
"""Value of the input `town` where the organisation's town stands in the address."""

_RULED = (
    "kind", "manner", "country", "agreeing", "town", "left", "right", "across", "parent_named", "active", "host",
    "names", "heads", "words", "generic", "rarity", "rivals",
)  # fmt: skip
(
    KIND, MANNER, COUNTRY, AGREEING, TOWN, LEFT, RIGHT, ACROSS, PARENT_NAMED, ACTIVE, HOST, NAMES, HEADS, WORDS,
    GENERIC, RARITY, RIVALS,
) = map(FEATURES.index, _RULED)  # fmt: skip

_OWN, _SAME = NEIGHBOURS.index("score"), NEIGHBOURS.index("same")


class Bounds(NamedTuple):
    """How sure a candidate must be for a link, and for rules: of an institute, an only or full name, the likeliest."""

    least: float
    child: float
    only: float
    full: float
    alias: float
    likely: float


def may_be_ruled(
    weighed: Weighed, sure: Floats, sizes: Numbers, bounds: Bounds
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return of which candidates the linker's rules may have something to say, and of which it counts.

    `sizes`: how many candidates each string has. `_turned` lowers a score: below `least` that changes no link. A campus
    begins with the name of its system; a full name counts where only acronyms of the string are as sure as it would be.
    """
    said = weighed.inputs.T
    exact, kind, town = said[MANNER] == EXACT, said[KIND], said[TOWN] == IN_TOWN
    across = said[ACROSS] != 0
    string = np.repeat(np.arange(len(sizes)), sizes)
    begins = (string * LONGER + weighed.edges[:, 0]) * LONGER + weighed.edges[:, 1]
    campus = exact & ((across & (kind <= ALIAS)) | ((kind == SHORTENED) & town))
    campus[campus] = np.isin(begins[campus], begins[~across & (kind <= ALIAS)])
    plain = exact & (kind <= ACRONYM) & (said[COUNTRY] <= AGREES) & (said[AGREEING] == 1)
    alone = (said[LEFT] == NOTHING) & ((said[RIGHT] == NOTHING) | (said[RIGHT] == PLACE))
    single = (said[COUNTRY] == AGREES) & (said[NAMES] == 1)
    acronym = plain & (kind == ACRONYM) & alone & (town | single)
    institute = plain & (kind <= LABEL) & (said[PARENT_NAMED] != 0)
    only = plain & (kind <= ALIAS) & alone & town & (said[HEADS] <= 1) & (sure >= bounds.only)
    turned = (said[MANNER] == REORDERED) | (said[ACTIVE] == 0)
    own = (kind <= LABEL) | ((kind == ALIAS) & (sure >= bounds.alias)) | (kind == ACRONYM)
    full = exact & own & alone & town & (said[COUNTRY] <= AGREES)
    half = bounds.full / 2  # which the surer of two names has that together are as sure (`either`)
    full |= exact & (kind <= ALIAS) & (said[COUNTRY] <= AGREES) & (sure >= half)
    full[full] = ~np.isin(string[full], string[(sure >= bounds.full) & (kind != ACRONYM)])
    likely = (said[COUNTRY] <= AGREES) & (sure >= bounds.likely)
    likely[likely] = ~np.isin(string[likely], string[sure >= bounds.full])
    full |= likely
    counts = campus | acronym | only | full | (institute & (sure >= bounds.child)) | (turned & (sure >= bounds.least))
    return campus | acronym | only | full | institute | turned, counts


def least_sure(acronym: Mapping[str, float], said: Sequence[float], letters: int) -> float:
    """Return how sure an acronym is at least that stands alone in its part and that one organisation here bears."""
    if said[TOWN] == IN_TOWN and letters >= acronym["letters"]:
        return acronym["confidence"]
    only = said[COUNTRY] == AGREES and said[NAMES] == 1
    return acronym["by_country"] if only and letters >= acronym["letters_by_country"] else 0.0


def is_only(one: Scored, scored: Sequence[Scored], others: float) -> bool:
    """Return whether a whole part, its town beside it, is all that the string may name: any other is less sure."""
    said, (begin, end) = one.candidate.features, (one.candidate[:2], one.candidate[2:4])
    if said[KIND] > ALIAS or said[TOWN] != IN_TOWN or said[HEADS] > 1 or not said[ACTIVE]:
        return False
    if said[LEFT] != NOTHING or said[RIGHT] not in (NOTHING, PLACE):
        return False
    return not any(
        other.confidence >= others and (other.candidate[2:4] <= begin or end <= other.candidate[:2]) for other in scored
    )


def over_same_words(one: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """Return the candidates that share a word with one, itself too."""
    begin, end = one.candidate[:2], one.candidate[2:4]
    return [other for other in scored if other.candidate[:2] < end and begin < other.candidate[2:4]]


def may_be_campus(candidate: Candidate) -> bool:
    """Return whether a name tells a campus of a system by its town: behind a comma in the name, or in the address."""
    said = candidate.features
    shortened = said[KIND] == SHORTENED and said[TOWN] == IN_TOWN
    return bool(said[MANNER] == EXACT and (shortened or (said[ACROSS] and said[KIND] <= ALIAS)))


def fullest(scored: Sequence[Scored], policy: Mapping[str, float]) -> Scored | None:
    """Return the longest full name of a string that just one organisation of the town bears, if there is one.

    `policy`: `full_name` of linking.toml.
    """
    here = Counter(one.candidate[:4] for one in scored if _is_here(one.candidate))
    full = [
        one for one in scored
        if here[one.candidate[:4]] == 1 and _is_here(one.candidate) and _is_own_name(one, policy)
        and (one.candidate.features[GENERIC] < 1 or one.candidate.features[RARITY] >= policy["rarity"])
    ]  # fmt: skip
    return max(full, key=lambda one: (one.candidate.features[WORDS], one.score), default=None)


def either(scored: Sequence[Scored], together: float, *, towns: bool) -> Scored | None:
    """Return the surer of two names one of which stands in the other, if one of the two is sure enough to be meant.

    Labels of public sets are of two minds about a university's hospital or medical school; either is better than none.
    `towns`: whether the address names any, which then must be the organisation's.
    """
    plain = [one for one in scored if _is_plain_name(one.candidate, towns=towns)]
    best = max(plain, key=lambda one: one.score, default=None)
    if best is None:
        return None
    begin, end = best.candidate[:2], best.candidate[2:4]
    others = [one for one in plain if one.candidate.organisation != best.candidate.organisation]
    if not best.candidate.features[COUNTRY] and any(one.candidate[:4] == best.candidate[:4] for one in others):
        return None  # namesakes of several countries
    beside = [
        one.confidence for one in others
        if (begin <= one.candidate[:2] and one.candidate[2:4] <= end)
        or (one.candidate[:2] <= begin and end <= one.candidate[2:4])
    ]  # fmt: skip
    return best if beside and best.confidence + max(beside) >= together else None


def likeliest(scored: Sequence[Scored], policy: Mapping[str, float]) -> Scored | None:
    """Return the likeliest candidate of a string in which none is sure, if its words may hardly name another.

    `policy`: `likeliest` of linking.toml.
    """
    best = max(scored, key=lambda one: one.score)
    said = best.candidate.features
    if best.confidence < policy["from"] or said[COUNTRY] > AGREES or not said[ACTIVE]:
        return None
    if not said[COUNTRY] and said[RIVALS] > 1:
        return None  # namesakes, of which no address tells one
    doubt = any(
        other.confidence >= policy["others"] and other.candidate.organisation != best.candidate.organisation
        for other in over_same_words(best, scored)
    )
    return None if doubt else best


def _is_plain_name(candidate: Candidate, *, towns: bool) -> bool:
    said = candidate.features
    fits = said[COUNTRY] <= AGREES and (said[TOWN] or not towns)
    return bool(fits and said[KIND] <= ALIAS and said[MANNER] == EXACT and said[ACTIVE])


def _is_here(candidate: Candidate) -> bool:
    said = candidate.features
    return bool(said[TOWN] == IN_TOWN and said[COUNTRY] <= AGREES and said[ACTIVE])


def _is_own_name(one: Scored, policy: Mapping[str, float]) -> bool:
    """Whether a whole part is what an organisation calls itself, word for word, or likely enough another name of it."""
    said = one.candidate.features
    if said[MANNER] != EXACT or said[LEFT] != NOTHING or said[RIGHT] not in (NOTHING, PLACE):
        return False
    if said[KIND] == ACRONYM:
        return len(one.candidate.key) >= policy["letters"]
    return bool(said[KIND] <= LABEL or (said[KIND] == ALIAS and one.confidence >= policy["alias"]))


def without_towns(links: list[Link], index: Index, sure: float) -> list[Link]:
    """Leave out a name that is a sure link's town: `Hagoromofoods, Shimizu, Japan` is not Shimizu Corporation."""
    if len(links) < 2:
        return links
    named = {link.organisation: town for link in links if (town := _town(link, index)) is not None}
    if not named:
        return links

    def is_seat(town: int, link: Link) -> bool:
        return any(
            town in index.tables.towns.of(np.array([other.organisation]))[1]
            for other in links
            if other is not link and other.confidence >= sure
        )

    return [link for link in links if link.organisation not in named or not is_seat(named[link.organisation], link)]


def _town(link: Link, index: Index) -> int | None:
    """Return the number of the town that a link's name is too, or its words before the comma (`Shimizu, Japan`)."""
    name = link.key if link.part == link.until else " ".join(name_words(link.text.partition(",")[0]))
    return index.towns.get(name)


def placed(inputs: Floats) -> NDArray[np.bool_]:
    """Return which candidates the string places: their country or domain is told."""
    told: NDArray[np.bool_] = ((inputs[:, COUNTRY] > 0) & (inputs[:, COUNTRY] <= AGREES)) | (inputs[:, HOST] > 0)
    return told


def named_at_home(weighed: Weighed, beside: Floats) -> list[int]:
    """Return the rows that stand abroad, where the first trees are surer of the same organisation elsewhere."""
    abroad = (weighed.inputs[:, COUNTRY] > AGREES) & (beside[:, _SAME] > beside[:, _OWN])
    found = []
    for row in np.flatnonzero(abroad).tolist():
        at = bisect_right(weighed.ends, row)
        begin, end = weighed.ends[at - 1] if at else 0, weighed.ends[at]
        others = range(begin, end)
        if any(beside[other, _OWN] > beside[row, _OWN] and _is_apart(weighed, row, other) for other in others):
            found.append(row)
    return found


def aliases_abroad(weighed: Weighed, organisations: Sequence[Organisation], sure: NDArray[np.bool_]) -> list[int]:
    """Return the `sure` rows whose name is one of our own list and whose address is abroad.

    A row of organisation_aliases.csv is unambiguous in its country and nowhere else: there are many Kavli Institutes.
    """
    said = weighed.inputs.T
    rows = np.flatnonzero(sure & (said[KIND] == ALIAS) & (said[COUNTRY] > AGREES)).tolist()
    told = [(row, weighed.candidate(row, inputs=False)) for row in rows]
    return [row for row, one in told if organisations[one.organisation].ror_id in aliases().get(one.key, ())]


def _is_apart(weighed: Weighed, row: int, other: int) -> bool:
    """Whether two rows are one organisation in stretches that share no word."""
    one, another = weighed.edges[row].tolist(), weighed.edges[other].tolist()
    apart = one[2:] <= another[:2] or another[2:] <= one[:2]
    return apart and bool(weighed.organisations[row] == weighed.organisations[other])


def may_be_joined(seen: Seen) -> bool:
    """Return whether `and` or a stroke stands between names of a string."""
    return bool(seen.strokes) or any([view.joints for view in seen.views])  # noqa: C419 - a list is faster here


def is_plain(candidate: Candidate) -> bool:
    """Return whether it is a name as the registry has it, of one organisation at most in the address's country."""
    said = candidate.features
    return said[KIND] <= ACRONYM and said[MANNER] == EXACT and said[COUNTRY] <= AGREES and said[AGREEING] <= 1
