"""Countries of names in Japanese, Chinese and Korean: towns and states abroad, and words that hold one by chance."""

import pytest

from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.text import fold


@pytest.fixture(scope="module")
def resolver():
    return Resolver()


def country(resolver, text):
    [one] = resolver.resolve(text)
    return one.country_code


def test_a_voiced_kana_is_another_letter_and_an_accent_is_not():
    assert fold("ダ") == "ダ"
    assert fold("パ") != fold("ハ")
    assert fold("É") == "e"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("佛罗里达大学", "US"),
        ("フロリダ大学", "US"),
        ("플로리다 대학교", "US"),
        ("哥伦比亚大学", "US"),
        ("コロンビア大学", "US"),
        ("ジョージア工科大学", "US"),
        ("ミュンヘン工科大学", "DE"),
        ("도쿄대학교", "JP"),
        ("香港中文大学", "HK"),
    ],
)
def test_a_place_abroad_is_known_in_all_three_languages(resolver, text, expected):
    assert country(resolver, text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "chance"),
    [
        ("ショウワダイガクビョウイン", "JP", "Thailand in the reading of university"),
        ("聖マリアンナ医科大学", "JP", "Mali in Mariana"),
        ("立命館アジア太平洋大学", "JP", "Taiping in the Pacific"),
        ("中国電力株式会社", "JP", "the region Chugoku is no China"),
        ("ニュートリノ研究センター", "JP", "Turin in neutrino"),
        ("东海法学院", "CN", "Haifa across two words"),
        ("上海交通大学密西根学院", "CN", "a joint college named after Michigan"),
        ("西交利物浦大学", "CN", "a university named after Liverpool"),
        ("香港中文大學（深圳）", "CN", "a university of Hong Kong in Shenzhen"),
    ],
)
def test_a_place_that_a_word_holds_by_chance_does_not_locate(resolver, text, expected, chance):
    assert country(resolver, text) == expected, chance


@pytest.mark.parametrize("text", ["情報工学科", "循環器内科", "神经内科", "资源工程教研室", "컴퓨터공학과"])
def test_a_department_in_native_script_is_no_institution(resolver, text):
    assert all(one.institution is None for one in resolver.resolve(text))


def test_a_graduate_university_keeps_its_whole_name(resolver):
    [one] = resolver.resolve("奈良先端科学技術大学院大学 先端科学技術研究科")
    assert one.institution == "奈良先端科学技術大学院大学"
