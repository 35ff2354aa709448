"""Partner ranking on the twelve works counted by hand (tests/by_hand/README.md): raw values worked out on paper."""

import math
import random

import numpy as np
import pytest
from partner_studies import Held

import hand_study
from kakehashi import tables
from kakehashi.advice.partners import Constraints, rank_partners
from kakehashi.advice.partners.ranking import score_partners
from kakehashi.texts import texts

OLD = 0.5 ** (1 / 3)  # a work of 2020, where 2021 is the last year and the half-life is three years
TOKYO, TSINGHUA, KAIST = "university-of-tokyo.jp", "tsinghua-university.cn", "kaist.kr"
OSAKA, MIT = "osaka-university.jp", "massachusetts-institute-of-technology.us"
SPOKEN = (texts("ja"), texts("en"))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    made = hand_study.create(tmp_path_factory.mktemp("partners") / "hand")
    made.run()
    return Held(made)


def shuffled(seed):
    return lambda rows: random.Random(seed).sample(rows, len(rows))


def raw_values(study, **asked):
    asked = {"home": "JP", "level": "country", "field": "all", **asked}
    found = score_partners(
        study.rows, study.settings, goals=("relationships",), constraints=Constraints(), weights=None, practices=None,
        **asked,
    )  # fmt: skip
    named = {**found.measures.raw, **found.measures.facts}
    return {name: dict(zip(found.pool.entities, raw.tolist(), strict=True)) for name, raw in named.items()}, found


def test_ties_of_a_country_are_its_joint_works_weighted_by_size_and_age(study):
    values, _ = raw_values(study)
    assert values["joint_works"] == {"AU": 1, "CN": 2, "KR": 1, "SG": 0, "US": 0}
    # w01 (2020, two countries) and w03 (2021, three countries); w03; lanterns (2021, two countries)
    assert values["ties"] == pytest.approx({"CN": OLD + 0.5, "KR": 0.5, "AU": 1.0, "SG": 0, "US": 0})
    assert values["recency"] == {"AU": 1, "CN": 1, "KR": 1, "SG": 0, "US": 0}


def test_paths_over_partners_follow_their_definitions(study):
    values, _ = raw_values(study)
    # Degrees: CN 3 (JP KR US), KR 2 (JP CN), AU 2 (JP SG). CN is reached over KR, KR and US over CN, SG over AU.
    assert values["common"] == {"AU": 0, "CN": 1, "KR": 1, "SG": 1, "US": 1}
    expected = {"AU": 0, "CN": 1 / math.log(2), "KR": 1 / math.log(3), "SG": 1 / math.log(2), "US": 1 / math.log(3)}
    assert values["shared_partners"] == pytest.approx(expected)
    assert values["allocation"] == pytest.approx({"AU": 0, "CN": 1 / 2, "KR": 1 / 3, "SG": 1 / 2, "US": 1 / 3})
    china = OLD + 0.5  # our tie with China; its ties are this, 0.5 with Korea and 1 with the United States
    assert values["bridge"] == pytest.approx(
        {"AU": 0, "CN": 0.5 * 0.5 / 1, "KR": china * 0.5 / (china + 1.5), "SG": 0.5, "US": china / (china + 1.5)}
    )
    # China brings the United States, Australia Singapore; the others know nobody that we do not reach already.
    assert values["reach"] == {"AU": 1, "CN": 1, "KR": 0, "SG": 0, "US": 0}


def test_openness_is_drawn_towards_the_common_share(study):
    values, _ = raw_values(study)
    # International of all works: CN 3 of 4, KR 1 of 1, AU 2 of 2, SG 1 of 2, US 1 of 1: 8 of 10 together.
    common, k = 8 / 10, 5
    assert values["openness"]["CN"] == pytest.approx((3 + common * k) / (4 + k))
    assert values["openness"]["SG"] == pytest.approx((1 + common * k) / (2 + k))


def test_an_institution_is_told_what_its_compatriots_share_with_a_candidate(study):
    values, found = raw_values(study, home=TOKYO, level="institution")
    assert found.question.country == "JP"
    assert TOKYO not in values["ties"]
    assert OSAKA not in values["ties"]
    assert values["joint_works"][TSINGHUA] == 1
    assert values["national_works"][TSINGHUA] == 2  # w01 with Tokyo, w03 with Osaka
    assert values["national_works"][KAIST] == 1
    assert values["country_works"][MIT] == 0
    assert values["common"][KAIST] == 1  # over Tsinghua


