"""The weights and limits of matching, read once from data/matching/matching.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

COMPONENTS = ("evidence", "breadth", "recency", "home_ties", "company_ties", "region_goal")
"""What the score of an institution is made of, in the order in which it is shown."""


@cache
def policy() -> Mapping[str, Mapping[str, Any]]:
    """Return the sections of matching.toml."""
    text = files("kakehashi.data").joinpath("matching/matching.toml").read_text(encoding="utf-8")
    return {name: value for name, value in tomllib.loads(text).items() if isinstance(value, dict)}
