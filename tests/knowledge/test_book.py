"""The reader of knowledge files: what it refuses, what it advises, and how a user's file lies over ours."""

import dataclasses

import pytest

from kakehashi.errors import DataError
from kakehashi.knowledge.book import entry, open_book
from kakehashi.knowledge.sources import Cell, Document, cells, documents


def own(tmp_path, text, name="sources.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_shipped_documents_are_frozen_and_complete():
    assert {"mic2023", "mext2021", "nistep2016", "kpi", "platform"} == set(documents())
    with pytest.raises(dataclasses.FrozenInstanceError):
        documents()["kpi"].date = "2030"


def test_the_framework_has_nine_cells_of_three_stages_and_three_resources():
    assert list(cells()) == [
        f"{stage}.{resource}" for stage in ("entry", "process", "exit") for resource in ("people", "things", "money")
    ]
    assert all(isinstance(cell, Cell) for cell in cells().values())


def test_a_users_item_changes_the_keys_it_gives_and_keeps_the_others(tmp_path):
    changed = documents(own(tmp_path, '[[documents]]\nid = "kpi"\ndate = "2030"\n'))
    assert changed["kpi"] == dataclasses.replace(documents()["kpi"], date="2030")
    assert list(changed) == list(documents())


def test_a_users_new_item_comes_last_and_an_item_can_be_taken_away(tmp_path):
    text = """
        [[documents]]
        id = "platform"
        remove = true
        [[documents]]
        id = "ours"
        title = {ja = "当社の調査", en = "Our survey"}
        publisher = {ja = "当社", en = "Our company"}
        date = "2024-05"
    """
    changed = documents(own(tmp_path, text))
    assert list(changed) == [*(name for name in documents() if name != "platform"), "ours"]
    assert isinstance(changed["ours"], Document)


def test_an_item_knows_the_files_that_it_is_from(tmp_path):
    book = open_book("sources.toml", ("documents",), own(tmp_path, '[[documents]]\nid = "kpi"\ndate = "2030"\n'))
    assert book.entries["kpi"].origins == ("knowledge/sources.toml", str(tmp_path / "sources.toml"))
    assert book.entries["platform"].origins == ("knowledge/sources.toml",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[documents", "cannot be read as TOML"),
        ('[[document]]\nid = "a"', r"unknown table \[\[document\]\]; did you mean 'documents'\?"),
        ('documents = "kpi"', r"is no array of tables; write \[\[documents\]\]"),
        ('[[documents]]\ndate = "2030"', "number 1 has no id"),
        ('[[documents]]\nid = "kpi"\n[[documents]]\nid = "kpi"', "'kpi' is given twice"),
        ('[[documents]]\nid = "kpi"\ndat = "2030"', r"'kpi': dat: unknown key; did you mean 'date'\?"),
        ('[[documents]]\nid = "kpi"\ndate = "May"', r"'kpi': date: .*pattern.*got 'May'"),
        ('[[documents]]\nid = "kpi"\ntitle = {ja = "題"}', r"'kpi': title\.en: is missing; add it"),
        ('[[documents]]\nid = "kpi"\ntitle = {ja = "題", en = ""}', r"'kpi': title\.en: .*at least 1"),
        (
            '[[documents]]\nid = "kpi"\ntitle = {ja = "題", en = "T", fr = "T"}',
            r"title\.fr: unknown key; known: ja, en",
        ),
        ('[[documents]]\nid = "kpis"\nremove = true', r"nothing to remove; did you mean 'kpi'\?"),
        ('[[documents]]\nid = "kpi"\nremove = false', "write remove = true beside the id and nothing else"),
        ('[[documents]]\nid = "new"', "title: is missing; add it"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_the_item_and_the_remedy(tmp_path, text, message):
    folder = own(tmp_path, text)
    with pytest.raises(DataError, match=message) as refused:
        documents(folder)
    assert str(folder / "sources.toml") in str(refused.value)


def test_a_stage_that_there_is_not_is_answered_with_the_nearest(tmp_path):
    folder = own(tmp_path, '[[cells]]\nid = "exit.money"\nstage = "exits"\n', "framework.toml")
    with pytest.raises(DataError, match=r"stage: unknown 'exits'; did you mean 'exit'\?"):
        cells(folder)


def test_a_document_that_there_is_not_is_answered_with_the_nearest(tmp_path):
    folder = own(tmp_path, '[[cells]]\nid = "exit.money"\nsource = "mic2022 1-6"\n', "framework.toml")
    with pytest.raises(DataError, match=r"source: unknown 'mic2022'; did you mean 'mic2023'\?"):
        cells(folder)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match="is no folder"):
        documents(tmp_path / "none")


def test_an_item_is_found_by_file_and_id_as_evidence_names_it(tmp_path):
    found = entry("regions.toml", "upper_left.government.none")
    assert (found.table, found.keys["source"], found.origins) == ("choices", "mic2023 5-3", ("knowledge/regions.toml",))
    assert (
        entry("sources.toml", "kpi", own(tmp_path, '[[documents]]\nid = "kpi"\ndate = "2030"')).keys["date"] == "2030"
    )


@pytest.mark.parametrize(
    ("name", "item", "message"),
    [
        ("region.toml", "centre", r"no such file; did you mean 'regions\.toml'"),
        ("goals.toml", "talents", "no item 'talents'; did you mean 'talent'"),
    ],
)
def test_an_item_or_file_that_there_is_not_is_answered_with_the_nearest(name, item, message):
    with pytest.raises(DataError, match=message):
        entry(name, item)


def test_a_users_file_is_read_again_once_it_has_changed(tmp_path):
    assert documents(own(tmp_path, '[[documents]]\nid = "kpi"\ndate = "2030"'))["kpi"].date == "2030"
    assert documents(own(tmp_path, '[[documents]]\nid = "kpi"\ndate = "2031-01"'))["kpi"].date == "2031-01"
