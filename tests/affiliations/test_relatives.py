"""Parents and successors of the registry: which count, from which year, and works with them counted by hand."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

import registries
from kakehashi.affiliations import relatives as relatives_module
from kakehashi.affiliations import stage
from kakehashi.affiliations.decisions import Entry
from kakehashi.affiliations.relatives import Relatives, roll_up_policy
from kakehashi.errors import SettingsError
from kakehashi.progress import Silent
from kakehashi.report import codes
from kakehashi.settings import parse_settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, READINGS, RECORDS, WORK_VALUES, WORKS


def ror(number):
    return f"https://ror.org/0{number:08d}"


KITES, HOSPITAL, OLD, NEWER, NEWEST = (ror(number) for number in (1, 2, 3, 4, 5))
ACADEMY, UNIVERSITY, MINISTRY, UNION, HALF, OTHER_HALF, UNDATED, HEIR = (ror(number) for number in range(10, 18))
ENTRIES = {
    KITES: Entry("Institute of Kites", "JP", parents=(ACADEMY, UNIVERSITY), types=("facility",)),
    HOSPITAL: Entry("Kite Hospital", "JP", parents=(UNIVERSITY,), types=("healthcare",)),
    OLD: Entry("Old College", "GB", False, (NEWER,), types=("education",), established=1950),
    NEWER: Entry("Newer College", "GB", False, (NEWEST,), types=("education",), established=2004),
    NEWEST: Entry("Newest College", "GB", types=("education",), established=2015),
    ACADEMY: Entry("Academy of Air", "JP", parents=(MINISTRY,), types=("funder", "government")),
    UNIVERSITY: Entry("Kite University", "JP", parents=(MINISTRY,), types=("education", "funder")),
    MINISTRY: Entry("Ministry of Air", "JP", types=("government",)),
    UNION: Entry("Old Union", "FR", False, (HALF, OTHER_HALF), types=("education",)),
    HALF: Entry("Half Union", "FR", types=("education",), established=1990),
    OTHER_HALF: Entry("Other Half Union", "FR", types=("education",), established=1990),
    UNDATED: Entry("Undated Institute", "FR", False, (HEIR,), types=("facility",)),
    HEIR: Entry("Heir Institute", "FR", types=("facility",)),
}


def relatives(identity, roll_up="none", successors="by_year", entries=ENTRIES):
    found = Relatives(entries.get, roll_up, successors).of(identity)
    return [(one.relation, one.identity, one.counts, one.reason, one.from_year, one.until_year) for one in found]


def test_one_that_is_no_more_counts_as_each_successor_in_its_years():
    assert relatives(OLD) == [
        ("successor", NEWER, True, "from_its_year", 2004, 2015),
        ("successor", NEWEST, True, "from_its_year", 2015, None),
    ]
    assert relatives(NEWEST) == []


def test_successors_always_leads_to_the_last_one_and_never_nowhere():
    assert relatives(OLD, successors="always") == [("successor", NEWEST, True, "always", None, None)]
    assert relatives(UNDATED, successors="always") == [("successor", HEIR, True, "always", None, None)]
    assert relatives(OLD, successors="never") == []


def test_one_with_several_successors_or_one_of_unknown_year_stays_itself_and_says_why():
    assert relatives(UNION) == [
        ("successor", HALF, False, "several_successors", None, None),
        ("successor", OTHER_HALF, False, "several_successors", None, None),
    ]
    assert relatives(UNDATED) == [("successor", HEIR, False, "year_unknown", None, None)]


def test_a_successor_older_than_the_one_before_it_takes_all_years_from_its_own():
    entries = ENTRIES | {NEWEST: replace(ENTRIES[NEWEST], established=1980)}
    assert relatives(OLD, entries=entries) == [("successor", NEWEST, True, "from_its_year", 1980, None)]


def test_successors_in_a_circle_end():
    entries = ENTRIES | {NEWEST: replace(ENTRIES[NEWEST], active=False, successors=(OLD,))}
    assert [one[1] for one in relatives(OLD, entries=entries)] == [NEWER, NEWEST]
    assert Relatives(entries.get, "top", "by_year").around([OLD]) == [OLD, NEWER, NEWEST]


def test_an_institute_counts_for_its_academy_and_its_university_but_not_for_a_ministry():
    assert relatives(KITES, "parents") == [
        ("parent", ACADEMY, True, "registry_parent", None, None),
        ("parent", UNIVERSITY, True, "registry_parent", None, None),
    ]
    assert relatives(ACADEMY, "parents") == [("parent", MINISTRY, False, "state_office", None, None)]
    assert relatives(KITES) == []


def test_a_hospital_is_not_its_university():
    assert relatives(HOSPITAL, "parents") == [("parent", UNIVERSITY, False, "hospital_of_university", None, None)]
    assert relatives(HOSPITAL, "top") == []


def test_a_medical_university_is_no_hospital_and_a_system_has_hospitals_as_members():
    school = Entry("Kite Medical University", "JP", parents=(UNIVERSITY,), types=("education", "healthcare"))
    assert relatives(HOSPITAL, "parents", entries=ENTRIES | {HOSPITAL: school})[0][2:4] == (True, "registry_parent")
    system = replace(ENTRIES[UNIVERSITY], name="Kite University System")
    assert relatives(HOSPITAL, "parents", entries=ENTRIES | {UNIVERSITY: system})[0][2:4] == (True, "registry_parent")


def test_the_topmost_are_found_above_offices_and_parents_between():
    lab, office, centre = ror(20), ror(21), ror(22)
    entries = ENTRIES | {
        lab: Entry("Kite Laboratory", "JP", parents=(office,), types=("facility",)),
        office: Entry("Delegation North", "JP", parents=(centre,), types=("government",)),
        centre: Entry("Centre of Kites", "JP", parents=(ACADEMY,), types=("facility",)),
    }
    assert relatives(lab, "top", entries=entries) == [("top", ACADEMY, True, "registry_parent", None, None)]
    assert relatives(lab, "parents", entries=entries) == [("parent", office, False, "state_office", None, None)]
    assert [one[1] for one in relatives(KITES, "top")] == [ACADEMY, UNIVERSITY]


def test_parents_in_a_circle_end_and_each_other_counts():
    one, other = ror(20), ror(21)
    entries = {
        one: Entry("One", "JP", parents=(other,), types=("facility",)),
        other: Entry("Other", "JP", parents=(one,), types=("facility",)),
    }
    assert [each[1] for each in relatives(one, "top", entries=entries)] == [other]


def test_a_relation_that_the_registry_has_the_wrong_way_round_is_not_followed():
    [first, *_] = roll_up_policy()["faulty"]
    child, parent = first["institution"], first["parent"]
    entries = {
        child: Entry("Council", "AR", parents=(parent,), types=("facility",)),
        parent: Entry("Observatory", "AR", types=("facility",)),
    }
    assert relatives(child, "parents", entries=entries)[0][2:4] == (False, "faulty_relation")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_relation_and_its_reason_has_a_name_in_both_languages(language):
    source = Path(relatives_module.__file__).read_text(encoding="utf-8")
    policy = roll_up_policy()
    reasons = {rule["reason"] for rule in (policy["office"], *policy["not_for"])}
    reasons |= {code for code in codes._codes()["relation_reasons"] if f'"{code}"' in source}
    assert reasons == set(codes._codes()["relation_reasons"])
    assert set(get_args(relatives_module.Relation)) == set(codes._codes()["relations"])
    assert all(codes.label("relation_reasons", reason, language) for reason in reasons)


# --- on works, counted by hand ----------------------------------------------------------------------------

WORK_YEARS = {"w1": 2010, "w2": 2003, "w3": 2016, "w4": None, "w5": 2016}
NAMED = {"w1": (KITES, OLD), "w2": (OLD,), "w3": (OLD,), "w4": (OLD,), "w5": (KITES, ACADEMY, NEWEST)}


@pytest.fixture
def registry(tmp_path, monkeypatch):
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path / "home"))
    records = []
    for identity, one in ENTRIES.items():
        record = registries.organisation(1, one.name, "Kushiro", one.country_code)
        relations = [("parent", other) for other in one.parents] + [("successor", other) for other in one.successors]
        records.append(record | {
            "id": identity, "status": "active" if one.active else "inactive", "types": list(one.types),
            "established": one.established, "relationships": [{"type": kind, "id": other} for kind, other in relations],
        })  # fmt: skip
    return registries.write(tmp_path / "dump.json", registries.as_json(records))


def run_on(engine, registry, by="institution", named=NAMED, **options):
    section = options if registry is None else {"registry": str(registry), **options}
    settings = parse_settings({"counting": {"fractional_by": by}, "affiliations": section}, "test")
    mentions = [(work, seq, seq, f"At {one}", None, None) for work, ones in named.items()
                for seq, one in enumerate(ones, 1)]  # fmt: skip
    engine.load(MENTIONS, mentions)
    for table in (AUTHORSHIPS, RECORDS, WORK_VALUES):
        engine.load(table, [])
    years = [(work, None, None, WORK_YEARS[work], *[None] * 6) for work in named]
    engine.load(WORKS, years)
    engine.load(
        READINGS,
        [
            (f"At {one}", 1, ENTRIES[one].name.lower(), ENTRIES[one].name, ENTRIES[one].country_code, one, "address",
             "registry", "country_name", None, None, None, 0.9, None, "test")
            for one in sorted({one for ones in named.values() for one in ones})
        ],
    )  # fmt: skip
    stage.run(engine, settings, Silent())


def shares(engine, table="work_institutions", label="institution_id"):
    rows = engine.rows(f"select work_id, {label}, fraction from {table}")
    return {(work, entity): pytest.approx(fraction, abs=1e-12) for work, entity, fraction in rows}


def test_works_count_for_the_successor_of_their_year(quick_engine, registry):
    run_on(quick_engine, registry)
    assert shares(quick_engine) == {
        ("w1", KITES): 1 / 2, ("w1", NEWER): 1 / 2, ("w2", OLD): 1, ("w3", NEWEST): 1, ("w4", OLD): 1,
        ("w5", KITES): 1 / 3, ("w5", ACADEMY): 1 / 3, ("w5", NEWEST): 1 / 3,
    }  # fmt: skip
    assert quick_engine.rows("select distinct institution_id from resolutions where affiliation like '%000003'") == [
        (OLD,)
    ]
    assert sorted(quick_engine.rows("select institution_id, name, ror_id, spellings, works from institutions")) == [
        (KITES, "Institute of Kites", KITES, 1, 2),
        (OLD, "Old College", OLD, 1, 2),
        (NEWER, "Newer College", NEWER, 1, 1),
        (NEWEST, "Newest College", NEWEST, 2, 2),
        (ACADEMY, "Academy of Air", ACADEMY, 1, 1),
    ]


def test_names_show_which_spellings_a_successor_has_from_the_one_before_it(quick_engine, registry):
    run_on(quick_engine, registry)
    found = quick_engine.rows("select institution_id, name, mentions, evidence from institution_names")
    assert sorted(found) == [
        (KITES, "Institute of Kites", 2, "registry"),
        (OLD, "Old College", 2, "registry"),
        (NEWER, "Old College", 1, "successor"),
        (NEWEST, "Newest College", 1, "registry"),
        (NEWEST, "Old College", 1, "successor"),
        (ACADEMY, "Academy of Air", 1, "registry"),
    ]


def test_an_institution_shares_its_part_with_its_parents_and_works_stay_whole(engine, registry):
    run_on(engine, registry, roll_up="parents")
    assert shares(engine) == {
        ("w1", KITES): 1 / 6, ("w1", ACADEMY): 1 / 6, ("w1", UNIVERSITY): 1 / 6, ("w1", NEWER): 1 / 2,
        ("w2", OLD): 1, ("w3", NEWEST): 1, ("w4", OLD): 1,
        ("w5", KITES): 1 / 9, ("w5", UNIVERSITY): 1 / 9, ("w5", ACADEMY): 1 / 9 + 1 / 3, ("w5", NEWEST): 1 / 3,
    }  # fmt: skip
    for _, total in engine.rows("select work_id, sum(fraction) from work_institutions group by work_id"):
        assert total == pytest.approx(1, abs=1e-12)
    assert engine.rows(
        f"select name, country_code, spellings, works from institutions where institution_id = '{UNIVERSITY}'"
    ) == [("Kite University", "JP", 0, 2)]


@pytest.mark.parametrize("by", ["country", "institution", "author"])
def test_countries_do_not_change_with_parents_or_successors(one_engine, registry, by):
    run_on(one_engine, registry, by=by, successors="never")
    before = shares(one_engine, "work_countries", "country_code")
    run_on(one_engine, registry, by=by, roll_up="top", successors="always")
    assert shares(one_engine, "work_countries", "country_code") == before
    totals = one_engine.rows("select work_id, sum(fraction) from work_institutions group by work_id")
    assert [total for _, total in totals] == [pytest.approx(1, abs=1e-12)] * len(NAMED)


def test_the_table_of_relations_says_who_counts_for_whom_and_who_does_not(one_engine, registry):
    run_on(one_engine, registry, named={"w5": (HOSPITAL, KITES, UNDATED)}, roll_up="top")
    found = one_engine.rows("select institution_id, relation, related, counts, reason from institution_relations")
    assert sorted(found) == [
        (KITES, "top", "Academy of Air", True, "registry_parent"),
        (KITES, "top", "Kite University", True, "registry_parent"),
        (UNDATED, "successor", "Heir Institute", False, "year_unknown"),
    ]


def test_what_people_merged_rolls_up_as_the_one_it_was_merged_into(one_engine, registry, tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text(f"decision,institution_id,target\nmerge,{ACADEMY},{UNIVERSITY}\nmerge,{OLD},{HOSPITAL}\n")
    run_on(one_engine, registry, roll_up="parents", decisions=str(path))
    found = shares(one_engine)
    assert (found["w1", KITES], found["w1", UNIVERSITY], found["w1", HOSPITAL]) == (1 / 4, 1 / 4, 1 / 2)
    assert found["w3", HOSPITAL] == 1
    left = "select work_id from work_institutions where institution_id in "
    assert one_engine.rows(f"{left} ('{ACADEMY}', '{NEWEST}')") == [("w5",)]  # the newest college names itself there


def test_roll_up_without_a_registry_is_refused_with_the_remedy(one_engine):
    with pytest.raises(SettingsError, match=r"affiliations\.registry"):
        run_on(one_engine, None, roll_up="top")


def test_no_table_of_a_study_without_a_registry_speaks_of_relations(one_engine):
    run_on(one_engine, None)
    assert one_engine.rows("select count(*) from institution_relations") == [(0,)]
    assert shares(one_engine)["w3", OLD] == 1
