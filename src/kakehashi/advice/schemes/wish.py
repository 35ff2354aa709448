"""Who asks for a scheme, with whom, in which field and for what; and what is said to them, filled in for both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kakehashi.errors import SettingsError
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.conditions import Stated
from kakehashi.knowledge.forms import ACTORS, forms, goals
from kakehashi.knowledge.regions import regions
from kakehashi.knowledge.sources import Cited
from kakehashi.reasons import Evidence, Reason, Stance, Value, rule, source
from kakehashi.texts import Words

ALL_FIELDS = "all"


@dataclass(frozen=True)
class Wish:
    """What is asked: two countries (partner None: any of the region), the partner's region seen from home, and wishes.

    `actor`, `goals` and `forms` may be left unsaid; then every choice that the region offers stays open.
    """

    home: str
    partner: str | None
    region: str
    field: str = ALL_FIELDS
    actor: str | None = None
    goals: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @property
    def stated(self) -> Stated:
        """What is said, by the keys of a condition."""
        return {
            "actors": (self.actor,) if self.actor else (),
            "goals": self.goals,
            "forms": self.forms,
            "regions": (self.region,),
            "fields": () if self.field == ALL_FIELDS else (self.field,),
        }

    @property
    def is_open(self) -> bool:
        """Tell whether neither actor nor goals nor forms are said."""
        return not (self.actor or self.goals or self.forms)

    @property
    def places(self) -> dict[str, Value]:
        """The values of {home} and {partner} in every sentence."""
        partner = Value("text", "schemes.partner") if self.partner is None else Value("country", self.partner)
        return {"home": Value("country", self.home), "partner": partner}


def check_wish(wish: Wish, own: Path | None = None) -> None:
    """Refuse a wish with an unknown id, or with one country on both sides. Raises SettingsError, naming the nearest."""
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
    for key, given, known in (("goal", wish.goals, tuple(goals(own))), ("form", wish.forms, tuple(forms(own)))):
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
