"""Ids in tables and settings: every one that the code can write has a name in both languages."""

import ast
import re
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

import kakehashi
from kakehashi import tables
from kakehashi.affiliations.locate import CONFIDENCE
from kakehashi.hub.kpi.reading import example_kpis
from kakehashi.report import codes
from kakehashi.settings import FieldsSection, Settings
from kakehashi.sources.registry import formats
from kakehashi.texts import LANGUAGES

PACKAGE = Path(kakehashi.__file__).parent
LATIN = re.compile(r"[a-z]+_[a-z]+")


def constants_of(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def refusal_codes():
    """The constants in the place of a code: Refusal(row, code, ...), replace(..., code=...), People(..., notes)."""
    found = set()
    for path in sorted([*(PACKAGE / "sources").glob("*.py"), *(PACKAGE / "corpus").glob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and len(node.args) > 1:
                found |= constants_of(node.args[1])
            if isinstance(node, ast.keyword) and node.arg == "code":
                found |= constants_of(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "People" and len(node.args) > 2:
                pairs = [pair for pair in ast.walk(node.args[2]) if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
                found |= {code for pair in pairs for code in constants_of(pair.elts[0])}
    return found


def listed(kind):
    return set(codes._codes()[kind])


def test_every_refusal_code_in_the_source_is_explained_and_no_other():
    assert refusal_codes() == listed("refusals")


def test_every_format_is_named_and_no_other():
    assert {one.name for one in formats()} == listed("formats")


def test_every_table_is_named_and_no_other():
    assert set(tables.BY_NAME) == listed("tables")


def test_every_setting_is_named_and_no_other():
    sections = Settings().model_dump()
    del sections["sources"]  # a list of files, which the report shows as such
    assert {f"{section}.{name}" for section, values in sections.items() for name in values} == listed("settings")
    assert set(sections) == listed("sections")


def test_every_kind_of_evidence_for_a_country_is_named():
    assert set(CONFIDENCE) | {"corpus", "given", "last_place", "registry", "decision"} == listed("country_methods")


def test_every_kind_of_keyword_is_named():
    assert set(FieldsSection().keyword_kinds) <= listed("keyword_kinds")


def located_reasons():
    """The last argument of every Located and Place that has no value, and the reasons the SQL writes."""
    found = set()
    for name in ("affiliations/locate.py", "affiliations/resolve.py", "regions.py"):
        for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Located", "Place") and node.args:
                found |= constants_of(node.args[-1])
    return found


def test_every_reason_without_a_country_or_a_region_is_named():
    assert located_reasons() >= {"no_place_named", "ambiguous_place", "home_absent"}
    assert located_reasons() <= listed("reasons")
    assert {"country_unknown", "country_absent"} <= listed("reasons")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_empty_or_an_id(language):
    for kind, entries in codes._codes().items():
        for code in entries:
            name = codes.label(kind, code, language)
            assert name
            assert not LATIN.search(name), (kind, code)


@pytest.mark.parametrize("code", sorted(codes._codes()["refusals"]))
def test_every_refusal_says_what_was_done(code):
    assert codes.meaning("refusals", code, "ja").endswith("。")
    assert codes.meaning("refusals", code, "en").endswith(".")


def test_a_method_is_named_with_its_step():
    assert codes.country_method("country_name>territory", "en") == (
        "country named in the address (preferring the territory named in the address)"
    )
    assert codes.country_method("country_name", "ja") == "所属表記の末尾などにある国名"


def test_an_unknown_id_has_no_name():
    assert codes.label("reasons", "brand_new", "en") is None
    assert codes.country_method("country_name>later", "en") is None


def test_every_choice_of_a_setting_is_named():
    choices = set()
    for section in Settings.model_fields.values():
        for field in getattr(section.annotation, "model_fields", {}).values():
            choices |= set(get_args(field.annotation)) if get_origin(field.annotation) is Literal else set()
    assert choices == listed("values")


def test_the_units_of_the_published_kpis_are_named():
    assert {one.unit for one in example_kpis().values() if not one.is_percent} - {""} <= listed("units")
