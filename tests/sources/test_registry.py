"""Files of any kind, faulty ones among them: each ends in records and refusals, never in a traceback."""

import gzip
import io
import os
import resource
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.errors import SourceError
from kakehashi.records import Author, Mention, Record, Refusal
from kakehashi.sources import registry, streams
from kakehashi.sources.base import Format
from kakehashi.sources.check import AUTHOR_LIMIT, checked
from kakehashi.sources.registry import find_files, formats, inputs_of, read_file
from kakehashi.sources.text import make_head
from sources.reading import EXPORTS, codes, lost, read, write

TABLE = "title,authors,affiliations,year,doi\n" + "".join(
    f"Bridge {n},A. Sato,Osaka University,2020,10.1000/{n}\n" for n in range(1, 6)
)
BIG = "title,year,abstract\n" + "".join(f"Bridge {n},2020,{os.urandom(40).hex()}\n" for n in range(5000))


def zipped(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty"),
        ("spaces.csv", b"\xef\xbb\xbf \r\n ", "empty"),
        ("binary.csv", bytes(range(256)) * 20, "unrecognised"),
        ("prose.txt", b"Once upon a time, there was a bridge.\nIt stood.\n", "unrecognised"),
        ("page.html", b"<!doctype html><html><title>x</title></html>", "unrecognised"),
        ("paper.pdf", b"%PDF-1.7 \x00\x01", "unrecognised"),
        ("cut.gz", gzip.compress(TABLE.encode())[:12], "truncated"),
        ("broken.zip", zipped(**{"a.csv": TABLE})[:-30], "truncated"),
        ("nested.zip", zipped(**{"a.zip": zipped(**{"b.csv": TABLE})}), "unreadable"),
        ("nested.gz", gzip.compress(zipped(**{"b.csv": TABLE})), "unreadable"),
        ("sheet.xlsx", zipped(**{"[Content_Types].xml": "<x/>"}), "unrecognised"),
    ],
    # Compressed bytes hold the second they were made in: as names of tests they would differ between processes.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(tmp_path, name, content, code):
    _, records, refusals = read(write(tmp_path, name, content))
    assert (records, codes(refusals)) == ([], [code])
    assert refusals[0].reason


def test_an_unrecognised_table_is_told_how_to_be_mapped(tmp_path):
    refusals = read(write(tmp_path, "notes.txt", "What I think of bridges"))[2]
    assert "generic_csv" in refusals[0].reason
    assert "study.toml" in refusals[0].reason


def test_compressed_files_give_what_plain_ones_give(tmp_path):
    plain = read(write(tmp_path, "a.csv", TABLE))
    assert len(plain[1]) == 5
    assert read(write(tmp_path, "a.csv.gz", gzip.compress(TABLE.encode()))) == plain
    assert read(write(tmp_path, "a.zip", zipped(**{"a.csv": TABLE}))) == plain


def test_members_of_a_zip_come_in_natural_order_with_rows_through_the_file(tmp_path):
    one = "title,year,venue\nFrom {},2020,x\n"
    members = {f"p/page_{n}.csv": one.format(n) for n in (10, 2, 1)}
    _, records, refusals = read(
        write(tmp_path, "a.zip", zipped(**members, **{"p/empty.csv": "", "__MACOSX/x": "junk"}))
    )
    assert [(r.row, r.title) for r in records] == [(1, "From 1"), (2, "From 2"), (3, "From 10")]
    assert [refusal.reason for refusal in refusals] == ["p/empty.csv: the file is empty; export it again or remove it"]


