"""Similar cases: what counts, that the unknown never counts, and that a user's own cases take part."""

import pytest

from kakehashi.advice.cases import Asked, similar, weights, why_pattern
from kakehashi.knowledge.cases import cases, read_cases
from kakehashi.texts import LANGUAGES, texts


def test_weights_add_up_over_what_is_shared():
    (best, *_) = similar(cases(), Asked("JP", "FR", (1,), "bilateral_research", "network"))
    assert best.case.id == "47"
    assert best.shared == ("pattern", "partner", "form", "field", "home")
    assert best.score == sum(weights()[trait].weight for trait in best.shared) == 10


def test_countries_are_compared_as_we_read_them_and_the_print_is_told():
    (flood,) = similar(cases(), Asked("AU", "VN"), limit=1)
    assert (flood.case.id, flood.shared) == ("11", ("partner", "home"))
    told = {reason.id.rsplit(".", 1)[1]: reason.say(texts("en"), "ict8") for reason in flood.reasons}
    assert (
        told["countries"] == "Printed with Austria and Vietnam; we read Australia and Vietnam, and compare with that."
    )


def test_nothing_shared_is_not_similar():
    assert similar(cases(), Asked("NZ", "FJ")) == ()


def test_what_a_case_does_not_state_counts_neither_way_and_is_named():
    (mangroves,) = [one for one in similar(cases(), Asked("ZA", None), limit=20) if one.case.id == "3"]
    assert mangroves.unknown == ("field",)
    assert "field" not in mangroves.shared


def test_a_form_of_the_same_group_counts_less_than_the_same_form():
    same = {one.case.id: one for one in similar(cases(), Asked("NZ", None, (), "bilateral_research"), limit=20)}
    assert same["47"].shared == ("form",)
    assert same["4"].shared == ("form_group",)
    assert same["47"].score > same["4"].score


def test_a_users_case_comes_before_a_published_one_that_is_as_near(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("case,title,countries,form\nx,Ours,KR TL,study_abroad\n", encoding="utf-8")
    found = similar((*cases(), *read_cases(path)), Asked("NZ", "TL"), limit=2)
    assert [(one.case.id, one.case.published) for one in found] == [("x", False), ("59", True)]
    assert found[0].reasons[0].evidence[0].ref == str(path)


def test_a_pattern_says_whether_it_was_printed_or_derived(tmp_path):
    (printed,) = why_pattern(cases()[0])
    assert printed.say(texts("en"), "ict8").startswith("Given as pattern 1: ")
    path = tmp_path / "cases.csv"
    head = "case,title,countries,funding,research_site,government,agency,researchers"
    path.write_text(f"{head}\nx,X,KR BR,both,both,none,both,both\ny,Y,KR BR,,,,,\n", encoding="utf-8")
    derived, unknown = read_cases(path)
    assert [reason.id for reason in why_pattern(derived)][-1] == "derive.found"
    assert "derive.found" not in [reason.id for reason in why_pattern(unknown)]


def test_the_answer_does_not_depend_on_chance():
    asked = Asked("JP", "CN", (5, 10), "multilateral_research", "ai")
    assert similar(cases(), asked) == similar(tuple(cases()), asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_can_be_said(language):
    for one in similar(cases(), Asked("JP", "AU", tuple(range(1, 13)), "bilateral_research", "iot"), limit=20):
        assert one.reasons
        for reason in one.reasons:
            assert reason.say(texts(language), "ict8")
