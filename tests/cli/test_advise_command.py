"""`kakehashi advise` and `kakehashi explain reason`: regions line by line, forms of output, refusals."""

import dataclasses
import json
import re

import pytest
from click.testing import CliRunner

from kakehashi.cli.main import main
from kakehashi.texts import LANGUAGES, texts

# Figure 5-1 and figures 5-2 to 5-6 of the 2023 report: gains, forms, patterns, and the choices on each axis.
REGIONS = {
    "CN": (
        "upper_right", "technology relationships market_needs", "multilateral_research international_prize", [5, 10],
        {"funding": "home both", "research_site": "partner", "government": "both", "agency": "both joint",
         "researchers": "both"},
    ),
    "AU": (
        "upper_left", "relationships commercialisation_knowhow",
        "bilateral_research conference study_abroad exhibition agreement", [2, 7],
        {"funding": "home", "research_site": "both", "government": "both none", "agency": "joint home",
         "researchers": "both"},
    ),
    "IN": (
        "lower_right", "standardisation_leadership funding market_needs talent",
        "bilateral_research contract_research exhibition agreement standard", [5],
        {"funding": "partner", "research_site": "partner", "government": "both", "agency": "home joint",
         "researchers": "both home"},
    ),
    "KR": (
        "centre", "standardisation_leadership", "bilateral_research multilateral_research standard", [2],
        {"funding": "both", "research_site": "both home", "government": "both none", "agency": "joint home",
         "researchers": "both"},
    ),
    "VN": (
        "lower_left", "market_needs talent reputation", "bilateral_research study_abroad agreement", [5, 12],
        {"funding": "partner home", "research_site": "partner", "government": "both", "agency": "home joint",
         "researchers": "both"},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    monkeypatch.setenv("KAKEHASHI_LANG", "en")
    monkeypatch.delenv("COLUMNS", raising=False)


def invoke(*arguments):
    return CliRunner().invoke(main, ["advise", "--study", "mic2023", *arguments])


def told(*arguments):
    result = invoke(*arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


@pytest.mark.parametrize("partner", sorted(REGIONS))
def test_each_region_equals_figures_5_1_to_5_6_line_by_line(partner):
    region, gains, forms, patterns, axes = REGIONS[partner]
    answer = json.loads(told("--home", "JP", "--partner", partner, "--format", "json"))
    assert answer["region"] == region
    assert answer["gains"] == gains.split()
    assert answer["forms"] == forms.split()
    assert answer["patterns"] == patterns
    assert {axis: [one["value"] for one in offered] for axis, offered in answer["axes"].items()} == {
        axis: values.split() for axis, values in axes.items()
    }
    known = {reason["id"] for reason in answer["reasons"]}
    for offered in answer["axes"].values():
        for one in offered:
            assert set(one["grounds"]) == {"ja", "en"}
            assert {"pattern_values", "when", "reasons"} <= one.keys()
            assert set(one["reasons"]) <= known
    assert answer["programmes"]
    assert answer["actions"]


def test_a_pattern_that_fits_the_axes_better_than_the_published_ones_is_shown_beside_them_with_a_reason():
    answer = json.loads(told("--partner", "IN", "--format", "json"))
    best = answer["by_axes"][0]
    notes = {reason["id"]: reason["text"]["en"] for reason in answer["reasons"]}
    if not best["published"]:
        assert f"pattern {best['pattern']} " in notes[f"patterns.ahead.{best['pattern']}"]
    assert answer["sections"]["schemes"]


def test_every_id_that_the_json_points_to_is_among_its_reasons():
    answer = json.loads(told("--partner", "CN", "--format", "json"))
    known = {reason["id"] for reason in answer["reasons"]}
    pointed = {one for part in answer["sections"].values() for one in part} | set(answer["cautions"])
    for part in ("pattern_details", "cases", "programmes", "actions", "prompts"):
        pointed |= {one for item in answer[part] for one in item["reasons"]}
    assert pointed
    assert pointed <= known
    assert all(reason["evidence"] for reason in answer["reasons"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_has_every_section_and_numbers_its_evidence(language):
    text = told("--partner", "CN", "--actor", "university", "--goal", "technology", "--lang", language)
    words = texts(language)
    for section in ("short", "whom", "gains", "how", "cases", "money", "watch", "first", "evidence"):
        assert f"\n{words(f'advise.outline.sections.{section}')}\n" in text
    cited = {int(one) for one in re.findall(r"\[(\d+)\]", text)}
    assert cited == set(range(1, max(cited) + 1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_the_text_leaves_the_terminal(language, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    from rich.cells import cell_len

    for line in told("--partner", "KR", "--lang", language).splitlines():
        longest = max((cell_len(word) for word in line.split()), default=0)
        assert cell_len(line) <= max(60, longest + 12)


def test_details_and_ids_are_told_on_request():
    brief, full = told("--partner", "AU"), told("--partner", "AU", "--full", "--ids")
    assert len(full) > len(brief)
    assert "{pattern.2}" in full


def test_the_page_stands_alone_draws_the_schemes_and_links_each_number(tmp_path):
    for language in LANGUAGES:
        path = tmp_path / f"{language}.html"
        told("--partner", "CN", "--format", "html", "--lang", language, "--out", str(path))
        page = path.read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert not re.search(r'(?:src|href)="(?!#|data:)', page)
        assert page.count("<svg") == 4  # two patterns, wide and narrow
        targets = set(re.findall(r'href="#(e\d+)"', page))
        assert targets
        assert targets <= set(re.findall(r'id="(e\d+)"', page))


def test_invented_data_are_said_to_be_invented():
    from kakehashi import Study
    from kakehashi.report.advised.outline import facts

    advice = Study("mic2023").advise(partner="CN")
    for language in LANGUAGES:
        plain, invented = (
            dict(facts(dataclasses.replace(advice, synthetic=synthetic), texts(language)))
            for synthetic in (False, True)
        )
        assert next(iter(plain.values())) == "mic2023"
        assert re.search("synthetic|合成", next(iter(invented.values())))


def test_as_is_another_word_for_home_and_lists_take_commas():
    answer = json.loads(
        told("--as", "kr", "--partner", "jp", "--goal", "technology,talent", "--exclude", "cn,in", "--format", "json")
    )
    assert answer["home"]["country"] == "KR"
    assert answer["partner"]["country"] == "JP"
    assert answer["goals"] == ["technology", "talent"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--partner", "CN", "--goal", "tecnology"), "did you mean 'technology'?"),
        (("--partner", "CN", "--field", "quantum"), "no field of study 'mic2023'"),
        (("--partner", "CN", "--actor", "firm"), "choices: company, government, university"),
        (("--partner", "Chine"), "did you mean 'CN'?"),
        (("--only", "KR", "--exclude", "KR"), "only and exclude both name KR"),
    ],
)
def test_a_wrong_question_ends_with_one_message_and_exit_code_1(arguments, message):
    result = invoke(*arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_file_of_programmes_that_breaks_its_rules_names_row_and_column(tmp_path):
    path = tmp_path / "programmes.csv"
    path.write_text("programme,home,name_en,name_ja,agencies,kind,actors,source\np,XX,P,P,A,other,university,own\n")
    result = invoke("--partner", "CN", "--programmes", str(path))
    assert result.exit_code == 1
    assert "row 2, column home" in result.stderr


def test_a_file_in_the_folder_of_knowledge_that_is_not_read_is_refused_with_the_nearest_that_is(tmp_path):
    (tmp_path / "region.toml").write_text("", encoding="utf-8")
    result = invoke("--partner", "CN", "--knowledge", str(tmp_path))
    assert result.exit_code == 1
    assert "did you mean 'regions.toml'" in result.stderr


def test_a_rule_of_ones_own_changes_the_advice_and_is_what_explain_shows(tmp_path):
    text = '[[cautions]]\nid = "ours"\nregion = "upper_right"\nsource = "mic2023 5-2"\n'
    text += 'text.ja = "社内の規程も確かめる。"\ntext.en = "Look at our own rules too."\n'
    (tmp_path / "regions.toml").write_text(text, encoding="utf-8")
    assert "Look at our own rules too." in told("--partner", "CN", "--knowledge", str(tmp_path))
    result = explain("caution.ours", "--knowledge", str(tmp_path))
    assert "Look at our own rules too." in result.stdout


def test_weights_of_ones_own_change_the_order(tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text('[[weights]]\nid = "talent.openness"\ngoal = "talent"\ncomponent = "openness"\nweight = 1\n'
                    'why.ja = "理由"\nwhy.en = "why"\n', encoding="utf-8")  # fmt: skip
    answer = json.loads(told("--goal", "talent", "--weights", str(path), "--format", "json"))
    assert answer["countries"]["candidates"][0]["entity"] == "MO"  # the most open of all


def test_a_study_that_has_not_been_run_says_what_to_do(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    folder = tmp_path / "study"
    CliRunner().invoke(main, ["init", str(folder), "--sources", str(exports)])
    result = CliRunner().invoke(main, ["advise", "--study", str(folder)])
    assert result.exit_code == 1
    assert "Has the study been run?" in result.stderr


def explain(*arguments):
    return CliRunner().invoke(main, ["explain", "reason", *arguments, "--study", "mic2023", "--partner", "CN"])


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("position", "571656.0"),
        ("choice.upper_right.funding.home", "figure 5-2"),
        ("pattern.5.fit", "patterns.toml"),
        ("programme.sicorp_hub.amount", "50000000"),
    ],
)
def test_a_sentence_leads_to_its_row_rule_figure_or_programme(named, expected):
    result = explain(named)
    assert result.exit_code == 0, result.output
    assert expected in result.stdout
    assert f"id: {named}" in result.stdout


def test_a_sentence_may_be_named_by_its_words_and_an_unknown_one_by_the_nearest():
    assert "id: position" in explain("Seen from Japan").stdout
    result = explain("pattern.5.fitt")
    assert result.exit_code == 1
    assert "did you mean 'pattern.5.fit'?" in result.stderr
