"""Countries of hand-made strings, by the way in which such strings go wrong elsewhere."""

import csv
from pathlib import Path

import pytest

from kakehashi.affiliations.resolve import Resolver
from kakehashi.errors import SettingsError

with (Path(__file__).parents[1] / "gold/affiliation_countries.csv").open(encoding="utf-8", newline="") as file:
    GOLD = [(row["text"], row["country_codes"].split(), row["class"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def resolver():
    return Resolver()


def countries(resolver, text):
    return sorted({one.country_code for one in resolver.resolve(text) if one.country_code})


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, c, id=f"{k}: {t[:60]}") for t, c, k in GOLD])
def test_the_country_is_the_one_that_a_reader_would_say(resolver, text, expected):
    assert countries(resolver, text) == expected


def test_every_null_country_of_the_gold_set_gives_its_reason(resolver):
    for text, expected, _ in GOLD:
        if not expected:
            assert all(one.reason for one in resolver.resolve(text)), text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Zzyzx College, Georgia", "ambiguous_place"),
        ("Google Inc.", "no_place_named"),
        ("Department of Computer Science", "only_department"),
        ("Zzyzx Institute, USSR", "former_state"),
        ("", "empty"),
        ("   ", "empty"),
        (";;; --", "not_an_affiliation"),
        ("N/A", "not_an_affiliation"),
    ],
)
def test_what_cannot_be_told_says_why(resolver, text, reason):
    assert [one.reason for one in resolver.resolve(text)] == [reason]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Univ Bristol, Bristol, Avon, England Univ Cape Town, Cape Town, South Africa", ["GB", "ZA"]),
        ("Univ Bologna, Bologna, Italy Department of Physics, Univ Oslo, Oslo, Norway", ["IT", "NO"]),
        ("Department of Physics, Korea University, Seoul, Korea", ["KR"]),
        ("Geology, China University of Geosciences, Wuhan, China", ["CN"]),
    ],
)
def test_an_address_ends_where_another_institution_follows_its_country(resolver, text, countries):
    assert sorted({one.country_code for one in resolver.resolve(text) if one.country_code}) == countries


@pytest.mark.parametrize("text", ["UT", "OSU", "CA"])
def test_capitals_alone_are_no_place(resolver, text):
    assert [one.country_code for one in resolver.resolve(text)] == [None]


@pytest.mark.parametrize(("text", "code"), [("USA", "US"), ("UAE", "AE"), ("Oslo", "NO")])
def test_a_country_or_a_town_alone_is_a_place(resolver, text, code):
    assert [one.country_code for one in resolver.resolve(text)] == [code]


def test_a_country_without_an_institution_is_kept_with_the_reason(resolver):
    [one] = resolver.resolve("Japan")
    assert (one.institution, one.country_code, one.reason) == (None, "JP", "no_institution_named")


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("University of Vienna, Vienna, Austria", "country_name"),
        ("Harvard University, Cambridge, MA 02138", "region"),
        ("University of Vienna, Vienna", "city"),
        ("Kumamoto Daigaku, Kumamoto, JP", "country_code"),
        ("Zzyzx Institute, a@b.zzyzx.ac.jp", "internet"),
        ("Bank of Japan", "country_in_name"),
        ("Indiana University", "region_in_name"),
        ("Chinese Academy of Sciences", "national_term"),
        ("University of Oslo", "city_in_name"),
        ("Zzyzx カタカナ", "script"),
    ],
)
def test_the_method_names_the_kind_of_evidence(resolver, text, method):
    assert resolver.resolve(text)[0].country_method == method


def test_stronger_evidence_gives_higher_confidence(resolver):
    texts = ["University of Vienna, Vienna, Austria", "University of Vienna, Vienna", "University of Vienna"]
    confidences = [resolver.resolve(text)[0].confidence for text in texts]
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == 3


def test_the_country_span_is_the_text_that_decided(resolver):
    [one] = resolver.resolve("Univ Belfast, Belfast, North Ireland")
    assert one.country_span == "North Ireland"


@pytest.mark.parametrize(
    ("policy", "text", "expected"),
    [
        ("seed", "University of Hong Kong, Hong Kong, China", ["HK"]),
        ("un", "University of Hong Kong, Hong Kong, China", ["CN"]),
        ("un", "National Taiwan University, Taipei, Taiwan", ["CN"]),
        ("un", "Université de La Réunion, Saint-Denis, La Réunion", ["FR"]),
        ("iso3166", "National Taiwan University, Taipei, Taiwan", ["TW"]),
        ("iso3166", "University of Prishtina, Prishtina, Kosovo", []),
        ("seed", "University of Prishtina, Prishtina, Kosovo", ["XK"]),
    ],
)
def test_the_territory_policy_decides_how_a_territory_counts(policy, text, expected):
    assert countries(Resolver(policy), text) == expected


def test_a_policy_never_changes_a_country_silently():
    [un] = Resolver("un").resolve("National Taiwan University, Taipei, Taiwan")
    assert un.country_method == "country_name>policy"
    [iso] = Resolver("iso3166").resolve("University of Prishtina, Prishtina, Kosovo")
    assert (iso.country_code, iso.reason) == (None, "territory_policy")


def test_an_unknown_policy_is_refused_and_the_known_ones_are_named():
    with pytest.raises(SettingsError, match="known: iso3166, seed, un"):
        Resolver("atlantis")


def test_a_policy_of_ones_own_is_read_from_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('map = { HK = "CN" }\n', encoding="utf-8")
    assert countries(Resolver(str(path)), "University of Hong Kong, Hong Kong") == ["CN"]
    path.write_text("nothing = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="needs a"):
        Resolver(str(path.rename(tmp_path / "other.toml")))


def test_aliases_of_ones_own_come_first(tmp_path):
    path = tmp_path / "aliases.csv"
    path.write_text("alias,country_code\nZzyzxland,NZ\n", encoding="utf-8")
    assert countries(Resolver(aliases=str(path)), "Some Institute, Zzyzxland") == ["NZ"]
    with pytest.raises(SettingsError, match="cannot be read"):
        Resolver(aliases=str(tmp_path / "absent.csv"))
