"""KPIs by hand: the shipped example, path and lights, forecast with interval, what is needed, files refused."""

import csv
import json
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from scipy.stats import linregress, t

from kakehashi.cli.main import main
from kakehashi.errors import DataError, SettingsError
from kakehashi.hub.kpi.forecast import Bounds, forecast
from kakehashi.hub.kpi.judging import judge, path, start
from kakehashi.hub.kpi.reading import example_kpis, read_kpis
from kakehashi.hub.kpi.report import kpis_csv, review
from kakehashi.hub.kpi.series import indicators_of, series
from kakehashi.hub.kpi.study import feed
from kakehashi.study import Study

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "kpi_examples.csv"
HEAD = "kpi,unit,direction,baseline,baseline_year,year,actual,target\n"


def read(tmp_path, text, name="kpis.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_kpis(path)


def judged(tmp_path, text):
    return {one.series.kpi.id: one for one in review(read(tmp_path, HEAD + text)).judged}


def refusal(tmp_path, text, name="kpis.csv"):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text, name)
    return str(caught.value)


def test_the_example_gives_the_figures_of_the_documents():
    found = {one.series.kpi.id: one for one in review(example_kpis()).judged}
    students = found["international_students_share"].latest
    assert (students.value, students.expected, students.light) == (23.3, 21.6, "green")
    assert students.gap == pytest.approx(1.7)
    projects = found["international_joint_research_with_smes"].latest
    assert (projects.gap, projects.light) == (9, "green")
    changes = {name: one.from_baseline for name, one in found.items() if one.from_baseline}
    assert changes["overseas_internship_share"] == pytest.approx((19.3 - 13.5, 19.3 / 13.5))
    assert changes["international_joint_research"] == (26, 14)
    assert changes["international_joint_research_income"] == pytest.approx((47_161, 13.6032), rel=1e-4)
    assert changes["students_meeting_language_standard"] == pytest.approx((15.6, 24.6 / 9))


def test_the_example_judges_nothing_that_the_documents_print_no_target_or_value_for():
    found = {one.series.kpi.id: one for one in review(example_kpis()).judged}
    assert found["firms_supported_to_expand_abroad"].latest.reason == "no_target"
    assert found["students_abroad_with_credit_share"].latest is None
    assert review(example_kpis()).lights == {"green": 2, "amber": 0, "red": 0, "none": 11}
    assert all(one.forecast.years == () for one in found.values())


@pytest.mark.skipif(not FACTS.is_file(), reason=f"the typed facts are not at {FACTS}, so there is nothing to compare")
def test_the_typed_facts_are_read_as_they_are_and_are_those_of_the_example():
    typed = read_kpis(FACTS)
    assert set(typed) == set(example_kpis())
    for name, one in typed.items():
        ours = example_kpis()[name]
        assert (dict(one.values), dict(one.targets)) == (dict(ours.values), dict(ours.targets))
        assert (one.unit, one.baseline, one.cumulative) == (ours.unit, ours.baseline, ours.cumulative)


def test_notes_are_told_in_the_language_and_come_back_from_a_file(tmp_path):
    head = "kpi,unit,direction,year,actual,note,note_ja\n"
    known = read(tmp_path, head + "a,%,up,2020,1,more than meant,目標を上回った\na,%,up,2021,2,only English,\n")
    assert dict(known["a"].remarks("ja")) == {2020: "目標を上回った", 2021: "only English"}
    assert dict(known["a"].remarks("en")) == {2020: "more than meant", 2021: "only English"}
    assert read(tmp_path, kpis_csv(known)) == known
    for kpi in example_kpis().values():
        assert all(re.search("[ぁ-んァ-ヶ一-龠]|^KPI", text) for text in kpi.remarks("ja").values()), kpi.id


def test_the_path_is_straight_between_baseline_and_targets(tmp_path):
    kpi = read(tmp_path, HEAD + "a,%,up,10,2018,2020,,20\na,%,up,10,2018,2024,,40\n")["a"]
    begin = start(kpi, {})
    assert [path(kpi, year, begin) for year in (2017, 2018, 2019, 2020, 2022, 2025)] == [
        (None, False), (10, False), (15, False), (20, True), (30, False), (None, False),
    ]  # fmt: skip


