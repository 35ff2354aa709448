import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.records import Refusal
from kakehashi.sources.base import HEAD_BYTES, from_bytes
from kakehashi.sources.text import clean, clean_doi, make_head, numbered_lines, parse_count, parse_year, split_list


def lines(data, limit=1000):
    return list(numbered_lines(from_bytes("x", data), make_head(data[:HEAD_BYTES]), limit))


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("title,é\nb", "utf-8-sig", "utf-8"),
        ("title,é\nb", "utf-16", "utf-16-le"),
        ("title,abc\nb,abc", "utf-16-be", "utf-16-be"),
        ("Universität München, Universität", "cp1252", "cp1252"),
        ("日本語の論文,題名\n東京大学の研究室", "cp932", "cp932"),
        ("论文题目,作者\n清华大学计算机系,北京", "gb18030", "gb18030"),
        ("서울대학교 논문 제목", "euc-kr", "euc_kr"),
    ],
)
def test_the_encoding_of_a_beginning_is_told_by_its_bytes(text, encoding, expected):
    data = text.encode(encoding)
    head = make_head(data)
    assert (head.encoding, head.text) == (expected, text)
    assert [line for _, line in filter(lambda item: not isinstance(item, Refusal), lines(data))] == text.split("\n")


def test_a_character_cut_at_the_end_of_the_head_does_not_unmake_utf_8():
    head = make_head("橋の研究".encode()[:-1])
    assert (head.encoding, head.text) == ("utf-8", "橋の研")


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"%PDF-1.7 text", b"PK\x03\x04abc", b"\x00\x01\x02\x03" * 50])
def test_binary_data_have_no_text(data):
    head = make_head(data)
    assert (head.encoding, head.text, head.lines) == (None, "", ())


def test_all_line_ends_count_one_line_each():
    assert lines(b"a\r\nb\nc\r\r\nd") == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    assert lines(b"a\rb\rc\r") == [(1, "a"), (2, "b"), (3, "c")]


def test_a_line_over_the_limit_is_refused_and_the_next_one_read():
    found = lines(b"a\n" + b"x" * 200_000 + b"\nb", limit=1000)
    assert [found[0], found[2]] == [(1, "a"), (3, "b")]
    assert (found[1].code, found[1].records) == ("line_too_long", 1)
    assert lines(b"x" * 2000)[0].code == "line_too_long"


def test_another_encoding_is_named_in_a_note():
    found = lines("München und Zürich".encode("cp1252"))
    assert (found[0].code, found[0].records, "cp1252" in found[0].reason) == ("encoding", 0, True)


def test_an_accent_far_below_an_ascii_beginning_turns_the_file_to_its_encoding():
    found = lines(b"plain\n" * 20_000 + "Universität\n".encode("cp1252"))
    assert found[-1] == (20_001, "Universität")
    assert (found[-2].code, "line 20001" in found[-2].reason) == ("encoding", True)


def test_damaged_bytes_in_utf_8_are_marked_and_counted_and_the_lines_kept():
    found = lines("é\nü\n".encode() * 20 + b"a\xffb\nc\xffd\n")
    assert found[-3:-1] == [(41, "a\ufffdb"), (42, "c\ufffdd")]
    assert [item.reason.startswith("line 41 holds") for item in found if isinstance(item, Refusal)] == [True, False]
    assert found[-1].reason.startswith("2 lines")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a \u00a0\u3000 b\tc\n", "a b c"),
        ("Universit&#x00E9; &amp;amp; R&D", "Université & R&D"),
        ("Science & amp; Technology", "Science & Technology"),
        ("e\u0301", "é"),
        ("in <i>vivo</i>, H<sub>2</sub>O, a < b", "in vivo, H2O, a < b"),
        ("zero\u200bwidth soft\u00adhyphen nul\x00l", "zerowidth softhyphen nul l"),
        (
            "´Ecole Normale Sup ´erieure de l´Etat, Universit¨at, 5´ x",
            "École Normale Supérieure de lÉtat, Universität, 5´ x",
        ),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("Łódź, São Paulo, 東京", "Łódź, São Paulo, 東京"),
        (" \t", None),
        (None, None),
    ],
)
def test_cleaning_keeps_what_people_would_write(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1145/3290605.3300233", "10.1145/3290605.3300233"),
        ("doi: 10.1109/MIC.2010.92.", "10.1109/mic.2010.92"),
        ("10.1002/(SICI)1097-0258(1998)17:15", "10.1002/(sici)1097-0258(1998)17:15"),
        ("(10.1000/abc)", None),
        ("see https://dl.acm.org/doi/10.1145/1)", "10.1145/1"),
        ("10.1109%2FTNN.2008", "10.1109/tnn.2008"),
        ("10.1000/", None),
        ("n/a", None),
        ("", None),
    ],
)
def test_a_doi_is_found_without_what_stands_around_it(text, doi):
    assert clean_doi(text) == doi


def test_years_counts_and_lists_are_read_from_their_many_forms():
    assert {parse_year(text) for text in ("12 Nov 2019", "2019.0", "20191112", "２０１９年")} == {2019}
    assert {parse_year(text) for text in ("20193", "n.d.", "", None)} == {None}
    assert [parse_count(text) for text in ("12", "12.0", "1,234", "-1", "x", None)] == [12, 12, 1234, None, None, None]
    assert split_list("Universit&#x00E9;; b;; ") == ["Université", "b"]


@given(st.text())
def test_a_cleaned_text_is_clean(text):
    once = clean(text)
    assert once is None or (once == once.strip() and once.encode() and "\n" not in once)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_lines_of_any_bytes_are_numbered_one_by_one(data, limit):
    found = lines(data, limit)
    numbers = [item[0] for item in found if not isinstance(item, Refusal)]
    skipped = sum(item.records for item in found if isinstance(item, Refusal))
    assert numbers == sorted(set(numbers))
    assert not numbers or numbers[-1] <= len(numbers) + skipped
