"""Texts: the same keys and values in both languages, and how each language writes numbers and lists."""

import re
import string

import pytest

from kakehashi.errors import DataError
from kakehashi.names import country_name, field_name
from kakehashi.texts import texts

JA, EN = texts("ja"), texts("en")


def values_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def values_cut(text):
    return re.sub(r"{[^}]*}", "", text)


def test_both_languages_have_the_same_texts():
    assert JA.entries.keys() == EN.entries.keys()


@pytest.mark.parametrize("key", sorted(k for k in EN.entries if not k.startswith(("regions.", "n.", "page.other"))))
def test_both_languages_use_the_same_values(key):
    assert values_of(JA.entries[key]) == values_of(EN.entries[key])


def test_japanese_texts_are_not_left_in_english():
    words = re.compile(r"[A-Za-z]{3,}")
    same = {key for key, text in JA.entries.items() if text == EN.entries[key] and words.search(values_cut(text))}
    # KPI and ROR are the Japanese words too.
    assert same == {"page.other.en", "kpi.columns.kpi", "hub.fields.kpi_id", "hub.fields.ror_id"}


def test_an_unknown_text_is_refused_by_name():
    with pytest.raises(DataError, match=r"no\.such"):
        EN("no.such")


def test_numbers_shares_and_measures():
    assert [EN.number(value) for value in (1234567, 12.5, 0, None)] == ["1,234,567", "12.5", "0", "–"]
    assert [EN.percent(value) for value in (0.2131, 0, 1, None)] == ["21.3%", "0.0%", "100.0%", "–"]
    assert [EN.percent(value) for value in (0.0001, 0.0006, 0.99999)] == ["<0.1%", "0.1%", ">99.9%"]
    assert [EN.decimal(value) for value in (0.1137, 0.00032, 0, None)] == ["0.114", "3.2×10⁻⁴", "0.000", "–"]
    assert [EN.signed(value) for value in (0.1, -0.25, None)] == ["+0.10", "−0.25", "–"]


@pytest.mark.parametrize(
    ("amount", "currency", "ja", "en"),
    [
        (35e6, "JPY", "3,500万円", "JPY 35 million"),
        (1e8, "JPY", "1億円", "JPY 100 million"),
        (4.23e12, "USD", "4.2兆米ドル", "USD 4.2 trillion"),
        (79906, "USD", "8万米ドル", "USD 79,906"),
        (900, "EUR", "900ユーロ", "EUR 900"),
        (0, "XYZ", "0XYZ", "XYZ 0"),
        (None, "JPY", "–", "–"),
    ],
)
def test_money_is_written_in_the_units_of_the_language(amount, currency, ja, en):
    assert (JA.money(amount, currency), EN.money(amount, currency)) == (ja, en)


def test_lists_are_joined_as_the_language_does():
    assert EN.listing(["a", "b", "c"]) == "a, b and c"
    assert JA.listing(["日本", "中国"]) == "日本、中国"
    assert EN.listing([]) == "none"


def test_one_and_many_differ_in_english():
    assert EN.count("maps.unlabelled", 1) == "1 name is left out to avoid overlap."
    assert EN.count("maps.unlabelled", 2) == "2 names are left out to avoid overlap."


@pytest.mark.parametrize(
    ("code", "ja", "en"),
    [
        ("HK", "香港", "Hong Kong"),
        ("KR", "韓国", "South Korea"),
        ("TW", "台湾", "Taiwan"),
        ("FR", "フランス", "France"),
    ],
)
def test_countries_have_the_names_that_readers_expect(code, ja, en):
    assert (country_name(code, "ja"), country_name(code, "en")) == (ja, en)


def test_an_unknown_code_is_its_own_name():
    assert country_name("ZX", "ja") == "ZX"


def test_fields_are_named_from_the_taxonomy():
    assert field_name("ai", "ict8", JA) == "AI技術"
    assert field_name("mine", "ict8", EN) == "mine"
    assert field_name("all", "ict8", EN) == "All works analysed"
