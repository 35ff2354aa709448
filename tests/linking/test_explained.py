"""What is explained is what is answered, for every hand-written string of the gold set, in both languages."""

import csv
import re
from pathlib import Path

import pytest

from kakehashi.affiliations.explain import explain
from kakehashi.report.explanation import lines
from kakehashi.texts import LANGUAGES

CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
SETTING = "affiliations.min_confidence"
LINKS = Path(__file__).parents[1] / "gold" / "links.csv"


@pytest.fixture(scope="module")
def explained(resolver):
    with LINKS.open(encoding="utf-8", newline="") as file:
        return [explain(row["text"], resolver) for row in csv.DictReader(file)]


def test_the_organisations_answered_are_the_candidates_chosen(explained):
    for one in explained:
        chosen = {option.organisation.ror_id for option in one.weighing.options if option.verdict == "chosen"}
        assert {row.ror_id for row in one.answers if row.method == "registry"} == chosen, one.text


def test_only_candidates_at_or_above_the_threshold_are_chosen(explained):
    options = [(option, one.weighing.threshold) for one in explained for option in one.weighing.options]
    assert all((option.confidence >= threshold) for option, threshold in options if option.verdict == "chosen")
    assert all((option.confidence < threshold) for option, threshold in options if option.verdict == "unsure")


def test_a_candidate_that_was_not_chosen_names_a_surer_one(explained):
    for one in explained:
        for option in one.weighing.options:
            if option.verdict in ("taken", "again"):
                assert 0 < option.by < option.number
                assert one.weighing.options[option.by - 1].confidence >= option.confidence


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_says_an_id_where_a_word_belongs(explained, language):
    for one in explained:
        for line in lines(one, language):
            assert not CODE.search(line.text.replace(one.text, "").replace(SETTING, "")), line.text
