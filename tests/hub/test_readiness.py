"""Readiness by hand: an invented institution, the survey's own marginals, the change of a year, refused files."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from kakehashi.cli.main import main
from kakehashi.errors import DataError
from kakehashi.hub.readiness.answers import as_csv, read_answers, template
from kakehashi.hub.readiness.gaps import change, gaps
from kakehashi.hub.readiness.national import marginals, published, standing
from kakehashi.hub.readiness.profile import profile
from kakehashi.hub.readiness.questionnaire import links, part_name, parts
from kakehashi.hub.readiness.report import assess
from kakehashi.knowledge.survey import shares

INVENTED = """question,answer
institution,Example University
year,2026
participation,domestic_only
why_not,no_organisation
missing.motivated_researchers,no
missing.staff_or_experts_for_international_contracts,yes
missing.staff_for_added_paperwork,yes
challenges.clerical_staff_shortage,a_concern
supports.train_internal_staff,yes
framework.entry.people,individuals
"""


def answers(tmp_path, text=INVENTED, name="answers.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_answers(path)


def refusal(tmp_path, text, name="answers.csv"):
    with pytest.raises(DataError) as caught:
        answers(tmp_path, text, name)
    return str(caught.value)


def test_an_invented_institution_stands_where_the_hand_puts_it(tmp_path):
    lines = {line.part.id: line for line in profile(answers(tmp_path))}
    # Figure 1: of 784, 223 do nothing and 452 work at home only.
    place = lines["participation"].standing
    assert (place.low, place.middle, place.high) == pytest.approx((223 / 784, (223 + 226) / 784, (223 + 452) / 784))
    # Figure 3: 350 of 439 lack it as well, nobody stands lower; 145 of 439 lack what this one has.
    place = lines["missing.staff_or_experts_for_international_contracts"].standing
    assert (place.low, place.middle, place.high) == pytest.approx((0, 350 / 439 / 2, 350 / 439))
    place = lines["missing.motivated_researchers"].standing
    assert (place.low, place.middle, place.high) == pytest.approx((145 / 439, (1 + 145 / 439) / 2, 1))
    assert (lines["why_not"].same, lines["why_not"].n) == (0.65, 675)


def test_what_cannot_be_compared_says_why(tmp_path):
    lines = {line.part.id: line for line in profile(answers(tmp_path))}
    assert lines["challenges.clerical_staff_shortage"].incomparable == "base_abroad"
    assert lines["framework.entry.people"].incomparable == "not_asked"
    assert lines["why_not"].unplaced == "unordered"
    assert lines["supports.train_internal_staff"].unplaced == "no_direction"
    company = answers(tmp_path, INVENTED + "actor,company\n")
    assert {line.incomparable for line in profile(company)} == {"other_actor", "not_asked"}
    korean = answers(tmp_path, INVENTED + "home,KR\n")
    assert {line.incomparable for line in profile(korean)} == {"other_home", "not_asked"}


def test_a_distribution_of_eight_answers_is_not_compared_with(tmp_path):
    abroad = INVENTED.replace("domestic_only", "international_only") + "challenges.other,a_concern\n"
    lines = {line.part.id: line for line in profile(answers(tmp_path, abroad))}
    assert (lines["challenges.other"].incomparable, lines["challenges.other"].n) == ("too_few", 8)


def test_gaps_come_by_leverage_counted_by_hand(tmp_path):
    found = [(gap.part.id, gap.severity, gap.leverage, gap.eases) for gap in gaps(answers(tmp_path))]
    assert found == [
        ("missing.staff_for_added_paperwork", 1, 2, ("challenges.clerical_staff_shortage",)),
        ("missing.staff_or_experts_for_international_contracts", 1, 1, ()),  # has a percentile, the next has none
        ("challenges.clerical_staff_shortage", 1, 1, ()),
        ("framework.entry.people", 0.5, 0.5, ()),
    ]


def test_actions_are_the_recommendations_to_the_actor_with_their_linked_items(tmp_path):
    found = assess(answers(tmp_path)).actions
    assert [(one.recommendation.id, one.weight, len(one.gaps)) for one in found] == [
        ("university_desk", 3, 3),
        ("university_incentives", 0.5, 1),
    ]
    assert [item.id for item in found[0].directions] == ["people_5", "things_2", "things_3", "things_6"]
    assert {"collaboration_support", "support_desk"} <= {item.id for item in found[0].practices}
    company = assess(answers(tmp_path, INVENTED + "actor,company\n")).actions
    assert all(one.recommendation.source.figure.startswith("section 5.2") for one in company)


def test_a_programme_whose_term_is_over_cannot_pay_and_stands_last(tmp_path):
    found = assess(answers(tmp_path)).programmes
    assert [one.programme.id for one in found if one.fits is False] == ["tgu_top", "tgu_traction"]
    assert [one.fits for one in found[-2:]] == [False, False]
    judged = assess(answers(tmp_path, INVENTED + "partner,AU\n")).programmes
    assert all(one.fits is not None and len(one.reasons) > 1 for one in judged)


def test_the_nation_compared_with_itself_stands_in_the_middle():
    lines = profile(marginals())
    placed = [line for line in lines if line.standing is not None]
    assert len(placed) == 28  # participation, 7 missing, who knows contracts, 8 burdens, 11 challenges: one has n = 8
    assert all(line.standing.middle == pytest.approx(0.5) for line in placed)


def test_the_gaps_of_the_nation_weigh_what_the_printed_numbers_give():
    by_part = {gap.part.id: gap for gap in gaps(marginals())}
    clerical = 0.343 * 0.5 + 0.495
    busy = (0.349 * 0.5 + 0.151) / 1.001  # the printed shares add up to 1.001
    assert by_part["challenges.clerical_staff_shortage"].severity == pytest.approx(clerical)
    paperwork = by_part["missing.staff_for_added_paperwork"]
    assert paperwork.severity == pytest.approx(292 / 439)
    eased = 90 / 104 * 0.5 + 63 / 104 * 0.5 + clerical + busy
    assert paperwork.leverage == pytest.approx(292 / 439 * (1 + eased))
    assert paperwork.leverage == pytest.approx(1.81402, abs=1e-5)


def test_every_published_percentage_of_the_profile_appears_with_its_n():
    told = [one for line in assess(marginals()).to_dict()["profile"] for one in line["national"]]
    assert len(told) > 100
    assert all(one["n"] and one["unit"] for one in told)
    wide = CliRunner(env={"COLUMNS": None})  # lines are cut where the environment tells a width
    text = wide.invoke(main, ["readiness", "--survey", "--lang", "en"]).output
    lines = [line for line in text.splitlines() if "%)" not in line and line.startswith("    ")]
    assert len(lines) == len(shares())
    assert all("n = " in line or "/" in line for line in lines)


def test_the_bars_of_two_bases_carry_both():
    page = (
        CliRunner().invoke(main, ["readiness", "--survey", "--figure", "13", "--format", "html", "--lang", "en"]).output
    )
    assert page.count("69.2% (n=107), 87.4% (n=301)") == 2  # the drawings for wide and for narrow pages


def test_the_survey_keeps_what_the_document_prints_of_figure_4():
    one = published(parts()["supports.train_internal_staff"])[0]
    assert (one.share, one.count, one.n) == (0.449, 264, 589)
    assert standing(parts()["supports.train_internal_staff"], {"yes": 1.0}) is None


def test_the_change_of_a_year_is_told_by_gap_and_answer(tmp_path):
    before = answers(tmp_path, INVENTED.replace("2026", "2025"), "before.csv")
    after = INVENTED.replace("missing.staff_for_added_paperwork,yes", "missing.staff_for_added_paperwork,no")
    after = after.replace("framework.entry.people,individuals", "framework.entry.people,nothing")
    found = change(answers(tmp_path, after), before)
    assert (found.closed, found.new) == (("missing.staff_for_added_paperwork",), ())
    assert (found.severity_before, found.severity_after) == (3.5, 3.0)
    moved = {one.part.id: one for one in found.moved}
    assert set(moved) == {"missing.staff_for_added_paperwork", "framework.entry.people"}
    # From the middle of the 292 of 439 that lack it to the middle of those that do not.
    rise = (1 + 292 / 439) / 2 - 292 / 439 / 2
    assert moved["missing.staff_for_added_paperwork"].percentile == pytest.approx(rise)
    assert (moved["framework.entry.people"].easier, moved["framework.entry.people"].percentile) == (-0.5, None)


def test_two_institutions_or_years_in_the_wrong_order_are_refused(tmp_path):
    now = answers(tmp_path)
    other = answers(tmp_path, INVENTED.replace("Example", "Another").replace("2026", "2025"), "other.csv")
    with pytest.raises(DataError, match="Another University"):
        change(now, other)
    with pytest.raises(DataError, match="earlier year"):
        change(now, now)


@pytest.mark.parametrize(
    ("text", "parts_of_message"),
    [
        (INVENTED + "missing.motivated,yes\n", ("row 12", "missing.motivated_researchers")),
        (INVENTED + "policy_research,anywhere\n", ("row 12", "unknown answer 'anywhere'", "location_neutral")),
        (INVENTED + "participation,neither\n", ("participation", "several answers", "keep one")),
        (INVENTED + "year,2027\n", ("row 12", "twice")),
        (INVENTED.replace("2026", "next"), ("row 3", "no year")),
        (INVENTED.replace("institution,Example University\n", ""), ("institution", "missing", "--template")),
        (INVENTED + "home,Japan\n", ("home", "JP")),
        (INVENTED + "contract_expertise.not_secured,yes\ncontract_expertise.permanent_staff,yes\n", ("not_secured",)),
        (INVENTED + "choice_criteria.1,other\nchoice_criteria.2,other\n", ("'other'", "two ranks")),
        ("question;answer\nyear;2026\n", ("commas",)),
    ],
)
def test_a_wrong_answers_file_is_refused_with_row_and_remedy(tmp_path, text, parts_of_message):
    message = refusal(tmp_path, text)
    assert "answers.csv" in message
    assert all(part in message for part in parts_of_message), message


def test_a_wrong_json_or_toml_names_the_key(tmp_path):
    assert "key missing" in refusal(tmp_path, '{"missing": ["motivation"]}', "a.json")
    assert "key participation" in refusal(tmp_path, 'participation = "both"', "a.toml")
    assert "cannot be read as JSON" in refusal(tmp_path, "{", "a.json")
    assert "unknown ending" in refusal(tmp_path, "", "a.xlsx")
    deep = "[" * 100_000
    assert "a.json" in refusal(tmp_path, deep, "a.json")


def test_csv_toml_and_json_of_the_same_answers_are_read_alike(tmp_path):
    toml = """institution = "Example University"
