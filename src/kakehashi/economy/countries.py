"""Codes of countries in statistics to ISO 3166, and the study's territory policy over them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.core import get_global

from kakehashi.data.read import csv_rows
from kakehashi.errors import SettingsError

WORLD = "world"
"""Stands for all countries together where a file gives their sum."""

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@dataclass(frozen=True)
class Countries:
    """How codes are read. `policy` maps a country to the one it is counted with, or to nothing."""

    policy: Mapping[str, str]

    def counted(self, country: str) -> str | None:
        """Return the country that a country's values are counted with; None where the policy counts none."""
        return self.policy.get(country, country) or None

    def of_customs(self, code: str) -> str | None:
        """Return the country of a Japan Customs code: "" for a code that is no country, None for an unknown one."""
        return customs_countries().get(code)

    def of_iso(self, code: str) -> str | None:
        """Return the country of an ISO 3166 or UN M49 code in any case, or WORLD; None for an unknown one."""
        code = code.strip().upper()
        own = _own_codes().get(code)
        if own is not None:
            return own
        if code in _territories():
            return code
        known = get_global("territory_aliases").get(code, ())
        return known[0] if len(known) == 1 and known[0] in _territories() else None

    def of_name(self, name: str) -> str | None:
        """Return the country of a Japanese name, or WORLD; None for a region or an unknown name."""
        own = _own_codes().get(name)
        return own or _japanese_names().get(name)


def countries_of(policy: str) -> Countries:
    """Return the reading of codes under a territory policy: a shipped one, or the user's TOML. Raises SettingsError."""
    try:
        if policy.endswith(".toml"):
            mapping = tomllib.loads(Path(policy).read_text(encoding="utf-8"))["map"]
        else:
            text = files("kakehashi.data").joinpath("affiliations/territory_policies.toml").read_text(encoding="utf-8")
            mapping = tomllib.loads(text)["policies"][policy]["map"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise SettingsError(
            f"affiliations.territory_policy: {policy!r} is neither a shipped policy nor a file with a [map]: {error!r}"
        ) from error
    return Countries(mapping)


@cache
def customs_countries() -> Mapping[str, str]:
    """Return the countries of Japan Customs' three-digit codes; "" where a code is no country."""
    return {row["customs_code"]: row["country_code"] for row in csv_rows("economy/customs_countries.csv")}


@cache
def _own_codes() -> Mapping[str, str]:
    return {row["code"]: row["country_code"] for row in csv_rows("economy/country_codes.csv")}


@cache
def _territories() -> frozenset[str]:
    names = map(str, Locale("en").territories)
    return frozenset(code for code in names if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@cache
def _japanese_names() -> Mapping[str, str]:
    return {name: str(code) for code, name in Locale("ja").territories.items() if code in _territories()}
