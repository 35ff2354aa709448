"""The synthetic corpus of benchmarks/corpus.py: the same bytes every time, and what the readers find in it."""

import csv
import hashlib
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts"
"""Typed-in figures of the published report, which are not part of the repository."""
sys.path.insert(0, str(ROOT / "benchmarks"))

import corpus  # noqa: E402
import corpus_works  # noqa: E402
import corpus_world  # noqa: E402
from kakehashi.sources.registry import find_files, read_file  # noqa: E402

WORKS = 1_200


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("corpus")
    corpus.write_corpus(place, WORKS)
    return place


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path, _ in find_files([folder])}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(folder, tmp_path):
    corpus.write_corpus(tmp_path / "again", WORKS)
    corpus.write_corpus(tmp_path / "other", WORKS, seed=7)
    assert digests(tmp_path / "again") == digests(folder)
    assert digests(tmp_path / "other") != digests(folder)


def test_a_block_does_not_depend_on_those_before_it():
    def first(block):
        return next(iter(corpus_works.make_block(30_000, 1, block)))

    later = first(2)
    assert first(0) != later == first(2)


def test_readers_recognise_every_file_and_refuse_no_record(folder):
    formats, lost = Counter(), 0
    for path, label in find_files([folder]):
        for format_, item in read_file(path, label, {}):
            formats[format_.name] += hasattr(item, "title")
            lost += getattr(item, "records", 0)
    assert lost == 0
    assert formats["ieee_csv"] + formats["acm_bibtex"] >= WORKS
    assert 0 < formats["openalex_json"] < 0.3 * WORKS


def test_works_are_shared_among_countries_as_published():
    here = corpus_world.world(200_000)
    work, country = corpus_works._slots(here, 50_000, np.random.default_rng(3))
    pairs = np.unique(work * 1_000 + country)
    international = (np.bincount(pairs // 1_000) > 1).mean()
    assert abs(international - 0.186) < 0.01
    papers = np.bincount(pairs % 1_000, minlength=201)
    listed = corpus_world.countries()
    assert len(listed) == 201
    by_size = sorted(range(30), key=lambda at: -listed[at].papers)[:6]
    assert sorted(by_size, key=lambda at: -papers[at]) == by_size


@pytest.mark.skipif(not FACTS.is_dir(), reason="the typed-in figures are not here")
def test_the_calibration_is_that_of_the_typed_figures():
    with (FACTS / "mic2023_fig2-1_papers_by_field.csv").open(encoding="utf-8") as file:
        papers = {row["field"]: int(row["papers"]) for row in csv.DictReader(file)}
    told = corpus_world.calibration()
    assert told["size"]["collected"] == papers.pop("collected")
    assert round(papers.pop("all_ict") / told["size"]["collected"], 4) == told["size"]["ict_share"]
    assert told["fields"] == papers


def test_institutions_of_a_country_have_names_of_their_own_and_several_spellings():
    here = corpus_world.world(20_000)
    for country in (0, 2, 150):
        ranks = range(int(here.start[country + 1] - here.start[country]))
        names = {corpus_world.place(here, country, rank)[0] for rank in ranks}
        assert len(names) >= 0.97 * len(ranks)
    spellings = {corpus_world.spelling(here, 2, 0, variant) for variant in range(int(here.spellings[here.start[2]]))}
    assert len(spellings) >= 10
    assert all("Japan" in text for text in spellings)


def test_a_large_collaboration_has_thousands_of_authors_and_each_institution_once(monkeypatch):
    monkeypatch.setitem(corpus_world.calibration(), "hyper", {
        "per_million": 20_000, "authors": [500, 3_000], "collaborations": 2, "institutions": [120, 300],
        "taking_part": 0.9,
    })  # fmt: skip
    works = list(corpus_works.make_block(300, 5, 0))
    large = [work for work in works if len(work.authors) >= 500]
    assert large
    assert max(len(work.authors) for work in works) <= 3_000
    assert all(len({author.affiliation for author in work.authors}) >= 50 for work in large)
