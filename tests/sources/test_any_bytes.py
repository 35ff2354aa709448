"""What holds for every tagged and structured reader, whatever bytes it is given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.records import Record
from kakehashi.sources import (
    bibtex,
    cnki,
    ieee_json,
    lens_json,
    medline,
    openalex,
    openalex_parquet,
    ris,
    wos_tagged,
)
from sources.reading_bytes import EXPORTS, export, formats_claiming, items

MODULES = (bibtex, cnki, ieee_json, lens_json, medline, openalex, openalex_parquet, ris, wos_tagged)
NAMES = [format_.name for module in MODULES for format_ in module.FORMATS]
SUFFIXES = (".bib", ".ris", ".txt", ".json", ".jsonl")
FILES = [
    path.name for path in sorted(EXPORTS.iterdir()) if path.suffix in SUFFIXES and formats_claiming(path.read_bytes())
]


def check(data, name):
    for item in items(data, name):
        assert item.row is None or item.row >= 1
        if isinstance(item, Record):
            assert all(mention.author is None or 1 <= mention.author <= len(item.authors) for mention in item.mentions)
            assert all(mention.text.strip() for mention in item.mentions)
            assert all(keyword.text.strip() for keyword in item.keywords)
        else:
            assert item.code
            assert item.reason
            assert item.records >= 0


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=300) | st.text('@{}[]"\\,=#%TYERPTFNAUC1-\n ', max_size=120).map(str.encode))
@settings(max_examples=40, deadline=None)
def test_no_bytes_make_a_reader_raise(name, data):
    check(data, name)


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_damage_inside_an_export_never_makes_its_reader_raise(file, data):
    whole = export(file)
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    patch = data.draw(st.binary(max_size=8) | st.sampled_from([b"{", b"}", b'"', b"\\", b"\n", b"\x00", b"\nER  - \n"]))
    check(whole[:start] + patch + whole[start + length :], formats_claiming(whole)[0])
