"""The report's section on trade and GDP: with data, without, and in both languages."""

import ast
import re
from pathlib import Path

import duckdb
import pytest

import example_study
import kakehashi
from kakehashi import tables
from kakehashi.report import codes
from kakehashi.report.build import build_report
from kakehashi.settings import EconomySection, Settings, StudySection
from kakehashi.texts import LANGUAGES, texts

MEANS = {
    "KR": {"ict_exports": 1.3e12, "ict_imports": 6e11, "gdp": 1.6e12, "ict_trade_intensity": 1.5},
    "CN": {"ict_exports": 2.4e12, "ict_imports": 5e12, "gdp": 1.4e13, "ict_trade_intensity": 0.9},
    "AU": {"ict_exports": 1.2e11, "ict_imports": 0.0, "gdp": 1.4e12, "ict_trade_intensity": 0.15},
    "BT": {"ict_exports": 1e6, "gdp": 2.5e9, "ict_trade_intensity": 0.01},
    "JP": {"gdp": 5e12},
}


def mean(country, indicator, value):
    unit = {"gdp": "USD"}.get(indicator, "ratio" if "intensity" in indicator else "JPY")
    return (country, indicator, "all", value, unit, 7, "complete", None, None, None)


def economy(means=MEANS):
    found = [mean(country, name, value) for country, values in means.items() for name, value in values.items()]
    return [*found, ("TW", "ict_trade_intensity", "all", None, None, 0, "missing", "no_gdp", None, None)]


def page(language="en", rows=None, refusals=(), **section):
    connection = example_study.connect("indicators", "positions")
    if rows is not None:
        example_study.load(connection, tables.ECONOMY, rows)
        example_study.load(connection, tables.ECONOMY_REFUSALS, list(refusals))
    study = StudySection(name="Test", targets=("KR", "CN", "AU", "BT", "TW"))
    settings = Settings(study=study, economy=EconomySection(**section))
    html = build_report(example_study.rows_of(connection), {}, settings, language)
    start = html.index(texts(language)("economy.heading") + "</h3>")
    return html[start : html.index("</section>", start)]


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_data_one_paragraph_says_how_to_add_them(language):
    for rows in (None, []):
        found = page(language, rows)
        assert "<svg" not in found
        assert found.count("<p") == 1
        assert "[[economy.trade]]" in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_data_both_figures_and_the_table_are_there_wide_and_narrow(language):
    found = page(language, economy())
    assert len(re.findall(r"<svg[^>]* role=\"img\"", found)) == 4
    assert "<table" in found
    assert not re.findall(r"\{\w*\}", words(found))


def test_amounts_are_in_the_units_of_the_language():
    assert "exports 2,400, imports 5,000" in page("en", economy())
    assert "輸出 24,000、輸入 50,000" in page("ja", economy())
    assert "billion US dollars" in page("en", economy())
    assert "億ドル" in page("ja", economy())


def test_the_sentence_names_the_most_intense_and_the_least_among_the_larger_economies():
    found = words(page("en", economy()))
    assert "most intense with South Korea (1.50)" in found
    assert "least intense with Australia" not in found  # the median of the four GDPs lies above Australia's
    assert "least intense with China (0.90)" in found


def test_a_country_without_intensity_has_a_dash_with_the_reason_and_absent_ones_are_named():
    found = page("en", economy())
    assert 'title="there is no GDP"' in found
    assert "No value in the files: Taiwan." in words(found)


def test_zeros_on_a_logarithmic_scale_are_said():
    assert "1 value of 0 has no place on a logarithmic scale." in words(page("en", economy()))


def test_which_goods_count_is_said_for_the_shipped_and_for_an_own_list():
    assert "figure A5-1" in words(page("en", economy()))
    own = words(page("en", economy(), commodities="mine.csv"))
    assert "study's own list" in own.replace("&#39;", "'")
    assert "figure A5-1" not in own


def test_gdp_alone_gives_its_figure_and_no_table_of_intensities():
    found = page("en", [mean("KR", "gdp", 1.6e12), mean("CN", "gdp", 1.4e13)])
    assert len(re.findall(r"<svg[^>]* role=\"img\"", found)) == 2
    assert "<table" not in found


def test_what_could_not_be_used_is_listed_and_escaped():
    refusals = [("<b>a</b>.csv", 1, 7, "unknown_country", "customs code 999 is in no list", 12)]
    found = page("en", [], refusals)
    assert "&lt;b&gt;a&lt;/b&gt;.csv" in found
    assert "Unknown country code" in found
    assert "customs code 999" in found


def test_published_studies_say_that_values_were_not_printed():
    connection = duckdb.connect()
    html = build_report(example_study.rows_of(connection), {"reference": "mic2023"}, Settings(), "en")
    assert "prints no values" in html


def constants_of(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def listed(kind):
    return set(codes._codes()[kind])


def test_every_code_and_reason_of_the_economy_is_named_and_no_other():
    folder = Path(kakehashi.__file__).parent / "economy"
    written, reasons = set(), set()
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
                written |= constants_of(node.args[1])
        if path.stem in ("assembling", "intensity", "stage"):
            reasons |= {text for text in constants_of(tree) if text in listed("economy_reasons")}
    assert written == listed("economy_refusals")
    assert reasons == listed("economy_reasons")
