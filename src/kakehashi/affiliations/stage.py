"""名寄せ as a stage: mentions in; resolutions, institutions, and the institutions and countries of each work out."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kakehashi.affiliations import sql
from kakehashi.affiliations.appendix1 import Appendix1
from kakehashi.affiliations.lists import policy
from kakehashi.affiliations.ner import entity_finder, name_finder
from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.unify import basis_of, unify
from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SettingsError
from kakehashi.progress import Progress
from kakehashi.settings import AffiliationsSection, Settings
from kakehashi.tables import INSTITUTIONS, RESOLUTIONS, WORK_COUNTRIES, WORK_INSTITUTIONS, ColumnType, Table


def _private(name: str, meaning: str, key: tuple[str, ...], columns: dict[str, ColumnType]) -> Table:
    return Table(f"affiliations_{name}", meaning, MappingProxyType(columns), key)


FOUND = _private(
    "found",
    "What each distinct string says by itself, before the corpus is looked at.",
    ("affiliation", "seq"),
    {
        "affiliation": "string", "seq": "bigint", "name_key": "string", "name": "string", "country_code": "string",
        "basis": "string", "method": "string", "country_method": "string", "span": "string", "country_span": "string",
        "confidence": "double", "reason": "string",
    },
)  # fmt: skip
CONTEXT = _private(
    "context",
    "Each distinct string in the corpus: its mentions, what the sources assert unanimously, its resolutions.",
    ("affiliation",),
    {"affiliation": "string", "mentions": "bigint", "given_country": "string", "given_ror": "string", "seqs": "bigint",
     "located": "bigint"},
)  # fmt: skip
GIVEN = _private(
    "given",
    "Country codes that sources assert, and how the territory policy counts them.",
    ("given_country",),
    {"given_country": "string", "country_code": "string"},
)
MET = _private(
    "met",
    "The country each resolution was met with, by itself or as its source asserts, and what that rests on.",
    ("affiliation", "seq"),
    {"affiliation": "string", "seq": "bigint", "country_code": "string", "basis": "string",
     "country_method": "string", "country_span": "string"},
)  # fmt: skip
UNIFIED = _private(
    "unified",
    "The institution of each name with the country it was met with ('' for none) and what that rests on.",
    ("name_key", "met_country", "basis"),
    {"name_key": "string", "met_country": "string", "basis": "string", "institution_id": "string", "name": "string",
     "country_code": "string", "reason": "string"},
)  # fmt: skip
LINKS = _private(
    "links",
    "One row per mention and resolution: the institution and country that it links the work (and author) to.",
    ("work_id", "mention_seq", "resolution_seq"),
    {"work_id": "string", "mention_seq": "bigint", "resolution_seq": "bigint", "author_seq": "bigint",
     "institution_id": "string", "country_code": "string"},
)  # fmt: skip


@dataclass(frozen=True)
class ResolveRows:
    """The function over distinct strings. Small to send to another process; word lists load there on first use."""

    settings: AffiliationsSection

    def __call__(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the rows of FOUND for rows of one string each."""
        resolver = make_resolver(self.settings)
        for (text,) in rows:
            for one in resolver.resolve(text):
                yield (
                    text, one.seq, one.key, one.institution, one.country_code,
                    basis_of(one.country_method), one.method, one.country_method,
                    one.span, one.country_span, one.confidence, one.reason,
                )  # fmt: skip


def make_resolver(settings: AffiliationsSection) -> Resolver | Appendix1:
    """Make the resolver that the settings ask for. Raises SettingsError and MissingExtraError."""
    if settings.strategy == "appendix1":
        if settings.spacy_model is None:
            raise SettingsError(
                'affiliations.strategy: "appendix1" finds places and institutions with a spaCy pipeline; name an '
                'installed one in affiliations.spacy_model (--spacy-model), such as "en_core_web_sm"'
            )
        return Appendix1(entity_finder(settings.spacy_model), settings.territory_policy)
    return Resolver(settings.territory_policy, settings.aliases, name_finder(settings.spacy_model))


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Resolve the strings of `mentions`; write RESOLUTIONS, INSTITUTIONS, WORK_INSTITUTIONS and WORK_COUNTRIES.

    Each distinct string is read once (appendix 1 of the seed report); then spellings are unified over the corpus, and
    a country that a string does not name is taken from the source's own assertion, else from the corpus.
    Raises SettingsError, MissingExtraError and ContractError.
    """
    section = settings.affiliations
    rules = policy(section.territory_policy)
    make_resolver(section)  # a pipeline that is missing is said before any work
    [(strings,)] = engine.rows(sql.COUNT_STRINGS)
    engine.map(FOUND, sql.STRINGS, ResolveRows(section), progress.step("strings", strings))
    advance = progress.step("institutions", 3)
    engine.make(CONTEXT, sql.CONTEXT)
    engine.load(GIVEN, [(code, rules.apply(code.upper())) for (code,) in engine.rows(sql.GIVEN_CODES)])
    engine.make(MET, sql.MET)
    engine.load(UNIFIED, list(_unified(engine)))
    advance(1)
    engine.make(RESOLUTIONS, sql.RESOLUTIONS)
    engine.make(LINKS, sql.LINKS)
    engine.make(INSTITUTIONS, sql.INSTITUTIONS)
    advance(1)
    engine.make(WORK_INSTITUTIONS, sql.work_institutions(settings.counting.fractional_by))
    engine.make(WORK_COUNTRIES, sql.work_countries(settings.counting.fractional_by))
    advance(1)


def _unified(engine: Engine) -> Iterator[Row]:
    spellings: list[Any] = engine.rows(sql.SPELLINGS)
    for one in unify(spellings):
        yield one.key, one.met_country or "", one.basis, one.institution_id, one.name, one.country, one.reason
