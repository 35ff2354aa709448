"""The scheme advisor: the published strategy line by line, what wishes change, and what is refused."""

import csv
from pathlib import Path

import pytest

from kakehashi.advice.schemes.advise import advise_schemes
from kakehashi.advice.schemes.choices import wanted
from kakehashi.advice.schemes.wish import Wish
from kakehashi.errors import DataError, SettingsError
from kakehashi.knowledge import regions
from kakehashi.knowledge.axes import AXES
from kakehashi.knowledge.book import entry
from kakehashi.knowledge.forms import ACTORS, forms, goals
from kakehashi.knowledge.sources import documents
from kakehashi.texts import texts

FACTS = Path(__file__).parents[3] / "shared" / "facts/mic2023_fig5-1_region_strategy.csv"
REGIONS = ("upper_right", "upper_left", "lower_right", "centre", "lower_left")
PARTNERS = dict(zip(REGIONS, ("CN", "AU", "IN", "KR", "VN"), strict=True))
# Figures 5-1 to 5-6, typed a second time by hand.
PUBLISHED = {
    "upper_right": (
        "technology relationships market_needs", "multilateral_research international_prize", (5, 10),
        ("home both", "partner", "both", "both joint", "both"),
    ),
    "upper_left": (
        "relationships commercialisation_knowhow",
        "bilateral_research conference study_abroad exhibition agreement", (2, 7),
        ("home", "both", "both none", "joint home", "both"),
    ),
    "lower_right": (
        "standardisation_leadership funding market_needs talent",
        "bilateral_research contract_research exhibition agreement standard", (5,),
        ("partner", "partner", "both", "home joint", "both home"),
    ),
    "centre": (
        "standardisation_leadership", "bilateral_research multilateral_research standard", (2,),
        ("both", "both home", "both none", "joint home", "both"),
    ),
    "lower_left": (
        "market_needs talent reputation", "bilateral_research study_abroad agreement", (5, 12),
        ("partner home", "partner", "both", "home joint", "both"),
    ),
}  # fmt: skip


def asked(region, home="JP", partner="", **wishes):
    return advise_schemes(Wish(home, PARTNERS[region] if partner == "" else partner, region, **wishes))


def numbers(patterns):
    return [pattern.number for pattern in patterns]


def views(advice):
    return {axis: list(chosen) for axis, chosen in wanted(advice.axes).items()}


def said(reasons, language="en"):
    return {reason.id: reason.say(texts(language), "ict8") for reason in reasons}


@pytest.mark.parametrize("region", REGIONS)
def test_the_published_strategy_of_a_region_comes_out_line_by_line(region):
    gains, suited, patterns, axes = PUBLISHED[region]
    advice = asked(region)
    assert [gain.goal for gain in advice.gains] == gains.split()
    assert [form.form for form in advice.forms] == suited.split()
    assert numbers(advice.patterns) == list(patterns)
    assert views(advice) == {axis: line.split() for axis, line in zip(AXES, axes, strict=True)}
    assert all(choice.chosen for offered in advice.axes.values() for choice in offered)


@pytest.mark.parametrize("region", REGIONS)
def test_every_line_of_the_strategy_has_its_ground_from_the_right_figure(region):
    figure = {"upper_right": "5-2", "upper_left": "5-3", "lower_right": "5-4", "centre": "5-5", "lower_left": "5-6"}
    advice = asked(region)
    assert all(part.reasons for part in (*advice.gains, *advice.forms))
    for choice in (choice for offered in advice.axes.values() for choice in offered):
        evidence = [one.plain() for one in choice.reasons[0].evidence]
        assert {"kind": "rule", "ref": "regions.toml", "key": {"id": choice.id}} in evidence
        assert {"kind": "source", "ref": "mic2023", "key": {"figure": figure[region]}} in evidence


