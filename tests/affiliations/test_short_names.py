"""Short names in Japanese, Chinese and Korean script: which are written out, which are another word's beginning."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.short_names import expanded, has_short_name
from kakehashi.affiliations.text import clean

TABLE = files("kakehashi") / "data" / "affiliations" / "native_short_names.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def resolver():
    return Resolver()


@pytest.mark.parametrize(
    ("text", "in_full", "country"),
    [
        ("東大院工", "東京大学 院工", "JP"),
        ("東大 生研", "東京大学 生研", "JP"),
        ("東大・工", "東京大学・工", "JP"),
        ("名古屋大・未来材料研", "名古屋大学・未来材料研", "JP"),
        ("京都大院 情報", "京都大学 院 情報", "JP"),
        ("東北大・金研, 仙台", "東北大学・金研, 仙台", "JP"),
        ("首都大東京 システムデザイン", "首都大学東京 システムデザイン", "JP"),
        ("関西学院大", "関西学院大学", "JP"),
        ("北大 電子研", "北海道大学 電子研", "JP"),
        ("上海交大", "上海交通大学", "CN"),
        ("中科院自动化所", "中国科学院 自动化所", "CN"),
        ("서울대 컴퓨터공학부", "서울대학교 컴퓨터공학부", "KR"),
        ("연세대", "연세대학교", "KR"),
    ],
)
def test_a_short_name_is_the_whole_one(resolver, text, in_full, country):
    [short], [full] = resolver.resolve(text), resolver.resolve(in_full)
    assert (short.institution, short.key, short.country_code) == (full.institution, full.key, country)
    assert full.country_code == country


def test_the_university_of_a_short_name_is_named(resolver):
    texts = ("東大", "東大院工", "東大・工", "東京大")
    assert {resolver.resolve(text)[0].institution for text in texts} == {"東京大学"}


@pytest.mark.parametrize(
    "text",
    ["東大阪大学", "東大阪市", "東大寺", "清华大学", "中山大学", "日大豊山", "関大前", "北大路", "北大", "京都大学",
     "서울대학교", "서울대입구", "University of Tokyo", ""],
)  # fmt: skip
def test_the_beginning_of_another_word_is_left(text):
    assert not has_short_name(text)
    assert expanded(text, None) == (text, None)


def test_the_answer_points_at_what_was_given(resolver):
    [one] = resolver.resolve("１) 東大院工, 東京")
    assert one.span == "東大"
    assert one.institution == "東京大学"


def test_each_short_name_has_one_full_name_that_is_longer_or_other():
    assert len({row["short"] for row in ROWS}) == len(ROWS)
    assert all(row["full"] != row["short"] for row in ROWS)
    assert not [row["short"] for row in ROWS if has_short_name(row["full"])]


@given(st.lists(st.sampled_from(["東大", "院工", "清华", "서울대", " ", ", ", "é", "x", "大学", "・"]), max_size=12))
def test_every_place_of_the_text_written_out_is_one_of_the_given(pieces):
    given_text = "".join(pieces)
    text, offsets = expanded(given_text, None)
    places = list(range(len(text) + 1)) if offsets is None else list(offsets)
    assert len(places) == len(text) + 1
    assert places == sorted(places)
    assert places[-1] == len(given_text)
    ready = clean(given_text)
    assert ready.span(0, len(ready.text)) in given_text
