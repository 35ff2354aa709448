"""The explorer's pages over a finished study: every page in both languages, every form of its values."""

import csv
import io
import json
import re
import zipfile

import networkx as nx
import openpyxl
import pytest

from kakehashi import Study
from kakehashi.web.catalogue import PAGES

PLAIN = sorted(set(PAGES) - {"country", "institution", "field", "number", "works", "work"})
ONE = ("country?id=JP", "number?id=JP&indicator=papers", "works?id=JP", "field?id=all")


def get(browser, path, language="en"):
    answer = browser.get(f"/{language}/s/study/{path}")
    assert answer.status_code == 200, (path, answer.text[-500:])
    return answer


@pytest.mark.parametrize("page", [*PLAIN, *ONE])
def test_every_page_answers_in_both_languages_with_the_switch_to_the_same_page(browser, page):
    for language, other in (("ja", "en"), ("en", "ja")):
        text = get(browser, page, language).text
        assert f'<html lang="{language}">' in text
        href = re.search(r'class="switch" href="([^"]+)"', text)[1].replace("&amp;", "&")
        assert href == f"/{other}/s/study/{page}"


@pytest.mark.parametrize("page", [*PLAIN, *ONE])
def test_every_page_has_a_json_twin_of_the_same_title(browser, page):
    name, _, query = page.partition("?")
    twin = get(browser, f"{name or 'overview'}.json?{query}").json()
    title = re.search(r"<h1>(.*?)</h1>", get(browser, page).text)[1]
    assert twin["title"] in (title, title.replace("&#39;", "'"))
    assert twin["parts"]


def test_a_number_opens_down_to_exactly_the_works_behind_it(browser, finished):
    study = Study(finished / "study")
    [(papers,)] = study.rows(
        "select papers from indicators where level = 'country' and entity = 'JP' and field = 'all' and period = 'all'"
    )
    works = set(study.rows(
        "select c.work_id from work_countries c join work_scopes s on s.work_id = c.work_id "
        "where c.country_code = 'JP' and s.field = 'all'"
    ))  # fmt: skip
    found = get(browser, "number.json?id=JP&indicator=papers").json()
    table = next(part for part in found["parts"] if part.get("id") == "works")
    assert table["total"] == papers == len(works) == len(table["rows"])
    assert "work?id=" in table["rows"][0][0]["href"]
    first = get(browser, table["rows"][0][0]["href"]).text
    assert table["rows"][0][0]["value"] in first.replace("&amp;", "&").replace("&#39;", "'")


def test_the_works_of_an_edge_are_as_many_as_the_edge_says(browser, finished):
    rows = Study(finished / "study").rows(
        "select entity_a, entity_b, works from edges where level = 'country' and field = 'all' and period = 'all' "
        "order by works desc, entity_a, entity_b limit 3"
    )
    for a, b, works in rows:
        table = get(browser, f"works.json?id={a}&partner={b}").json()["parts"][0]
        assert (table["total"], len(table["rows"])) == (works, works)


def test_page_csv_and_workbook_hold_the_same_cells(browser):
    twin = get(browser, "countries.json").json()
    rows = next(part for part in twin["parts"] if part["kind"] == "table")["rows"]
    bare = [[cell["value"] if isinstance(cell, dict) else cell for cell in row] for row in rows]
    read = list(csv.reader(io.StringIO(get(browser, "countries.csv").content.decode("utf-8-sig"))))[1:]
    assert read == [["" if cell is None else str(cell) for cell in row] for row in bare]
    sheet = openpyxl.load_workbook(io.BytesIO(get(browser, "countries.xlsx").content)).worksheets[0]
    for row, kept in zip(sheet.iter_rows(min_row=2, values_only=True), bare, strict=True):
        for cell, value in zip(row, kept, strict=True):  # a workbook keeps 15 digits
            assert cell == (pytest.approx(value, rel=1e-13) if isinstance(value, float) else value)
    assert sheet.freeze_panes == "B2"


def test_the_map_is_an_svg_and_a_png_and_each_of_its_points_leads_to_a_country(browser):
    text = get(browser, "map").text
    assert 'href="country?id=JP"' in text
    drawn = get(browser, "map.svg").text
    assert drawn.startswith("<svg")
    assert "<a " not in drawn
    assert get(browser, "map.png").content.startswith(b"\x89PNG")


def test_the_other_counting_mode_is_counted_anew_and_says_so(browser):
    full, fractional = (get(browser, f"map.json?counting={mode}").json() for mode in ("full", "fractional"))
    papers = [
        {row[1]: row[2] for row in next(part for part in one["parts"] if part["kind"] == "table")["rows"]}
        for one in (full, fractional)
    ]
    bare = [
        {key: cell["value"] if isinstance(cell, dict) else cell for key, cell in one.items()} for one in papers
    ]  # fmt: skip
    assert all(bare[1][code] <= bare[0][code] for code in bare[1])
    assert bare[0] != bare[1]
    assert "counted anew" not in get(browser, "map?counting=full").text
    assert "computed anew" in get(browser, "map?counting=fractional").text


