"""What the outline of an answer is made of: sections of entries, each with the reasons that it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kakehashi.knowledge.derive import Seen
from kakehashi.reasons import Evidence, Reason
from kakehashi.texts import Texts

Look = Literal["head", "plain", "for", "against"]


@dataclass(frozen=True)
class Entry:
    """A line of the outline. `more`: a detail, told where there is room. `scheme`: a pattern to be drawn here."""

    text: str
    level: int = 0
    look: Look = "plain"
    reasons: tuple[Reason, ...] = ()
    more: bool = False
    scheme: Seen | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the entry rests on, without the rules that only repeat a source which is named too."""
        found = dict.fromkeys(one for reason in self.reasons for one in _cited(reason))
        return tuple(found)


@dataclass(frozen=True)
class Section:
    """A section of the outline."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Speaker:
    """Says reasons and texts in one language, for one study's fields."""

    texts: Texts
    taxonomy: str

    def __call__(self, key: str, **values: Any) -> str:
        """Say a text of the outline."""
        return self.texts(f"advise.outline.{key}", **values)

    def say(self, reason: Reason) -> str:
        """Say a reason."""
        return reason.say(self.texts, self.taxonomy)

    def told(self, reasons: Iterable[Reason], level: int = 0, *, more: bool = False, signs: bool = True) -> list[Entry]:
        """Turn reasons into entries, marked as for or against."""
        return [Entry(self.say(one), level, _look(one) if signs else "plain", (one,), more=more) for one in reasons]

    def head(self, text: str, level: int = 0, *reasons: Reason, more: bool = False) -> Entry:
        """Make an entry that heads those under it."""
        return Entry(text, level, "head", reasons, more=more)

    def joined(self, sentences: Iterable[str]) -> str:
        """Put sentences one behind another."""
        return ("" if self.texts.language == "ja" else " ").join(sentences)


def numbered(sections: Iterable[Section], *, more: bool) -> Mapping[Evidence, int]:
    """Number the evidence of the entries that are shown, in the order in which they are met."""
    found: dict[Evidence, int] = {}
    for section in sections:
        for entry in section.entries:
            for one in entry.evidence if more or not entry.more else ():
                found.setdefault(one, len(found) + 1)
    return found


def _look(reason: Reason) -> Look:
    return "plain" if reason.stance == "neutral" else reason.stance


def _cited(reason: Reason) -> tuple[Evidence, ...]:
    """Leave rules out where the same reason names the source that they put in our words."""
    if any(one.kind == "source" for one in reason.evidence):
        return tuple(one for one in reason.evidence if one.kind != "rule")
    return reason.evidence
