"""Every sentence of programmes, similar cases, cross-tables and first steps leads to what it rests on: no orphan."""

import pytest

from kakehashi.advice.actions import STAGES, Who, first_steps
from kakehashi.advice.cases import Asked, similar, why_pattern
from kakehashi.advice.crosstab import DIMENSIONS, crosstab
from kakehashi.errors import DataError
from kakehashi.knowledge.cases import Case, cases, counts
from kakehashi.knowledge.funding import Need, funding
from kakehashi.knowledge.programmes import Programme, calls, programmes
from kakehashi.knowledge.trace import trace
from kakehashi.reasons import Evidence, row, rule, source

HOMES = ("JP", "KR", "DE", "AU", "BR")
ACTORS = ("university", "company", "government")


@pytest.fixture
def own(tmp_path):
    cases_csv = "case,title,countries,form,funding\n47,Ours,KR BR,research,both\n"
    head = "programme,home,name_en,name_ja,agencies,kind,actors,source\n"
    (tmp_path / "cases.csv").write_text(cases_csv, encoding="utf-8")
    (tmp_path / "programmes.csv").write_text(f"{head}p,KR,P,P,NRF,other,university,own\n", encoding="utf-8")
    return tmp_path


def told(home, actor, own):
    """Yield every reason of an answer."""
    partner = "CN"
    actions = first_steps(Who(actor, home, "upper_right", (partner,)), STAGES, own)
    yield from (*actions.doors, *actions.helps, *actions.cautions)
    yield from (reason for step in actions.steps for reason in step.reasons)
    answer = funding(programmes(own), Need(home, partner, actor, "research", "ai"), calls(own), own)
    yield from answer.reasons
    yield from (reason for offer in (*answer.offers, *answer.refused) for reason in offer.reasons)
    for alike in similar(cases(own), Asked(home, partner, tuple(range(1, 13)), "research", "ai"), 99, own):
        yield from (*alike.reasons, *why_pattern(alike.case, own))
    for dimension in DIMENSIONS:
        yield from crosstab(cases(own), dimension, counts=counts(), own=own).reasons


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("actor", ACTORS)
def test_no_sentence_is_an_orphan(own, home, actor):
    reasons = list(told(home, actor, own))
    assert len(reasons) > 50
    for evidence in {one for reason in reasons for one in reason.evidence}:
        assert trace(evidence, own) is not None, evidence


def test_a_users_row_and_ours_of_the_same_id_are_told_apart(own):
    theirs = trace(rule(str(own / "cases.csv"), "47"), own)
    ours = trace(rule("cases.csv", "47"), own)
    assert isinstance(theirs, Case)
    assert (theirs.title, ours.published) == ("Ours", True)
    assert isinstance(trace(rule("programmes.csv", "satreps"), own), Programme)


def test_that_there_are_no_programmes_of_a_country_can_be_looked_up():
    assert trace(Evidence("rule", "programmes.csv", (("home", "BR"),))) == ()
    assert len(trace(Evidence("rule", "programmes.csv", (("home", "JP"),)))) == 14


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        (rule("cases.csv", "470"), r"cases\.csv: no item '470'; did you mean '47'"),
        (rule("case.csv", "47"), r"case\.csv: no such file; did you mean 'cases\.csv'"),
        (rule("findings.toml", "asia_rules"), "no item 'asia_rules'; did you mean 'asia_rules_c"),
        (source("mic2022", "5-1"), r"no item 'mic2022'; did you mean 'mic2023'"),
        (row("positions", entity="JP"), "is not in the knowledge but in the study"),
    ],
)
def test_evidence_that_leads_nowhere_is_answered_with_the_nearest(evidence, message):
    with pytest.raises(DataError, match=message):
        trace(evidence)
