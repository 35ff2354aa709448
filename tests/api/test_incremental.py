"""What is run again after a change: what depends on it and nothing else; and what is damaged is made anew."""

import os
import shutil
from pathlib import Path

import pytest

from kakehashi import Study
from kakehashi.pipeline import STAGES

ORDER = tuple(stage.name for stage in STAGES)


def contents(folder: Path) -> dict[str, bytes]:
    files = [*sorted((folder / "tables").rglob("*.parquet")), folder / "manifest.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


def change(folder: Path, old: str, new: str) -> None:
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8")
    assert text.count(old) == 1
    toml.write_text(text.replace(old, new), encoding="utf-8")


# What study.toml says, what it is changed to, the first stage that runs. Later ones run only if their tables changed.
CHANGES = [
    ('name = "study"', 'name = "other"', None),
    ("synthetic = false", "synthetic = true", None),
    ("# first_year = 2016", "first_year = 1990", "corpus"),
    ("# last_year = 2022", "last_year = 2018", "corpus"),
    ('territory_policy = "seed"', 'territory_policy = "iso3166"', "readings"),
    ('counting = "full"', 'counting = "fractional"', "affiliations"),
    ('fractional_by = "country"', 'fractional_by = "author"', "affiliations"),
    ('taxonomy = "ict8"', 'taxonomy = "none"', "fields"),
    ('taxonomy = "ict8"', 'taxonomy = "ict8"\nmin_keyword_works = 3', "fields"),
    ('taxonomy = "ict8"', 'taxonomy = "ict8"\nkeyword_kinds = ["author"]', "fields"),
    ('exact_betweenness = "auto"', 'exact_betweenness = "always"', "indicators"),
    ('exact_betweenness = "auto"', 'exact_betweenness = "auto"\nseed = 1', "indicators"),
    ("centre_radius = 0.5", "centre_radius = 0.1", "positioning"),
    ("centre_radius = 0.5", "centre_radius = 0.5\nstrength_shift = 0.2", "positioning"),
    ('home = "JP"', 'home = "KR"', "positioning"),
    ("targets = []", 'targets = ["CN", "KR"]', "positioning"),
    ("[economy]", "[economy]\nfirst_year = 2020", "economy"),
]


@pytest.mark.parametrize(("old", "new", "first"), CHANGES, ids=[new.split("\n")[-1] for _, new, _ in CHANGES])
def test_a_changed_setting_runs_the_stages_that_depend_on_it(
    study: Path, old: str, new: str, first: str | None
) -> None:
    change(study, old, new)
    ran = Study(study).run()
    assert ran[:1] == (() if first is None else (first,))
    assert set(ran) <= set(ORDER[ORDER.index(first) :] if first else ())
    assert Study(study).run() == ()


def test_trade_and_gdp_run_the_economy_alone_and_again_only_when_they_change(study: Path) -> None:
    gdp = study.parent / "gdp.csv"
    gdp.write_text("country,year,value\nKR,2020,40\n", encoding="utf-8")
    change(study, "[economy]", '[economy]\ngdp = "../gdp.csv"')
    assert Study(study).run() == ("economy",)
    assert Study(study).run() == ()
    assert Study(study).rows("select value from economy where period = '2020'") == [(40.0,)]
    gdp.write_text("country,year,value\nKR,2020,50\n", encoding="utf-8")
    assert Study(study).run() == ("economy",)
    assert Study(study).rows("select value from economy where period = '2020'") == [(50.0,)]
    assert "gdp.csv" in {entry["file"] for entry in Study(study).manifest["inputs"]}
    assert str(study.parent) not in (study / "manifest.json").read_text(encoding="utf-8")


def test_touching_a_file_runs_nothing(study: Path) -> None:
    for path in (study.parent / "exports").iterdir():
        os.utime(path, ns=(1, 1))
    os.utime(study / "study.toml", ns=(1, 1))
    assert Study(study).run() == ()


def test_a_comment_in_study_toml_runs_nothing(study: Path) -> None:
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write("\n# 自分用のメモ\n")
    assert Study(study).run() == ()


def test_an_edited_alias_file_runs_from_readings(study: Path) -> None:
    aliases = study / "aliases.csv"
    aliases.write_text("alias,country_code\nNippon no Kuni,JP\n", encoding="utf-8")
    change(study, '# aliases = "aliases.csv" ', 'aliases = "aliases.csv" ')
    assert Study(study).run()[0] == "readings"
    assert Study(study).run() == ()
    aliases.write_text("alias,country_code\nNippon no Kuni,JP\nUtopia Kingdom,GB\n", encoding="utf-8")
    assert Study(study).run()[0] == "readings"


def test_an_edited_label_file_runs_from_fields(study: Path) -> None:
    ((field, keyword),) = Study(study).rows(
        "select field, keyword from keyword_fields where method = 'label' and field is not null "
        "order by keyword, field limit 1"
    )
    labels = study / "labels.csv"
    labels.write_text(f"kind,keyword,fields\nieee,{keyword},{field}\n", encoding="utf-8")
    change(study, '# labels = "labels.csv" ', 'labels = "labels.csv" ')
    assert Study(study).run()[0] == "fields"
    labels.write_text(f"kind,keyword,fields\nieee,{keyword},{field}\nieee,mending walls,{field}\n", encoding="utf-8")
    assert Study(study).run()[0] == "fields"
    assert Study(study).run() == ()


def test_a_renamed_export_runs_corpus_because_every_record_names_its_file(study: Path) -> None:
    first = min((study.parent / "exports").iterdir())
    first.rename(first.with_name(f"renamed_{first.name}"))
    assert Study(study).run()[0] == "corpus"
    assert Study(study).rows("select count(*) from sources where file like '%renamed%'") == [(1,)]


def damage_manifest(study: Path) -> None:
    (study / "manifest.json").write_text('{"stages": {"corpus": ', encoding="utf-8")


def remove_manifest(study: Path) -> None:
    (study / "manifest.json").unlink()


def delete_table(study: Path) -> None:
    (study / "tables" / "work_scopes.parquet").unlink()


def delete_part(study: Path) -> None:
    min((study / "tables" / "edges.parquet").iterdir()).unlink()


def empty_table(study: Path) -> None:
    (study / "tables" / "works.parquet").write_bytes(b"")


def cut_table(study: Path) -> None:
    path = study / "tables" / "positions.parquet"
    path.write_bytes(path.read_bytes()[:-100])


def fill_table_with_another(study: Path) -> None:
    shutil.copyfile(study / "tables" / "works.parquet", study / "tables" / "mentions.parquet")


def remove_all_tables(study: Path) -> None:
    shutil.rmtree(study / "tables")


def leave_strangers(study: Path) -> None:
    (study / "tables" / "notes.parquet").write_bytes(b"not parquet")
    (study / "tables" / ".works.new").write_bytes(b"half")
    (study / "tables" / ".scratch" / "spill").mkdir(parents=True)


def damage_cache(study: Path) -> None:
    (study / ".cache" / "digests.json").write_text("[1, 2", encoding="utf-8")


def strange_cache(study: Path) -> None:
    (study / ".cache" / "digests.json").write_text("[1, 2]", encoding="utf-8")


DAMAGES = [damage_manifest, remove_manifest, delete_table, delete_part, empty_table, cut_table, fill_table_with_another,
           remove_all_tables, leave_strangers, damage_cache, strange_cache]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_study_run_again_is_the_undamaged_one(study: Path, finished: Path, damage) -> None:
    damage(study)
    Study(study).run()
    assert contents(study) == contents(finished / "study")
    assert Study(study).run() == ()
