"""Amounts of money with their currency."""

import functools
from dataclasses import dataclass

from babel.numbers import list_currencies


@dataclass(frozen=True)
class Money:
    """An amount in a currency of ISO 4217. Amounts of different currencies are never compared."""

    amount: float
    currency: str


@functools.cache
def currencies() -> tuple[str, ...]:
    """Return the codes of currencies, present and past."""
    return tuple(sorted(list_currencies()))