def test_institutions_are_found_by_a_part_of_their_name_and_paged(browser):
    everyone = get(browser, "institutions.json").json()["parts"][1]
    some = get(browser, "institutions.json?q=UNIVERSITY").json()["parts"][1]
    assert 0 < some["total"] < everyone["total"]
    assert all("university" in row[0]["value"].lower() for row in some["rows"])
    assert 'rel="next"' in get(browser, "institutions").text


def test_what_is_not_there_is_told_in_the_readers_language_and_as_one_shape_of_json(browser):
    assert browser.get("/ja/s/study/country?id=XX").status_code == 404
    assert "「XX」" in browser.get("/ja/s/study/country?id=XX").text
    for path in ("/en/s/study/country.json?id=XX", "/en/s/nothing/map.json", "/en/s/study/none.json"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert set(answer.json()["error"]) == {"code", "message"}


def test_a_built_in_study_of_published_figures_has_its_map_and_advice(browser):
    assert "中国" in browser.get("/ja/s/mic2023/map").text
    assert browser.get("/en/s/mic2023/advise?partner=CN").status_code == 200


def test_the_drawn_network_is_taken_in_the_formats_of_other_programs(browser):
    query = "level=institution&least=1"
    drawn = next(part for part in get(browser, f"network.json?{query}").json()["parts"] if part["kind"] == "data")
    ids = [node[0] for node in drawn["nodes"]]
    wanted = sorted((*sorted((ids[a], ids[b])), works) for a, b, works in drawn["edges"])
    page = get(browser, f"network?{query}").text.replace("&amp;", "&")
    graph = nx.read_graphml(io.BytesIO(get(browser, f"network.graphml?{query}").content))
    named = nx.get_node_attributes(graph, "entity")
    assert sorted((*sorted((named[a], named[b])), works) for a, b, works in graph.edges(data="weight")) == wanted
    graph = nx.read_gexf(io.BytesIO(get(browser, f"network.gexf?{query}").content))
    assert graph.number_of_nodes() == len(ids)
    assert sum(works for *_, works in graph.edges(data="weight")) == sum(works for *_, works in wanted)
    files = {}
    for form in ("pajek", "vosviewer", "tables"):
        answer = get(browser, f"network.{form}.zip?{query}")
        assert f"study-network.en.{form}.zip" in answer.headers["content-disposition"]
        assert f"network.{form}.zip?{query}" in page
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            files |= {name: packed.read(name).decode() for name in packed.namelist()}
    graph = nx.parse_pajek(files["network.net"])
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(ids), len(wanted))
    links = json.loads(files["network.vosviewer.json"])["network"]["links"]
    assert sorted((*sorted((ids[x["source_id"] - 1], ids[x["target_id"] - 1])), x["strength"]) for x in links) == wanted
    rows = list(csv.DictReader(io.StringIO(files["network.edges.csv"])))
    assert sorted((*sorted((row["Source"], row["Target"])), int(row["Weight"])) for row in rows) == wanted


def test_a_page_without_a_network_has_no_network_file(browser):
    assert browser.get("/en/s/study/map.graphml").status_code == 404


def test_style_sheets_and_scripts_are_kept_for_good_under_the_address_of_their_content(browser):
    page = get(browser, "network").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) == 4
    for one in addresses:
        answer = browser.get(one)
        assert answer.headers["cache-control"] == "max-age=31536000, immutable"
        assert browser.get(one, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
        assert browser.get(one.partition("?")[0]).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_fields_of_a_country_are_judged_in_words(browser, language):
    text = get(browser, "country?id=JP", language).text
    assert 'id="strengths"' in text
    assert not re.search(r"\b(no_move|few_papers|no_peers|no_eigenvector)\b", text)


def test_a_table_of_which_not_all_is_shown_says_how_much_is(browser):
    part = get(browser, "institutions.json").json()["parts"][1]
    shown = len(re.findall(r"<th scope=row", get(browser, "institutions").text))
    assert shown < part["total"]
    assert f"({shown} of {part['total']:,} rows)" in get(browser, "institutions").text
    assert f"（{part['total']:,}行のうち{shown}行を表示）" in get(browser, "institutions", "ja").text


def test_a_table_without_rows_says_so(browser):
    assert '<td class="none" colspan="7">none</td>' in get(browser, "institutions?q=no+such+name").text


def test_fractional_papers_have_one_decimal_each_and_columns_their_units(browser):
    text = get(browser, "countries").text
    place = re.findall(r"<th scope=\"col\".*?</th>", text).index(
        '<th scope="col" class="number">Papers (fractional)<span class="unit">works</span></th>'
    )
    rows = [re.findall(r"<t[dh].*?</t[dh]>", row) for row in re.findall(r"<tr.*?</tr>", text)[1:]]
    assert all(re.fullmatch(r"[\d,]+\.\d", re.sub("<.*?>", "", row[place])) for row in rows)
