"""Tables that are read by columns give the records, refusals and notes that reading row by row gives."""

import gzip
import random
import zipfile
from itertools import islice

import pytest

from kakehashi.records import Batch, Record, Refusal
from kakehashi.sources import batches, stretches
from kakehashi.sources.registry import read_batches, read_file
from sources.reading import EXPORTS, write

HEADER = (
    '"Document Title",Authors,"Author Affiliations","Publication Title","Publication Year","Abstract","DOI",PDF Link,'
    '"Author Keywords","IEEE Terms",Article Citation Count,"Document Identifier"'
)
VALUES = ("title", "year", "doi", "venue", "doc_type", "language", "abstract", "citations")
# What may stand in a cell: plain, to be cleaned, a list, a list with holes, nothing in several guises, too much.
CELLS = (
    "On bridges",
    " Two  spaces ",
    "Universit&#x00E9; de Lyon; R&amp;D Lab",
    "K. M&#x00FC;ller; A. Sato",
    "A. Sato;B. Ito;",
    "NA; Osaka University, Osaka, Japan",
    "",
    " ",
    "none",
    "[No abstract available]",
    "-",
    "2020",
    "Sept. 2021",
    "20xx",
    "1066",
    "10.1109/ABC.2020.1",
    "https://doi.org/10.1109/x(1)",
    "a; A ;a;n/a;b",
    "<i>E. coli</i> in $L_{1}$",
    "\\alpha-helix",
    'the ""best"" one',
    "橋の研究",
    "e\u0301tude",
    "soft\u00adhyphen",
    "a@b.org",
    "12",
    "1,234",
    ";;",
    ",",
    "x" * 5_001,
    "tab\there",
    "; Kyoto University",
    "A. Sato; B. Ito",
    "Osaka Univ.; Kyoto Univ.",
    "Osaka Univ.; a@b.org; Kyoto Univ.",
)


def one_by_one(items):
    """Return what is in a batch, or in a record, in one form, sorted by row; and refusals in their order."""
    records, refusals = [], []
    for _, item in items:
        if isinstance(item, Refusal):
            refusals.append(item)
        elif isinstance(item, Record):
            records.append((
                item.row, *(getattr(item, name) for name in VALUES), [author.name for author in item.authors],
                [(mention.author, mention.text) for mention in item.mentions],
                sorted((keyword.kind, keyword.text) for keyword in item.keywords),
            ))  # fmt: skip
        else:
            records += expanded(item)
    return sorted(records, key=lambda record: record[0]), refusals


def expanded(batch):
    columns = [batch.values[name].to_pylist() for name in VALUES]
    authors, mentions, keywords = ([[] for _ in batch.rows] for _ in range(3))
    for at, name in zip(batch.authors.of, batch.authors.texts.to_pylist(), strict=True):
        authors[at].append(name)
    for at, place, text in zip(batch.mentions.of, batch.mentions.places, batch.mentions.texts.to_pylist(), strict=True):
        mentions[at].append((place, text))
    for kind, parts in batch.keywords:
        for at, text in zip(parts.of, parts.texts.to_pylist(), strict=True):
            keywords[at].append((kind, text))
    return zip(batch.rows.tolist(), *columns, authors, mentions, map(sorted, keywords), strict=True)


def compare(path):
    batched = list(read_batches(path, path.name, {}))
    assert one_by_one(batched) == one_by_one(read_file(path, path.name, {}))
    return [item for _, item in batched if isinstance(item, Batch)]


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("ieee*.csv")), ids=lambda path: path.name)
def test_vendor_files_are_read_alike(path):
    compare(path)


def test_any_cells_are_read_alike(tmp_path):
    chance = random.Random(2)
    width = HEADER.count(",") + 1
    lines = [",".join(f'"{chance.choice(CELLS)}"' for _ in range(width)) for _ in range(4_500)]
    [*_, last] = compare(write(tmp_path, "any.csv", "\n".join([HEADER, *lines])))
    assert last.row > 4_000


