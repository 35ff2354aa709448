"""The assembled answer: what it holds for any home, what it refuses, and that no sentence is an orphan."""

import re

import pytest

import example_study
import hand_study
from kakehashi import Study, tables
from kakehashi.advice.answer import advise
from kakehashi.advice.plain import plain
from kakehashi.advice.question import Own, Question
from kakehashi.advice.trace import trace
from kakehashi.errors import DataError, SettingsError
from kakehashi.knowledge.forms import ACTORS, goals
from kakehashi.reasons import Evidence, row, rule, source, works
from kakehashi.texts import LANGUAGES, texts

HOMES = ("KR", "DE", "AU", "BR")


@pytest.fixture(scope="module")
def published():
    study = Study("mic2023")
    with study.reading() as rows:
        yield rows, study.settings


@pytest.fixture(scope="module")
def example():
    return example_study.rows_of(example_study.connect()), Study("mic2023").settings


@pytest.fixture(scope="module")
def run_study(tmp_path_factory):
    """A study computed from export files, with works behind its numbers."""
    study = hand_study.create(tmp_path_factory.mktemp("advice") / "hand")
    study.run()
    with study.reading() as rows:
        yield rows, study.settings


def said(reasons):
    return {text.language: [reason.say(text, "ict8") for reason in reasons] for text in map(texts, LANGUAGES)}


# --- the answer -----------------------------------------------------------------------------------------


def test_the_wishes_come_first_among_the_gains_said_and_the_forms(published):
    answer = advise(*published, Question("JP", "AU", actor="company", goals=("commercialisation_knowhow",)))
    assert [(gain.goal, gain.wished) for gain in answer.schemes.gains] == [
        ("relationships", False),
        ("commercialisation_knowhow", True),
    ]
    assert [one.number for one in answer.schemes.patterns] == [7, 2]  # a company that wants know-how: no government
    assert list(answer.actions) == ["company"]
    assert answer.schemes.forms[0].form == "bilateral_research"


def test_a_goal_that_a_region_does_not_promise_is_said_with_the_regions_that_do(published):
    answer = advise(*published, Question("JP", "CN", goals=("reputation",)))
    assert any(reason.id == "goal.reputation" for reason in answer.schemes.notes)


def test_strong_and_weak_fields_of_both_sides_are_set_against_each_other(published):
    answer = advise(*published, Question("JP", "IN"))
    ids = {reason.id for reason in answer.profile.strengths}
    assert {"strengths.bring", "strengths.take"} <= ids
    assert answer.profile.fields["IN"]["strong"] == ("device", "iot", "security")


def test_a_partner_institution_is_advised_on_through_the_region_of_its_country(published):
    by_name = advise(*published, Question("JP", "tsinghua university"))
    by_id = advise(*published, Question("JP", "tsinghua-university.cn"))
    assert by_name.asked.partner == by_id.asked.partner
    assert by_name.region == "upper_right"
    assert by_name.institutions is None
    assert by_name.profile.ties[0].id == "institution"


def test_an_institution_can_ask_and_its_country_pays(published, run_study):
    answer = advise(*run_study, Question("University of Tokyo", "CN", actor="university"))
    assert answer.asked.home.country == "JP"
    assert answer.institutions.home == "university-of-tokyo.jp"
    assert all(payer.offer.programme.home == "JP" for payer in answer.payers.offers)


def test_a_country_may_be_named_in_words_and_in_small_letters(published):
    for partner in ("cn", "China", "中国"):
        assert advise(*published, Question("jp", partner)).asked.partner.country == "CN"


def test_without_a_partner_countries_and_institutions_are_ranked_and_schemes_told_by_region(published):
    answer = advise(*published, Question("JP", top=8))
    assert answer.region is None
    assert answer.countries.candidates[0].entity == "CN"
    assert len(answer.institutions.candidates) == 8
    assert [one.region for one in answer.regions][:1] == ["upper_right"]
    listed = [code for one in answer.regions for code in one.countries]
    assert sorted(listed) == sorted(one.entity for one in answer.countries.candidates)


def test_fields_in_which_the_partner_lies_elsewhere_are_named(example):
    answer = advise(*example, Question("JP", "KR", field="ai"))
    assert answer.place.used.field == "ai"
    assert all(one.region != answer.region for one in answer.place.others)
    told = {one.field for one in answer.place.others}
    assert told == {reason.id.removeprefix("position.") for reason in answer.place.reasons if reason.id[9:] in told}


def test_a_field_without_figures_falls_back_to_all_works_and_says_so(published):
    answer = advise(*published, Question("JP", "CN", field="ai"))
    assert (answer.place.asked.region, answer.place.used.field) == (None, "all")
    assert answer.place.reasons[0].id == "position.fallback"
    assert any(reason.id == "ranking.institution.scope" for reason in answer.notes)