def test_the_strategy_equals_the_typed_facts():
    if not FACTS.is_file():
        pytest.skip(f"the typed facts are not at {FACTS}")
    with FACTS.open(encoding="utf-8") as file:
        rows = {row["region"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(PUBLISHED)
    for region, (gains, suited, patterns, _) in PUBLISHED.items():
        row = rows[region]
        assert (row["expected_gains"], row["suited_forms"]) == (gains, suited)
        assert row["suited_patterns"] == " ".join(map(str, patterns))
        countries = " ".join(regions.regions()[region].countries)
        assert row["countries"] == (countries or "*")


def test_where_the_axes_alone_rank_another_pattern_first_both_are_shown_with_a_reason():
    first = {region: asked(region).by_axes[0] for region in REGIONS}
    assert {region: pattern.number for region, pattern in first.items()} == {
        "upper_right": 5, "upper_left": 7, "lower_right": 5, "centre": 2, "lower_left": 10,
    }  # fmt: skip
    advice = asked("lower_left")
    notes = said(advice.notes)
    assert numbers(advice.patterns) == [5, 12]
    assert notes["patterns.ahead.10"].startswith(
        "By the axis choices alone, pattern 10 (fit 100.0%) comes before those"
    )
    assert "yet the report does not name it" in notes["difference.lower_left.pattern.10"]


@pytest.mark.parametrize("region", REGIONS)
def test_every_published_pattern_that_leaves_an_axis_says_why_it_is_published(region):
    advice = asked(region)
    notes = said(advice.notes)
    for pattern in advice.patterns:
        assert pattern.published
        assert (pattern.fit < 1) == bool(pattern.partly or pattern.missed)
        assert pattern.fit == 1 or f"difference.{region}.pattern.{pattern.number}" in notes


def test_the_fit_is_the_weighted_share_of_axes_counted_by_hand():
    # Weights 2, 2, 1.5, 1, 1. Pattern 10 lacks half of the agency: 7 / 7.5. Pattern 4 has no government: 6 / 7.5.
    fits = {pattern.number: pattern for pattern in asked("upper_right").by_axes}
    assert fits[10].fit == pytest.approx(7 / 7.5, abs=1e-6)
    assert (fits[10].partly, fits[10].missed) == (("agency",), ())
    assert fits[4].fit == pytest.approx(6 / 7.5, abs=1e-6)
    assert (fits[4].partly, fits[4].missed) == ((), ("government",))
    assert fits[5].seen.host == "partner"


def test_goals_and_actors_change_the_choice_and_the_order_of_patterns():
    research = asked("upper_left", actor="university", goals=("relationships",))
    business = asked("upper_left", actor="company", goals=("commercialisation_knowhow",))
    assert (views(research)["government"], views(research)["agency"]) == (["both"], ["joint"])
    assert (views(business)["government"], views(business)["agency"]) == (["none"], ["home"])
    assert (numbers(research.patterns), numbers(business.patterns)) == ([2, 7], [7, 2])
    assert research.by_axes[0].number == 2
    assert business.by_axes[0].number == 7


def test_goals_order_the_forms():
    assert asked("lower_right").forms[0].form == "bilateral_research"
    wished = asked("lower_right", goals=("standardisation_leadership",))
    assert wished.forms[0].form == "standard"
    assert wished.forms[0].serves == ("standardisation_leadership",)


def test_a_form_that_is_wished_for_comes_first_or_is_said_not_to_be_published():
    assert asked("upper_left", forms=("exhibition",)).forms[0].form == "exhibition"
    advice = asked("upper_left", forms=("standard",))
    assert [form.form for form in advice.further_forms] == ["standard"]
    assert not advice.further_forms[0].published
    assert "not among the forms named" in said(advice.reasons())["form.standard.unpublished"]


def test_a_form_calls_for_its_choice():
    assert views(asked("upper_right", goals=("technology",)))["funding"] == ["home"]
    assert views(asked("upper_right", forms=("multilateral_research",)))["funding"] == ["both"]


def test_a_purpose_calls_for_its_choice_and_a_form_says_its_purpose():
    for wish in ({"purposes": ("rule",)}, {"forms": ("agreement",)}):
        advice = asked("upper_left", **wish)
        assert views(advice)["government"] == ["both"]
        assert advice.forms[0].form == "agreement"
        assert said(advice.reasons())["choice.upper_left.government.both.met"].endswith("by your wishes: Set rules.")


def test_wishes_that_pull_apart_are_said_to():
    advice = asked("upper_left", goals=("relationships", "commercialisation_knowhow"))
    assert views(advice)["government"] == ["both", "none"]
    assert "more than one choice (Both governments and No government)" in said(advice.notes)["tension.government"]


def test_a_goal_that_the_region_does_not_promise_is_said_with_the_regions_that_do():
    note = said(asked("upper_left", goals=("talent",)).notes)["goal.talent"]
    assert note.startswith("Talent is not among the gains")
    assert "Independent path and Growing research" in note


def test_choices_tell_what_patterns_call_them():
    assert asked("upper_left").axes["agency"][1].pattern_values == ("funder",)
    assert asked("upper_right").axes["funding"][1].pattern_values == ("both", "both_voluntary")
    assert asked("lower_left").axes["research_site"][0].pattern_values == ("funder", "host_one_side")


def test_a_choice_that_no_pattern_has_is_said_to_be_in_none():
    advice = asked("lower_right")
    nowhere = {choice.id for offered in advice.axes.values() for choice in offered if not choice.pattern_values}
    # The partner is to pay, and no pattern has an agency, or researchers, of the other side alone.
    assert nowhere == {"lower_right.agency.home", "lower_right.researchers.home"}
    assert {f"choice.{id_}.nowhere" for id_ in nowhere} <= set(said(advice.reasons()))


def test_merits_and_demerits_are_those_of_the_arrangement_as_home_sees_it():
    advice = asked("lower_right")
    effects = said(advice.patterns[0].effects)
    assert "effect.research_site.partner.demerit.law" in effects
    assert "effect.funding.both.merit.lasting" in effects
    assert "Japan" in said(asked("upper_left").patterns[1].effects)["effect.funding.home.demerit.loss"]
    assert {reason.stance for reason in advice.patterns[0].effects} == {"for", "against"}


def test_the_upper_right_carries_cautions_and_prompts_whatever_the_field():
    advice = asked("upper_right")
    assert len(advice.cautions) == 3
    assert {"export_control", "research_security", "data_rules"} <= {prompt.id for prompt in advice.prompts}


def test_a_field_calls_for_its_prompts():
    assert "research_security" not in {prompt.id for prompt in asked("upper_left", field="network").prompts}
    advice = asked("upper_left", field="photonics_quantum")
    assert "research_security" in {prompt.id for prompt in advice.prompts}
    assert said(advice.reasons())["prompt.research_security.called"] == "Called for by: Photonics and quantum."


@pytest.mark.parametrize("home", ["KR", "DE", "AU", "BR"])
@pytest.mark.parametrize("region", REGIONS)
def test_another_home_is_advised_without_a_word_about_japan_except_whose_report_it_is(home, region):
    partner = next(code for code in ("US", "CN", "AU", "IN") if code != home)
    for partner_asked in (partner, None):
        advice = asked(region, home=home, partner=partner_asked, actor="company", goals=tuple(goals()))
        for language, name in (("en", "Japan"), ("ja", "日本")):
            told = said(advice.reasons(), language)
            assert {id_ for id_, text in told.items() if name in text} == {"region.other_home"}


def test_what_the_report_found_is_told_only_of_the_countries_it_found_it_for():
    found = {id_ for id_ in said(asked("lower_right").reasons()) if id_.endswith(".found")}
    assert found == {"gain.lower_right.standardisation_leadership.found", "gain.lower_right.market_needs.found"}
    assert not {id_ for id_ in said(asked("lower_right", home="KR").reasons()) if id_.endswith(".found")}
    assert not {id_ for id_ in said(asked("lower_right", partner="BR").reasons()) if id_.endswith(".found")}
    assert "had India in view" in said(asked("lower_right", partner="BR").region)["region.other_partner"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("region", REGIONS)
def test_every_sentence_can_be_said_has_an_id_of_its_own_and_rests_on_something(region, language):
    for actor in ACTORS:
        advice = asked(region, field="ai", actor=actor, goals=tuple(goals()), forms=tuple(forms()))
        told = said(advice.reasons(), language)
        assert all("{" not in text for text in told.values())
        by_id = {}
        for reason in advice._all():
            assert by_id.setdefault(reason.id, reason) == reason
        for reason in advice.reasons():
            assert {"rule", "source"} <= {one.kind for one in reason.evidence}, reason.id


@pytest.mark.parametrize("region", REGIONS)
def test_all_evidence_leads_to_an_item_or_a_document(region):
    for reason in asked(region, field="ai", goals=tuple(goals()), forms=tuple(forms())).reasons():
        for one in reason.evidence:
            if one.kind == "rule":
                assert entry(one.ref, dict(one.key)["id"])
            else:
                assert one.kind == "source"
                assert one.ref in documents()


def test_a_sentence_begins_with_a_capital_whoever_the_partner_is():
    for region in REGIONS:
        for id_, text in said(asked(region, partner=None, actor="company", goals=tuple(goals())).reasons()).items():
            assert not text[0].islower(), id_


def test_the_same_wish_gets_the_same_answer():
    assert asked("centre", goals=("talent",)) == asked("centre", goals=("talent",))


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish("JP", "JP", "centre"), "partner: JP is home itself"),
        (Wish("jp", "CN", "centre"), "home: 'jp' is no country code of two capital letters"),
        (Wish("JP", "China", "centre"), "partner: 'China' is no country code"),
        (Wish("JP", "FR", "unplaced"), "FR has the region 'unplaced', for which there is no strategy"),
        (Wish("JP", None, "center"), "did you mean 'centre'"),
        (Wish("JP", "CN", "centre", actor="uni"), "actor: unknown 'uni'; "),
        (
            Wish("JP", "CN", "centre", goals=("technologies",)),
            "goal: unknown 'technologies'; did you mean 'technology'",
        ),
        (Wish("JP", "CN", "centre", goals=("talent", "talent")), "goal: 'talent' is given twice"),
        (Wish("JP", "CN", "centre", purposes=("rules",)), "purpose: unknown 'rules'; did you mean 'rule'"),
        (Wish("JP", "CN", "centre", forms=("conferences",)), "form: unknown 'conferences'; did you mean 'conference'"),
    ],
)
def test_a_wish_that_cannot_be_answered_is_refused_with_the_nearest_that_can(wish, message):
    with pytest.raises(SettingsError, match=message):
        advise_schemes(wish)


