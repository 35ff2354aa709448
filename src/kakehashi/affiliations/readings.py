"""The first half of 名寄せ as a stage: each distinct affiliation string is read once, and never again for nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from kakehashi.affiliations import sql
from kakehashi.affiliations.acronyms import attested
from kakehashi.affiliations.private import ALL_READ, READ, UNREAD
from kakehashi.affiliations.registered import FROM_REGISTRY
from kakehashi.affiliations.resolve import Resolution
from kakehashi.affiliations.resolvers import AnyResolver, make_resolver
from kakehashi.affiliations.unify import basis_of
from kakehashi.collector import collector_paused
from kakehashi.engine import arrow
from kakehashi.engine.base import Engine, Row
from kakehashi.progress import Progress
from kakehashi.settings import AffiliationsSection, Settings
from kakehashi.tables import READINGS

# Strings that end alike stand together, by ten letters at a time from the end: what was read of an address is still
# remembered when it comes again.
_IN_ORDER = """
select affiliation from affiliations_unread
order by substring(affiliation, length(affiliation) - 9, 10) nulls last,
         substring(affiliation, length(affiliation) - 19, 10) nulls last,
         substring(affiliation, length(affiliation) - 29, 10) nulls last,
         substring(affiliation, length(affiliation) - 39, 10) nulls last
"""


@dataclass
class ReadRows:
    """The function over distinct strings. Small to send to another process; word lists load there on first use.

    The resolver stays from batch to batch, with what it remembers of parts.
    """

    settings: AffiliationsSection
    reader: str
    _resolver: AnyResolver | None = field(default=None, init=False, repr=False, compare=False)

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of READINGS for record batches of strings."""
        if self._resolver is None:
            self._resolver = make_resolver(self.settings)
        resolve_many = self._resolver.resolve_many
        for batch in batches:
            texts = batch.column(0).to_pylist()
            with collector_paused():
                read = arrow.batch(READ, self._rows(texts, resolve_many(texts)))
            yield read

    def _rows(self, texts: Iterable[str], resolved: Iterable[Iterable[Resolution]]) -> Iterator[Row]:
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
    engine.make(UNREAD, sql.unread_strings(reader) if kept else sql.STRINGS)
    [(number,)] = engine.rows(f"select count(*) from {UNREAD.name}")
    step = progress.step("strings", number)
    engine.map_batches(READ, _IN_ORDER, ReadRows(section, reader), step)
    if kept:
        engine.make(ALL_READ, sql.kept_and_new(reader))
    # Written from one stored table whatever it was put together from, so that the same rows give the same bytes.
    engine.make(READINGS, sql.all_read(ALL_READ.name if kept else READ.name))