def test_a_study_whose_institutions_are_all_at_home_ranks_countries_and_says_why_no_institutions():
    connection = example_study.connect()
    connection.execute("update institutions set country_code = 'JP'")
    answer = advise(example_study.rows_of(connection), Study("mic2023").settings, Question("JP"))
    assert answer.countries.candidates
    assert answer.institutions is None
    assert [reason.id for reason in answer.notes] == ["ranking.institution.none"]


def with_economy():
    """The example with the trade of Japan with South Korea, and three GDPs."""
    connection = example_study.connect()
    means = (
        ("KR", "exports", 5.2e12, "JPY"), ("KR", "imports", 3.1e12, "JPY"), ("KR", "trade_intensity", 2.1, "ratio"),
        ("KR", "gdp", 1.6e12, "USD"), ("JP", "gdp", 4.9e12, "USD"), ("AU", "gdp", 1.4e12, "USD"),
    )  # fmt: skip
    rows = [(code, name, "all", value, unit, 7, "complete", None, None, None) for code, name, value, unit in means]
    example_study.load(connection, tables.ECONOMY, rows)
    return example_study.rows_of(connection)


def test_trade_and_gdp_are_told_in_the_units_of_the_language():
    answer = advise(with_economy(), Study("mic2023").settings, Question("JP", "KR"))
    told = said(answer.profile.economy)
    assert told["en"][0] == (
        "Japan exported goods for JPY 5.2 trillion a year to South Korea, and imported goods for JPY 3.1 trillion "
        "(mean of 7 years)."
    )
    assert "2.10" in told["en"][1]
    assert told["ja"][2] == "韓国のGDPは年1.6兆米ドル（日本は4.9兆米ドル）である。"


def test_another_home_is_not_told_the_trade_of_the_studys_own():
    rows, settings = with_economy(), Study("mic2023").settings
    assert [one.id for one in advise(rows, settings, Question("AU", "KR")).profile.economy] == ["economy.gdp"]
    assert [one.id for one in advise(rows, settings, Question("DE", "KR")).profile.economy] == ["economy.none"]


def test_the_same_question_gives_the_same_answer(example):
    question = Question("DE", field="ai", goals=("technology", "talent"))
    assert plain(advise(*example, question)) == plain(advise(*example, question))


def test_regions_are_those_of_the_stage_for_the_studys_own_home(published, example):
    for rows, settings in (published, example):
        stored = dict(
            rows("select entity, region from positions where kind = 'country' and field = 'all' and period = 'all'")
        )
        for partner in ("CN", "AU", "IN", "KR", "VN"):
            assert advise(rows, settings, Question("JP", partner)).region == stored[partner]


# --- other homes ----------------------------------------------------------------------------------------

LEAK = re.compile(r"\bJP\b|Japan|日本|JST|JSPS|MEXT|JICA|Tokyo|東京")
OWN_UP = ("region.other_home",)  # says that the strategy was drawn up for Japan


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("partner", ["CN", "US", "IN", "FJ"])
def test_no_japanese_assumption_leaks_into_another_homes_answer(example, home, partner):
    answer = advise(*example, Question(home, partner))
    assert not answer.payers.offers
    for reason in answer.reasons():
        if reason.id.startswith(("similar.", *OWN_UP)):  # published cases are what they are
            continue
        for text in map(texts, LANGUAGES):
            assert not LEAK.search(reason.say(text, "ict8")), reason.id
    assert any(reason.id == "region.other_home" for reason in answer.reasons())


@pytest.mark.parametrize("home", HOMES)
def test_candidates_lie_in_regions_as_this_home_sees_them(example, home):
    rows, settings = example
    answer = advise(rows, settings, Question(home))
    points = {
        entity: (papers, eigenvector)
        for entity, papers, eigenvector in rows(
            "select entity, papers, eigenvector from positions where kind = 'country' and field = 'all'"
        )
    }
    for one in answer.countries.candidates:
        more = points[one.entity][0] > points[home][0]
        assert (one.region in ("upper_right", "lower_right")) == more


def test_another_homes_programmes_are_a_file_of_its_own(example, tmp_path):
    path = tmp_path / "mine.csv"
    head = "programme,home,name_en,name_ja,agencies,kind,actors,country_rule,source\n"
    path.write_text(f"{head}call,BR,Call,公募,FAPESP,joint_research,university,open,our own\n", encoding="utf-8")
    answer = advise(*example, Question("BR", "CN"), Own(programmes=path))
    assert [payer.offer.programme.id for payer in answer.payers.offers] == ["call"]
    assert answer.payers.offers[0].actors == ("university",)
    for reason in answer.payers.offers[0].offer.reasons:
        for evidence in reason.evidence:
            assert trace(evidence, example[0])