def test_a_users_rules_change_the_advice(tmp_path):
    text = """
        [[regions]]
        id = "centre"
        patterns = []
        [[choices]]
        id = "centre.funding.both"
        remove = true
        [[choices]]
        id = "centre.funding.partner"
        region = "centre"
        axis = "funding"
        view = "partner"
        text = {ja = "{partner}の負担が見込める。", en = "{partner} can be won to pay."}
        source = "mic2023 5-5"
    """
    (tmp_path / "regions.toml").write_text(text, encoding="utf-8")
    advice = advise_schemes(Wish("JP", "KR", "centre"), tmp_path)
    assert views(advice)["funding"] == ["partner"]
    assert numbers(advice.patterns) == [10, 7]
    assert "No pattern is published" in said(advice.notes)["patterns.none_published"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[regions]]\nid = "centre"\ngains = ["talents"]',
            r"'centre': gains: unknown 'talents'; did you mean 'talent'",
        ),
        ('[[regions]]\nid = "centre"\npatterns = ["13"]', r"'centre': patterns: unknown '13'"),
        ('[[choices]]\nid = "centre.funding.both"\nview = "joint"', r"view: unknown 'funding\.joint'"),
        (
            '[[choices]]\nid = "centre.funding.both"\nwhen = [{goal = ["talent"]}]',
            r"when\.0\.goal: unknown key; did you mean 'goals'",
        ),
        (
            '[[choices]]\nid = "centre.funding.both"\nwhen = [{goals = ["talents"]}]',
            r"when\.goals: unknown 'talents'; did you",
        ),
        (
            '[[choices]]\nid = "centre.funding.both"\ntext = {ja = "{hom}", en = "{hom}"}',
            r"text: unknown 'hom'; did you mean 'home'",
        ),
        (
            '[[choices]]\nid = "centre.funding.both"\ntext = {ja = "{home}", en = "x"}',
            r"text: \{home\} stands in one language",
        ),
        ('[[choices]]\nid = "centre.funding.both"\ntext = {ja = "{home", en = "x"}', r"text: .*write \{\{ for a brace"),
    ],
)
def test_bad_rules_are_refused_with_file_item_and_remedy(tmp_path, text, message):
    (tmp_path / "regions.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message) as refused:
        advise_schemes(Wish("JP", "KR", "centre"), tmp_path)
    assert str(tmp_path / "regions.toml") in str(refused.value)
