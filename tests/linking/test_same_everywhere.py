"""Resolving with a registry gives the same in one process, in two, through DuckDB, Sail and Spark."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kakehashi import pool
from kakehashi.affiliations import batch, readings, stage, store
from kakehashi.affiliations.batch import resolve_file
from kakehashi.affiliations.resolvers import make_resolver
from kakehashi.progress import Silent
from kakehashi.settings import AffiliationsSection, Settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, READINGS, RECORDS, WORK_VALUES, WORKS

pytestmark = pytest.mark.usefixtures("home")
GOLD = Path(__file__).parents[1] / "gold" / "links.csv"
STRINGS = 120


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Some strings of every class of the gold set."""
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = [row["text"] for row in csv.DictReader(file)]
    return rows[:: max(len(rows) // STRINGS, 1)]


@pytest.fixture(scope="module")
def section(dump: Path) -> AffiliationsSection:
    return AffiliationsSection(registry=str(dump))


@pytest.fixture
def engine(engine: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each engine; Spark's workers, which may be older than `home`, are told of it. Those of Sail are this process."""
    if getattr(engine, "name", "") == "Spark":
        monkeypatch.setitem(engine.session.sparkContext.environment, store.HOME, str(home))
    return engine


@pytest.fixture
def source(texts: list[str], tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "affiliation"), *enumerate(texts)])
    return path


@pytest.fixture
def alone(source: Path, tmp_path: Path, section: AffiliationsSection) -> list[dict[str, str]]:
    """The answers of one process."""
    summary = resolve_file(source, tmp_path / "alone.csv", section)
    assert summary.rors > summary.strings / 2
    with (tmp_path / "alone.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("early_bytes", [1, 10**9], ids=["begun_before_reading", "begun_behind_reading"])
def test_two_processes_write_the_file_of_one(
    early_bytes: int, source: Path, tmp_path: Path, section: AffiliationsSection, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_file(source, tmp_path / "one.csv", section)
    jobs: list[int] = []

    def streamed(work: Any, given: Iterator[list[str]], *rest: Any) -> Any:
        return pool.streamed(work, (jobs.append(len(one)) or one for one in given), *rest)

    monkeypatch.setattr(batch, "ALONE", 1)
    monkeypatch.setattr(batch, "EARLY_BYTES", early_bytes)
    monkeypatch.setattr(batch, "CHUNK", 25)
    monkeypatch.setattr(batch, "workers", lambda: 2)
    monkeypatch.setattr(batch, "streamed", streamed)
    resolve_file(source, tmp_path / "two.csv", section)
    assert sum(jobs) > 50
    assert max(jobs) == 25
    assert jobs.count(0) == (2 if early_bytes == 1 else 0)
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


def test_strings_given_in_another_order_have_the_same_answers(
    texts: list[str], tmp_path: Path, section: AffiliationsSection, alone: list[dict[str, str]]
) -> None:
    path = tmp_path / "turned.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "affiliation"), *reversed(list(enumerate(texts)))])
    resolve_file(path, tmp_path / "out.csv", section)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(reversed(list(csv.DictReader(file)))) == alone


def test_the_readings_of_a_study_are_what_the_resolver_says(
    engine: Any, texts: list[str], section: AffiliationsSection
) -> None:
    run(engine, texts, section)
    read = engine.rows(f"select {', '.join(READINGS.columns)} from readings order by affiliation, seq")
    resolver = make_resolver(section)
    expected = [
        (text, one.seq, one.key, one.country_code, one.ror_id, one.method, one.span, one.confidence, one.reason)
        for text in sorted(texts, key=lambda text: text.encode())
        for one in resolver.resolve(text)
    ]
    columns = list(READINGS.columns)
    kept = ("affiliation", "seq", "name_key", "country_code", "ror_id", "method", "span", "confidence", "reason")
    assert [tuple(row[columns.index(name)] for name in kept) for row in read] == expected


def test_a_study_links_and_places_each_string_as_the_command_does(
    engine: Any, texts: list[str], section: AffiliationsSection, alone: list[dict[str, str]]
) -> None:
    """What the corpus adds to the doubtful strings of a study keeps the method of the rules, and is left out here."""
    run(engine, texts, section)
    stage.run(engine, Settings(affiliations=section), Silent())
    answers: dict[str, list[tuple[Any, ...]]] = {}
    for text, *answer in engine.rows(
        "select affiliation, case when method in ('registry', 'domain') then ror_id end, country_code from resolutions "
        "order by affiliation, confidence desc, seq"
    ):
        answers.setdefault(text, []).append(tuple(answer))
    for text, line in zip(texts, alone, strict=True):
        found = answers[text] if text else [(None, None)]
        assert listed(found, 0) == line["ror_ids"], text
        assert listed(found, 1) == line["country_codes"], text


def run(engine: Any, texts: list[str], section: AffiliationsSection) -> None:
    for table in (AUTHORSHIPS, RECORDS, WORKS, WORK_VALUES):
        engine.load(table, [])
    engine.load(MENTIONS, [(f"w{number}", 1, None, text, None, None) for number, text in enumerate(texts)])
    readings.run(engine, Settings(affiliations=section), Silent())


def listed(found: list[tuple[Any, ...]], column: int) -> str:
    return " ".join(dict.fromkeys(one[column] for one in found if one[column]))