# --- refusals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"goals": ("technolgy",)}, r"goal: 'technolgy' is no goal; did you mean 'technology'\?"),
        ({"goals": ("talent", "talent")}, r"goal: 'talent' is given twice"),
        ({"actor": "universty"}, r"actor: .*did you mean 'university'\?"),
        ({"field": "devices"}, r"field: .*did you mean 'device'\?"),
        ({"forms": ("conferences",)}, r"form: .*did you mean 'conference'\?"),
        ({"partner": "XX"}, r"partner: 'XX' is no country with works in this study; choices: "),
        ({"partner": "DE"}, r"partner: DE has no works in this study.*those that have: AE, AU"),
        ({"partner": "Tsinghua"}, r"nearest: Tsinghua University"),
        ({"partner": "Chna"}, r"did you mean 'CN'\?"),
        ({"partner": "JP"}, r"JP is home itself"),
        ({"home": "ZZ"}, r"home: 'ZZ' is no country"),
        ({"exclude": ("CN",)}, r"partner and exclude both name CN"),
        ({"only": ("KR", "AU")}, r"partner CN is not among those of only"),
        ({"partner": None, "only": ("KR",), "exclude": ("KR",)}, r"only and exclude both name KR"),
        ({"partner": None, "exclude": ("KX",)}, r"'KX' is no country of a candidate in this study; did you mean"),
        ({"top": 0}, r"top: 0 is below 1"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_nearest_that_can(published, asked, message):
    with pytest.raises(SettingsError, match=message):
        advise(*published, Question(**{"home": "JP", "partner": "CN", **asked}))


def test_a_country_without_a_place_on_any_map_is_refused_with_fields_that_have_one():
    connection = example_study.connect()
    connection.execute("update positions set eigenvector = null where entity = 'KR' and field <> 'device'")
    rows = example_study.rows_of(connection)
    settings = Study("mic2023").settings
    with pytest.raises(SettingsError, match="it has one in the fields: device"):
        advise(rows, settings, Question("JP", "KR"))
    assert advise(rows, settings, Question("JP", "KR", field="device")).place.used.field == "device"


# --- the trace ------------------------------------------------------------------------------------------


TRACED = set()
"""What has been followed already: most answers rest on the same rules."""


def walk(rows, settings, question, own=Own()):  # noqa: B008 -- frozen
    """Follow every piece of evidence of an answer, and check that ids are unique and languages said."""
    answer = advise(rows, settings, question, own)
    by_id = {}
    for reason in answer._all():
        assert by_id.setdefault(reason.id, reason) == reason
    found = {evidence for reason in by_id.values() for evidence in reason.evidence}
    for evidence in found:
        if (rows, evidence) not in TRACED:
            traced = trace(evidence, rows, own.folder)
            assert traced.values or traced.title or traced.works
            TRACED.add((rows, evidence))
    assert all(text.strip() for texts_ in said(by_id.values()).values() for text in texts_)
    return found


@pytest.mark.parametrize("partner", ["CN", "AU", "IN", "KR", "VN", None])
@pytest.mark.parametrize("actor", [None, *ACTORS])
def test_no_sentence_about_the_published_study_is_an_orphan(published, partner, actor):
    found = walk(*published, Question("JP", partner, actor=actor))
    assert {evidence.kind for evidence in found} == {"table", "rule", "source"}


@pytest.mark.parametrize("goal", list(goals()))
def test_no_sentence_for_a_goal_is_an_orphan(published, example, goal):
    for partner in ("CN", "SG", "IN", "TW", "TH"):
        walk(*published, Question("JP", partner, goals=(goal,)))
    walk(*example, Question("AU", goals=(goal,), field="network"))


@pytest.mark.parametrize("home", ["JP", *HOMES])
@pytest.mark.parametrize("partner", ["CN", "US", None])
def test_no_sentence_for_another_home_is_an_orphan(example, home, partner):
    assert walk(*example, Question(home, partner, field="security"))


@pytest.mark.parametrize("home", ["JP", "university-of-tokyo.jp", "CN", "KR"])
@pytest.mark.parametrize("field", ["all", "security"])
def test_every_works_query_of_a_computed_study_returns_works(run_study, home, field):
    found = walk(*run_study, Question(home, field=field))
    behind = [evidence for evidence in found if evidence.kind == "works"]
    assert behind
    assert all(trace(evidence, run_study[0]).count > 0 for evidence in behind)


@pytest.mark.parametrize(
    "evidence",
    [
        row("positions", kind="country", field="all", period="all", entity="XX"),
        row("positions", entity="CN"),
        row("nothing", entity="CN"),
        rule("regions.toml", "upper_right.nothing"),
        rule("cases.csv", "0"),
        rule("nothing.csv", "1"),
        source("mic2022", "5-1"),
        works("security", "all", "JP", "BR"),
        Evidence("rule", "nothing.toml", (("id", "1"),)),
    ],
)
def test_evidence_that_leads_to_nothing_is_a_defect_that_says_so(run_study, evidence):
    with pytest.raises(DataError):
        trace(evidence, run_study[0])
