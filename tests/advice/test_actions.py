"""First steps: in the order of the framework, with recommendations, doors and cautions that belong to who asks."""

import re

import pytest

from kakehashi.advice.actions import STAGES, Who, first_steps
from kakehashi.errors import DataError
from kakehashi.knowledge.items import institutions, items, on_record, recommendations
from kakehashi.texts import LANGUAGES, texts

HOMES = ("JP", "KR", "DE", "AU", "BR")


def ids(reasons):
    return [reason.id for reason in reasons]


def every(actions):
    return (*actions.doors, *actions.helps, *actions.cautions, *(one for step in actions.steps for one in step.reasons))


@pytest.mark.parametrize("actor", ["university", "company"])
def test_the_first_steps_are_the_directions_of_the_entry_in_order(actor):
    steps = first_steps(Who(actor, "JP", "centre", ("KR",))).steps
    assert [step.item for step in steps] == ["people_1", "people_2", "people_3", "things_1", "things_2", "money_1"]
    assert [step.order for step in steps] == [1, 2, 3, 4, 5, 6]
    assert {step.stage for step in steps} == {"entry"}


@pytest.mark.parametrize("actor", ["university", "company"])
def test_over_all_stages_every_direction_and_every_recommendation_is_told_once(actor):
    steps = first_steps(Who(actor, "JP", "centre", ("KR",)), STAGES).steps
    assert len(steps) == 17
    told = [reason for step in steps for reason in step.reasons if reason.text == "items.actions.recommended"]
    expected = {one.id for one in recommendations().values() if actor in one.actors}
    assert sorted(reason.id.split(".")[-1] for reason in told) == sorted(expected)


def test_a_government_is_told_what_is_asked_of_it():
    steps = first_steps(Who("government", "JP", "lower_right", ("IN",)), STAGES).steps
    assert {items()[step.item].kind for step in steps} == {"request"}
    assert "request_aid_relations" in [step.item for step in steps]
    elsewhere = first_steps(Who("government", "JP", "upper_left", ("AU",)), STAGES).steps
    assert "request_aid_relations" not in [step.item for step in elsewhere]


def test_what_is_said_of_a_country_is_told_for_it_alone():
    china = ids(first_steps(Who("company", "DE", "upper_right", ("CN",))).cautions)
    australia = ids(first_steps(Who("company", "DE", "upper_left", ("AU",))).cautions)
    assert "caution.china_reputation" in china
    assert "caution.asia_rules_change" in china
    assert not [one for one in australia if "asia" in one or "china" in one]
    assert china.index("caution.asia_rules_change") < china.index("caution.problem_ownership")


def test_without_partners_the_published_map_decides_for_japan_only():
    assert "caution.china_reputation" in ids(first_steps(Who("company", "JP", "upper_right")).cautions)
    assert "caution.china_reputation" not in ids(first_steps(Who("company", "JP", "centre")).cautions)
    assert "caution.china_reputation" not in ids(first_steps(Who("company", "KR", "upper_right")).cautions)


@pytest.mark.parametrize("home", [home for home in HOMES if home != "JP"])
@pytest.mark.parametrize("actor", ["university", "company", "government"])
def test_nothing_that_holds_for_japan_alone_is_told_to_another_home(home, actor):
    told = every(first_steps(Who(actor, home, "upper_right", ("CN",)), STAGES))
    only = {item.id for item in items().values() if item.homes}
    assert only == {"problem_communication", "china_data", "request_data_china"}
    assert not {reason.id.split(".")[-1] for reason in told} & only
    assert not [reason for reason in told if "survey" in reason.id]


def test_a_japanese_university_is_told_what_the_survey_found():
    cautions = first_steps(Who("university", "JP", "centre", ("KR",))).cautions
    said = [reason.say(texts("en"), "ict8") for reason in cautions if "survey" in reason.id]
    assert said[0] == (
        "In a survey of universities in 2016 (Burdens compared with work at home), 86.5% of 104 answered: "
        "procedures for the office staff."
    )


def test_doors_are_of_institutions_of_the_partner_countries():
    doors = first_steps(Who("company", "BR", "upper_left", ("SG",))).doors
    assert ids(doors)[0] == "door.ntu_1"
    for door in doors:
        record = on_record()[door.id.removeprefix("door.")]
        assert institutions()[record.institution].country == "SG"
    assert first_steps(Who("company", "BR", "upper_left", ("FR",))).doors == ()


def test_what_an_institution_has_with_japan_is_told_to_japan_alone():
    japan = ids(first_steps(Who("university", "JP", "lower_right", ("IN",))).doors)
    brazil = ids(first_steps(Who("university", "BR", "lower_right", ("IN",))).doors)
    assert set(japan) - set(brazil) == {"door.iith_1"}
    assert "door.usyd_7.home" in ids(first_steps(Who("university", "JP", "upper_left", ("AU",))).doors)
    assert not [one for one in ids(first_steps(Who("university", "KR", "upper_left", ("AU",))).doors) if "home" in one]


@pytest.mark.parametrize("partner", ["AU", "CN", "HK", "IN", "SG", "TW"])
@pytest.mark.parametrize("actor", ["university", "company", "government"])
def test_no_answer_to_another_home_speaks_of_japan(actor, partner):
    for reason in every(first_steps(Who(actor, "BR", "centre", (partner,)), STAGES)):
        if reason.id not in ("door.nthu_1", "door.tsinghua_4"):  # lists of several countries or companies
            assert not re.search("Japan|Tokyo", reason.say(texts("en"), "ict8")), reason.id
            assert not re.search("日本|東京", reason.say(texts("ja"), "ict8")), reason.id


@pytest.mark.parametrize("actor", ["university", "company", "government"])
@pytest.mark.parametrize("home", HOMES)
def test_every_sentence_has_an_id_of_its_own_and_is_said_in_both_languages(home, actor):
    told = every(first_steps(Who(actor, home, "upper_right", ("CN",)), STAGES))
    assert len(set(ids(told))) == len(told)
    for reason in told:
        assert all(reason.say(texts(language), "ict8") for language in LANGUAGES)


@pytest.mark.parametrize(
    ("who", "message"),
    [
        (Who("universty", "JP", "centre"), "actor: unknown 'universty'; did you mean 'university'"),
        (Who("company", "JP", "center"), "region: unknown 'center'; did you mean 'centre'"),
        (Who("company", "Japan", "centre"), "did you mean 'JP'"),
        (Who("company", "JP", "centre", ("JP", "KR")), "home JP is among the partners"),
    ],
)
def test_what_there_is_not_is_answered_with_the_nearest(who, message):
    with pytest.raises(DataError, match=message):
        first_steps(who)


def test_a_stage_that_there_is_not_is_answered_with_the_nearest():
    with pytest.raises(DataError, match="stage: unknown 'entrance'; did you mean 'entry'"):
        first_steps(Who("company", "JP", "centre"), ("entrance",))
