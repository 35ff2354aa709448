"""The strategy appendix1 with a spaCy pipeline built here from rules: no model needs to be downloaded."""

import csv
import importlib.util

import pytest
from click.testing import CliRunner
from msgspec.structs import asdict

from kakehashi.affiliations import readings, stage
from kakehashi.affiliations.appendix1 import Appendix1, country_converter, prepare
from kakehashi.affiliations.resolvers import make_resolver
from kakehashi.cli.main import main
from kakehashi.engine.duckdb import DuckDB
from kakehashi.errors import MissingExtraError, SettingsError
from kakehashi.progress import Silent
from kakehashi.settings import parse_settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, RECORDS, WORK_VALUES, WORKS

COUNTRIES = {"Japan": "JP", "USA": "US", "Germany": "DE", "Hong Kong": "HK", "France": "FR"}
PLACES = ("Tokyo", "Atsugi", "Boston", "Hong Kong", "Grenoble", "Kanto", *COUNTRIES)
ORGANISATIONS = ("Qux Labour", "School of Foo", "NTT")


def entities(text):
    found = [(text.find(name), name, "place") for name in PLACES]
    found += [(text.find(name), name, "organisation") for name in ORGANISATIONS]
    return sorted((start, start + len(name), kind) for start, name, kind in found if start >= 0)


def resolve(text, policy="seed"):
    return Appendix1(entities, policy, COUNTRIES.get).resolve(text)


@pytest.mark.parametrize(
    ("given", "prepared"),
    [
        ("Université de Montréal", "Universite de Montreal"),
        ("Universite\u0301 de Montre\u0301al", "Universite de Montreal"),
        ("NTT, Atsugi 243-0198, Japan", "NTT, Atsugi , Japan"),
        ("ETH, CH-8093 Zürich", "ETH, Zurich"),
        ("TU, D-80333 München", "TU, Munchen"),
        ("McGill, Montreal, QC H3A 0G4, Canada", "McGill, Montreal, QC , Canada"),
        ("University of Oxford, Oxford OX1 3QD", "University of Oxford, Oxford "),
        ("Massachusetts Institute of Technology (MIT), Cambridge", "Massachusetts Institute of Technology , Cambridge"),
        ("Univ. of Foo (a branch of the state)", "Univ. of Foo (a branch of the state)"),
        ("X, Tokyo, Japan. E-mail: a.b@c.ac.jp", "X, Tokyo, Japan. "),
        ("東京大学が、서울대학교", "東京大学が、서울대학교"),
        ("Université Paris 13", "Universite Paris 13"),
    ],
)
def test_noise_and_accents_of_latin_letters_are_removed(given, prepared):
    assert prepare(given).text == prepared


def test_the_part_with_an_institution_word_is_the_institution_and_the_last_place_the_country():
    [one] = resolve("The Faculty of Engineering, The University of Tokyo, Tokyo, Japan")
    assert (one.institution, one.method, one.country_code, one.country_method, one.country_span) == (
        "The University of Tokyo", "rule", "JP", "last_place", "Japan",
    )  # fmt: skip


def test_without_such_a_word_a_recognised_organisation_is_the_institution():
    [one] = resolve("NTT, Atsugi, Japan")
    assert (one.institution, one.method, one.reason) == ("NTT", "entity", None)


def test_a_recognised_department_is_passed_over_for_what_the_places_leave():
    [one] = resolve("School of Foo, Zzyzx Kanto, Tokyo, Japan")
    assert (one.institution, one.method) == ("School of Foo, Zzyzx", "remainder")


def test_the_three_ways_are_ranked_by_confidence_in_the_order_of_appendix_1():
    texts = ("Foo University, Japan", "Qux Labour, Japan", "Zzyzx, Japan")
    confidences = [resolve(text)[0].confidence for text in texts]
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == 3


def test_every_part_with_an_institution_word_is_an_institution_once():
    found = resolve("Foo University, Bar Academy of Arts, Foo University, Boston, USA")
    assert [(one.seq, one.institution, one.country_code) for one in found] == [
        (1, "Foo University", "US"), (2, "Bar Academy of Arts", "US"),
    ]  # fmt: skip


def test_spans_are_stretches_of_the_given_text():
    text = "Département de chimie, Université  Joseph Fourier (UJF), 38041 Grenoble, France"
    [one] = resolve(text)
    assert (one.institution, one.span) == ("Universite Joseph Fourier", "Université  Joseph Fourier (UJF)")
    assert one.span in text


