"""What rules of links look at in a string's candidates (data/affiliations/linking.toml)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.candidates import EXACT, REORDERED
from kakehashi.affiliations.linking.evidence import FEATURES, Candidate, Seen
from kakehashi.affiliations.linking.index import ACRONYM, ALIAS, LABEL
from kakehashi.affiliations.linking.joins import Numbers
from kakehashi.affiliations.linking.model import Floats
from kakehashi.affiliations.linking.views import NOTHING, PLACE

AGREES = 2
"""Up to this value of the input `country`, the organisation is where the address is, or nothing is told."""

IN_TOWN = 2
"""Value of the input `town` where the organisation's town stands in the address."""

KIND, MANNER, COUNTRY, AGREEING, TOWN, LEFT, RIGHT, ACROSS, PARENT_NAMED, ACTIVE, HOST, NAMES = map(
    FEATURES.index,
    (
        "kind", "manner", "country", "agreeing", "town", "left", "right", "across", "parent_named", "active", "host",
        "names",
    ),
)  # fmt: skip


def may_be_ruled(
    inputs: Floats, sure: Floats, begins: Numbers, least: float, child: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return of which candidates `_campus`, `_certain` or `_turned` may have something to say, and of which it counts.

    `_turned` lowers a score: below `least` that changes no link. `child`: so sure must an institute be for `_certain`.
    `begins` tells where candidates begin, and in which string: a campus begins with the name of its system.
    """
    said = inputs.T
    exact, kind = said[MANNER] == EXACT, said[KIND]
    across = said[ACROSS] != 0
    campus = across & exact & (kind <= ALIAS)
    campus[campus] = np.isin(begins[campus], begins[~across])
    plain = exact & (kind <= ACRONYM) & (said[COUNTRY] <= AGREES) & (said[AGREEING] == 1)
    alone = (said[LEFT] == NOTHING) & ((said[RIGHT] == NOTHING) | (said[RIGHT] == PLACE))
    only = (said[COUNTRY] == AGREES) & (said[NAMES] == 1)
    acronym = plain & (kind == ACRONYM) & alone & ((said[TOWN] == IN_TOWN) | only)
    institute = plain & (kind <= LABEL) & (said[PARENT_NAMED] != 0)
    turned = (said[MANNER] == REORDERED) | (said[ACTIVE] == 0)
    counts = campus | acronym | (institute & (sure >= child)) | (turned & (sure >= least))
    return campus | acronym | institute | turned, counts


def least_sure(acronym: Mapping[str, float], said: Sequence[float], letters: int) -> float:
    """Return how sure an acronym is at least that stands alone in its part and that one organisation here bears."""
    if said[TOWN] == IN_TOWN and letters >= acronym["letters"]:
        return acronym["confidence"]
    only = said[COUNTRY] == AGREES and said[NAMES] == 1
    return acronym["by_country"] if only and letters >= acronym["letters_by_country"] else 0.0


def placed(inputs: Floats) -> NDArray[np.bool_]:
    """Return which candidates the string places: their country or domain is told."""
    told: NDArray[np.bool_] = ((inputs[:, COUNTRY] > 0) & (inputs[:, COUNTRY] <= AGREES)) | (inputs[:, HOST] > 0)
    return told


def may_be_joined(seen: Seen) -> bool:
    """Return whether `and` or a stroke stands between names of a string."""
    return bool(seen.strokes) or any([view.joints for view in seen.views])  # noqa: C419 - a list is faster here


def is_plain(candidate: Candidate) -> bool:
    """Return whether it is a name as the registry has it, of one organisation at most in the address's country."""
    said = candidate.features
    return said[KIND] <= ACRONYM and said[MANNER] == EXACT and said[COUNTRY] <= AGREES and said[AGREEING] <= 1
