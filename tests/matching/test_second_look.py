"""The second look: what is weighed of the works found, and that the learnt weights put first what names the need."""

import numpy as np
import pytest

from kakehashi import Study
from kakehashi.matching.need import Reader
from kakehashi.matching.opening import open_index
from kakehashi.matching.policy import policy
from kakehashi.matching.queries import structured
from kakehashi.matching.retrieval import fused, retrieve, shares
from kakehashi.matching.schema import Record
from kakehashi.matching.second_look import FEATURES, SCORES, features, weights
from kakehashi.matching.words import stems


@pytest.fixture(scope="session")
def index(finished):
    return open_index(Study(finished / "study"))


def weighed(index, need, *records):
    """Return what is weighed of made works, which stand in the index as its first ones, by the names of FEATURES."""
    concepts = Reader(index).read(need).concepts
    rows = list(range(len(records)))
    found = features(index, concepts, None, {}, rows, dict(zip(rows, records, strict=True)))
    return dict(zip(FEATURES, found.T, strict=True))


def work(title, *keywords):
    return Record("w", title, None, None, None, None, list(keywords), [], [])


def test_no_weight_is_negative_and_only_with_an_encoder_does_its_score_count():
    for meaning in (True, False):
        assert (weights(meaning=meaning) >= 0).all()
        assert weights(meaning=meaning).sum() == pytest.approx(1)
    assert weights(meaning=False)[FEATURES.index("meaning")] == 0


def test_a_title_that_names_all_of_a_need_counts_more_than_one_that_repeats_a_part(index):
    both = work("Machine learning for network security")
    one = work("Network security, network security and more network security")
    found = weighed(index, "machine learning for network security", both, one, work("Poetry"))
    for name in ("title", "likeness", "words"):
        assert found[name][0] > found[name][1] > found[name][2]
    assert found["title"][0] == pytest.approx(1)
    assert found["title"][2] == 0


def test_keywords_count_for_the_words_but_not_for_the_title(index):
    found = weighed(index, "machine learning", work("A study", "machine learning"), work("A study"))
    assert found["title"].tolist() == [0, 0]
    assert found["words"][0] > 0 == found["words"][1]


def test_a_japanese_title_is_met_by_the_english_of_its_terms(index):
    found = weighed(index, "machine learning", work("機械学習による分類の研究"))
    assert found["title"][0] == pytest.approx(1)


def test_both_languages_weigh_the_same_of_a_work(index):
    one = work("Machine learning for security")
    english, japanese = (weighed(index, need, one) for need in ("machine learning", "機械学習"))
    assert english["title"] == pytest.approx(japanese["title"])


def test_a_work_without_title_and_keywords_is_weighed_by_what_the_searches_say(index):
    found = weighed(index, "machine learning", work(""))
    assert all((found[name] == 0).all() for name in ("title", "likeness", "words"))


def test_a_work_without_words_changes_nothing_of_those_beside_it(index):
    first, last = work("Machine learning", "security"), work("Deep learning")
    alone = [weighed(index, "machine learning", one) for one in (first, last)]
    found = weighed(index, "machine learning", first, work(""), last)
    for name in ("title", "likeness", "words"):
        assert found[name].tolist() == [alone[0][name][0], 0, alone[1][name][0]]


def test_an_added_keyword_lifts_the_works_that_have_it_more_than_those_with_one_of_its_words(index):
    concepts = Reader(index).read("machine learning", "en").concepts
    plain = dict(index.search(structured(concepts), index.works))
    records = index.records(list(plain))
    keyword = max(
        {kw.casefold() for one in records.values() for kw in one.keywords if len(stems(kw)) == 2} - {"machine learning"}
    )
    added = dict(index.search(structured(concepts, {keyword: 1.0}), index.works))
    gained = {row: added[row] - score for row, score in plain.items()}
    having = [row for row, one in records.items() if keyword in map(str.casefold, one.keywords)]
    half = [
        row
        for row, one in records.items()
        if len(set(stems(keyword)) & set(stems(f"{one.title} {' '.join(one.keywords)} {one.abstract or ''}"))) == 1
    ]
    assert min(gained[row] for row in having) > max(gained[row] for row in half) > 0
    untouched = [row for row in plain if row not in having and abs(gained[row]) < 1e-4]
    assert len(untouched) > len(having)


def test_the_answer_is_the_works_found_in_the_order_of_the_weights(index):
    need = Reader(index).read("security by machine learning", "en")
    found = retrieve(index, need)
    assert found.looked is not None
    assert found.looked.features.shape == (len(found.looked.rows), len(FEATURES))
    assert ((found.looked.features >= 0) & (found.looked.features <= 1)).all()
    assert (
        {row for row, _ in found.works}
        == set(found.looked.rows)
        == {r for r, _ in retrieve(index, need, "fused").works}
    )
    scores = found.looked.features @ weights(meaning=bool(index.encoder))
    best = found.looked.rows[int(np.argmax(scores))]
    assert found.works[0] == (best, 1.0)
    assert [score for _, score in found.works] == sorted((score for _, score in found.works), reverse=True)


def test_a_ranking_is_scaled_from_its_best_to_its_last(index):
    assert shares([(7, 3.0), (5, 2.0), (9, 1.0)], 3) == {7: 1.0, 5: 0.5, 9: 0.0}
    assert shares([(7, 4.0), (5, 1.0)], 3) == {7: 1.0, 5: 0.25}
    assert shares([(7, 4.0), (5, 4.0)], 2) == {7: 1.0, 5: 1.0}
    assert shares([], 3) == {}


def test_a_work_that_leads_all_rankings_has_one_when_fused():
    ranking = [(7, 3.0), (5, 2.0)]
    found = fused(dict.fromkeys(("bag", "terms", "expanded", "dense"), ranking), 3)
    assert found[0] == (7, pytest.approx(1.0))
    assert set(SCORES) <= set(policy()["fusion"])
