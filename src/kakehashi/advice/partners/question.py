"""What is asked: who we are, at which level, in which field. Names are checked, and the nearest valid one is named."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.advice.partners.reading import Level, Reader, quoted
from kakehashi.errors import SettingsError
from kakehashi.settings import Settings

_SHOWN = 8


@dataclass(frozen=True)
class Question:
    """A home (a country or an institution), the level of the candidates and the field.

    `focus` is the field asked for, `field` the one whose tables are read: `all` where the study has no indicators by
    field and knows strong and weak fields only, as published studies may.
    `country` is the home's country: None for an institution whose country is unknown. `year` is the last year of the
    study in this field, from which ages are counted: None where the study has no years.
    """

    home: str
    home_level: Level
    country: str | None
    level: Level
    field: str
    focus: str
    year: int | None

    @property
    def mixed(self) -> bool:
        """Tell whether home and candidates are of different kinds: an institution that asks about countries, say."""
        return self.home_level != self.level


def ask(reader: Reader, settings: Settings, home: str, level: str, field: str) -> Question:
    """Check what is asked against what the study has. Raises SettingsError naming the nearest valid choice."""
    if level not in ("country", "institution"):
        raise SettingsError(f"level: {level!r} is neither 'country' nor 'institution'")
    checked: Level = "country" if level == "country" else "institution"
    fields = [row[0] for row in reader.rows(f"select distinct field from indicators where level = {quoted(checked)}")]
    if not fields:
        raise SettingsError(f"level: the study has no indicators of the level {level!r}")
    judged = _judged(reader) if checked == "country" else set()
    if field not in fields and field not in judged:
        fields = sorted({*fields, *judged})
        raise SettingsError(f"field: {unknown(field, fields, f'no field of study {settings.study.name!r}')}")
    scope = field if field in fields else "all"
    home_level, country = _home(reader, home)
    entity = home if home_level == "country" else _institution(reader, home)
    if home_level == "institution":
        country = reader.rows(f"select country_code from institutions where institution_id = {quoted(entity)}")[0][0]
    years = reader.rows(
        f"select max(cast(period as bigint)) from indicators where level = {quoted(checked)} "
        f"and field = {quoted(scope)} and period <> 'all'"
    )
    return Question(entity, home_level, country, checked, scope, field, years[0][0])


def _judged(reader: Reader) -> set[str]:
    """Return the fields in which the study calls countries strong or weak."""
    if "strengths" not in reader.present:
        return set()
    return {row[0] for row in reader.rows("select distinct field from strengths where verdict is not null")}


def _home(reader: Reader, home: str) -> tuple[Level, str | None]:
    countries = [row[0] for row in reader.rows("select distinct entity from indicators where level = 'country'")]
    if home in countries:
        return "country", home
    if len(home) == len("JP") and home.isalpha():
        raise SettingsError(f"home: {unknown(home, countries, 'no country with works in this study')}")
    return "institution", None


def _institution(reader: Reader, home: str) -> str:
    """Return the id of an institution given by its id or by its name."""
    wanted = home.casefold()
    found = reader.rows(
        "select institution_id, name, works from institutions "
        f"where institution_id = {quoted(home)} or lower(name) = {quoted(home.lower())} "
        "order by works desc nulls last, institution_id"
    )
    if found:
        return str(found[0][0])
    known = reader.rows("select name, institution_id from institutions where name is not null")
    names = {str(name).casefold(): f"{name} ({entity})" for name, entity in sorted(known, reverse=True)}
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    near = near or [name for name in sorted(names) if wanted in name][:3]
    hint = f"; nearest: {', '.join(names[name] for name in near)}" if near else ""
    raise SettingsError(f"home: {home!r} is no country and no institution of this study{hint}")


def unknown(given: str, valid: Iterable[str], what: str) -> str:
    """Say that something is unknown, and which valid choice is nearest."""
    choices = sorted(set(valid))
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    near = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=0.5)
    more = ", ..." if len(choices) > _SHOWN else ""
    hint = f"did you mean {folded[near[0]]!r}?" if near else f"choices: {', '.join(choices[:_SHOWN])}{more}"
    return f"{given!r} is {what}; {hint}"