def test_likely_cells_are_read_alike(tmp_path):
    chance = random.Random(3)
    choices = [
        CELLS[:3],
        CELLS[3:6],
        CELLS[-5:],
        CELLS,
        ["2020", "2021", ""],
        CELLS,
        CELLS,
        [""],
        CELLS,
        CELLS,
        ["3"],
        CELLS,
    ]
    lines = [",".join(f'"{chance.choice(some)}"' for some in choices) for _ in range(4_500)]
    found = compare(write(tmp_path, "likely.csv", "\n".join([HEADER, *lines])))
    assert sum(len(batch.rows) for batch in found) > 1_000


@pytest.mark.parametrize("size", [2_000, stretches.STRETCH_BYTES])
@pytest.mark.parametrize("seed", range(24))
def test_damaged_files_are_read_alike(tmp_path, monkeypatch, seed, size):
    monkeypatch.setattr(stretches, "STRETCH_BYTES", size)
    chance = random.Random(seed)
    sound = (
        '"On bridges","A. Sato; B. Ito","Osaka Univ.; Kyoto Univ.","V","2020","Of ""x"".","10.1/x","","a;b","c","3","x"'
    )
    data = bytearray("\n".join([HEADER, *[sound] * 300]).encode())
    bits = [
        b'"',
        b"\n",
        b"\r\n",
        b"\x00",
        b"\xff",
        b",",
        b";",
        b"&amp;",
        b"\xc3\xa9",
        b"",
        b'","',
        b'""',
        b"\n" + HEADER.encode(),
    ]
    for _ in range(chance.choice([1, 2, 60])):
        at = chance.randrange(len(HEADER), len(data))
        data[at : at + chance.choice([0, 0, 1, 40])] = chance.choice(bits)
    compare(write(tmp_path, "damaged.csv", bytes(data)))


SOUND = '"On bridges","A. Sato","Osaka Univ.","V","2020","T","10.1/x","","a","b","3","x"'


@pytest.mark.parametrize(
    "end",
    [b'"On bridges","A. Sato","never closed', b"", b"\r\n", b"\n\n", HEADER.encode(), SOUND.encode() + b"\n",
     SOUND.replace("bridges", "\xe9").encode("cp1252"), b"\xef\xbb\xbf" + SOUND.encode(), b",,,", b'"' + SOUND.encode(),
     SOUND.replace("bridges", "br\xfccke").encode() + b"\n" + SOUND.replace("bridges", "\xe9").encode("cp1252"),
     SOUND.replace("On bridges", "Document").encode(), b"," * 11, b'"' + b"x" * 5_000 + b'"' + b"," * 11],
    ids=range(14),
)  # fmt: skip
def test_files_of_any_end_are_read_alike(tmp_path, monkeypatch, end):
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 1_000)
    compare(write(tmp_path, "end.csv", "\n".join([HEADER, *[SOUND] * 900, ""]).encode() + end))


def test_a_file_that_breaks_off_is_read_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 100_000)
    chance = random.Random(5)
    lines = [SOUND.replace("bridges", str(chance.random())) for _ in range(9_000)]
    packed = gzip.compress("\n".join([HEADER, *lines]).encode())
    found = compare(write(tmp_path, "cut.csv.gz", packed[: len(packed) // 2]))
    assert len(found) > 1


def test_members_of_an_archive_are_numbered_through(tmp_path):
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.write(EXPORTS / "ieee_2023.csv", name)
    compare(tmp_path / "both.zip")


def test_what_came_before_an_unforeseen_error_is_kept(tmp_path, monkeypatch):
    read = batches.cell_rows

    def failing(*arguments, **named):
        yield from islice(read(*arguments, **named), 3)
        raise ValueError("unforeseen")

    path = write(tmp_path, "sound.csv", "\n".join([HEADER, *[SOUND] * 9, "odd"]))
    monkeypatch.setattr(batches, "cell_rows", failing)
    records, [refusal] = one_by_one(read_batches(path, path.name, {}))
    assert [record[0] for record in records] == [1, 2, 3]
    assert (refusal.code, refusal.row) == ("unreadable", 4)