def test_a_country_asks_about_institutions_and_an_institution_about_countries(study):
    values, _ = raw_values(study, home="JP", level="institution")
    assert values["joint_works"][TSINGHUA] == 2
    values, _ = raw_values(study, home=TOKYO, level="country")
    assert values["joint_works"] == {"AU": 0, "CN": 1, "KR": 0, "SG": 0, "US": 0}


def test_domestic_candidates_are_there_if_asked_for(study):
    abroad = rank_partners(study.rows, study.settings, home=TOKYO, level="institution", sensitivity=False)
    both = rank_partners(
        study.rows,
        study.settings,
        home=TOKYO,
        level="institution",
        constraints=Constraints(domestic=True),
        sensitivity=False,
    )
    assert OSAKA not in {one.entity for one in abroad.candidates}
    assert OSAKA in {one.entity for one in both.candidates}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("home", "level"), [("JP", "country"), (TOKYO, "institution"), ("JP", "institution")])
def test_the_order_of_rows_changes_nothing(study, seed, home, level):
    asked = {"home": home, "level": level, "sensitivity": seed == 0}
    expected = rank_partners(study.rows, study.settings, **asked).plain(SPOKEN, "ict8")
    mixed = Held(study, shuffled(seed))
    assert rank_partners(mixed.rows, study.settings, **asked).plain(SPOKEN, "ict8") == expected


def test_parts_add_up_to_the_score(study):
    ranking = rank_partners(study.rows, study.settings, home="JP", goals=("relationships", "talent"))
    assert sum(ranking.weights.values()) == pytest.approx(1)
    for one in ranking.candidates:
        assert 0 <= one.score <= 1
        assert sum(part.adds for part in one.parts) == pytest.approx(one.score)
        assert all(part.value is None or 0 <= part.value <= 1 for part in one.parts)
        assert all((part.value is None) == (part.missing is not None) for part in one.parts)


def test_excluding_a_country_changes_no_other_score(study):
    whole = rank_partners(study.rows, study.settings, home="JP")
    without = rank_partners(study.rows, study.settings, home="JP", constraints=Constraints(exclude=("CN",)))
    scores = {one.entity: one.score for one in whole.candidates if one.entity != "CN"}
    assert {one.entity: one.score for one in without.candidates} == scores
    assert without.set_aside == {"exclude": 1}


def test_known_and_new_partners_can_be_asked_for(study):
    known = rank_partners(study.rows, study.settings, home="JP", constraints=Constraints(known=True))
    new = rank_partners(study.rows, study.settings, home="JP", constraints=Constraints(known=False))
    assert {one.entity for one in known.candidates} == {"CN", "KR", "AU"}
    assert {one.entity for one in new.candidates} == {"SG", "US"}


def test_resampling_the_works_is_seeded_and_can_move_ranks(study):
    first = rank_partners(study.rows, study.settings, home="JP")
    again = rank_partners(study.rows, study.settings, home="JP")
    assert first == again
    for one in first.candidates:
        assert one.by_sample.low <= one.by_sample.high <= len(first.candidates)
        assert one.by_weights.low <= one.rank <= one.by_weights.high
        assert one.by_sample.top_share == 1  # there are five candidates for the top ten
    assert any(one.by_sample.low < one.by_sample.high for one in first.candidates)


def test_every_reason_names_a_row_that_exists(study):
    keys = {name: table.key for name, table in tables.BY_NAME.items()}
    told = 0
    for home, level in (("JP", "country"), (TOKYO, "institution"), (TOKYO, "country"), ("KR", "institution")):
        ranking = rank_partners(study.rows, study.settings, home=home, level=level, sensitivity=False)
        for one in ranking.candidates:
            for reason in (*one.reasons_for, *one.reasons_against):
                for evidence in reason.evidence:
                    if evidence.kind != "table":
                        continue
                    told += 1
                    assert {column for column, _ in evidence.key} == set(keys[evidence.ref])
                    where = " and ".join(f"{column} = '{value}'" for column, value in evidence.key)
                    assert study.rows(f"select count(*) from {evidence.ref} where {where}") == [(1,)], reason
    assert told > 20


def test_no_candidate_is_praised_and_blamed_for_one_thing(study):
    ranking = rank_partners(study.rows, study.settings, home=TOKYO, level="institution")
    for one in ranking.candidates:
        praised = {reason.id.split(".")[-2] for reason in one.reasons_for}
        blamed = {reason.id.split(".")[-2] for reason in one.reasons_against}
        assert not praised & blamed
        assert not {"ties", "recency"} <= praised | blamed


def test_values_of_no_candidate_are_infinite(study):
    _, found = raw_values(study)
    assert not any(np.isinf(raw).any() for raw in found.measures.raw.values())
