"""Institutions named in hand-made strings, in appendix 1's order, and the names under which they meet."""

import csv
from pathlib import Path

import pytest

from kakehashi.affiliations.names import institution_id, normal_key
from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.unify import unify

with (Path(__file__).parents[1] / "gold/affiliation_institutions.csv").open(encoding="utf-8", newline="") as file:
    GOLD = [(row["text"], [name for name in row["institutions"].split("|") if name]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def resolver():
    return Resolver()


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=t[:60]) for t, e in GOLD])
def test_the_institution_is_the_one_that_a_reader_would_say(resolver, text, expected):
    assert [one.institution for one in resolver.resolve(text) if one.institution] == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("From the Tzanio Hospital, Piraeus, Greece", ["Tzanio Hospital"]),
        ("Laboratory of Pain, and the Deaconess Hospital, Boston, USA", ["Deaconess Hospital"]),
        ("Tokyo Institute of Science and Technology, Japan", ["Tokyo Institute of Science and Technology"]),
    ],
)
def test_a_name_begins_neither_with_and_nor_with_a_note_on_the_authors(resolver, text, names):
    assert [one.institution for one in resolver.resolve(text)] == names
    assert normal_key("From the Tzanio Hospital") == normal_key("and the Tzanio Hospital") == "tzanio hospital"


def test_what_remains_is_taken_only_after_the_rule_and_says_so(resolver):
    assert [one.method for one in resolver.resolve("Speech Group, Zzyzx, Kyoto University, Japan")] == ["rule"]
    assert [one.method for one in resolver.resolve("Speech Group, Zzyzx, Kyoto, Japan")] == ["remainder"]


def test_a_language_model_is_asked_between_the_rule_and_the_remainder():
    def find(text):
        start = text.index("Qux Labour")
        return [(start, start + len("Qux Labour"))]

    [one] = Resolver(find_names=find).resolve("Foo Bar, Qux Labour, Kyoto, Japan")
    assert (one.institution, one.method) == ("Qux Labour", "entity")


def test_the_span_of_a_decoded_name_is_the_text_as_given(resolver):
    [one] = resolver.resolve("Universit&#x00E9; de Gen&#x00E8;ve, Switzerland")
    assert one.institution == "Université de Genève"
    assert one.span == "Universit&#x00E9; de Gen&#x00E8;ve"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kyoto University", "KYOTO UNIV."),
        ("The University of Tokyo", "University of Tokyo"),
        ("Massachusetts Inst. of Tech.", "Massachusetts Institute of Technology"),
        ("Texas A & M University", "Texas A&M Univ"),
        ("Université de Genève", "Universite de Geneve"),
        ("Max-Planck-Institut", "Max Planck Institut"),
        ("Hitachi, Ltd.", "Hitachi"),
        ("University of California, Berkeley", "University of California at Berkeley"),
        ("Natl. Taiwan Univ.", "National Taiwan University"),
        ("國立臺灣大學", "國立台灣大學"),
    ],
)
def test_spellings_that_differ_in_writing_only_share_a_key(one, other):
    assert normal_key(one) == normal_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("University of Washington", "Washington University"),
        ("Georgia Tech", "Georgia Technology"),
        ("University of California, Davis", "University of California, Irvine"),
    ],
)
def test_different_institutions_keep_different_keys(one, other):
    assert normal_key(one) != normal_key(other)


def test_ids_are_readable_and_say_when_the_country_is_unknown():
    assert institution_id(normal_key("Tsinghua Univ."), "CN") == "tsinghua-university.cn"
    assert institution_id(normal_key("Tsinghua University"), None) == "tsinghua-university.xx"
    assert institution_id(normal_key("京都大学"), "JP") == "京都大学.jp"


def one_name(rows):
    """Unify rows of key, name, country and mentions, the country found in an address."""
    full = [(key, name, country, "address" if country else "", number) for key, name, country, number in rows]
    return {(one.key, one.met_country): (one.institution_id, one.name, one.country) for one in unify(full)}


