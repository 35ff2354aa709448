"""A page divided into its topics, and each of them answered."""

from types import MappingProxyType

import pytest
from click.testing import CliRunner

from kakehashi import Study
from kakehashi.cli.main import main
from kakehashi.matching.katakana import Hearing
from kakehashi.matching.need import Reader
from kakehashi.matching.topics import asked_for, topics

PAGE_JA = """当社は1950年に創業した食品機械のメーカーです。
困っていることは三つあります。
第一に、軸受が突然故障します。振動のデータから余寿命を予測したいと思います。
第二に、印刷の外観検査を目視で行っています。良品の画像だけで学習する異常検知に関心があります。
第三に、柔らかい袋の箱詰めをロボットで自動化したいのですが、把持が困難です。
よろしくお願いいたします。"""
PAGE_EN = """We are a bus operator founded in 1948.
- predict passenger demand from smart card data and adjust timetables
- place chargers for electric buses and schedule battery charging at the depot
- voice interfaces by which elderly people use autonomous shuttles"""


class Nothing:
    """A study that knows no word."""

    words = MappingProxyType({})
    hearing = Hearing({})

    def works_with_keyword(self, _):
        return 0


@pytest.fixture(scope="module")
def reader():
    return Reader(Nothing())


def named(part):
    return {concept.text for concept in part.concepts}


def test_a_page_is_divided_where_it_counts_its_matters_and_says_who_writes_and_how_many_in_none(reader):
    parts = topics(reader, PAGE_JA, "ja")
    assert [part.text[:3] for part in parts] == ["第一に", "第二に", "第三に"]
    assert {"軸受", "余寿命"} <= named(parts[0])
    assert {"外観検査", "異常検知"} <= named(parts[1])
    assert "ロボット" in named(parts[2])
    assert not any("お願い" in part.text for part in parts)


def test_the_points_of_a_list_are_topics_even_where_none_asks(reader):
    parts = topics(reader, PAGE_EN, "en")
    assert len(parts) == 3
    assert "timetables" in named(parts[0])
    assert "autonomous" not in " ".join(named(parts[1]))


def test_numbered_points_are_topics_with_their_numbers(reader):
    page = PAGE_EN.replace("\n- ", "\n{}. ").format(1, 2, 3)
    assert [part.text[:10] for part in topics(reader, page, "en")] == ["1. predict", "2. place c", "3. voice i"]


def test_a_sentence_is_one_matter(reader):
    assert topics(reader, "軸受の振動から故障を予測し、保全の時期を決めたい。", "ja") == ()
    assert topics(reader, "We want to predict failures of bearings from vibration.", "en") == ()


def test_background_is_no_topic_where_something_is_asked_for(reader):
    page = "The harbour has cranes, trucks, ships, containers and warehouses, and traffic grows.\n" * 3
    parts = topics(
        reader, page + "We would like to schedule cranes and trucks by machine learning and simulation.", "en"
    )
    assert [part.text[:13] for part in parts] == ["We would like"]


def test_a_thing_named_in_two_topics_is_searched_for_in_both_and_told_once(reader):
    parts = topics(reader, PAGE_JA.replace("印刷の外観検査", "軸受の外観検査"), "ja")
    assert "軸受" in named(parts[0]) & named(parts[1])
    whole = asked_for(reader.read(PAGE_JA, "ja"), parts)
    assert [concept.text for concept in whole.concepts].count("軸受") == 1
    assert "創業" not in {concept.text for concept in whole.concepts}


def test_however_long_a_page_is_its_topics_are_few(reader):
    assert (
        2
        <= len(
            topics(reader, PAGE_EN + "\n- wind turbines, solar cells and storage of hydrogen in caverns" * 300, "en")
        )
        <= 12
    )


def test_each_topic_of_a_page_has_institutions_and_each_work_says_which_it_answers(finished):
    page = (
        "- machine learning, neural networks, image recognition and robotics for inspection of drinks and foods\n"
        "- encryption, authentication, intrusion detection and privacy for hospitals, schools and town halls\n"
    )
    answer = Study(finished / "study").match(page, top=9999).to_dict()
    assert [topic["text"][:9] for topic in answer["topics"]] == ["- machine", "- encrypt"]
    places = {one["institution_id"]: one for one in answer["institutions"]}
    for number, topic in enumerate(answer["topics"], 1):
        assert topic["institutions"]
        for institution in topic["institutions"]:
            assert number in {work["topic"] for work in places[institution]["evidence"]}
    assert {work["topic"] for one in places.values() for work in one["evidence"]} == {1, 2}


def test_the_command_numbers_the_matters_of_a_page(finished, tmp_path):
    (tmp_path / "need.txt").write_text(PAGE_EN.replace("smart card", "machine learning"), encoding="utf-8")
    told = CliRunner().invoke(main, ["match", "--study", str(finished / "study"), "--need", f"@{tmp_path}/need.txt"])
    assert "  [1] - predict passenger demand" in told.stdout
