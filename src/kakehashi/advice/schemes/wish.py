"""Who asks for a scheme, with whom, in which field and for what; and what is said to them, filled in for both sides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kakehashi.errors import SettingsError
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.conditions import Stated
from kakehashi.knowledge.forms import ACTORS, forms, goals, purpose_of, purposes
from kakehashi.knowledge.regions import regions
from kakehashi.knowledge.sources import Cited
from kakehashi.reasons import Evidence, Reason, Stance, Value, rule, source
from kakehashi.texts import Words

ALL_FIELDS = "all"


@dataclass(frozen=True)
class Wish:
    """What is asked: two countries (partner None: any of the region), the partner's region seen from home, and wishes.

    `actor`, `goals`, `purposes` and `forms` may be left unsaid; then every choice that the region offers stays open.
    """

    home: str
    partner: str | None
    region: str
    field: str = ALL_FIELDS
    actor: str | None = None
    goals: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether neither actor nor goals nor purposes nor forms are said."""
        return not (self.actor or self.goals or self.purposes or self.forms)

    @property
    def places(self) -> dict[str, Value]:
        """The values of {home} and {partner} in every sentence."""
        partner = Value("text", "schemes.partner") if self.partner is None else Value("country", self.partner)
        return {"home": Value("country", self.home), "partner": partner}


def stated(wish: Wish, own: Path | None = None) -> Stated:
    """Return what is said, by the keys of a condition. A form that is wished for says its purpose as well."""
    implied = (purpose_of(form, own) for form in wish.forms)
    return {
        "actors": (wish.actor,) if wish.actor else (),
        "goals": wish.goals,
        "purposes": tuple(dict.fromkeys((*wish.purposes, *implied))),
        "forms": wish.forms,
        "regions": (wish.region,),
        "fields": () if wish.field == ALL_FIELDS else (wish.field,),
    }


def check_wish(wish: Wish, own: Path | None = None) -> None:
    """Refuse a wish with an unknown id, or with one country on both sides. Raises SettingsError, naming the nearest."""
    for key, code in (("home", wish.home), ("partner", wish.partner)):
        if code is not None and not re.fullmatch("[A-Z]{2}", code):
            raise SettingsError(f"{key}: {code!r} is no country code of two capital letters (ISO 3166), such as JP")
    if wish.partner == wish.home:
        raise SettingsError(f"partner: {wish.partner} is home itself; name another country")
    if wish.region not in regions(own):
        whose = f"{wish.partner or 'the partner'} has the region {wish.region!r}"
        raise SettingsError(
            f"region: {whose}, for which there is no strategy (it needs papers and a centrality of both sides); "
            f"name one yourself: {nearest(wish.region, regions(own))}"
        )
    if wish.actor is not None and wish.actor not in ACTORS:
        raise SettingsError(f"actor: unknown {wish.actor!r}; {nearest(wish.actor, ACTORS)}")
    for key, given, known in (
        ("goal", wish.goals, tuple(goals(own))),
        ("purpose", wish.purposes, tuple(purposes(own))),
        ("form", wish.forms, tuple(forms(own))),
    ):
        for position, one in enumerate(given):
            if one not in known:
                raise SettingsError(f"{key}: unknown {one!r}; {nearest(one, known)}")
            if one in given[:position]:
                raise SettingsError(f"{key}: {one!r} is given twice; give it once")


def cite(file: str, item: str, cited: Cited | None = None) -> tuple[Evidence, ...]:
    """Name an item of a knowledge file, and the place in a document that it rests on."""
    return (rule(file, item), *(() if cited is None else (source(cited.document, cited.figure),)))


def say(
    wish: Wish, id_: str, stance: Stance, text: str | Words, evidence: tuple[Evidence, ...],
    values: Mapping[str, Value] | None = None,
) -> Reason:  # fmt: skip
    """Make a sentence in which {home} and {partner} can stand."""
    return Reason(id_, stance, text, {**wish.places, **(values or {})}, evidence)


def words(*items: Words) -> Value:
    """Make a list of knowledge items' texts."""
    return Value("list", [Value("words", item) for item in items])
