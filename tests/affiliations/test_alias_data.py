"""The tables of organisations' other names, of towns and of type words: well formed, and without traps."""

import re
from collections import Counter

import pytest
from babel import Locale

from kakehashi.affiliations.linking.words import name_words
from kakehashi.affiliations.lists import phrase_key, read_table

ALIASES = "organisation_aliases.csv"
KINDS = {"school", "former", "short", "translated", "company", "hospital", "acronym"}
ROR_ID = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")
"""A 0, six characters of Crockford's base 32, two check digits."""

WORD_TABLES = [("town_names.csv", "name"), ("type_words.csv", "word")]


def test_the_aliases_name_what_they_are_of_and_where_they_come_from() -> None:
    assert read_table(ALIASES)
    for row in read_table(ALIASES):
        assert set(row) == {"alias", "ror_id", "country_code", "kind", "source"}
        assert row["kind"] in KINDS, row
        assert row["source"].startswith(("hand: ", "mined ")), row
        assert row["alias"] == row["alias"].strip(), row


def test_the_ids_of_aliases_are_ror_ids_with_right_check_digits() -> None:
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    for row in read_table(ALIASES):
        ror_id = row["ror_id"]
        assert ROR_ID.fullmatch(ror_id), row
        number = 0
        for character in ror_id[:-2]:
            number = number * 32 + digits.index(character)
        assert 98 - number * 100 % 97 == int(ror_id[-2:]), row


def test_the_countries_of_aliases_exist() -> None:
    known = {str(code) for code in Locale("en").territories if str(code).isalpha()}
    assert {row["country_code"] for row in read_table(ALIASES)} <= known


def test_every_alias_keeps_words_that_tell_it_from_others() -> None:
    plain = {"university", "institute", "hospital", "college", "academy", "laboratory", "center", "school"}
    for row in read_table(ALIASES):
        assert set(name_words(row["alias"])) - plain, row


def test_no_alias_stands_for_two_organisations_of_a_country() -> None:
    found = Counter((" ".join(name_words(row["alias"])), row["country_code"]) for row in read_table(ALIASES))
    assert [key for key, count in found.items() if count > 1] == []


def test_aliases_are_sorted_so_that_changes_can_be_read() -> None:
    rows = [(row["country_code"], row["ror_id"], row["alias"].casefold()) for row in read_table(ALIASES)]
    assert rows == sorted(rows)


@pytest.mark.parametrize(("table", "column"), WORD_TABLES)
def test_the_words_are_folded_and_stand_once(table: str, column: str) -> None:
    words = [row[column] for row in read_table(table)]
    assert words
    assert words == [phrase_key(word) for word in words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(("table", "column"), WORD_TABLES)
def test_no_meaning_is_itself_replaced(table: str, column: str) -> None:
    rows = read_table(table)
    words = {row[column] for row in rows}
    assert [row[column] for row in rows if row["meaning"] in words] == []
    assert all(" " not in row[column] + row["meaning"] and row["meaning"] for row in rows)


def test_universities_whose_towns_have_two_names_stay_apart() -> None:
    assert name_words("Soochow University") != name_words("Suzhou University")
    assert name_words("Catholic University of Louvain") != name_words("Catholic University of Leuven")


def test_names_of_a_town_in_two_languages_meet() -> None:
    assert name_words("Universität Wien") == name_words("University of Vienna")
    assert name_words("Università di Torino") == name_words("University of Turin")
    assert name_words("Politechnika Warszawska") != name_words("Uniwersytet Warszawski")
