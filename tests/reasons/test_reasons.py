"""Reasons: the same in both languages, never without evidence."""

import json

import pytest

from kakehashi.errors import DataError
from kakehashi.reasons import Reason, Value, row, rule, source, works, written
from kakehashi.texts import Words, texts

EN, JA = texts("en"), texts("ja")


def test_a_reason_without_evidence_cannot_be_made():
    with pytest.raises(DataError, match="rests on nothing"):
        Reason("output", "for", "common.none", {}, ())


def test_a_reason_is_said_in_both_languages_and_as_json():
    reason = Reason(
        "fields", "for", "title.years", {"first": Value("name", 2016), "last": Value("name", 2022)},
        (row("positions", kind="country", entity="CN"), works("ai", "all", "JP", "CN")),
    )  # fmt: skip
    plain = json.loads(json.dumps(reason.plain((EN, JA), "ict8")))
    assert plain["text"] == {
        "en": EN("title.years", first=2016, last=2022),
        "ja": JA("title.years", first=2016, last=2022),
    }
    assert plain["values"] == {"first": 2016, "last": 2022}
    assert plain["evidence"] == [
        {"kind": "table", "ref": "positions", "key": {"kind": "country", "entity": "CN"}},
        {"kind": "works", "ref": "works", "key": {"field": "ai", "period": "all", "entity_a": "JP", "entity_b": "CN"}},
    ]


def test_values_are_written_as_their_kind_says():
    said = [
        written(Value(kind, raw), JA, "ict8")
        for kind, raw in (("number", 1234), ("percent", 0.213), ("country", "AU"), ("field", "ai"), ("name", "MIT"))
    ]
    assert said[:3] == ["1,234", "21.3%", "オーストラリア"]
    assert said[3:] == ["AI技術", "MIT"]
    assert (
        written(Value("list", (Value("country", "AU"), Value("country", "SG"))), EN, "ict8")
        == "Australia and Singapore"
    )


def test_evidence_names_what_a_reader_can_open():
    assert rule("regions.toml", "centre").plain()["key"] == {"id": "centre"}
    assert source("mic2023", "5-2").plain() == {"kind": "source", "ref": "mic2023", "key": {"figure": "5-2"}}


def test_a_reason_may_hand_on_the_words_of_a_knowledge_item():
    words = Words("{home}と{partner}は{how}。", "{home} and {partner} {how}.")
    values = {
        "home": Value("country", "JP"), "partner": Value("country", "KR"),
        "how": Value("words", Words("{partner}に集う", "meet in {partner}")),
    }  # fmt: skip
    reason = Reason("meeting", "for", words, values, (rule("regions.toml", "centre"),))
    assert reason.say(EN, "ict8") == "Japan and South Korea meet in South Korea."
    assert reason.say(JA, "ict8") == "日本と韓国は韓国に集う。"
    assert json.loads(json.dumps(reason.plain((EN, JA), "ict8")))["values"]["how"] == {
        "ja": "{partner}に集う", "en": "meet in {partner}",
    }  # fmt: skip


def test_words_with_a_place_that_no_value_fills_are_refused():
    reason = Reason("x", "for", Words("{home}", "{home}"), {}, (rule("regions.toml", "centre"),))
    with pytest.raises(DataError, match="no value for 'home'"):
        reason.say(EN, "ict8")
