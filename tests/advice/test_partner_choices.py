"""Choices of the partner ranking: homes, goals, weights, constraints; what is unknown is refused by name."""

import pytest
from partner_studies import Held

from example_study import connect, rows_of
from kakehashi import Study
from kakehashi.advice.partners import (
    Constraints,
    Practices,
    components,
    goals,
    rank_partners,
    read_weights,
    recorded,
    shipped_weights,
)
from kakehashi.advice.partners.rules import Weight, combined
from kakehashi.errors import DataError, SettingsError
from kakehashi.knowledge.forms import goals as gains
from kakehashi.knowledge.trace import trace
from kakehashi.reasons import rule
from kakehashi.texts import LANGUAGES, texts

GAINS = {
    "technology", "relationships", "commercialisation_knowhow", "market_needs", "talent", "standardisation_leadership",
    "funding", "reputation",
}  # fmt: skip


@pytest.fixture(scope="module")
def published():
    return Held(Study("mic2023"))


@pytest.fixture(scope="module")
def example():
    return rows_of(connect())


@pytest.fixture(scope="module")
def settings(published):
    return published.settings


def rank(rows, settings, **asked):
    return rank_partners(rows, settings, sensitivity=False, **{"home": "JP", **asked})


def order(ranking):
    return [one.entity for one in ranking.candidates]


def test_the_published_study_ranks_countries_over_what_it_knows(published, settings):
    ranking = rank(published.rows, settings, goals=("relationships",))
    assert order(ranking)[0] == "CN"
    assert set(ranking.weights) == {"output", "centrality", "openness"}
    assert sum(ranking.weights.values()) == pytest.approx(1)
    assert ranking.absent["ties"] == "no_edges"
    assert ranking.absent["growth"] == "no_years"
    first = ranking.candidates[0]
    assert first.joint_works is None
    assert {part.component for part in first.parts if part.missing} == set(ranking.absent)


def test_what_lies_in_the_lower_half_of_all_candidates_is_told_without_praise(published, settings):
    ranking = rank(published.rows, settings, level="institution", constraints=Constraints(only=("KR",)))
    told = [reason for one in ranking.candidates for reason in one.reasons_for if "place" in reason.values]
    assert {reason.text for reason in told} == {"partners.for.output_middling", "partners.for.centrality_middling"}
    assert all(reason.values["place"].raw * 2 > reason.values["of"].raw for reason in told)


def test_a_field_that_only_verdicts_tell_of_is_ranked_over_all_works(published, settings):
    ranking = rank(published.rows, settings, field="device", goals=("technology",))
    assert (ranking.field, ranking.scope) == ("device", "all")
    verdicts = {
        one.entity: part.raw for one in ranking.candidates for part in one.parts if part.component == "specialisation"
    }
    assert verdicts["KR"] == verdicts["TW"] == verdicts["IN"] == 1
    assert verdicts["AU"] == -1
    china = next(one for one in ranking.candidates if one.entity == "CN")  # no verdict was published
    assert china.known < 0.5


@pytest.mark.parametrize("home", ["KR", "DE", "AU", "BR"])
def test_another_home_is_ranked_from_its_own_point_of_view(example, settings, home):
    ranking = rank(example, settings, home=home, goals=("relationships",))
    assert home not in order(ranking)
    assert all(one.region is None for one in ranking.candidates)  # the study's regions are those around Japan
    assert "JP" in order(rank_all := rank(example, settings, home=home, most=200))
    assert rank_all.home == home


