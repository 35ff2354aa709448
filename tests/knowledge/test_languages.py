"""Knowledge is complete in both languages, reads as each does, and speaks of home and partner, not of one country."""

import re
import tomllib
from importlib.resources import files

import pytest

from kakehashi.knowledge import axes, diligence, forms, patterns, regions, sources

FOLDER = files("kakehashi.data").joinpath("knowledge")
FILES = sorted(path.name for path in FOLDER.iterdir() if path.name.endswith(".toml"))
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
COUNTRIES = re.compile(r"Japan|日本|JST|MEXT|総務省|文部科学省")


def pairs(file):
    """Yield (item, key, text in both languages) of a knowledge file."""
    for table, items in tomllib.loads(FOLDER.joinpath(file).read_text(encoding="utf-8")).items():
        if isinstance(items, list):
            for item in items:
                for key, value in item.items():
                    if isinstance(value, dict) and {"ja", "en"} & set(value):
                        yield f"{table} {item['id']}", key, value


def test_there_are_knowledge_files_with_texts():
    assert {"regions.toml", "axes.toml", "forms.toml", "goals.toml", "patterns.toml", "diligence.toml"} <= set(FILES)
    assert sum(len(list(pairs(file))) for file in FILES) > 150


@pytest.mark.parametrize("file", FILES)
def test_every_text_is_there_in_both_languages_and_in_the_right_script(file):
    for item, key, value in pairs(file):
        assert set(value) == {"ja", "en"}, (item, key)
        assert JAPANESE.search(value["ja"]) or value["ja"] == value["en"] or value["ja"].isascii(), (item, key)
        assert not JAPANESE.search(value["en"]), (item, key)


@pytest.mark.parametrize(
    "file", ["axes.toml", "forms.toml", "goals.toml", "patterns.toml", "purposes.toml", "diligence.toml"]
)
def test_no_rule_speaks_of_one_country_as_home(file):
    for item, key, value in pairs(file):
        assert not COUNTRIES.search(value["ja"] + value["en"]), (item, key)


def test_the_regions_name_a_country_only_in_what_the_report_found():
    named = {(item, key) for item, key, value in pairs("regions.toml") if COUNTRIES.search(value["ja"] + value["en"])}
    assert {key for _, key in named} == {"found"}
    for item, _ in named:
        table, id_ = item.split(" ")
        assert getattr(regions, table)()[id_].found_from == "JP"


@pytest.mark.parametrize("file", ["axes.toml", "forms.toml", "regions.toml", "diligence.toml"])
def test_sentences_end_as_sentences_do(file):
    for item, key, value in pairs(file):
        if key not in ("name", "question") or item.startswith("prompts"):
            if key == "name":
                continue
            assert value["ja"].endswith(("。", "か。")), (item, key)
            assert value["en"].endswith((".", "?")), (item, key)


def test_every_item_can_be_read_and_cites_a_known_document():
    readers = (
        sources.cells, forms.goals, forms.purposes, forms.groups, forms.forms, forms.form_effects, axes.axes,
        axes.values, axes.views, axes.effects, patterns.patterns, regions.regions, regions.gains,
        regions.suited, regions.choices, regions.cautions, regions.differences, diligence.prompts,
    )  # fmt: skip
    for reader in readers:
        assert reader()
        assert {item.source.document for item in reader().values()} <= set(sources.documents())
