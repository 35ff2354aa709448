"""Making the resolver that the settings ask for, and looking up what its registry knows of an id."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from kakehashi.affiliations.appendix1 import Appendix1
from kakehashi.affiliations.decisions import Entry, LookUp
from kakehashi.affiliations.linking.index import Index
from kakehashi.affiliations.linking.link import Linker, open_linker
from kakehashi.affiliations.ner import entity_finder, name_finder
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolution, Resolver
from kakehashi.affiliations.store import open_registry
from kakehashi.errors import SettingsError
from kakehashi.settings import AffiliationsSection


class AnyResolver(Protocol):
    """What resolves strings, one or many; the answer for each depends on nothing but itself."""

    def resolve(self, text: str) -> tuple[Resolution, ...]:
        """Resolve one string; never raises on any text."""

    def resolve_many(self, texts: Sequence[str]) -> Iterator[tuple[Resolution, ...]]:
        """Yield the resolutions of each string."""


def make_resolver(settings: AffiliationsSection) -> AnyResolver:
    """Make the resolver that the settings ask for. Raises SettingsError, SourceError and MissingExtraError."""
    if settings.strategy == "appendix1":
        if settings.spacy_model is None:
            raise SettingsError(
                'affiliations.strategy: "appendix1" finds places and institutions with a spaCy pipeline; name an '
                'installed one in affiliations.spacy_model (--spacy-model), such as "en_core_web_sm"'
            )
        return Appendix1(entity_finder(settings.spacy_model), settings.territory_policy)
    rules = Resolver(settings.territory_policy, settings.aliases, name_finder(settings.spacy_model))
    linker = _linker(settings)
    if linker is None:
        return rules
    return RegistryResolver(rules, linker, settings.min_confidence, settings.territory_policy)


def registry_entries(settings: AffiliationsSection) -> LookUp | None:
    """Return the look-up of the registry that the settings name, None where they name none."""
    linker = _linker(settings)
    return None if linker is None else _entries(linker)


class Choice(NamedTuple):
    """An organisation that a link was given to, or the one that came second."""

    ror_id: str
    name: str
    country_code: str | None
    confidence: float


def choices(settings: AffiliationsSection, texts: Sequence[str]) -> list[Mapping[str, tuple[Choice, ...]]]:
    """Return for each string, by the ROR id of each link in it, the link itself and the runner-up, if there is one.

    Raises SettingsError and SourceError where the registry is no longer there; without a registry nothing is linked.
    """
    resolver = make_resolver(settings)
    if not isinstance(resolver, RegistryResolver):
        return [{} for _ in texts]
    linker = resolver.linker
    found: list[Mapping[str, tuple[Choice, ...]]] = []
    for answer in linker.answer([resolver.read(text) for text in texts]):
        links: dict[str, tuple[Choice, ...]] = {}
        for link in answer.links:
            ranked = [_choice(linker, link.organisation, link.confidence)]
            if link.second is not None:
                ranked.append(_choice(linker, link.second, link.second_confidence))
            links.setdefault(ranked[0].ror_id, tuple(ranked))
        found.append(links)
    return found


def _choice(linker: Linker, number: int, confidence: float) -> Choice:
    one = linker.organisation(number)
    return Choice(one.ror_id, one.name, one.places[0].country if one.places else None, confidence)


def _linker(settings: AffiliationsSection) -> Linker | None:
    if settings.registry is None or settings.strategy == "appendix1":
        return None
    return open_linker(open_registry(settings.registry, base=Path()).index_path)


@cache
def _entries(linker: Linker) -> LookUp:
    return Entries(linker.index).find


class Entries:
    """What an index knows of ids."""

    def __init__(self, index: Index) -> None:
        self._known = {one.ror_id: one for one in index.organisations}

    def find(self, ror_id: str) -> Entry | None:
        """Return the entry of an id in its full form, or None."""
        one = self._known.get(ror_id)
        if one is None:
            return None
        country = one.places[0].country if one.places else None
        return Entry(one.name, country, one.active, one.successors, one.parents, one.types, one.established)
