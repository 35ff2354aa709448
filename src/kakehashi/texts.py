"""Texts in one language, and how that language writes numbers, shares and lists."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from babel import Locale

from kakehashi.errors import DataError

Language = Literal["ja", "en"]
_ROUNDS_AWAY = 0.0005
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LANGUAGES: tuple[Language, ...] = ("ja", "en")
_SIZES: Mapping[Language, tuple[tuple[float, str], ...]] = MappingProxyType(
    {
        "ja": ((1e12, "兆"), (1e8, "億"), (1e4, "万")),
        "en": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
    }
)


@dataclass(frozen=True)
class Words:
    """A text of a knowledge item in both languages. Places in braces, such as {home}, are filled in when it is said."""

    # pydantic reads this where knowledge files are validated: no other key, no empty text.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "str_min_length": 1}

    ja: str
    en: str

    def __call__(self, language: Language) -> str:
        """Return the text in a language, its places not filled in."""
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Calling it looks a text up by its dotted key and fills in the values."""

    language: Language
    entries: Mapping[str, str]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text. Raises DataError where the key is unknown or a value is missing."""
        try:
            return self.entries[key].format(**values)
        except KeyError as error:
            raise DataError(f"texts/{self.language}.toml: {key}: no such text or value: {error}") from error

    def fill(self, words: Words, **values: Any) -> str:
        """Write a knowledge item's text in this language. Raises DataError where a value is missing."""
        text = words(self.language)
        try:
            filled = text.format(**values)
        except (KeyError, IndexError) as error:
            raise DataError(f"{text!r}: no value for {error}") from error
        # A place at the head of a sentence may be filled with ordinary words: "the partner country".
        return filled[:1].upper() + filled[1:] if text.startswith("{") else filled

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self.entries

    def number(self, value: float | None) -> str:
        """Write a count with separators of thousands; a fractional count with one decimal; a dash for nothing."""
        if value is None:
            return "–"
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"

    def fractional(self, value: float | None) -> str:
        """Write a fractional count: one decimal always, so that the figures of a column stand under each other."""
        return "–" if value is None else f"{value:,.1f}"

    def percent(self, share: float | None) -> str:
        """Write a share in [0, 1] as percent with one decimal; a dash for nothing.

        A share that would round to 0 or 100 % but is neither is written as below 0.1 % or above 99.9 %.
        """
        if share is None:
            return "–"
        if 0 < share < _ROUNDS_AWAY:
            return self("common.under")
        return self("common.over") if 1 - _ROUNDS_AWAY < share < 1 else f"{share:.1%}"

    def decimal(self, value: float | None, places: int = 3) -> str:
        """Write a number with fixed decimals; one that would show as zero but is not becomes `3.2×10⁻⁵`."""
        if value is None:
            return "–"
        if 0 < abs(value) < 10.0**-places / 2:
            digits, power = f"{value:.1e}".split("e")
            return f"{digits}×10{str(int(power)).translate(RAISED)}"
        return f"{value:.{places}f}"

    def signed(self, value: float | None, places: int = 2) -> str:
        """Write a difference with its sign."""
        return "–" if value is None else f"{value:+.{places}f}".replace("-", "−")

    def money(self, amount: float | None, currency: str) -> str:
        """Write an amount of money as the language does: `3,500万円`, `JPY 35 million`; a dash for nothing."""
        if amount is None:
            return "–"
        for size, name in _SIZES[self.language]:
            if amount >= size:
                digits = f"{amount / size:,.1f}".removesuffix(".0")
                return (
                    f"{digits}{name}{currency_name(currency)}"
                    if self.language == "ja"
                    else f"{currency} {digits}{name}"
                )
        digits = f"{amount:,.0f}"
        return f"{digits}{currency_name(currency)}" if self.language == "ja" else f"{currency} {digits}"

    def count(self, key: str, number: int, **values: Any) -> str:
        """Look up `key.one` or `key.other` by the number, which the text finds as {n}."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", n=self.number(number), **values)

    def listing(self, items: Sequence[str]) -> str:
        """Join items as the language does; the text for none where there are none."""
        if not items:
            return self("common.none")
        if self.language == "ja":
            return "、".join(items)
        return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


@functools.cache
def currency_name(code: str) -> str:
    """Name a currency in Japanese, as it stands behind an amount; an unknown one is its own code."""
    if code == "JPY":
        return "円"
    return str(Locale("ja").currencies.get(code, code)).replace(" ", "")


@functools.cache
def texts(language: Language) -> Texts:
    """Read the texts of a language: `en.toml`, and `NAME.en.toml` whose only section is NAME. Raises DataError."""
    folder = resources.files("kakehashi.data").joinpath("texts")
    entries = flatten(tomllib.loads(folder.joinpath(f"{language}.toml").read_text(encoding="utf-8")))
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        section, _, rest = path.name.partition(".")
        if rest != f"{language}.toml":
            continue
        further = flatten(tomllib.loads(path.read_text(encoding="utf-8")))
        astray = sorted(key for key in further if not key.startswith(f"{section}.") or key in entries)
        if astray:
            raise DataError(f"texts/{path.name}: {astray[0]}: its texts belong under [{section}], each given once")
        entries |= further
    return Texts(language, entries)


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Turn nested tables into dotted keys."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= flatten(value, f"{name}.")
        else:
            flat[name] = str(value)
    return flat
