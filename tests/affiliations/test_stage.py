"""The stage on a small corpus counted by hand, on each engine."""

import pytest

from kakehashi.affiliations import readings, stage
from kakehashi.progress import Silent
from kakehashi.settings import parse_settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, RECORDS, WORK_VALUES, WORKS

KYOTO = "Dept. of Physics, Kyoto University, Kyoto, Japan"
KYOTO_SHORT = "Kyoto Univ., Kyoto 606-8501, JAPAN"
CNRS = "CNRS, Lyon, France"
BARE = "Tsinghua University"
TSINGHUA = "Department of Automation, Tsinghua University, Beijing, China"
NOWHERE = "Zzyzx Widget Institute"
GIVEN = "Qwertz Institute of Things"
UNIT = "Department of Computer Science"
MENTION_ROWS = [
    ("w1", 1, 1, KYOTO, None, None),
    ("w1", 2, 2, CNRS, None, None),
    ("w1", 3, 2, KYOTO_SHORT, "https://ror.org/02kpeqv85", None),
    ("w2", 1, None, TSINGHUA, None, None),
    ("w2", 2, None, KYOTO, None, None),
    ("w2", 3, None, CNRS, None, None),
    ("w3", 1, 1, BARE, None, None),
    ("w4", 1, 1, NOWHERE, None, None),
    ("w5", 1, 1, GIVEN, None, "BR"),
    ("w5", 2, 2, KYOTO, None, "US"),
    ("w6", 1, 1, UNIT, None, None),
    ("w7", 1, 1, None, None, None),
]


def study(by="country", policy="seed"):
    return parse_settings({"counting": {"fractional_by": by}, "affiliations": {"territory_policy": policy}}, "test")


def run_on(engine, rows=MENTION_ROWS, **options):
    engine.load(MENTIONS, rows)
    for table in (AUTHORSHIPS, RECORDS, WORKS, WORK_VALUES):
        engine.load(table, [])
    for part in (readings, stage):
        part.run(engine, study(**options), Silent())


def resolved(engine, text):
    [row] = engine.rows(
        "select institution_id, institution, country_code, ror_id, country_method, reason from resolutions "
        f"where affiliation = '{text}'"
    )
    return row


def shares(engine, table, label):
    rows = engine.rows(f"select work_id, {label}, fraction from {table}")
    return {(work, entity): pytest.approx(fraction, abs=1e-9) for work, entity, fraction in rows}


def test_spellings_of_one_institution_meet_under_the_most_frequent_name(engine):
    run_on(engine)
    assert resolved(engine, KYOTO)[:3] == ("kyoto-university.jp", "Kyoto University", "JP")
    assert resolved(engine, KYOTO_SHORT)[:4] == (
        "kyoto-university.jp", "Kyoto University", "JP", "https://ror.org/02kpeqv85",
    )  # fmt: skip
    found = engine.rows("select name, country_code, ror_id, spellings, works from institutions "
                        "where institution_id = 'kyoto-university.jp'")  # fmt: skip
    assert found == [("Kyoto University", "JP", "https://ror.org/02kpeqv85", 2, 3)]


def test_a_bare_name_takes_the_country_attested_in_the_corpus_and_says_so(one_engine):
    run_on(one_engine)
    assert resolved(one_engine, BARE) == ("tsinghua-university.cn", "Tsinghua University", "CN", None, "corpus", None)


def test_the_sources_own_country_counts_only_where_the_string_names_none(one_engine):
    run_on(one_engine)
    assert resolved(one_engine, GIVEN)[2:5:2] == ("BR", "given")
    assert resolved(one_engine, KYOTO)[2] == "JP"


def test_what_names_no_place_stays_without_a_country_and_gives_the_reason(one_engine):
    run_on(one_engine)
    assert resolved(one_engine, NOWHERE)[2:] == (None, None, None, "no_place_named")
    assert resolved(one_engine, UNIT) == (None, None, None, None, None, "only_department")


