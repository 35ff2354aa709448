"""Building the index of a study: once for the same inputs, whole or not at all, and resumed where it was stopped."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import filelock
import msgspec
import numpy as np
import tantivy

from kakehashi.errors import StudyError
from kakehashi.manifest import text_digest, write_json
from kakehashi.matching import neighbours
from kakehashi.matching.bags import Bags, Numbers, read_words
from kakehashi.matching.bridge import bridge
from kakehashi.matching.companies import is_company
from kakehashi.matching.encoder import Encoder, encoder, told
from kakehashi.matching.latent import Latent, Learner
from kakehashi.matching.policy import policy
from kakehashi.matching.reading import Block, Rows, blocks, links, quoted, records
from kakehashi.matching.schema import VERSION, document, register, schema, written
from kakehashi.matching.store import MEANING
from kakehashi.progress import Progress

FOLDER = "matching"
TABLES = (
    "works", "keywords", "authorships", "mentions", "resolutions", "institutions", "work_institutions",
    "work_countries", "work_fields",
)  # fmt: skip
_BLOCK = 20_000
_HEAP = 200_000_000
_MOST_WORDS = 80_000


def key(digests: Sequence[str], home: str) -> str:
    """Return the key of an index: what it is built from. `digests` are those of TABLES."""
    installed = encoder()
    parts = (str(VERSION), home, str(_BLOCK), bridge().digest, installed.name if installed else "", *digests)
    return text_digest(*parts)[:16]


def build(folder: Path, rows: Rows, home: str, progress: Progress) -> None:
    """Build an index as `folder`, named by its key. Indexes of other keys beside it are then removed.

    Raises StudyError where another process builds it, or where the study has no works.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder.parent / ".lock", timeout=0):
            if not (folder / "index.json").is_file():
                _build(folder, rows, home, progress)
    except filelock.Timeout as error:
        raise StudyError(f"{folder.parent}: another process is building the index; wait for it or stop it") from error


def _build(folder: Path, rows: Rows, home: str, progress: Progress) -> None:
    draft = folder.with_name(f".{folder.name}.part")
    for other in folder.parent.glob(".*.part"):
        if other != draft:
            shutil.rmtree(other)
    parts = blocks(rows, _BLOCK)
    if not parts:
        raise StudyError(f"{folder.parent.parent}: the study has no works to search; add sources, then run it")
    works = int(rows("select count(*) from works")[0][0])
    institutions = _institutions(rows, home)
    numbers = {one["institution_id"]: number for number, one in enumerate(institutions)}
    _index(draft, rows, parts, numbers, works, progress.step("match_index", works))
    advance = progress.step("match_vectors", works)
    paths = [_part(draft, number) for number in range(len(parts))]
    _vectors(draft, paths, advance)
    meaning = _meaning_of(works)
    if meaning is not None:
        neighbours.write(draft / MEANING, works, meaning.dimensions, (np.load(_meant(path)) for path in paths))
    _join_links(draft, paths, institutions)
    (draft / "institutions.json").write_bytes(msgspec.json.encode(institutions))
    shutil.rmtree(draft / "parts")
    about = {"version": VERSION, "works": works, "home": home, "encoder": meaning.name if meaning else None}
    write_json(draft / "index.json", about)
    for other in folder.parent.iterdir():
        if other.is_dir() and other != draft:
            shutil.rmtree(other)
    os.replace(draft, folder)


def _meaning_of(works: int) -> Encoder | None:
    """Return the encoder where one is installed and the works are not too many for it."""
    return encoder() if works <= policy()["meaning"]["most_works"] else None


def _meant(part: Path) -> Path:
    return part.with_suffix(".meaning.npy")


def _part(draft: Path, number: int) -> Path:
    return draft / "parts" / f"{number:06d}"


def _index(
    draft: Path, rows: Rows, parts: Sequence[Block], numbers: dict[str, int], works: int,
    advance: Callable[[int], None],
) -> None:  # fmt: skip
    """Write the text index block by block. A block is finished when its works are committed; its part is older."""
    (draft / "parts").mkdir(parents=True, exist_ok=True)
    (draft / "text").mkdir(exist_ok=True)
    index = tantivy.Index(schema(), path=str(draft / "text"))
    register(index)
    row, done = _resumed(index, draft)
    advance(row)
    vocabulary = Numbers()
    for number in range(done):
        known = len(vocabulary)
        vocabulary.update({stem: known + place for place, stem in enumerate(read_words(_part(draft, number))[0])})
    meaning = _meaning_of(works)
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for number in range(done, len(parts)):
        before = row
        row = _write_block(writer, rows, parts[number], _part(draft, number), row, numbers, vocabulary, meaning)
        writer.commit()
        advance(row - before)
    writer.wait_merging_threads()


