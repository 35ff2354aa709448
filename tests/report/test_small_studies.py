"""Studies that lack something: the report is written all the same, and says what is missing and why."""

import re
from functools import cache

import pytest

from kakehashi import Study
from kakehashi.texts import LANGUAGES, texts

HEAD = "title,year,authors,affiliations,keywords\n"
KYOTO, SEOUL, PARIS = "Kyoto University, Kyoto, Japan", "Seoul National University, Seoul, Korea", "CNRS, Paris, France"


def row(title, year, *places, keywords="machine learning"):
    names = "; ".join(f"Author {number}" for number, _ in enumerate(places, 1))
    return f'{title},{year},{names},"{"; ".join(places)}",{keywords}\n'


STUDIES = {
    "nothing": "",
    "one_work": row("A lonely work", 2020, KYOTO, SEOUL),
    "no_country": row("First", 2020, "Somewhere") + row("Second", 2021, "Elsewhere"),
    "two_countries": "".join(row(f"Work {n}", 2018 + n % 3, KYOTO, SEOUL) for n in range(12)),
    "home_absent": "".join(row(f"Work {n}", 2018 + n % 3, SEOUL, PARIS) for n in range(6)),
    "home_alone": "".join(row(f"Work {n}", 2018 + n % 3, KYOTO) for n in range(6)),
    "no_fields": "".join(row(f"Work {n}", 2020, KYOTO, PARIS, keywords="zzyzx") for n in range(4)),
    "no_year": "".join(row(f"Work {n}", "", KYOTO, PARIS) for n in range(4)),
    "taxonomy_none": "".join(row(f"Work {n}", 2019 + n % 2, KYOTO, PARIS) for n in range(4)),
}


@cache
def pages(name, folder):
    source = folder / "works.csv"
    folder.mkdir()
    source.write_text(HEAD + STUDIES[name], encoding="utf-8")
    study = Study.create(folder / "study", "JP", [source])
    if name == "taxonomy_none":
        toml = folder / "study" / "study.toml"
        toml.write_text(toml.read_text(encoding="utf-8").replace('"ict8"', '"none"'), encoding="utf-8")
        study = Study(folder / "study")
    study.run()
    return {path.name[7:9]: path.read_text(encoding="utf-8") for path in study.report(LANGUAGES)}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = tmp_path_factory.mktemp("small")
    return lambda name: pages(name, root / name)


def reasons(html):
    return re.findall(r'<p class="empty">(.*?)</p>', html)


def visible(html):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_that_lacks_something_has_a_report_without_holes(small, name, language):
    html = small(name)[language]
    missing = [
        name for name in ("data", "fields", "countries", "institutions", "methods") if f'id="{name}"' not in html
    ]
    assert missing == []
    assert not re.search(r"\b(None|nan|inf)\b", visible(html))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("nothing", ["summary.empty", "countries.indicators.empty", "countries.maps.empty", "institutions.empty"]),
        ("one_work", ["fields.years.empty"]),
        ("no_country", ["countries.networks.empty", "countries.indicators.empty", "institutions.empty"]),
        ("home_alone", ["countries.networks.empty"]),
        ("no_fields", ["fields.overview.no_fields", "countries.maps.fields_empty", "strengths.empty"]),
        ("no_year", ["fields.years.empty"]),
        ("taxonomy_none", ["countries.maps.fields_empty", "strengths.empty"]),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_empty_says_why(small, name, keys, language):
    found = reasons(small(name)[language])
    for key in keys:
        assert texts(language)(key) in found


def test_without_home_no_region_is_claimed(small):
    html = small("home_absent")["en"]
    assert "The five regions around Japan" not in html
    assert "The grey lines cross" not in html
    assert "Above Japan" not in html
    assert texts("en")("countries.maps.home_absent", home="Japan") in html


def test_a_study_of_two_countries_has_network_and_map(small):
    html = small("two_countries")["en"]
    assert "(n = 2 countries and territories, 1 pair)" in html
    assert "Co-authorship network, world" in html
    assert "Countries on the map" in html


def test_without_a_taxonomy_the_methods_say_so(small):
    assert texts("en")("methods.fields_none") in small("taxonomy_none")["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shares_of_years_with_few_papers_are_told_in_place_of_an_empty_chart(small, language):
    html, t = small("two_countries")[language], texts(language)
    assert t("fields.years.no_shares", n=10) in reasons(html)
    assert t("fields.years.share_definition") not in visible(html)
    assert t("fields.years.works_definition") in visible(html)
