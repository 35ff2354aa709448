"""Every number has a definition, in both languages."""

import re

import pytest

from kakehashi.errors import DataError
from kakehashi.indicators import definitions as module
from kakehashi.indicators.definitions import definitions
from kakehashi.settings import Settings
from kakehashi.tables import INDICATORS


def test_every_column_of_the_indicators_is_defined():
    columns = set(INDICATORS.columns) - set(INDICATORS.key)
    assert columns <= set(definitions())


def test_texts_are_in_the_language_they_claim():
    for name, definition in definitions().items():
        for texts in (definition.formula, definition.null_policy):
            assert re.search("[ぁ-ん]", texts["ja"]), name
            assert texts["en"].isascii(), name


def test_every_setting_that_a_definition_names_exists():
    sections = "|".join(Settings.model_fields)
    named = set()
    for definition in definitions().values():
        for text in (*definition.formula.values(), *definition.null_policy.values()):
            named |= set(re.findall(rf"\b((?:{sections})\.\w+)", text))
    assert len(named) == 6
    for key in named:
        section, setting = key.split(".")
        assert setting in type(getattr(Settings(), section)).model_fields, key


def test_an_entry_with_a_missing_text_is_refused():
    entry = {"counting": "full", "reference": "x", "label": {"ja": "あ", "en": "a"}}
    with pytest.raises(DataError, match="must have counting, reference, label"):
        module._definition("papers", entry)
    both = {"ja": "あ", "en": "a"}
    whole = {**entry, "unit": both, "formula": both, "null_policy": {"en": "a"}}
    with pytest.raises(DataError, match="null_policy must have ja and en"):
        module._definition("papers", whole)
    with pytest.raises(DataError, match="counting must be one of"):
        module._definition("papers", {**whole, "counting": "both"})