def test_countries_of_works_have_equal_shares_when_counted_by_country(one_engine):
    run_on(one_engine)
    assert shares(one_engine, "work_countries", "country_code") == {
        ("w1", "JP"): 1 / 2, ("w1", "FR"): 1 / 2, ("w2", "CN"): 1 / 3, ("w2", "JP"): 1 / 3, ("w2", "FR"): 1 / 3,
        ("w3", "CN"): 1, ("w5", "BR"): 1 / 2, ("w5", "JP"): 1 / 2,
    }  # fmt: skip


def test_authors_share_first_and_then_their_institutions_when_counted_by_author(quick_engine):
    run_on(quick_engine, by="author")
    found = shares(quick_engine, "work_countries", "country_code")
    assert (found["w1", "JP"], found["w1", "FR"]) == (3 / 4, 1 / 4)
    assert found["w2", "CN"] == 1 / 3
    institutions = shares(quick_engine, "work_institutions", "institution_id")
    assert institutions["w1", "kyoto-university.jp"] == 3 / 4


@pytest.mark.parametrize("by", ["country", "institution", "author"])
def test_shares_of_a_work_sum_to_one_however_they_are_counted(one_engine, by):
    texts = [KYOTO, CNRS, TSINGHUA, BARE, GIVEN, "Italy", UNIT]
    rows = [
        (f"x{n}", seq, 1 + seq % 3 if n % 2 else None, text, None, None)
        for n in range(6)
        for seq, text in enumerate(texts[n:])
    ]
    run_on(one_engine, rows, by=by)
    for table in ("work_countries", "work_institutions"):
        for work, total in one_engine.rows(f"select work_id, sum(fraction) from {table} group by work_id"):
            assert total == pytest.approx(1, abs=1e-9), (table, work)


def test_the_order_of_mentions_does_not_change_any_table(one_engine):
    run_on(one_engine)
    tables = ("resolutions", "institutions", "work_institutions", "work_countries")
    before = [sorted(one_engine.rows(f"select * from {table}"), key=repr) for table in tables]
    run_on(one_engine, list(reversed(MENTION_ROWS)))
    assert [sorted(one_engine.rows(f"select * from {table}"), key=repr) for table in tables] == before


def test_the_territory_policy_also_counts_what_sources_assert(one_engine):
    rows = [("w1", 1, 1, GIVEN, None, "TW"), ("w2", 1, 1, "National Taiwan University, Taipei, Taiwan", None, None)]
    run_on(one_engine, rows, policy="un")
    assert one_engine.rows("select distinct country_code from work_countries") == [("CN",)]
    assert {row[0] for row in one_engine.rows("select country_method from resolutions")} == {
        "given",
        "country_name>policy",
    }


def test_a_corpus_without_affiliations_gives_empty_tables(quick_engine):
    run_on(quick_engine, [])
    assert quick_engine.rows("select count(*) from resolutions") == [(0,)]
    assert quick_engine.rows("select count(*) from work_countries") == [(0,)]


def test_one_assertion_does_not_speak_for_works_that_print_the_same_string(one_engine):
    rows = [("w1", 1, 1, GIVEN, None, "BR"), *[(f"w{number}", 1, 1, GIVEN, None, None) for number in (2, 3)]]
    run_on(one_engine, rows)
    assert resolved(one_engine, GIVEN)[2] is None
    assert set(one_engine.rows("select work_id, country_code from work_countries")) == {("w1", "BR")}


def test_a_town_in_a_name_that_the_source_contradicts_is_left_to_the_corpus(engine):
    town = "Qwertz Amsterdam Clinic"
    addressed = "Qwertz Amsterdam Clinic, Paramaribo, Suriname"
    run_on(engine, [("w1", 1, 1, town, None, "US")])
    assert resolved(engine, town)[2] is None
    run_on(engine, [("w1", 1, 1, town, None, "US"), ("w2", 1, 1, addressed, None, None)])
    assert (resolved(engine, town)[2], resolved(engine, town)[4]) == ("SR", "corpus")