def test_without_a_baseline_the_path_begins_at_the_first_value(tmp_path):
    one = judged(tmp_path, "a,x,up,,,2020,10,\na,x,up,,,2021,12,\na,x,up,,,2022,,20\n")["a"]
    assert [(status.light, status.expected, status.reason) for status in one.statuses] == [
        ("none", None, "beginning"), ("red", 15, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "light", "way"), [("20", "green", 1), ("18", "amber", 0.8), ("17.9", "red", 0.79), ("25", "green", 1.5)]
)
def test_the_light_goes_by_the_share_of_the_way_from_the_baseline(tmp_path, value, light, way):
    latest = judged(tmp_path, f"a,x,up,10,2018,2020,{value},20\n")["a"].latest
    assert (latest.light, latest.way) == (light, pytest.approx(way))


@pytest.mark.parametrize(("value", "light"), [("8", "green"), ("10", "green"), ("11", "amber"), ("12", "red")])
def test_where_less_is_better_the_light_turns_round(tmp_path, value, light):
    assert judged(tmp_path, f"a,x,down,,,2020,{value},10\n")["a"].latest.light == light


def test_the_forecast_and_its_interval_are_those_of_the_textbook():
    values = {2019: 40.0, 2020: 44.0, 2021: 47.0, 2022: 55.0, 2023: 56.0}
    found = forecast(values, [2025], 0.8, Bounds())
    fit = linregress(list(values), list(values.values()))
    middle = fit.intercept + fit.slope * 2025
    residuals = [value - fit.intercept - fit.slope * year for year, value in values.items()]
    spread = (sum(one**2 for one in residuals) / 3) ** 0.5
    half = t.ppf(0.9, 3) * spread * (1 + 1 / 5 + 16 / 10) ** 0.5
    (ahead,) = found.years
    assert (ahead.middle, ahead.low, ahead.high) == pytest.approx((middle, middle - half, middle + half))
    assert found.chance(2025, middle, above=True) == pytest.approx(0.5)
    assert found.chance(2025, middle + half, above=True) == pytest.approx(0.1)


def test_the_interval_holds_as_many_new_values_as_it_says():
    dice = random.Random(8)
    held = 0
    for _ in range(2000):
        values = {year: 3.0 * year + dice.gauss(0, 5) for year in range(2015, 2021)}
        (ahead,) = forecast(values, [2022], 0.8, Bounds()).years
        held += ahead.low <= 3.0 * 2022 + dice.gauss(0, 5) <= ahead.high
    assert 0.77 <= held / 2000 <= 0.83


def test_few_points_have_a_wide_interval_or_none_with_the_reason():
    none = forecast({2020: 1.0}, [2021], 0.8, Bounds())
    assert (none.years, none.reason) == ((), "one_point")
    two = forecast({2020: 1.0, 2021: 2.0}, [2022], 0.8, Bounds())
    assert (two.years[0].middle, two.years[0].low, two.reason) == (pytest.approx(3), None, "two_points")
    three = forecast({2020: 1.0, 2021: 2.2, 2022: 3.0}, [2023], 0.8, Bounds())
    more = forecast({2017: -2.0, 2018: -0.8, 2019: 0.0, 2020: 1.0, 2021: 2.2, 2022: 3.0}, [2023], 0.8, Bounds())
    assert three.years[0].high - three.years[0].low > 1.5 * (more.years[0].high - more.years[0].low)
    exact = forecast({2020: 1.0, 2021: 2.0, 2022: 3.0}, [2023], 0.8, Bounds())
    assert (exact.years[0].low, exact.reason) == (None, "exact_line")


def test_forecasts_stay_within_what_is_possible(tmp_path):
    rows = "a,percent,up,,,2020,80,\na,percent,up,,,2021,91,\na,percent,up,,,2022,97,\n"
    assert max(each.high for each in judged(tmp_path, rows)["a"].forecast.years) == 100
    total = read(tmp_path, "kpi,unit,year,actual,cumulative\na,x,2020,5,true\na,x,2021,9,true\na,x,2022,9,true\n")
    ahead = judge(series(total)["a"]).forecast
    assert all(each.low >= 9 for each in ahead.years)


def test_what_is_needed_is_what_lacks_spread_over_the_years(tmp_path):
    rows = "a,x,up,,,2020,10,\na,x,up,,,2021,12,\na,x,up,,,2022,13,\na,x,up,,,2025,,28\n"
    needed = judged(tmp_path, rows)["a"].needed
    assert (needed.year, needed.target, needed.per_year) == (2025, 28, 5)
    assert needed.ratio == pytest.approx(5 / 1.5)
    assert 0 < needed.chance < 0.1
    assert judged(tmp_path, rows.replace("28", "12"))["a"].needed.reason == "reached"