def test_homes_differ_in_their_partners(example, settings):
    joint = {
        home: {c.entity: c.joint_works for c in rank(example, settings, home=home).candidates} for home in ("JP", "KR")
    }
    assert joint["JP"] != joint["KR"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"goals": ("tecnology",)}, "goal: 'tecnology'.*did you mean 'technology'"),
        ({"field": "photonics"}, "field: 'photonics'.*did you mean 'photonics_quantum'"),
        ({"home": "XX"}, "home: 'XX' is no country"),
        ({"home": "Univercity of Tokyo"}, "nearest: University Of Tokyo"),
        ({"level": "city"}, "neither 'country' nor 'institution'"),
        ({"constraints": Constraints(only=("CN",), exclude=("CN",))}, "only and exclude both name CN"),
        ({"constraints": Constraints(only=("JP",))}, "JP is home itself"),
        ({"constraints": Constraints(only=("QQ",))}, "'QQ' is no country of a candidate"),
        ({"constraints": Constraints(min_papers=10**9)}, "no candidate is left; set aside: min_papers"),
        ({"constraints": Constraints(min_papers=-1)}, "below 0"),
        ({"constraints": Constraints(actors=("company",))}, "countries are asked for"),
        ({"constraints": Constraints(actors=("company",)), "level": "institution"}, "kinds of the institutions"),
        ({"constraints": Constraints(actors=("firm",), kinds={"i-CN-1": "company"})}, "'firm' is no kind"),
    ],
)
def test_what_is_unknown_or_contradicts_itself_is_refused(example, settings, asked, message):
    with pytest.raises(SettingsError, match=message):
        rank(example, settings, **asked)


def test_known_partners_cannot_be_told_without_edges(published, settings):
    with pytest.raises(SettingsError, match="no edges"):
        rank(published.rows, settings, constraints=Constraints(known=True))


def test_kinds_of_institutions_are_a_constraint_where_they_are_known(example, settings):
    constraints = Constraints(actors=("company",), kinds={"i-CN-1": "company", "i-KR-1": "university"})
    ranking = rank(example, settings, level="institution", constraints=constraints)
    assert order(ranking) == ["i-CN-1"]
    assert ranking.set_aside["actors"] > 10


def test_every_gain_has_weights_with_a_reason_in_both_languages():
    assert set(goals(shipped_weights())) == GAINS == set(gains())
    for weight in shipped_weights():
        assert weight.weight > 0
        assert len(weight.why("ja")) > 10, weight.id
        assert len(weight.why("en")) > 20, weight.id
    for component in components().values():
        assert all(component.name(language) and component.meaning(language) for language in LANGUAGES)


def test_goals_count_alike():
    both = combined(shipped_weights(), ("technology", "talent"))
    one, other = (combined(shipped_weights(), (goal,)) for goal in ("technology", "talent"))
    assert sum(both.values()) == pytest.approx(1)
    assert both == pytest.approx({name: (one.get(name, 0) + other.get(name, 0)) / 2 for name in both})
    assert combined(shipped_weights(), ("technology", "technology")) == one
    assert sum(combined(shipped_weights(), ()).values()) == pytest.approx(1)


def test_a_component_that_nobody_has_changes_no_ranking(published, settings):
    some = tuple(
        Weight(f"mine.{name}", "mine", name, weight, None) for name, weight in (("output", 1), ("openness", 2))
    )
    more = (*some, Weight("mine.ties", "mine", "ties", 5, None))
    few, many = (rank(published.rows, settings, goals=("mine",), weights=weights) for weights in (some, more))
    assert [(one.entity, one.score) for one in few.candidates] == [(one.entity, one.score) for one in many.candidates]


def test_a_goal_of_which_the_study_knows_nothing_is_refused(published, settings):
    weights = (Weight("mine.ties", "mine", "ties", 1, None),)
    with pytest.raises(SettingsError, match="none of the components"):
        rank(published.rows, settings, goals=("mine",), weights=weights)


def test_practices_on_record_count_and_are_named(published, settings):
    practices = Practices("practices.csv", {"au": ("p1", "p2"), "SG": ("p3",), "MM": ()})
    ranking = rank(published.rows, settings, goals=("commercialisation_knowhow",), practices=practices)
    counts = {c.entity: part.raw for c in ranking.candidates for part in c.parts if part.component == "practices"}
    assert (counts["AU"], counts["SG"], counts.get("CN")) == (2, 1, None)  # nobody looked at China
    told = [
        reason for one in ranking.candidates for reason in one.reasons_for if reason.text == "partners.for.practices"
    ]
    assert [evidence.key for evidence in told[0].evidence] == [(("id", "p1"),), (("id", "p2"),)]


