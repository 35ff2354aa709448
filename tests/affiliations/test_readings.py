"""Reading strings once: what is kept, what is read again, what is forgotten, on each engine."""

import pytest

from kakehashi.affiliations import readings
from kakehashi.affiliations.resolve import Resolver
from kakehashi.progress import Silent
from kakehashi.settings import Settings
from kakehashi.tables import MENTIONS, READINGS

KYOTO, OSAKA, CNRS = "Kyoto University, Kyoto, Japan", "Osaka University, Osaka, Japan", "CNRS, Lyon, France"


@pytest.fixture
def read(monkeypatch):
    """The strings that were read, in order."""
    texts = []
    resolve = Resolver.resolve

    def watched(self, text):
        texts.append(text)
        return resolve(self, text)

    monkeypatch.setattr(Resolver, "resolve", watched)
    return texts


def run_on(engine, texts, reader):
    engine.load(MENTIONS, [(f"w{n}", 1, None, text, None, None) for n, text in enumerate(texts)])
    readings.run(engine, Settings(), Silent(), reader)
    return engine.rows(f"select {', '.join(READINGS.columns)} from readings order by affiliation nulls last")


def test_only_new_strings_are_read_and_the_table_is_as_if_all_were(tmp_path, read):
    from kakehashi.engine.duckdb import DuckDB

    engine, fresh = DuckDB(tmp_path / "grown"), DuckDB(tmp_path / "fresh")
    run_on(engine, [KYOTO, OSAKA], "r1")
    assert sorted(read) == [KYOTO, OSAKA]
    del read[:]
    grown = run_on(engine, [KYOTO, CNRS, CNRS, None], "r1")
    assert read == [CNRS]
    assert grown == run_on(fresh, [CNRS, KYOTO], "r1")
    files = [(tmp_path / name / "readings.parquet").read_bytes() for name in ("grown", "fresh")]
    assert files[0] == files[1]
    engine.close()
    fresh.close()


def test_another_reader_reads_everything_again(tmp_path, read):
    from kakehashi.engine.duckdb import DuckDB

    engine = DuckDB(tmp_path)
    run_on(engine, [KYOTO, OSAKA], "r1")
    del read[:]
    rows = run_on(engine, [KYOTO], "r2")
    assert read == [KYOTO]
    assert [row[-1] for row in rows] == ["r2"]
    engine.close()


def test_strings_are_kept_and_forgotten_alike_on_each_engine(engine):
    run_on(engine, [KYOTO, OSAKA], "r1")
    grown = run_on(engine, [KYOTO, CNRS], "r1")
    assert [(row[0], row[-1]) for row in grown] == [(CNRS, "r1"), (KYOTO, "r1")]