def test_a_formula_derives_values_and_says_why_a_year_has_none(tmp_path):
    text = """[[kpis]]
id = "a"
unit = "x"
values = {2020 = 10, 2021 = 20, 2022 = 30}
[[kpis]]
id = "b"
unit = "x"
values = {2020 = 40, 2021 = 0}
[[kpis]]
id = "share"
unit = "percent"
formula = "100 * a / b"
[[kpis]]
id = "rise"
unit = "x"
formula = "max(a - previous(a), 0) + cumulative(a) * 0"
"""
    found = series(read(tmp_path, text, "kpis.toml"))
    assert dict(found["share"].values) == {2020: 25}
    assert dict(found["share"].missing) == {2021: ("division_by_zero", None), 2022: ("no_value", "b")}
    assert dict(found["rise"].values) == {2021: 10, 2022: 10}


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("a +", "complete it"),
        ("a b", "character 3"),
        ("(a", "not closed"),
        ("a ** 2", "character 4"),
        ("__import__('os')", "character 12"),
        ("exec(a)", "no function"),
        ("a.b", "unknown name 'a.b'"),
        ("studi.works", "study.works"),
        ("previous(a + 1)", "takes the id"),
        ("b", "stands on itself (b → b)"),
        ("(" * 60 + "a" + ")" * 60, "nested deeper"),
        ("-" * 60 + "a", "nested deeper"),
        ("a+" * 300 + "a", "longer than"),
        ("a + 1e999", "too large"),
    ],
)
def test_a_formula_that_cannot_be_understood_is_refused_with_the_place(tmp_path, formula, told):
    tree = {"kpis": [{"id": "a", "unit": "x", "values": {"2020": 1}}, {"id": "b", "unit": "x", "formula": formula}]}
    message = refusal(tmp_path, json.dumps(tree), "kpis.json")
    assert "kpi 'b'" in message
    assert told in message, message


def test_a_circle_of_formulas_is_named(tmp_path):
    kpis = [{"id": one, "unit": "x", "formula": other} for one, other in (("a", "b"), ("b", "c"), ("c", "a + 1"))]
    assert "a → b → c → a" in refusal(tmp_path, json.dumps({"kpis": kpis}), "kpis.json")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ('a,x,up,,,2020,"12,694",\n', ("row 2", "actual", "without separators")),
        ("a,x,up,,,2020,nan,\n", ("row 2", "actual")),
        ("a,x,up,,,soon,1,\n", ("row 2", "year", "FY2019")),
        ("a,x,up,,,2020,1,\na,x,up,,,2020,2,\n", ("row 3", "keep one")),
        ("a,x,up,,,2020,1,\na,y,up,,,2021,2,\n", ("row 3", "unit", "make them agree")),
        ("a,x,sideways,,,2020,1,\n", ("row 2", "direction", "up or down")),
        ("a,x,up,,,2020,1,\na,x,up,,,FY2021,2,\n", ("row 2", "fiscal")),
        ("a b,x,up,,,2020,1,\n", ("row 2", "no id")),
        ("a,x,up,,2018,2020,1,\n", ("row 2", "baseline_year")),
        ("", ("holds no KPI",)),
    ],
)
def test_a_wrong_file_is_refused_with_row_and_remedy(tmp_path, rows, told):
    message = refusal(tmp_path, HEAD + rows)
    assert "kpis.csv" in message
    assert all(part in message for part in told), message


def test_a_long_chain_of_formulas_is_worked_out(tmp_path):
    kpis = [{"id": "a0", "unit": "x", "values": {"2020": 1}}]
    kpis += [{"id": f"a{n}", "unit": "x", "formula": f"a{n - 1} + 1"} for n in range(1, 1500)]
    found = series(read(tmp_path, json.dumps({"kpis": kpis[::-1]}), "a.json"))
    assert dict(found["a1499"].values) == {2020: 1500}


def test_a_wrong_tree_names_the_kpi_and_the_key(tmp_path):
    assert "write each under [[kpis]]" in refusal(tmp_path, "[]", "a.json")
    wrong = {"id": "a", "unit": "x", "values": {"2020": True, "x": 1, "2021": 10**400}, "colour": "red", "targets": [1]}
    message = refusal(tmp_path, json.dumps({"kpis": [wrong, {"unit": "x"}]}), "a.json")
    assert all(part in message for part in ("colour", "values.2020", "'x' is no year", "targets", "number 2"))


