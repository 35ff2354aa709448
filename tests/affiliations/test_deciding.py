"""Decisions at work on a small corpus counted by hand, on each engine."""

import pytest

from kakehashi.affiliations import readings, stage
from kakehashi.progress import Silent
from kakehashi.settings import parse_settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, RECORDS, WORK_VALUES, WORKS

KYOTO = "Kyoto University, Kyoto, Japan"
SHORT = "Dept. of Physics, Kyoto Univ., Kyoto, Japan"
BARE = "Kyoto University"
OSAKA = "Osaka University, Osaka, Japan"
YORK = "Yorvik Institute of Glass"
ODD = "4th floor, Building 7"
BOTH = "Osaka University, Osaka, Japan; CNRS, Lyon, France"
ROR = "https://ror.org/02kpeqv85"
MENTION_ROWS = [
    ("w1", 1, 1, KYOTO, None, None), ("w1", 2, 2, OSAKA, None, None),
    ("w2", 1, 1, SHORT, None, None),
    ("w3", 1, 1, BARE, None, None), ("w3", 2, 2, ODD, None, None),
    ("w4", 1, 1, YORK, None, None),
    ("w5", 1, 1, BOTH, None, None),
]  # fmt: skip


def run_on(engine, tmp_path, *rows, head="decision,affiliation,name,country_code,institution_id,target", **more):
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join((head, *rows)), encoding="utf-8")
    settings = parse_settings({"affiliations": {"decisions": str(path), **more}}, "test")
    engine.load(MENTIONS, MENTION_ROWS)
    for table in (AUTHORSHIPS, RECORDS, WORKS, WORK_VALUES):
        engine.load(table, [])
    for part in (readings, stage):
        part.run(engine, settings, Silent())


def resolved(engine, text):
    return engine.rows(
        "select institution_id, institution, country_code, method, country_method, decision, country_decision "
        f"from resolutions where affiliation = '{text}' order by seq nulls last"
    )


def institutions(engine):
    return {row[0]: row[1:] for row in engine.rows("select institution_id, country_code, works from institutions")}


def outcome(engine):
    rows = engine.rows("select row, status, coalesce(code, ''), strings, works from decisions order by row nulls last")
    return [tuple(row) for row in rows]


def test_without_decisions_the_corpus_speaks(one_engine, tmp_path):
    run_on(one_engine, tmp_path)
    assert institutions(one_engine) == {
        "kyoto-university.jp": ("JP", 3), "osaka-university.jp": ("JP", 2), "cnrs.fr": ("FR", 1),
        "yorvik-institute-of-glass.xx": (None, 1),
    }  # fmt: skip
    assert outcome(one_engine) == []


def test_a_decided_string_is_not_guessed_at(engine, tmp_path):
    run_on(engine, tmp_path, f'link,"{SHORT}",,,,osaka-university.jp', f'link,"{ODD}",,JP,,{ROR}')
    assert resolved(engine, SHORT) == [
        ("osaka-university.jp", "Osaka University", "JP", "decision", "country_name", "decisions.csv:2", None)
    ]
    [(identity, _, country, method, *_)] = resolved(engine, ODD)
    assert (identity, country, method) == (ROR, "JP", "decision")
    assert institutions(engine)["osaka-university.jp"] == ("JP", 3)
    assert outcome(engine) == [(2, "applied", "", 1, 1), (3, "applied", "", 1, 1)]
    assert engine.rows("select distinct confidence from resolutions where decision is not null") == [(1.0,)]


def test_a_link_by_name_settles_every_spelling_and_shows_in_the_names(one_engine, tmp_path):
    run_on(one_engine, tmp_path, f"link,,Kyoto University,JP,,{ROR}")
    for text in (KYOTO, SHORT, BARE):
        assert [row[0] for row in resolved(one_engine, text)] == [ROR]
    rows = one_engine.rows(
        f"select name, mentions, evidence from institution_names where institution_id = '{ROR}' order by seq"
    )
    assert [tuple(row) for row in rows] == [("Kyoto University", 2, "decision"), ("Kyoto Univ", 1, "decision")]
    assert institutions(one_engine)[ROR] == ("JP", 3)
    assert outcome(one_engine) == [(2, "applied", "", 3, 3)]


def test_merged_institutions_are_one_whatever_each_is_called(quick_engine, tmp_path):
    run_on(quick_engine, tmp_path, "merge,,,,osaka-university.jp,kyoto-university.jp")
    assert "osaka-university.jp" not in institutions(quick_engine)
    assert institutions(quick_engine)["kyoto-university.jp"] == ("JP", 4)
    assert resolved(quick_engine, OSAKA)[0][:3] == ("kyoto-university.jp", "Kyoto University", "JP")


