"""The entity step with a real spaCy pipeline, built here from rules: no model needs to be downloaded."""

import importlib.util

import pytest

from kakehashi.affiliations import readings, stage
from kakehashi.affiliations.ner import name_finder
from kakehashi.affiliations.resolvers import make_resolver
from kakehashi.engine.duckdb import DuckDB
from kakehashi.errors import MissingExtraError, SettingsError
from kakehashi.progress import Silent
from kakehashi.settings import parse_settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, RECORDS, WORK_VALUES, WORKS

STRING = "Foo Bar, Qux Labour, Kyoto, Japan"
needs_spacy = pytest.mark.skipif(importlib.util.find_spec("spacy") is None, reason="spaCy is not installed")


def settings(model):
    return parse_settings({"affiliations": {"spacy_model": str(model)}}, "test")


@pytest.fixture
def pipeline(tmp_path):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
    language = spacy.blank("en")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Qux Labour"}, {"label": "ORG", "pattern": "Foo Bar Department"},
                        {"label": "GPE", "pattern": "Foo Bar"}])  # fmt: skip
    language.to_disk(tmp_path / "rules")
    return tmp_path / "rules"


def test_without_a_pipeline_there_is_no_entity_step():
    assert name_finder(None) is None


def test_only_organisations_are_found_and_where_they_stand(pipeline):
    assert name_finder(str(pipeline))(STRING) == [(9, 19)]


def test_a_pipeline_named_in_the_settings_is_asked_after_the_rule(pipeline):
    resolver = make_resolver(settings(pipeline).affiliations)
    [entity] = resolver.resolve(STRING)
    assert (entity.institution, entity.country_code, entity.method, entity.span) == (
        "Qux Labour", "JP", "entity", "Qux Labour",
    )  # fmt: skip
    [rule] = resolver.resolve("Qux Labour, Kyoto University, Kyoto, Japan")
    assert (rule.institution, rule.method) == ("Kyoto University", "rule")


def test_an_organisation_that_is_a_department_is_not_taken_for_an_institution(pipeline):
    resolver = make_resolver(settings(pipeline).affiliations)
    [one] = resolver.resolve("Foo Bar Department, Zzyzx, Kyoto, Japan")
    assert (one.institution, one.method) == ("Zzyzx", "remainder")


def test_the_stage_says_in_resolutions_which_name_the_pipeline_found(pipeline, tmp_path):
    engine = DuckDB(tmp_path / "tables")
    engine.load(MENTIONS, [("w1", 1, 1, STRING, None, None)])
    for table in (AUTHORSHIPS, RECORDS, WORKS, WORK_VALUES):
        engine.load(table, [])
    for part in (readings, stage):
        part.run(engine, settings(pipeline), Silent())
    assert engine.rows("select institution, method from resolutions") == [("Qux Labour", "entity")]


@needs_spacy
@pytest.mark.parametrize("model", ["xx_no_such_pipeline", "/no/such/folder"])
def test_a_pipeline_that_is_not_there_is_refused_by_name(model):
    with pytest.raises(SettingsError, match=f"spacy_model: '{model}' is neither an installed spaCy pipeline"):
        name_finder(model)


def test_a_pipeline_that_recognises_nothing_is_refused(tmp_path):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(SettingsError, match="no component that recognises entities"):
        name_finder(str(tmp_path / "blank"))


def test_without_spacy_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"kakehashi\[appendix1\]"):
        name_finder("any_pipeline_with_spacy_gone")
