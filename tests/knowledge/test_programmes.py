"""Japan's programmes as their document states them, and any country's programmes added as data."""

import csv
from pathlib import Path

import pytest

from kakehashi.errors import DataError
from kakehashi.knowledge.areas import areas, countries_of
from kakehashi.knowledge.programmes import calls, programmes, read_programmes

FACTS = Path(__file__).parents[3] / "shared" / "facts/mext2021_programmes.csv"
# least and most a year in millions of yen, bounds of the duration in months (None: not stated).
STATED = {
    "sicorp_hub": (50, 100, 60, 120), "sicorp_consortium": (30, 50, 36, 60), "sicorp_core_team": (10, 30, 12, 36),
    "sicorp_acceleration": (5, 10, 12, 36), "satreps": (35, 35, 36, 60), "kakenhi": (None, None, None, None),
    "overseas_fellow": (None, None, 24, 24), "overseas_challenge": (None, None, 3, 12),
    "foreign_researchers": (None, None, None, 24), "sakura_science": (None, None, 7 / 30.4375, 21 / 30.4375),
    "wpi": (None, 700, 120, 120), "tgu_top": (134, 134, None, 120), "tgu_traction": (60, 60, None, 120),
    "inter_university_exchange": (None, None, None, 60),
}  # fmt: skip
HEAD = (
    "programme,home,name_en,name_ja,agencies,kind,actors,source,amount_min,amount_max,currency,amount_per,"
    "duration_min,duration_max,duration_unit,country_rule,countries,deadline,forms"
)
GOOD = (
    "kr_bridge,KR,Bridge,架け橋,NRF,joint_research,university,own,1,2,KRW,year,"
    "1,3,years,listed,BR asean,2027-03-31,bilateral_research"
)


def mine(tmp_path, *rows):
    path = tmp_path / "programmes.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def changed(**cells):
    row = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | cells
    return ",".join(row.values())


@pytest.mark.parametrize("one", programmes(), ids=lambda one: one.id)
def test_every_programme_has_the_amounts_and_durations_that_are_stated(one):
    def millions(money):
        return money and money.amount / 1e6

    months = one.duration.months() if one.duration else (None, None)
    assert (millions(one.least), millions(one.most), *months) == STATED[one.id]
    assert one.home == "JP"
    assert one.deadline is None
    assert one.as_of == "2021"


@pytest.mark.skipif(
    not FACTS.is_file(), reason=f"the typed facts are not at {FACTS}, so there is nothing to compare with"
)
def test_amounts_equal_the_typed_facts():
    with FACTS.open(encoding="utf-8") as file:
        facts = {row["programme"]: row for row in csv.DictReader(file)}
    assert list(facts) == [one.id for one in programmes()]
    for one in programmes():
        for money, column in ((one.least, "min_jpy_per_year"), (one.most, "max_jpy_per_year")):
            assert (money.amount if money else None) == (
                float(facts[one.id][column]) if facts[one.id][column] else None
            )
        # SATREPS: the facts name the agencies in another order.
        assert set(one.agencies) | {"MEXT"} == set(facts[one.id]["agency"].split(";")) | {"MEXT"}


def test_the_programmes_are_those_of_the_document():
    assert [one.id for one in programmes()] == list(STATED)
    companies = {one.id for one in programmes() if "company" in one.actors}
    assert companies == {"sicorp_hub", "sicorp_consortium", "sicorp_core_team", "sicorp_acceleration", "satreps"}
    rules = {one.id: one.country_rule for one in programmes()}
    assert rules["satreps"] == "oda"
    assert rules["kakenhi"] is None


def test_the_exchange_project_had_eight_calls():
    assert [(call.place, call.first, call.last, call.projects) for call in calls()] == [
        ("asia", 2021, 2025, 21), ("africa", 2020, 2024, 8), ("eu", 2019, 2023, 3), ("US", 2018, 2022, 10),
        ("IN", 2017, 2021, 3), ("RU", 2017, 2021, 8), ("TR", 2015, 2019, 3), ("latin_america", 2015, 2019, 8),
    ]  # fmt: skip
    assert sum(call.budget.amount for call in calls() if call.budget) == 1_110_975_000
    exchange = next(one for one in programmes() if one.id == "inter_university_exchange")
    assert countries_of(exchange.countries, areas()) == countries_of((call.place for call in calls()), areas())


def test_a_users_programmes_come_after_ours(tmp_path):
    mine(tmp_path, GOOD)
    added = programmes(tmp_path)[-1]
    assert len(programmes(tmp_path)) == 15
    assert (added.id, added.home, added.deadline, added.file) == (
        "kr_bridge",
        "KR",
        "2027-03-31",
        str(tmp_path / "programmes.csv"),
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"programme": "satreps"}, "column programme: 'satreps' is one of ours; give yours another id"),
        ({"home": "Korea"}, "column home: unknown country 'Korea'"),
        ({"home": "KR BR"}, "column home: must be one country"),
        ({"kind": "joint_reserch"}, "column kind: unknown 'joint_reserch'; did you mean 'joint_research'"),
        ({"kind": ""}, "column kind: is empty"),
        ({"actors": "universities"}, "column actors: unknown 'universities'; did you mean 'university'"),
        ({"amount_min": "3"}, "column amount_min: is more than amount_max"),
        ({"currency": ""}, "column currency: is empty, yet amount_min is given"),
        ({"currency": "WON"}, "column currency: unknown 'WON'"),
        ({"amount_min": "", "amount_max": ""}, "column currency: is given without an amount"),
        ({"amount_per": ""}, "column amount_per: is empty, yet there is an amount"),
        ({"duration_min": "4"}, "column duration_min: is more than duration_max"),
        ({"duration_unit": ""}, "column duration_unit: is empty, yet there is a duration"),
        ({"duration_unit": "year"}, "column duration_unit: unknown 'year'; did you mean 'years'"),
        ({"country_rule": "list"}, "column country_rule: unknown 'list'; did you mean 'listed'"),
        ({"countries": ""}, "column countries: is empty, yet country_rule is listed"),
        ({"country_rule": "open"}, "column country_rule: must be listed or call where countries are given"),
        ({"countries": "asian"}, "column countries: unknown country 'asian'.*areas: asia"),
        ({"deadline": "31 March"}, "column deadline: '31 March' is no day; write it as 2027-03-31"),
        ({"forms": "bilateral"}, "column forms: unknown 'bilateral'; did you mean 'bilateral_research'"),
    ],
)
def test_a_bad_programme_is_refused_with_row_column_and_remedy(tmp_path, cells, message):
    path = mine(tmp_path, changed(**cells))
    with pytest.raises(DataError, match=message) as refused:
        read_programmes(path)
    assert str(refused.value).startswith(f"{path}: row 2, ")


def test_a_programme_given_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match="row 3, column programme: 'kr_bridge' stands in row 2 already"):
        read_programmes(mine(tmp_path, GOOD, GOOD))