def test_a_country_said_of_an_institution_holds_for_its_works(one_engine, tmp_path):
    run_on(one_engine, tmp_path, "country,,,,yorvik-institute-of-glass.xx,GB")
    assert resolved(one_engine, YORK) == [
        ("yorvik-institute-of-glass.gb", "Yorvik Institute of Glass", "GB", "rule", "decision", None, "decisions.csv:2")
    ]
    assert one_engine.rows("select work_id from work_countries where country_code = 'GB'") == [("w4",)]


def test_the_territory_policy_counts_decided_countries_too(one_engine, tmp_path):
    run_on(one_engine, tmp_path, f"country,{YORK},,,,TW", territory_policy="un")
    assert resolved(one_engine, YORK)[0][2] == "CN"


def test_what_is_no_institution_leaves_its_country_behind(one_engine, tmp_path):
    run_on(one_engine, tmp_path, "not_this,,Osaka University,,,", f"not_this,{YORK},,,,yorvik-institute-of-glass.xx")
    assert resolved(one_engine, OSAKA)[0][:3] == (None, None, "JP")
    assert {row[:2] for row in resolved(one_engine, BOTH)} == {(None, None), ("cnrs.fr", "CNRS")}
    assert resolved(one_engine, YORK)[0][0] is None
    assert one_engine.rows("select distinct reason from resolutions where decision is not null") == [
        ("decided_no_institution",)
    ]


def test_one_institution_of_a_string_can_be_picked_by_its_name(one_engine, tmp_path):
    run_on(one_engine, tmp_path, f'link,"{BOTH}",CNRS,,,{ROR}')
    assert [row[0] for row in resolved(one_engine, BOTH)] == ["osaka-university.jp", ROR]


def test_a_name_taken_apart_stands_alone_under_the_name_given(one_engine, tmp_path):
    run_on(one_engine, tmp_path, "new_institution,,Kyoto University,JP,,Kyoto University Main")
    assert institutions(one_engine)["kyoto-university-main.jp"] == ("JP", 3)
    assert "kyoto-university.jp" not in institutions(one_engine)


def test_a_decision_about_nothing_in_the_study_is_counted_and_no_error(one_engine, tmp_path):
    run_on(one_engine, tmp_path, "country,,Nowhere College,,,JP", "frob,,A,,,", "link,A string,,,,b.jp")
    assert outcome(one_engine) == [
        (2, "no_effect", "", 0, 0), (3, "set_aside", "unknown_decision", 0, 0), (4, "no_effect", "", 0, 0),
    ]  # fmt: skip


def test_a_name_also_speaks_of_a_string_that_is_nothing_else(one_engine, tmp_path):
    run_on(one_engine, tmp_path, "new_institution,,4TH FLOOR - building 7,JP,,Glass House")
    label = "decisions.csv:2"
    assert resolved(one_engine, ODD) == [("glass-house.jp", "Glass House", "JP", "decision", "decision", label, label)]


@pytest.mark.parametrize("order", [1, -1])
def test_a_circle_of_merges_ends_somewhere_and_always_in_the_same_place(one_engine, tmp_path, order):
    rows = ["merge,,,,osaka-university.jp,kyoto-university.jp", "merge,,,,kyoto-university.jp,osaka-university.jp"]
    run_on(one_engine, tmp_path, *rows[::order])
    assert institutions(one_engine)["kyoto-university.jp"] == ("JP", 4)


ESSEX, BRIEF = "University of Essex, Colchester, UK", "Univ Essex, Colchester, UK"


@pytest.mark.parametrize("row", ["split,,Univ Essex,,,", "not_this,,Univ Essex,GB,,university-of-essex.gb"])
def test_a_spelling_can_be_taken_out_of_the_institution_it_was_counted_under(one_engine, tmp_path, monkeypatch, row):
    rows = [("w1", 1, 1, ESSEX, None, None), ("w2", 1, 1, BRIEF, None, None)]
    monkeypatch.setitem(globals(), "MENTION_ROWS", rows)
    run_on(one_engine, tmp_path)
    assert institutions(one_engine) == {"university-of-essex.gb": ("GB", 2)}
    run_on(one_engine, tmp_path, row)
    assert institutions(one_engine) == {"university-of-essex.gb": ("GB", 1), "university-essex.gb": ("GB", 1)}
    assert outcome(one_engine) == [(2, "applied", "", 1, 1)]


def test_confirming_an_institution_changes_nothing_but_its_doubt(one_engine, tmp_path):
    run_on(one_engine, tmp_path)
    before = institutions(one_engine)
    run_on(one_engine, tmp_path, "new_institution,,,,osaka-university.jp,")
    assert institutions(one_engine) == before
    assert resolved(one_engine, OSAKA)[0][3] == "decision"
    assert outcome(one_engine) == [(2, "applied", "", 2, 2)]