def test_what_is_written_as_csv_is_read_back_the_same(tmp_path):
    assert read(tmp_path, kpis_csv(example_kpis())) == example_kpis()
    text = (
        "kpi,unit,year,actual,target,baseline,baseline_year,note\n"
        'a,x,2020,0.1,1e22,3,2018,"a, ""b"""\na,x,2021,-5,,,,\n'
    )
    kpis = read(tmp_path, text)
    assert read(tmp_path, kpis_csv(kpis)) == kpis


def test_a_study_feeds_kpis_with_what_its_tables_say(finished):
    study = Study(finished / "study")
    names = ("works", "international_share", "partner_institutions", "partner_countries", "share_with.US")
    with study.reading() as rows:
        fed = feed(rows, "JP", names)
        year = max(fed["works"])
        where = f"join works w on w.work_id = c.work_id where w.year = {year}"
        own = {one for (one,) in rows(f"select c.work_id from work_countries c {where} and c.country_code = 'JP'")}
        others = rows(f"select c.work_id, c.country_code from work_countries c {where}")
        ours = [(work, country) for work, country in others if work in own]
        assert fed["works"][year] == len(own)
        assert fed["partner_countries"][year] == len({country for _, country in ours} - {"JP"})
        assert fed["share_with.US"][year] == pytest.approx(sum(c == "US" for _, c in ours) / len(own))
        abroad = {work for work, country in ours if country != "JP"}
        assert fed["international_share"][year] == pytest.approx(len(abroad) / len(own))
        foreign = rows(
            "select wi.work_id, wi.institution_id from work_institutions wi join institutions i "
            "on i.institution_id = wi.institution_id where i.country_code <> 'JP'"
        )
        assert fed["partner_institutions"][year] == len({one for work, one in foreign if work in own})
        name = rows("select name from institutions order by works desc limit 1")[0][0]
        assert feed(rows, name, ("works",))["works"]
        for entity, asked in (("XX", "works"), ("No Such University", "works"), ("JP", "share_with.atlantis")):
            with pytest.raises(SettingsError):
                feed(rows, entity, (asked,))
        with pytest.raises(SettingsError):
            feed(rows, "x' or '1'='1", ("works",))


def test_a_kpi_on_a_study_that_is_not_given_says_so(tmp_path):
    kpis = read(tmp_path, '[[kpis]]\nid = "a"\nunit = "x"\nformula = "study.works"\n', "a.toml")
    assert indicators_of(kpis.values()) == ("works",)
    assert dict(series(kpis)["a"].values) == {}
    assert dict(series(kpis, {"works": {2020: 3.0}})["a"].values) == {2020: 3}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_command_answers_as_text_json_page_and_csv(tmp_path, language):
    run = CliRunner().invoke
    common = ["kpi", "--example", "--lang", language]
    text = run(main, common)
    assert (text.exit_code, "23.3" in text.output, "21.6" in text.output) == (0, True, True)
    found = json.loads(run(main, [*common, "--format", "json"]).output)
    assert {one["id"]: one["status"] for one in found["kpis"]}["international_students_share"] == "green"
    rows = HEAD + "a,x,up,,,2020,10,\na,x,up,,,2021,12,\na,x,up,,,2022,13,\na,x,up,,,2025,,28\n"
    (tmp_path / "kpis.csv").write_text(rows, encoding="utf-8")
    told = run(main, ["kpi", "--file", str(tmp_path / "kpis.csv"), "--lang", language, "--format", "html"])
    assert told.exit_code == 0, told.output
    assert told.output.count("<svg") == 2
    back = run(main, [*common, "--format", "csv"])
    assert len(list(csv.DictReader(back.output.splitlines()))) == 13


def test_the_command_says_what_is_wrong_in_one_message(tmp_path):
    (tmp_path / "kpis.csv").write_text(HEAD + "a,x,up,,,2020,much,\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["kpi", "--file", str(tmp_path / "kpis.csv")])
    assert (told.exit_code, "row 2" in told.output) == (1, True)
    assert CliRunner().invoke(main, ["kpi"]).exit_code == 2


def test_the_definition_of_the_guide_is_read(tmp_path):
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "kpi.md").read_text(encoding="utf-8")
    kpis = read(tmp_path, guide.split("```toml\n")[1].split("```")[0], "guide.toml")
    assert (kpis["share"].baseline, dict(kpis["share"].targets)) == ((2018, 38), {2026: 60})