def country_in_name(addressed, name_country):
    """The country of a bare name that is read in the name, beside mentions in addresses."""
    rows = [("x university", "X University", country, "address", number) for country, number in addressed]
    found = unify([*rows, ("x university", "X University", name_country, "name", 5)])
    return next(one.country for one in found if one.basis == "name")


def test_the_representative_name_is_the_most_frequent_well_cased_full_spelling():
    rows = [("kyoto university", "KYOTO UNIVERSITY", "JP", 9), ("kyoto university", "Kyoto Univ.", "JP", 3),
            ("kyoto university", "Kyoto University", "JP", 2)]  # fmt: skip
    assert one_name(rows) == {("kyoto university", "JP"): ("kyoto-university.jp", "Kyoto University", "JP")}


def test_addresses_outrank_a_town_inside_the_name():
    assert country_in_name([("SG", 9)], "CN") == "SG"
    assert country_in_name([("CN", 5), ("US", 5)], "MX") is None
    assert country_in_name([("CN", 5), ("US", 5)], "US") == "US"


def test_a_town_inside_the_name_decides_where_addresses_are_few():
    assert country_in_name([("SG", 2)], "CN") == "CN"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shanghai Jiaotong University", "Shanghai Jiao Tong University"),
        ("Univ Essex", "University of Essex"),
        ("Nanyang Technol Univ", "Nanyang Technological University"),
        ("Chinese Acad Sci", "Chinese Academy of Sciences"),
        ("Korea Adv Inst Sci & Technol", "Korea Advanced Institute of Science and Technology"),
    ],
)
def test_spellings_that_differ_in_word_breaks_or_abbreviation_become_one_institution(one, other):
    rows = [(normal_key(name), name, "XX", 1) for name in (one, other)]
    assert {name for _, name, _ in one_name(rows).values()} == {other}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Univ Elect Sci & Technol", "University of Electrical Science and Technology of China"),
        ("University of York", "University of Yorkshire"),
        ("Medical University", "Medicine University"),
    ],
)
def test_names_that_differ_in_more_stay_apart(one, other):
    rows = [(normal_key(name), name, "XX", 1) for name in (one, other)]
    assert len({identifier for identifier, _, _ in one_name(rows).values()}) == 2


def test_an_abbreviation_of_two_names_is_given_to_neither():
    names = ("X Tech Univ", "X Technical University", "X Technological University")
    rows = [(normal_key(name), name, "XX", 1) for name in names]
    assert len({identifier for identifier, _, _ in one_name(rows).values()}) == 3


def test_one_name_in_two_countries_stays_two_institutions():
    rows = [
        ("northern university", "Northern University", "BD", 2),
        ("northern university", "Northern University", "MY", 2),
    ]
    assert {row[0] for row in one_name(rows).values()} == {"northern-university.bd", "northern-university.my"}


def test_a_bare_name_joins_the_only_country_it_is_attested_in():
    rows = [("osaka university", "Osaka University", "JP", 1), ("osaka university", "Osaka University", None, 5)]
    assert one_name(rows)["osaka university", None] == ("osaka-university.jp", "Osaka University", "JP")


@pytest.mark.parametrize(("mentions", "expected"), [(27, "US"), (26, None)])
def test_a_bare_name_met_in_two_countries_needs_nine_mentions_in_ten(mentions, expected):
    rows = [("x university", "X University", "US", mentions), ("x university", "X University", "GB", 3),
            ("x university", "X University", None, 1)]  # fmt: skip
    assert one_name(rows)["x university", None][2] == expected


def test_a_name_that_several_universities_share_is_not_attached():
    key = normal_key("Indian Institute of Technology")
    rows = [(key, "Indian Institute of Technology", "IN", 9), (key, "Indian Institute of Technology", None, 1)]
    assert one_name(rows)[key, None][2] is None
