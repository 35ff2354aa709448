"""A study of the demo's files finds what the generator knows to be true."""

from collections.abc import Iterator
from typing import Any

import pytest

from kakehashi.affiliations import readings
from kakehashi.affiliations import stage as affiliations
from kakehashi.corpus import stage as corpus
from kakehashi.demo.generate import DemoTruth, write_demo
from kakehashi.engine.duckdb import DuckDB
from kakehashi.progress import Silent
from kakehashi.settings import parse_settings

WORKS = 1_500


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, DemoTruth]]:
    folder = tmp_path_factory.mktemp("demo")
    truth = write_demo(folder / "exports", WORKS)
    settings = parse_settings({"sources": [{"path": str(folder / "exports")}]}, "test")
    engine = DuckDB(folder / "tables")
    corpus.run(engine, settings, Silent())
    readings.run(engine, settings, Silent())
    affiliations.run(engine, settings, Silent())
    yield engine, truth
    engine.close()


def test_every_record_is_read_and_every_copy_merged(studied: tuple[Any, DemoTruth]) -> None:
    engine, truth = studied
    ((records, kept),) = engine.rows("select sum(records) as records, sum(kept) as kept from sources")
    assert (records, kept) == (truth.records, truth.works)


def test_each_file_is_recognised_and_counted(studied: tuple[Any, DemoTruth]) -> None:
    engine, truth = studied
    found = {file.split("/", 1)[1]: (form, records) for file, form, records in engine.rows(
        "select file, format, records from sources"
    )}  # fmt: skip
    assert found == {file.name: (file.format, file.records) for file in truth.files}


def test_only_what_cannot_be_kept_is_refused(studied: tuple[Any, DemoTruth]) -> None:
    engine, truth = studied
    lost = dict(engine.rows("select code, sum(records) as lost from refusals where records > 0 group by code"))
    assert lost == truth.refused


def test_every_country_gets_exactly_its_works(studied: tuple[Any, DemoTruth]) -> None:
    engine, truth = studied
    found = dict(engine.rows("select country_code, count(*) as works from work_countries group by country_code"))
    assert found == truth.country_papers


def test_works_without_any_affiliation_get_no_country(studied: tuple[Any, DemoTruth]) -> None:
    engine, truth = studied
    ((located,),) = engine.rows("select count(distinct work_id) as works from work_countries")
    assert truth.works - located == truth.without_country