def test_a_last_place_that_is_no_country_gives_none_and_the_reason():
    [one] = resolve("Foo University, Japan, Boston")
    assert (one.country_code, one.country_span, one.reason) == (None, "Boston", "last_place_no_country")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("  ", "empty"), (" ,; ", "not_an_affiliation"), ("a@b.ac.jp", "not_an_affiliation")],
)
def test_a_string_without_anything_says_why(text, reason):
    [one] = resolve(text)
    assert (one.seq, one.institution, one.country_code, one.confidence, one.reason) == (1, None, None, 0.0, reason)


def test_a_string_of_places_only_keeps_its_country():
    [one] = resolve("Tokyo, Japan")
    assert (one.institution, one.country_code, one.reason) == (None, "JP", "no_institution_named")


def test_a_name_without_a_place_keeps_the_name():
    [one] = resolve("Foo University")
    assert (one.institution, one.country_code, one.reason) == ("Foo University", None, "no_place_named")


def test_the_territory_policy_decides_how_a_country_counts():
    [seed] = resolve("Foo University, Hong Kong")
    [merged] = resolve("Foo University, Hong Kong", "un")
    assert (seed.country_code, merged.country_code) == ("HK", "CN")


@pytest.mark.parametrize(
    ("place", "code"),
    [("USA", "US"), ("Peoples R China", "CN"), ("Republic of Korea", "KR"), ("Kosovo", "XK"), ("Tokyo", None),
     ("QQ", None), ("", None), ("CA", "CA")],
)  # fmt: skip
def test_country_converter_unifies_the_names_of_countries_and_says_nothing(place, code, caplog):
    pytest.importorskip("country_converter", reason="country_converter is not installed")
    assert country_converter()(place) == code
    assert not caplog.records


def test_without_country_converter_the_extra_is_named(monkeypatch):
    country_converter.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r'strategy = "appendix1" .*kakehashi\[appendix1\]'):
        Appendix1(entities)


# --- through the settings, the stage and the command line -------------------------------------------------


@pytest.fixture
def pipeline(tmp_path):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
    pytest.importorskip("country_converter", reason="country_converter is not installed")
    language = spacy.blank("en")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Qux Labour"}, {"label": "placeName", "pattern": "Kyoto"},
                        {"label": "GPE", "pattern": "Japan"}, {"label": "PERSON", "pattern": "Zzyzx"}])  # fmt: skip
    language.to_disk(tmp_path / "rules")
    return tmp_path / "rules"


def settings(**affiliations):
    return parse_settings({"affiliations": {"strategy": "appendix1", **affiliations}}, "test")


def test_labels_of_other_schemes_are_places_too_and_persons_are_not(pipeline):
    resolver = make_resolver(settings(spacy_model=str(pipeline)).affiliations)
    [one] = resolver.resolve("Zzyzx, Kyoto")
    assert (one.institution, one.country_span, one.reason) == ("Zzyzx", "Kyoto", "last_place_no_country")


def test_the_strategy_without_a_pipeline_is_refused_by_the_name_of_the_setting():
    with pytest.raises(SettingsError, match=r"affiliations\.strategy.*affiliations\.spacy_model"):
        make_resolver(settings().affiliations)


def test_the_stage_fills_the_same_tables(pipeline, tmp_path):
    engine = DuckDB(tmp_path / "tables")
    engine.load(MENTIONS, [("w1", 1, 1, "Qux Labour, Kyoto, Japan", None, None)])
    for table in (AUTHORSHIPS, RECORDS, WORKS, WORK_VALUES):
        engine.load(table, [])
    for part in (readings, stage):
        part.run(engine, settings(spacy_model=str(pipeline)), Silent())
    assert engine.rows("select institution, country_code, method, country_method from resolutions") == [
        ("Qux Labour", "JP", "entity", "last_place")
    ]
    assert engine.rows("select country_code from work_countries") == [("JP",)]


def test_the_command_resolves_by_appendix_1(pipeline, tmp_path):
    (tmp_path / "in.csv").write_text('id,affiliation\n1,"Foo University, Kyoto, Japan"\n', encoding="utf-8")
    options = ["--strategy", "appendix1", "--spacy-model", str(pipeline), "--out", str(tmp_path / "out.csv")]
    result = CliRunner().invoke(main, ["resolve", str(tmp_path / "in.csv"), *options])
    assert result.exit_code == 0, result.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["institutions"], row["country_codes"], row["method"]) == ("foo-university.jp", "JP", "rule/last_place")


def test_a_resolution_has_the_columns_that_the_rules_give(pipeline):
    text = "Qux Labour, Kyoto, Japan"
    [mine] = make_resolver(settings(spacy_model=str(pipeline)).affiliations).resolve(text)
    [rules] = make_resolver(settings(strategy="rules").affiliations).resolve(text)
    assert asdict(mine).keys() == asdict(rules).keys()
