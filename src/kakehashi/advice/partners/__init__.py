"""Partner ranking: countries and institutions for a home, a field, goals and constraints, with reasons both ways."""

from kakehashi.advice.partners.answer import Candidate, Part, Ranking
from kakehashi.advice.partners.constraints import Constraints
from kakehashi.advice.partners.practices import Practices, recorded
from kakehashi.advice.partners.ranking import rank_partners
from kakehashi.advice.partners.rules import components, goals, read_weights, shipped_weights

__all__ = [
    "Candidate",
    "Constraints",
    "Part",
    "Practices",
    "Ranking",
    "components",
    "goals",
    "rank_partners",
    "read_weights",
    "recorded",
    "shipped_weights",
]
