"""The index of a study, opened for questions: everything large is read from disk when it is needed."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import tantivy

from kakehashi.matching.katakana import Hearing
from kakehashi.matching.latent import Latent, read_latent
from kakehashi.matching.neighbours import Neighbours
from kakehashi.matching.schema import Record, read_record, register, schema

MEANING = "meaning"
"""The folder of the vectors that a pretrained encoder gives."""


class Institution(msgspec.Struct, frozen=True):
    """An institution: its works in all, those with the home country, and those with a company beside it."""

    institution_id: str
    name: str
    country_code: str | None
    ror_id: str | None
    works: int
    home_works: int
    company: bool
    company_works: int


class Index:
    """A finished index. `home` is the country that its collaboration counts are about."""

    def __init__(self, folder: Path) -> None:
        about: dict[str, Any] = msgspec.json.decode((folder / "index.json").read_bytes())
        self.folder = folder
        self.works = int(about["works"])
        self.home = str(about["home"])
        self.encoder: str | None = about["encoder"]
        self.institutions = msgspec.json.decode((folder / "institutions.json").read_bytes(), type=list[Institution])
        # As plain arrays over the files: numpy's own class for these takes its time at every look.
        self.years = np.asarray(np.load(folder / "years.npy", mmap_mode="r"))
        self._ends = np.asarray(np.load(folder / "ends.npy", mmap_mode="r"))
        self._links = np.asarray(np.load(folder / "links.npy", mmap_mode="r"))
        self._text = tantivy.Index.open(str(folder / "text"))
        register(self._text)
        self.searcher = self._text.searcher()

    @cached_property
    def latent(self) -> Latent:
        """The space of the dense vectors."""
        return read_latent(self.folder)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The works' vectors."""
        return Neighbours(self.folder)

    @cached_property
    def meanings(self) -> Neighbours | None:
        """The works' vectors by a pretrained encoder; None where the index was built without one."""
        return Neighbours(self.folder / MEANING) if self.encoder else None

    @cached_property
    def words(self) -> Mapping[str, int]:
        """The words of titles and keywords, with the works that have them."""
        found: dict[str, int] = msgspec.json.decode((self.folder / "words.json").read_bytes())
        return found

    @cached_property
    def hearing(self) -> Hearing:
        """What meets katakana words with the study's own words."""
        return Hearing(self.words)

    @cached_property
    def latest(self) -> int:
        """The latest year of a work; 0 where no work has one."""
        return int(self.years.max()) if len(self.years) else 0

    def search(self, query: Any, limit: int) -> list[tuple[int, float]]:
        """Return rows and scores of the best works, the best first; equal ones in the order of their rows."""
        hits = self.searcher.search(query, limit, count=False).hits
        rows = self.searcher.fast_field_values("row", [address for _, address in hits])
        found = [(_whole(row), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def records(self, rows: Sequence[int]) -> dict[int, Record]:
        """Return works by their rows."""
        if not rows:
            return {}
        parts = [tantivy.Query.term_query(schema(), "row", row) for row in rows]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
        hits = self.searcher.search(query, len(parts), count=False).hits
        numbers = self.searcher.fast_field_values("row", [address for _, address in hits])
        return {
            _whole(number): read_record(self.searcher.doc(address))
            for number, (_, address) in zip(numbers, hits, strict=True)
        }

    def works_with_keyword(self, keyword: str) -> int:
        """Return how many works have a keyword."""
        return int(self.searcher.doc_freq("keyword", keyword))

    def works_with_word(self, word: str) -> int:
        """Return how many works have a word, given by its stem."""
        return int(self.searcher.doc_freq("text", word))

    def institutions_of(self, row: int) -> list[int]:
        """Return the numbers of a work's institutions."""
        numbers: list[int] = self._links[self._ends[row] : self._ends[row + 1]].tolist()
        return numbers

    def rows_of(self, work_ids: Iterable[str]) -> dict[str, int]:
        """Return the rows of works by their ids; unknown ones are left out."""
        found = {}
        for work_id in work_ids:
            hits = self.searcher.search(tantivy.Query.term_query(schema(), "work", work_id), 1, count=False).hits
            if hits:
                found[work_id] = _whole(self.searcher.fast_field_values("row", [hits[0][1]])[0])
        return found


def _whole(value: Any) -> int:
    return int(value)
