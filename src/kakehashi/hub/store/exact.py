"""Decimals that come back as they were written, on both databases: SQLite keeps them as text."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect, Numeric, String
from sqlalchemy.types import TypeDecorator

DIGITS, PLACES = 24, 8


class DecimalText(TypeDecorator[Decimal]):
    """A decimal kept as text."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write a decimal as text."""
        return None if value is None else str(plain(Decimal(value)))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Read a decimal from text."""
        return None if value is None else Decimal(value)


EXACT = Numeric(DIGITS, PLACES).with_variant(DecimalText(), "sqlite")


def plain(value: Decimal) -> Decimal:
    """Return a decimal without zeros at its end and without an exponent."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]