def test_what_a_cut_gzip_still_gives_is_kept_and_the_cut_is_refused(tmp_path):
    data = gzip.compress(BIG.encode())
    _, records, refusals = read(write(tmp_path, "cut.csv.gz", data[: len(data) // 2]))
    assert 1000 < len(records) < 4000
    assert [(refusal.code, refusal.records) for refusal in refusals] == [("truncated", 1)]
    assert refusals[0].row == len(records) + 1


def test_damaged_compressed_data_are_refused_where_they_begin(tmp_path):
    data = bytearray(gzip.compress(BIG.encode()))
    data[len(data) // 2 : len(data) // 2 + 50] = b"\xff" * 50
    _, records, refusals = read(write(tmp_path, "damaged.csv.gz", bytes(data)))
    assert 0 < len(records) < 5000
    assert "truncated" in codes(refusals)


def test_an_encrypted_member_is_refused_by_name(tmp_path):
    data = bytearray(zipped(**{"a.csv": TABLE}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    refusals = read(write(tmp_path, "secret.zip", bytes(data)))[2]
    assert codes(refusals) == ["unreadable"]
    assert "a.csv: encrypted" in refusals[0].reason


def test_a_bomb_is_left_when_it_has_grown_too_far(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "BOMB_BYTES", 10_000)
    content = "title,year,venue\n" + f"Bridge,2020,{'x' * 2000}\n" * 1000
    for name, data in (("bomb.csv.gz", gzip.compress(content.encode())), ("bomb.zip", zipped(**{"a.csv": content}))):
        _, records, refusals = read(write(tmp_path, name, data))
        assert len(records) < 900
        assert "200 times" in refusals[-1].reason


def test_a_line_of_a_hundred_megabytes_is_refused_without_being_held(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"title,year,venue\nBefore,2020,x\n")
        for _ in range(100):
            file.write(b"y" * 1_000_000)
        file.write(b"\nAfter,2020,x\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, records, refusals = read(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [(record.row, record.title) for record in records] == [(1, "Before"), (3, "After")]
    assert [(refusal.row, refusal.code, refusal.records) for refusal in refusals] == [(2, "line_too_long", 1)]
    assert grown < 60_000  # kilobytes


def test_a_wrongly_encoded_table_keeps_all_its_records(tmp_path):
    content = TABLE.encode() + "Brücke,A. Müller,Universität München,2020,10.1000/6\n".encode("cp1252")
    _, records, refusals = read(write(tmp_path, "a.csv", content))
    assert [len(records), records[5].mentions[0].text] == [6, "Universität München"]
    assert codes(refusals) == ["encoding"]


def test_a_quote_that_swallows_the_rest_costs_one_row(tmp_path):
    rows = "".join(f"Row {n},A. Sato,Osaka University,2020,10.1000/{n}\n" for n in range(5000))
    _, records, refusals = read(write(tmp_path, "a.csv", TABLE + '"Stray,A. Sato,Osaka,2020,10.1000/x\n' + rows))
    assert (len(records), lost(refusals), codes(refusals)) == (5005, 1, ["stray_quote"])


def test_nul_bytes_in_a_table_are_left_out(tmp_path):
    _, records, _ = read(write(tmp_path, "a.csv", TABLE.replace("Bridge 2", "Bri\x00dge 2")))
    assert records[1].title == "Bridge 2"


def test_a_reader_that_fails_on_its_data_ends_in_a_refusal_that_names_it(tmp_path, monkeypatch):
    def fail(_source, _head):
        yield Record(1, "Kept")
        raise ValueError("cannot be")

    broken = Format("broken", "other", lambda head: head.text.startswith("title"), fail, "fails")
    monkeypatch.setattr(registry, "formats", lambda: (broken,))
    _, records, refusals = read(write(tmp_path, "a.csv", TABLE))
    assert [record.title for record in records] == ["Kept"]
    assert (refusals[0].row, refusals[0].code, refusals[0].records) == (2, "unreadable", 1)
    assert "broken" in refusals[0].reason
    assert "cannot be" in refusals[0].reason


def test_an_unknown_format_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(SourceError, match="ieee_csv"):
        list(read_file(write(tmp_path, "a.csv", TABLE), "a.csv", {}, "ieee"))


def test_a_forced_format_is_used_whatever_the_file_looks_like():
    formats_used, records, _ = read(EXPORTS / "lens.csv", forced="generic_csv")
    assert (formats_used, len(records)) == (["generic_csv"], 2)


def test_format_names_are_unique():
    names = [format_.name for format_ in formats()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("path", sorted(EXPORTS.iterdir()), ids=lambda path: path.name)
def test_no_format_claims_anothers_file(path):
    for source in inputs_of(path, path.name, {}):
        if not isinstance(source, Refusal):
            head = make_head(source.head())
            claims = [format_.name for format_ in registry.FORMATS if format_.recognise(head)]
            assert len(claims) <= 1


def test_files_are_listed_in_natural_order_with_labels_from_the_root(tmp_path):
    for name in ("b/page_10.csv", "b/page_2.csv", "a.csv", ".hidden/x.csv", "b/.x.csv"):
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / "root", name, "x")
    assert [label for _, label in find_files([tmp_path / "root"])] == [
        "root/a.csv", "root/b/page_2.csv", "root/b/page_10.csv",
    ]  # fmt: skip
    assert [label for _, label in find_files([tmp_path / "root" / "b", tmp_path / "root" / "b" / "page_2.csv"])] == [
        "b/page_2.csv", "b/page_10.csv",
    ]  # fmt: skip


def test_files_of_one_name_get_labels_of_their_own(tmp_path):
    for folder in ("x/exports", "y/exports"):
        (tmp_path / folder).mkdir(parents=True)
        write(tmp_path / folder, "a.csv", "x")
    labels = [label for _, label in find_files([tmp_path / "x/exports", tmp_path / "y/exports"])]
    assert labels == ["exports/a.csv", "exports/a.csv (2)"]


def test_a_path_that_is_not_there_stops_with_its_name():
    with pytest.raises(SourceError, match="nowhere"):
        find_files([Path("nowhere")])


def test_a_record_without_title_and_doi_is_refused_and_an_odd_one_is_made_plausible():
    assert [item.code for item in checked(Record(1, None))] == ["no_title"]
    assert [item.code for item in checked(Record(1, "* ?"))] == ["no_title"]
    assert list(checked(Record(1, None, doi="10.1/x"))) == [Record(1, None, doi="10.1/x")]
    note, record = checked(Record(1, "x", year=1066))
    assert (note.code, note.records, record.year) == ("implausible_year", 0, None)
    note, record = checked(Record(1, "x" * 6000))
    assert (note.code, len(record.title)) == ("long_title", 5000)


def test_a_list_of_too_many_authors_is_cut_but_its_affiliations_are_kept():
    many = tuple(Author(str(n)) for n in range(AUTHOR_LIMIT + 1))
    note, record = checked(Record(1, "x", authors=many, mentions=(Mention("A", 1), Mention("B", AUTHOR_LIMIT + 1))))
    assert (note.code, len(record.authors)) == ("many_authors", AUTHOR_LIMIT)
    assert record.mentions == (Mention("A", 1), Mention("B", None))


BEGINNINGS = [b"", b"title,year,doi\n", b'"Document Title",Authors,"Author Affiliations","DOI"\n', b"Title,EID\n",
              b'{"title":', b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbftitle;year\n"]  # fmt: skip
PIECES = [b'"', b",", b"\n", b"\r\n", b";", b"a", b"2020", b"\x00", b"\xff", "é".encode(), b"10.1000/x", b'""', b"["]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_no_bytes_raise_and_every_row_is_accounted_for_once(tmp_path, beginning, rest):
    _, records, refusals = read(write(tmp_path, "x.csv", beginning + rest))
    rows = [record.row for record in records]
    assert rows == sorted(set(rows))
    assert not set(rows) & {refusal.row for refusal in refusals if refusal.records}


class Entry:
    """An installed entry point, or one whose package is broken."""

    name, value = "other_vendor", "other_vendor.reader:FORMAT"

    def __init__(self, loaded):
        self._loaded = loaded

    def load(self):
        if self._loaded is None:
            raise ImportError("no module named other_vendor")
        return self._loaded


@pytest.fixture
def installed(monkeypatch):
    def install(loaded):
        monkeypatch.setattr(registry, "entry_points", lambda group: [Entry(loaded)] * (group == "kakehashi.sources"))
        formats.cache_clear()

    yield install
    formats.cache_clear()


def test_a_reader_of_another_package_is_asked_before_the_plain_tables(tmp_path, installed):
    theirs = Format(
        "other_vendor", "other", lambda head: "vendor_id" in head.text, lambda _source, _head: iter([]), "x"
    )
    installed((theirs,))
    assert [fmt.name for fmt in formats()][-3:] == ["other_vendor", "generic_jsonl", "generic_csv"]
    assert registry.recognise(make_head(b"title,vendor_id,year\nA,1,2020\n")) is theirs


def test_a_reader_of_another_package_that_does_not_load_is_named(installed):
    installed(None)
    with pytest.raises(SourceError, match=r"other_vendor.*does not load"):
        formats()
