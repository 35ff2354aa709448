import json
import tracemalloc
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.records import Refusal
from kakehashi.sources import json_stream
from kakehashi.sources.base import Input, from_bytes
from kakehashi.sources.json_stream import json_objects
from kakehashi.sources.text import make_head
from sources.reading_bytes import export, formats_claiming, items, links, people, records, refusals, words


def found(data):
    return list(json_objects(from_bytes("test", data), make_head(data[:65_536])))


def values(data):
    return [item[1] for item in found(data) if not isinstance(item, Refusal)]


def codes(data):
    return [(item.row, item.code, item.records) for item in found(data) if isinstance(item, Refusal)]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text('ab{}[]"\\,', max_size=4), JSON_VALUES, min_size=1, max_size=3), max_size=4))
def test_arrays_and_lines_of_any_objects_are_cut_where_json_cuts_them(objects):
    for data in (
        json.dumps(objects).encode(),
        json.dumps(objects, indent=2).encode(),
        b"\n".join(json.dumps(item).encode() for item in objects),
    ):
        assert values(data) == objects
        assert codes(data) == []


@pytest.mark.parametrize("form", ["[%s]", '{"meta": {"a": 1}, "results": [%s]}', '{"total": 2, "data":[%s], "x": {}}'])
def test_a_file_cut_anywhere_keeps_the_whole_records_and_is_refused_once(form):
    data = (form % '{"a": "}{\\"", "b": {"c": [1]}}, {"d": 2}').encode()
    assert [value.get("d") for value in values(data)] == [None, 2]
    for end in range(1, len(data)):
        whole = values(data[:end])
        assert whole == values(data)[: len(whole)]
        assert [code for _, code, _ in codes(data[:end])] == ["truncated"]


def test_an_object_that_is_not_json_costs_itself_only():
    assert values(b'[{"a": 1}, {"a": oops}, {"a": 3}]') == [{"a": 1}, {"a": 3}]
    assert codes(b'[{"a": 1}, {"a": oops}, {"a": 3}]') == [(2, "malformed", 1)]


def test_elements_that_are_no_objects_are_counted_as_refused():
    assert codes(b'[{"a": 1}, 7, null, {"b": 2}, "x"]') == [
        (2, "malformed", 1),
        (3, "malformed", 1),
        (5, "malformed", 1),
    ]


def test_a_line_cut_by_a_crash_does_not_cost_the_lines_after_it():
    data = b'{"a": 1}\n{"a": {"b": "cut\n{"a": 3}\n{"a": 4}\n'
    assert values(data) == [{"a": 1}, {"a": 3}, {"a": 4}]
    assert codes(data) == [(2, "malformed", 1)]


def test_pages_one_after_the_other_and_empty_pages_are_read_through():
    first, empty = b'{"results": [{"a": 1}], "group_by": [{"z": {}}]}', b'{"results": []}'
    data = b"\n".join([first, empty, b'{"meta": {}, "results": [{"a": 2}, {"a": 3}]}'])
    assert values(data) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert codes(data) == []


def test_bytes_that_are_not_utf8_are_replaced_and_noted():
    data = b'[{"a": "caf\xe9 ' + "あ".encode() * 11 + b'"}]'
    assert values(data)[0]["a"].startswith("caf\ufffd")
    assert codes(data) == [(1, "encoding", 0)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_and_utf16_are_understood(encoding):
    assert values('[{"a": "橋"}, {"a": "é"}]'.encode(encoding)) == [{"a": "橋"}, {"a": "é"}]


def test_a_record_without_end_is_refused_without_being_held_in_memory(monkeypatch):
    monkeypatch.setattr(json_stream, "LIMIT_BYTES", 1 << 20)
    data = b'[{"a": 1}, {"b": "' + b"x" * (3 << 20)
    assert codes(data) == [(2, "too_long", 1)]


class _Endless:
    """A stream of many records that are never in memory together."""

    def __init__(self, count):
        self.parts = iter([b"[", *repeat(b'{"a": {"b": "' + b"x" * 1000 + b'"}},', count), b'{"a": 1}]'])

    def read(self, _size):
        return next(self.parts, b"")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def test_memory_does_not_grow_with_the_file():
    source = Input("test", lambda: _Endless(10_000))
    tracemalloc.start()
    count = sum(1 for _ in json_objects(source, make_head(b"[{")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_001
    assert peak < 6_000_000


def test_a_value_of_another_shape_costs_its_record_only():
    good = '{"id": "https://openalex.org/W1", "title": "Good", "authorships": []}'
    bad = '{"id": "https://openalex.org/W2", "title": "Bad", "primary_location": [1, 2]}'
    data = f"[{good}, {bad}, {good}]".encode()
    assert [work.row for work in records(data, "openalex_json")] == [1, 3]
    assert [(refusal.row, refusal.code) for refusal in refusals(data, "openalex_json")] == [(2, "malformed")]


def test_ieee_answers_keep_order_links_and_kinds():
    data = export("ieee_api.json")
    assert formats_claiming(data) == ["ieee_json"]
    first, second = records(data, "ieee_json")
    assert links(first) == [
        ("A. Satō", "School of Bridges, Osaka University, Japan"),
        ("C. Okafor", "Port Lab, University of Lagos, Lagos, Nigeria"),
    ]
    assert [(keyword.kind, keyword.text) for keyword in first.keywords] == [
        ("author", "bridges"),
        ("ieee", "Bridges"),
        ("ieee", "Task analysis"),
        ("inspec", "bridges (structures)"),
        ("inspec_free", "bridge span"),
    ]
    assert (first.year, first.citations, first.source_id) == (2021, 3, "9000001")
    assert links(second) == [("B. Both", "Univ. A, Japan"), ("B. Both", "Univ. B, France")]
    assert second.year == 2021


def test_lens_works_keep_what_lens_states_of_an_affiliation():
    data = export("lens.jsonl")
    assert formats_claiming(data) == ["lens_json"]
    first, second = records(data, "lens_json")
    assert people(first) == ["Sato, Aiko", "Bridge Group"]
    assert [(m.text, m.author, m.given_ror, m.given_country) for m in first.mentions] == [
        ("Sch. of Bridges, Osaka University", 1, "035t8zc32", "JP")
    ]
    assert (first.authors[0].orcid, first.doi, first.citations) == ("0000-0002-1825-0097", "10.9999/lens.1", 5)
    assert (words(first, "author"), words(first, "concept"), words(first, "mesh")) == (
        ["bridge"],
        ["Engineering"],
        ["Humans"],
    )
    assert second.year == 2019
    assert len(items(data, "lens_json")) == 2
