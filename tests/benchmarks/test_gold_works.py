"""The draw of works for the gold set of fields, and the agreement of two who label them, by hand-counted cases."""

import csv
import sys
from collections import Counter
from pathlib import Path

import pytest

from kakehashi.records import Keyword, Record

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import draw_gold_works as drawing  # noqa: E402
import gold_agreement as agreement  # noqa: E402
from gold_agreement import Counts  # noqa: E402

LETTERS = "abcdefghijklmnop"


def candidate(number, **values):
    title = f"{LETTERS[number % 16] * 3} {LETTERS[number // 16] * 4} number{number}"
    return drawing.Candidate(str(number), "ieee", "folder", Record(number, values.pop("title", title), **values))


def labels(**works):
    return {key: frozenset(value.split()) for key, value in works.items()}


FIRST = labels(a="ai iot", b="ai", c="outside", d="security")
SECOND = labels(d="security", a="ai", b="ai", c="bigdata", e="ai")
IDS = agreement.shared(FIRST, SECOND)


def test_an_identifier_is_the_doi_else_the_number_in_its_file_else_the_title():
    file = Path("lists/icra2014.csv.gz")
    assert drawing.work_id(Record(1, "T", doi="10.1/AB", source_id="7"), file) == "10.1/ab"
    assert drawing.work_id(Record(1, "T", source_id="7"), file) == "lists/icra2014#7"
    first, same, other = (
        drawing.work_id(Record(1, title, year=2020), file)
        for title in (
            "A title of many letters and words",
            "A Title of Many Letters, and Words.",
            "Another title of some",
        )
    )
    assert first == same != other


def test_of_records_of_one_work_the_fullest_is_kept():
    bare, full = candidate(1), candidate(1, abstract="Text.", keywords=(Keyword("k", "author"),))
    assert drawing.unique([bare, full]) == drawing.unique([full, bare]) == [full]
    assert drawing.unique([candidate(1, title="One title"), candidate(2, title="One Title.")])[0].id == "1"


def test_the_draw_is_even_over_venues_whatever_their_size():
    pool = [candidate(n, venue="Large" if n < 40 else f"Small {n % 2}x", year=2000 + n % 3) for n in range(60)]
    drawn = drawing._evenly(list(pool), 10, [])
    assert Counter(drawing._venue(one) for one in drawn) == {"large": 5, "smallx": 5}
    assert max(Counter(one.record.year for one in drawn).values()) <= 4


def test_a_title_of_which_more_than_half_was_drawn_before_is_left_out():
    before = [candidate(0, title="Learning to route packets")]
    alike = candidate(1, title="Learning: route packets fast")
    other = candidate(2, title="Learning and route")
    assert drawing._evenly([alike], 1, before) == []
    assert drawing._evenly([alike, other], 2, [candidate(3, title="Route learning at home")]) == [alike, other]


def test_parts_and_second_sample_alternate_within_each_source_and_draw(tmp_path):
    drawn = {"even": [candidate(n) for n in range(32)], "edge": [candidate(n) for n in range(32, 48)]}
    drawing.write_drawn(drawn, 1, tmp_path / "a.csv")
    drawing.write_drawn(drawn, 1, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert Counter((row["draw"], row["part"]) for row in rows) == {
        ("even", "tune"): 16, ("even", "test"): 16, ("rare", "tune"): 8, ("rare", "test"): 8,
    }  # fmt: skip
    assert Counter((row["part"], row["second"]) for row in rows if row["second"]) == {
        ("tune", "yes"): 6, ("test", "yes"): 6,
    }  # fmt: skip


def test_agreement_is_counted_over_the_works_that_both_hold():
    assert IDS == ["d", "a", "b", "c"]
    assert agreement.exact(IDS, FIRST, SECOND) == 0.5
    assert agreement.counts("ai", IDS, FIRST, SECOND) == Counts(2, 0, 0, 2)
    assert agreement.counts("iot", IDS, FIRST, SECOND) == Counts(0, 1, 0, 3)


def test_kappa_is_that_of_cohens_two_by_two_table():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, by chance 0.5
    assert Counts(20, 5, 10, 15).kappa == pytest.approx(0.4)
    assert Counts(3, 0, 0, 1).kappa == 1
    assert Counts(0, 0, 0, 4).kappa is None


def test_micro_f1_counts_answers_and_macro_f1_counts_fields():
    by_field = [agreement.counts(field, IDS, FIRST, SECOND) for field in agreement.FIELDS]
    assert agreement.micro_f1(by_field) == pytest.approx(2 * 3 / (2 * 3 + 1 + 1))
    assert agreement.macro_f1(by_field) == pytest.approx((1 + 1 + 0 + 0) / 4)  # security, ai, iot, bigdata


@pytest.mark.parametrize(
    ("row", "said"),
    [("x,robots", "robots is no field"), ("x,outside ai", "outside alone"), ("x,", "at least one"), ("a,ai", "twice")],
)
def test_what_is_no_label_is_refused_with_its_line(tmp_path, row, said):
    path = tmp_path / "labels.csv"
    path.write_text(f"id,fields\na,ai\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=said) as refused:
        agreement.read_labels(path)
    assert f"{path}, line 3" in str(refused.value)


def test_a_table_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("id,label\na,ai\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns id and fields"):
        agreement.read_labels(path)
