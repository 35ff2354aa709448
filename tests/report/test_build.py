"""The report: what it says, what it says when there is nothing, and that names cannot break it."""

import re
from functools import cache

import duckdb
import pytest

import example_study
from kakehashi.report.build import build_report
from kakehashi.report.writing import write_report
from kakehashi.settings import AffiliationsSection, PositioningSection, Settings, StudySection
from kakehashi.texts import LANGUAGES, texts

MANIFEST = {
    "kakehashi": "9.8.7",
    "stages": {"corpus": {"tables": {"works": {"rows": 1234567}}}, "later": {"tables": {"edges": 5}}},
    "inputs": [{"file": "a.csv", "sha256": "0" * 64, "bytes": 1234}],
    "packages": {"duckdb": "1.2.3"},
}


def settings(**study):
    return Settings(study=StudySection(**{"name": "Test", "targets": example_study.TARGETS, **study}))


@cache
def page(language):
    return build_report(example_study.rows_of(example_study.connect()), MANIFEST, settings(), language)


def without_drawings(html):
    return re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_outside(language):
    html = page(language)
    assert "<script" not in html
    assert not re.findall(r'(?:src|href)="(?!#|data:|report\.)[^"]*"', html)
    assert "@import" not in html
    assert "url(http" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_are_unique_and_internal_links_lead_somewhere(language):
    html = page(language)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_the_same_study_gives_the_same_bytes():
    rows = example_study.rows_of(example_study.connect())
    assert build_report(rows, MANIFEST, settings(), "en") == page("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_shown_not_run(language):
    assert "&lt;script&gt;alert(" in page(language)
    assert "<b>readme</b>" not in page(language)


def test_a_hostile_study_name_is_escaped():
    html = build_report(_empty(), {}, settings(name="<img src=x>"), "en")
    assert "<img" not in html


def _empty():
    connection = duckdb.connect()
    return lambda sql: connection.execute(sql).fetchall()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_study_says_why_each_part_is_empty(language):
    html = build_report(_empty(), {}, Settings(), language)
    assert html.count('class="empty"') >= 9
    assert 'class="exhibit' in html  # the settings are always there
    assert "None" not in without_drawings(html)


def test_tables_without_rows_say_why_too():
    connection = duckdb.connect()
    for name in example_study.everything():
        example_study.load(connection, example_study.tables.BY_NAME[name], [])
    html = build_report(example_study.rows_of(connection), {}, Settings(), "en")
    assert "Nothing was refused." in html


def test_a_study_of_positions_and_indicators_alone_has_its_maps():
    rows = example_study.rows_of(example_study.connect("indicators", "positions"))
    html = build_report(rows, {}, settings(), "en")
    assert "Countries on the map (target countries)" in html
    assert "no co-authorship between countries" in html


def test_numbers_have_separators_and_shares_one_decimal():
    html = page("en")
    assert '<td class="number">571,656</td>' in html
    assert '<td class="number">21.3%</td>' in html


def test_the_summary_is_made_from_the_numbers():
    summary = page("en").split('<section id="summary"')[1].split("</section>")[0]
    assert "The study analyses 1,772,843 works." in summary
    assert "Japan has 94,078 papers, rank 6 of 65 countries and territories" in summary
    assert "(“Exchange hubs”): Australia, Singapore and Hong Kong." in summary
    assert "relatively strong in Devices" in summary


def test_published_regions_are_listed_in_the_table_of_regions():
    table = page("ja").split("日本を基準とする五つの領域の特徴", 1)[1].split("</table>")[0]
    assert "オーストラリア、シンガポール、香港" in table
    assert "韓国、台湾" in table


def test_a_verdict_names_the_rivals_and_a_missing_one_its_reason():
    assert "overtook Singapore and India" in page("en")
    assert "overtaken by Australia and South Korea" in page("en")
    assert "no marked move" in page("en")


def test_synthetic_data_are_announced_and_real_data_are_not():
    rows = _empty()
    assert "合成データによる報告書である" in build_report(rows, {}, settings(synthetic=True), "ja")
    assert "合成データによる報告書である" not in build_report(rows, {}, settings(), "ja")


def test_without_targets_the_top_twenty_are_shown_and_the_reader_is_told():
    rows = example_study.rows_of(example_study.connect("indicators", "positions"))
    html = build_report(rows, {}, settings(targets=()), "en")
    assert "No target countries were set, so the 20 countries and territories with most papers are shown." in html


def test_methods_state_the_settings_that_were_used():
    chosen = Settings(study=StudySection(name="Test"), positioning=PositioningSection(centre_radius=0.75))
    html = build_report(_empty(), MANIFEST, chosen, "en")
    assert "within 0.75 decades of Japan" in html
    assert "Kakehashi 9.8.7" in html
    assert "1,234,567" in html
    assert "duckdb 1.2.3" in html
    assert "0" * 64 in html


@pytest.mark.parametrize("language", ["ja", "en"])
def test_methods_say_which_institution_counts_only_where_a_registry_tells(language):
    said = texts(language)
    for roll_up in ("none", "parents", "top"):
        for successors in ("by_year", "never", "always"):
            section = AffiliationsSection(registry="v1", roll_up=roll_up, successors=successors)
            html = build_report(_empty(), MANIFEST, Settings(affiliations=section), language)
            assert said(f"methods.roll_up_{roll_up}") in html
            assert said(f"methods.successors_{successors}") in html
    html = build_report(_empty(), MANIFEST, Settings(), language)
    assert said("methods.roll_up_none") not in html


@pytest.mark.parametrize("language", ["ja", "en"])
def test_methods_count_the_works_that_are_too_large_for_edges_where_there_are_any(language):
    def told(left_out):
        measures = {"largest_work": 1_000, "works_left_out": left_out, "works_left_out_of_countries": 0}
        stages = {"networks": {"fingerprint": "", "tables": {}, "measures": measures}}
        return build_report(_empty(), {**MANIFEST, "stages": stages}, settings(), language)

    said = texts(language)("methods.left_out", largest="1,000", institutions="7", countries="0")
    assert said in told(7)
    assert said.split("1,000")[0] not in told(0)


def test_a_published_study_does_not_claim_its_numbers_as_computed():
    rows = example_study.rows_of(example_study.connect("indicators", "positions"))
    html = build_report(rows, {"reference": "mic2023"}, settings(), "en")
    assert "Published values" in html
    assert "computed with Kakehashi" not in html


def test_both_languages_are_written_and_linked(tmp_path):
    paths = write_report(_empty(), {}, settings(), tmp_path / "new")
    assert [path.name for path in paths] == ["report.ja.html", "report.en.html"]
    assert 'href="report.en.html"' in paths[0].read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["report.en.html", "report.ja.html"]


def test_a_failed_report_leaves_the_old_one(tmp_path):
    write_report(_empty(), {}, settings(name="old"), tmp_path, ["en"])

    def broken(sql):
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        write_report(broken, {}, settings(name="new"), tmp_path, ["en"])
    assert "old" in (tmp_path / "report.en.html").read_text(encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 1