def test_the_practices_on_record_are_those_a_home_is_told():
    everyone, japan = recorded(None), recorded("JP")
    assert everyone.file == "institutions.toml"
    assert set(everyone.of("x", "tsinghua university")) <= set(japan.of("CN"))
    assert everyone.of("US") is None
    for items in japan.items.values():
        for item in items:
            assert trace(rule(japan.file, item)).table == "practices"


def test_weights_and_emerging_rule_can_be_traced():
    for weight in shipped_weights():
        assert trace(rule("goal_weights.toml", weight.id)).keys["weight"] == weight.weight
    assert trace(rule("partner_components.toml", "emerging")).table == "lists"


def test_a_folder_of_own_knowledge_is_laid_over_the_weights(tmp_path):
    (tmp_path / "goal_weights.toml").write_text(
        '[[weights]]\nid = "talent.ties"\nweight = 40\n\n[[weights]]\nid = "talent.practices"\nremove = true\n', "utf-8"
    )
    mine = {weight.id: weight.weight for weight in shipped_weights(tmp_path)}
    shipped = {weight.id: weight.weight for weight in shipped_weights()}
    assert mine["talent.ties"] == 40
    assert set(shipped) - set(mine) == {"talent.practices"}


WEIGHTS = '[[weights]]\ngoal = "mine"\ncomponent = "output"\nweight = 3\n'


def test_a_users_own_weights_are_read(tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text(WEIGHTS + '[[weights]]\ngoal = "mine"\ncomponent = "reach"\nweight = 1\n', encoding="utf-8")
    assert combined(read_weights(path), ("mine",)) == {"output": 0.75, "reach": 0.25}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WEIGHTS.replace("output", "outputs"), "item 1: component: 'outputs' is no component; did you mean 'output'"),
        (WEIGHTS.replace("3", '"much"'), "weight: 'much' is no number"),
        (WEIGHTS.replace("3", "-1"), "weight: -1 is no number of 0 or above"),
        (WEIGHTS.replace("3", "true"), "weight: True is no number"),
        (WEIGHTS.replace("3", "nan"), "weight: nan is no number"),
        (WEIGHTS.replace("3", "0"), "mine: its weights sum to 0"),
        (WEIGHTS + WEIGHTS, "weighs this component twice"),
        (WEIGHTS.replace("goal", "gaol"), "gaol: unknown key"),
        (WEIGHTS.replace("weight = 3\n", ""), "weight is missing"),
        ("weights = 3", "holds no"),
        ("weights = [3]", "not a table"),
        ("= broken", "cannot be read as TOML"),
    ],
)
def test_a_bad_weights_file_is_refused_with_the_remedy(tmp_path, text, message):
    path = tmp_path / "weights.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_weights(path)


def test_reasons_are_sentences_in_both_languages_and_set_candidates_apart(example, settings):
    ranking = rank_partners(example, settings, home="JP", goals=("technology", "relationships"))
    spoken = {language: texts(language) for language in LANGUAGES}
    for language, say in spoken.items():
        told = [[reason.say(say, "ict8") for reason in one.reasons_for] for one in ranking.candidates]
        assert all(told)
        assert len({tuple(sentences) for sentences in told}) == len(told), language
        against = [reason.say(say, "ict8") for one in ranking.candidates for reason in one.reasons_against]
        assert against
        for sentence in (*against, *[sentence for each in told for sentence in each]):
            assert "{" not in sentence
            assert sentence.endswith("。" if language == "ja" else ".")


def test_every_kind_of_sentence_and_gap_has_a_text():
    english = texts("en")
    for component in components():
        told = [key for key in english.entries if key.startswith("partners.for.") and component in key]
        assert told, component
    for stance in ("for", "against"):
        assert any(key.startswith(f"partners.{stance}.") for key in english.entries)