year = 2026
participation = "domestic_only"
[contract_expertise]
not_secured = true
"""
    tree = {"institution": "Example University", "year": 2026, "participation": "domestic_only"}
    tree["contract_expertise"] = {"not_secured": True}
    rows = "question,answer\ninstitution,Example University\nyear,2026\nparticipation,domestic_only\n"
    found = [
        answers(tmp_path, toml, "a.toml"),
        answers(tmp_path, json.dumps(tree), "a.json"),
        answers(tmp_path, rows + "contract_expertise.not_secured,yes\n", "a.csv"),
    ]
    assert found[0] == found[1] == found[2]


def test_a_list_answers_the_whole_question_and_three_ranks(tmp_path):
    tree = {"institution": "X", "year": 2026, "burdens": ["exchange_rate_risk"], "choice_criteria": ["other"]}
    given = answers(tmp_path, json.dumps(tree), "a.json").given
    assert {name: dict(one) for name, one in given.items() if name.startswith("burdens")} == {
        f"burdens.{item}": {"yes" if item == "exchange_rate_risk" else "no": 1.0}
        for item in parts()["burdens.other"].question.answers
    }
    assert dict(given["choice_criteria.1"]) == {"other": 1.0}


def test_the_blank_questionnaire_asks_every_part_in_both_languages_and_is_refused_only_for_its_empty_head(tmp_path):
    rows = list(csv.DictReader(line for line in io.StringIO(template()) if not line.startswith("#")))
    assert [row["question"] for row in rows[5:]] == list(parts())
    assert all(row["ja"] and row["en"] for row in rows)
    assert refusal(tmp_path, template()).count("is missing") == 2
    filled = template().replace("institution,,", "institution,X,").replace("year,,", "year,2026,")
    assert answers(tmp_path, filled).given == {}


def test_answers_of_a_group_go_to_csv_and_back_unchanged(tmp_path):
    assert answers(tmp_path, as_csv(marginals())) == marginals()


def test_every_gap_of_an_item_with_a_name_of_its_own_is_linked():
    weak = {part.id for part in parts().values() if part.is_lack and part.item != "other"}
    assert set(links()) == weak
    assert all(one.recommendations and one.practices for one in links().values())
    assert all(part_name(part).ja and part_name(part).en for part in parts().values())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_command_answers_as_text_json_and_page(tmp_path, language):
    (tmp_path / "now.csv").write_text(INVENTED, encoding="utf-8")
    (tmp_path / "before.csv").write_text(INVENTED.replace("2026", "2025"), encoding="utf-8")
    common = ["readiness", "--answers", str(tmp_path / "now.csv"), "--lang", language]
    text = CliRunner().invoke(main, common)
    assert text.exit_code == 0
    assert {"ja": "439校中350校", "en": "350 of 439"}[language] in text.output
    told = CliRunner().invoke(main, [*common, "--previous", str(tmp_path / "before.csv"), "--format", "json"])
    found = json.loads(told.output)
    assert found["gaps"][0]["id"] == "missing.staff_for_added_paperwork"
    assert found["change"]["moved"] == []
    page = CliRunner().invoke(main, [*common, "--format", "html", "--out", str(tmp_path / "page.html")])
    assert page.exit_code == 0, page.output
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert f'lang="{language}"' in html


def test_the_command_says_what_is_wrong_in_one_message(tmp_path):
    (tmp_path / "bad.csv").write_text(INVENTED + "x,y\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["readiness", "--answers", str(tmp_path / "bad.csv")])
    assert (told.exit_code, "row 12" in told.output) == (1, True)
    told = CliRunner().invoke(main, ["readiness", "--survey", "--figure", "18"])
    assert (told.exit_code, "no figure '18'" in told.output) == (1, True)
    assert CliRunner().invoke(main, ["readiness"]).exit_code == 2