def _resumed(index: Any, draft: Path) -> tuple[int, int]:
    """Return how many works and blocks are committed."""
    index.reload()
    committed, row, done = index.searcher().num_docs, 0, 0
    while row < committed and _part(draft, done).with_suffix(".links.npz").is_file():
        with np.load(_part(draft, done).with_suffix(".links.npz")) as saved:
            row += len(saved["years"])
        done += 1
    if row != committed:
        raise StudyError(f"{draft}: the unfinished index is damaged; remove this folder and ask again")
    return row, done


def _write_block(
    writer: Any, rows: Rows, block: Block, part: Path, row: int, numbers: dict[str, int], vocabulary: Numbers,
    meaning: Encoder | None,
) -> int:  # fmt: skip
    bags = Bags(vocabulary)
    institutions = links(rows, block)
    years, sizes, linked = [], [], []
    meant = []
    for record in records(rows, block):
        texts = written(record)
        if meaning is not None:
            meant.append(told(record))
        bags.add(texts.text, texts.head)
        writer.add_document(document(row, record, texts))
        here = [numbers[one] for one in institutions.get(record.work_id, ()) if one in numbers]
        years.append(record.year or 0)
        sizes.append(len(here))
        linked.extend(here)
        row += 1
    if meaning is not None:
        np.save(_meant(part), meaning.encode(meant).astype(np.float16))
    bags.save(part)
    np.savez(
        part.with_suffix(".links.npz"), years=np.asarray(years, np.int16), sizes=np.asarray(sizes, np.int32),
        institutions=np.asarray(linked, np.int32),
    )  # fmt: skip
    return row


def _vectors(draft: Path, paths: Sequence[Path], advance: Callable[[int], None]) -> None:
    stems: list[str] = []
    words: Counter[str] = Counter()
    for path in paths:
        new, counts = read_words(path)
        stems.extend(new)
        words.update(counts)
    usual = sorted((word for word, works in words.items() if works > 1), key=lambda word: (-words[word], word))
    (draft / "words.json").write_bytes(msgspec.json.encode({word: words[word] for word in usual[:_MOST_WORDS]}))
    learner = Learner(stems, paths)
    latent = learner.learn()
    latent.save(draft)

    def parts() -> Any:
        for path in paths:
            found = learner.vectors(path, latent)
            advance(len(found))
            yield found

    neighbours.write(draft, learner.works, _dimensions(latent), parts())


def _dimensions(latent: Latent) -> int:
    return int(latent.terms.shape[1])


def _join_links(draft: Path, paths: Sequence[Path], institutions: list[dict[str, Any]]) -> None:
    """Write one array for all works: where each work's institutions end, which they are, and the year (0: unknown)."""
    years, sizes, linked = [], [], []
    for path in paths:
        with np.load(path.with_suffix(".links.npz")) as saved:
            years.append(saved["years"])
            sizes.append(saved["sizes"])
            linked.append(saved["institutions"])
    all_sizes, all_linked = np.concatenate(sizes), np.concatenate(linked)
    ends = np.concatenate(([0], np.cumsum(all_sizes, dtype=np.int64)))
    np.save(draft / "years.npy", np.concatenate(years))
    np.save(draft / "ends.npy", ends)
    np.save(draft / "links.npy", all_linked)
    companies = np.asarray([one["company"] for one in institutions], dtype=bool)
    rows = np.repeat(np.arange(len(all_sizes)), all_sizes)
    of_company = companies[all_linked] if len(all_linked) else np.zeros(0, bool)
    companies_of = np.bincount(rows[of_company], minlength=len(all_sizes))
    others = companies_of[rows] - of_company  # companies among the work's other institutions
    joint = np.bincount(all_linked[others > 0], minlength=len(institutions))
    for one, works in zip(institutions, joint, strict=True):
        one["company_works"] = int(works)


def _institutions(rows: Rows, home: str) -> list[dict[str, Any]]:
    found = rows(
        "select i.institution_id, i.name, i.country_code, i.ror_id, i.works, coalesce(h.works, 0) from institutions i "
        "left join (select w.institution_id, count(distinct w.work_id) as works from work_institutions w "
        f"join work_countries c on c.work_id = w.work_id and c.country_code = {quoted(home)} "
        "group by w.institution_id) h on h.institution_id = i.institution_id order by i.institution_id nulls last"
    )
    names = ("institution_id", "name", "country_code", "ror_id", "works", "home_works")
    made = [dict(zip(names, row, strict=True)) for row in found]
    for one in made:
        one["company"] = is_company(one["name"])
    return made
