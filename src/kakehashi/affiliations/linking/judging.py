"""What rules put right in the scores of a string's candidates: what the model cannot know (linking.toml)."""

from collections.abc import Mapping, Sequence

from kakehashi.affiliations.linking.candidates import EXACT, REORDERED
from kakehashi.affiliations.linking.choosing import Scored
from kakehashi.affiliations.linking.evidence import Seen, is_any
from kakehashi.affiliations.linking.index import ACRONYM, DISPLAY, LABEL
from kakehashi.affiliations.linking.model import Model
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.rules import (
    ACROSS,
    ACTIVE,
    AGREEING,
    COUNTRY,
    KIND,
    LEFT,
    MANNER,
    PARENT_NAMED,
    RIGHT,
    TOWN,
    Bounds,
    either,
    fullest,
    is_only,
    is_plain,
    least_sure,
    likeliest,
    may_be_campus,
    may_be_joined,
    over_same_words,
)
from kakehashi.affiliations.linking.stretches import NOTHING, PLACE
from kakehashi.affiliations.linking.tops import Tops

_AHEAD = 0.001
"""Puts what a rule decided for before all else that names the same words."""

NO_COUNTRY = (None, 0.0)


class Judge:
    """Raises and lowers candidates of one string as the policy for links (`linking.toml`) says."""

    def __init__(
        self, organisations: Sequence[Organisation], model: Model, policy: Mapping[str, Mapping[str, float]]
    ) -> None:
        self._organisations = organisations
        self._model = model
        self._policy = policy
        child, only, likely = (policy[rule]["from"] for rule in ("beside_parent", "only_name", "likeliest"))
        full = policy["full_name"]
        self.bounds = Bounds(0.0, child, only, full["confidence"], full["alias"], likely)

    def judged(self, scored: list[Scored], seen: Seen, ruled: Sequence[bool]) -> list[Scored]:
        """Put right by rule what the model cannot know: names of every country, and what a sure name stands beside.

        `ruled`: of which candidates a rule may speak by itself; of most none does.
        """
        if is_any(seen):
            return [Scored(one.candidate, 0.0, 0.0) for one in scored]
        if True not in ruled:
            return self.raised(scored, seen)
        told = [self.campus(one, scored) if ask else one for one, ask in zip(scored, ruled, strict=True)]
        scored = self.raised(told, seen)
        return self.in_full([
            self._turned(self._certain(one, scored), scored) if ask else one
            for one, ask in zip(scored, ruled, strict=True)
        ], towns=bool(seen.towns))  # fmt: skip

    def raised(self, scored: list[Scored], seen: Seen) -> list[Scored]:
        """Take a name that `and` or a stroke joins to a sure one for nearly as sure, if it is registered and fits."""
        if not may_be_joined(seen):
            return scored
        joints = {number: view.joints for number, view in zip(seen.parts, seen.views, strict=True) if view.joints}
        opens = {(seen.parts[at], seen.views[at].tokens[0]) for at in seen.strokes}
        ends = {
            (seen.parts[at - 1], seen.views[at - 1].tokens[-1] + 1): (seen.parts[at], seen.views[at].tokens[0])
            for at in seen.strokes
        }  # fmt: skip
        tops = Tops(scored)
        out = []
        for one in scored:
            # A stroke between parts joins two names: `A / B, Paris`; what stands before it may have an address.
            begin, end = one.candidate[:2], one.candidate[2:4]
            beside = max(
                tops.begun.get(ends[end], 0.0) if end in ends else 0.0,
                tops.before(one.candidate.part) if begin in opens else 0.0,
                tops.joined(one.candidate, joints) if joints else 0.0,
            )
            best = one.score >= tops.alike[one.candidate[:4]]
            if best and self._policy["joined"]["share"] * beside > one.score and is_plain(one.candidate):
                score = self._policy["joined"]["share"] * beside
                one = Scored(one.candidate, score, self._model.confidence(score))
            out.append(one)
        return out

    def _certain(self, one: Scored, scored: Sequence[Scored]) -> Scored:
        """Be as sure as linking.toml says of acronyms in their town, institutes beside their parent, and only names."""
        said = one.candidate.features
        if not is_plain(one.candidate) or said[AGREEING] != 1:
            return one
        acronym, child, only = self._policy["acronym"], self._policy["beside_parent"], self._policy["only_name"]
        least = 0.0
        if said[KIND] == ACRONYM:
            alone = said[LEFT] == NOTHING and said[RIGHT] in (NOTHING, PLACE)
            least = least_sure(acronym, said, len(one.candidate.key)) if alone else 0.0
        elif said[KIND] <= LABEL and said[PARENT_NAMED] and one.confidence >= child["from"]:
            whole = any(
                other.candidate.organisation == one.candidate.organisation and other.candidate[:2] == one.candidate[:2]
                and other.candidate.features[ACROSS] and other.candidate.features[MANNER] == EXACT
                for other in scored
            )  # fmt: skip
            least = child["confidence"] if whole else 0.0
        if not least and one.confidence >= only["from"] and is_only(one, scored, only["others"]):
            least = only["confidence"]
        if one.confidence >= least or any(
            other.score > one.score for other in scored if other.candidate[:4] == one.candidate[:4]
        ):
            return one
        return Scored(one.candidate, self._model.score(least), least)

    def campus(self, one: Scored, scored: Sequence[Scored]) -> Scored:
        """Add to a campus what speaks for the system whose name it begins with: the town behind tells which.

        Where the address tells the town, not the name, the campus must be likely enough by itself.
        """
        if not may_be_campus(one.candidate):
            return one
        parents = self._organisations[one.candidate.organisation].parents
        across = one.candidate.features[ACROSS]
        same = 2 if across else 4
        system = max(
            (
                other.score for other in scored
                if other.candidate[:same] == one.candidate[:same] and not other.candidate.features[ACROSS]
                and self._organisations[other.candidate.organisation].ror_id in parents
            ),
            default=0.0,
        )  # fmt: skip
        if not system or (not across and self._policy["campus"]["share"] * system > one.score):
            return one
        score = max(min(one.score + system, self._policy["campus"]["most"]), one.score)
        return Scored(one.candidate, score, self._model.confidence(score))

    def in_full(self, scored: list[Scored], *, towns: bool) -> list[Scored]:
        """Where only acronyms are sure, be as sure as linking.toml says of the longest full name in its town.

        Where there is none, of the surer of two names one of which stands in the other; and where no acronym is sure
        either, of the likeliest candidate. `towns`: whether any is named.
        """
        sure = self._policy["full_name"]["confidence"]
        certain = [one.candidate.features[KIND] for one in scored if one.confidence >= sure]
        if any(kind != ACRONYM for kind in certain):
            return scored
        best = fullest(scored, self._policy["full_name"]) or either(scored, sure, towns=towns)
        if best is None and not certain:
            best = likeliest(scored, self._policy["likeliest"])
        if best is None:
            return scored
        score = max(self._model.score(sure), *(one.score for one in over_same_words(best, scored)))
        return [Scored(one.candidate, score + _AHEAD, sure) if one is best else one for one in scored]

    def _turned(self, one: Scored, scored: Sequence[Scored]) -> Scored:
        """Let another order of words, and what is no more, be no surer than what is displayed just as printed.

        That may be longer: Marseille University, a former one, is not meant in Aix Marseille University.
        """
        said = one.candidate.features
        if said[MANNER] != REORDERED and said[ACTIVE]:
            return one
        printed = max(
            (
                other.score for other in scored
                if other.candidate[:2] <= one.candidate[:2] and one.candidate[2:4] <= other.candidate[2:4]
                and other.candidate.features[MANNER] == EXACT
                and other.candidate.features[KIND] == DISPLAY < said[KIND] + (said[MANNER] == REORDERED)
                and other.candidate.features[ACTIVE]
                and other.candidate.features[COUNTRY] == said[COUNTRY]
                and other.candidate.features[TOWN] == said[TOWN]
            ),
            default=one.score,
        )  # fmt: skip
        if printed >= one.score:
            return one
        score = self._policy["joined"]["share"] * printed
        return Scored(one.candidate, score, self._model.confidence(score))

    def leaning(self, scored: Sequence[Scored]) -> tuple[str | None, float]:
        """Return the country in which all likely organisations of the likeliest stretch are, and how sure that is."""
        best = max(scored, key=lambda one: one.score, default=None)
        if best is None or best.confidence < self._policy["leaning"]["confidence"]:
            return NO_COUNTRY
        if len(scored) == 1:
            code = self._country(best.candidate.organisation)
            return (code, round(min(best.confidence, 1.0), 3)) if code is not None else NO_COUNTRY
        share: dict[str, float] = {}
        where = best.candidate[:4]
        for candidate, _, confidence in scored:
            if candidate[:4] == where:
                code = self._country(candidate.organisation)
                if code is not None:
                    share[code] = share.get(code, 0.0) + confidence
        country = max(sorted(share), key=lambda code: share[code], default=None)
        if country is None or share[country] < self._policy["leaning"]["share"] * sum(share.values()):
            return NO_COUNTRY
        return country, round(min(share[country], 1.0), 3)

    def _country(self, number: int) -> str | None:
        """Return where an organisation is; of a branch whose name is all that is told, where the company is."""
        one = self._organisations[number]
        return one.home or (one.places[0].country if one.places else None)
