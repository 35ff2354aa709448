"""The first half of 名寄せ as a stage: each distinct affiliation string is read once, and never again for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from kakehashi.affiliations import sql
from kakehashi.affiliations.acronyms import attested
from kakehashi.affiliations.collector import collector_paused
from kakehashi.affiliations.registered import BATCH, FROM_REGISTRY
from kakehashi.affiliations.resolvers import make_resolver
from kakehashi.affiliations.unify import basis_of
from kakehashi.engine.base import Engine, Row
from kakehashi.progress import Progress
from kakehashi.settings import AffiliationsSection, Settings
from kakehashi.tables import READINGS

READ = replace(READINGS, name="affiliations_read", meaning="Readings of the strings that had not been read before.")
ALL_READ = replace(READINGS, name="affiliations_all_read", meaning="Kept and new readings together.")


@dataclass(frozen=True)
class ReadRows:
    """The function over distinct strings. Small to send to another process; word lists load there on first use."""

    settings: AffiliationsSection
    reader: str

    def __call__(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the rows of READINGS for rows of one string each."""
        resolver = make_resolver(self.settings)
        while texts := [text for (text,) in islice(rows, BATCH)]:
            with collector_paused():
                resolved = list(resolver.resolve_many(texts))
            for text, found in zip(texts, resolved, strict=True):
                for one in found:
                    name = " ".join((one.span or "").split()) if one.method == FROM_REGISTRY else one.institution
                    yield (
                        text, one.seq, one.key, name, one.country_code, one.ror_id,
                        basis_of(one.country_method), one.method, one.country_method, one.span, one.country_span,
                        attested(text, one.span), one.confidence, one.reason, self.reader,
                    )  # fmt: skip


def run(engine: Engine, settings: Settings, progress: Progress, reader: str = "") -> None:
    """Read the distinct strings of `mentions` into READINGS.

    `reader` is the fingerprint of all that decides how a string is read. Rows of the former READINGS that carry the
    same one stand for their strings: a study that has grown reads the new strings only.
    Raises SettingsError, MissingExtraError and ContractError.
    """
    section = settings.affiliations
    make_resolver(section)  # a pipeline that is missing is said before any work
    kept = bool(reader) and engine.has(READINGS)
    strings = sql.unread_strings(reader) if kept else sql.STRINGS
    [(number,)] = engine.rows(f"select count(*) from ({strings}) s")
    step = progress.step("strings", number)
    engine.map(READ, strings, ReadRows(section, reader), step)
    if kept:
        engine.make(ALL_READ, sql.kept_and_new(reader))
    # Written from one stored table whatever it was put together from, so that the same rows give the same bytes.
    engine.make(READINGS, sql.all_read(ALL_READ.name if kept else READ.name))
