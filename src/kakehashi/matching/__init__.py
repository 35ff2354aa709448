"""Needs and seeds: which works, institutions and researchers of a study answer a need, and whom a seed would serve."""

from kakehashi.matching.answer import Match, Question, match
from kakehashi.matching.building import TABLES, build, key
from kakehashi.matching.ranking import Filters
from kakehashi.matching.store import Index

__all__ = ["TABLES", "Filters", "Index", "Match", "Question", "build", "key", "match"]
