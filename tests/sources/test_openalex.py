import io
import json

import pyarrow
import pyarrow.parquet
import pytest

from kakehashi.records import Mention
from sources.reading_bytes import accounted, export, formats_claiming, links, people, records, refusals, words

OSAKA, LAGOS = "035t8zc32", "05rk03822"


@pytest.mark.parametrize(
    ("file", "count"), [("openalex_page.json", 2), ("openalex_2023.json", 1), ("openalex_2022_r.json", 1)]
)
def test_every_schema_is_known_and_every_work_accounted_for(file, count):
    assert formats_claiming(export(file)) == ["openalex_json"]
    assert accounted(export(file), "openalex_json") == count


def test_institutions_are_not_works():
    assert formats_claiming(b'{"results": [{"id": "https://openalex.org/I1", "works_api_url": "x"}]}') == []


def test_the_ror_and_country_stated_for_a_string_stay_with_that_string():
    first = records(export("openalex_page.json"), "openalex_json")[0]
    assert first.mentions[:2] == (
        Mention("School of Bridges, Osaka University, Osaka, Japan", 1, OSAKA, "JP"),
        Mention("Dept. of Ports, University of Lagos, Nigeria", 1, LAGOS, "NG"),
    )


def test_of_several_strings_without_link_nothing_is_asserted():
    first = records(export("openalex_page.json"), "openalex_json")[0]
    assert first.mentions[2:] == (Mention("Osaka University, Japan", 2), Mention("Somewhere unheard of", 2))


def test_names_are_as_printed_where_openalex_says_how():
    first = records(export("openalex_page.json"), "openalex_json")[0]
    assert people(first) == ["Sato, Aiko", "Ann Other"]
    assert first.authors[0].orcid == "0000-0002-1825-0097"


def test_the_kinds_of_keyword_stay_apart_and_ancestors_without_score_stay_out():
    first = records(export("openalex_page.json"), "openalex_json")[0]
    assert words(first, "concept") == ["Bridge", "Engineering"]
    assert words(first, "topic") == ["Bridge Engineering", "Span"]
    assert words(first, "mesh") == ["Humans"]


def test_the_other_values_of_a_work_are_read():
    first = records(export("openalex_page.json"), "openalex_json")[0]
    assert (first.title, first.abstract) == ('Bridges {and} "ports"', "We build and build")
    assert (first.year, first.doi, first.venue, first.source_id) == (
        2024,
        "10.9999/oa.1",
        "Journal of Bridges",
        "W9000001",
    )
    assert (first.language, first.doc_type, first.citations) == ("en", "article", 3)


def test_without_raw_strings_the_name_of_the_institution_stands_in():
    second = records(export("openalex_page.json"), "openalex_json")[1]
    assert second.mentions == (Mention("Port of Graz"),)
    assert second.title == "Untitled bridges"


def test_authors_that_openalex_itself_cut_off_are_noted():
    notes = refusals(export("openalex_page.json"), "openalex_json")
    assert [(note.row, note.code, note.records) for note in notes] == [(2, "authors_truncated", 0)]


def test_one_string_with_several_institutions_keeps_only_what_they_agree_on():
    (work,) = records(export("openalex_2023.json"), "openalex_json")
    assert [(mention.given_ror, mention.given_country) for mention in work.mentions] == [
        (LAGOS, "NG"),
        (None, "JP"),
        (None, None),
    ]
    assert work.venue == "Journal of Ports"


def test_the_r_export_reads_like_the_original():
    (work,) = records(export("openalex_2022_r.json"), "openalex_json")
    assert work.mentions == (Mention("Osaka UniversityJapan", 1, OSAKA, "JP"),)
    assert (work.title, work.doi, work.year, work.abstract) == ("R writes lists", None, 2021, "Lists of Lists")
    assert (people(work), words(work, "concept"), work.citations) == (["Haris, Ronny"], ["Random forest"], 4)


def test_pages_arrays_and_lines_give_the_same_works():
    data = export("openalex_page.json")
    works = json.loads(data)["results"]
    expected = records(data, "openalex_json")
    lines = b"\n".join(json.dumps(work).encode() for work in works)
    pages = b"\n".join(json.dumps({"meta": {"count": 2}, "results": [work]}).encode() for work in works)
    for form in (json.dumps(works).encode(), json.dumps(works, indent=2).encode(), lines, pages):
        assert formats_claiming(form) == ["openalex_json"]
        assert records(form, "openalex_json") == expected
    assert [links(work) for work in expected][1] == [(None, "Port of Graz")]


def test_parquet_gives_the_same_works_as_json():
    works = json.loads(export("openalex_page.json"))["results"]
    for work in works:  # a struct with a member per word would be another type in each work
        work["abstract_inverted_index"] = json.dumps(work["abstract_inverted_index"])
    buffer = io.BytesIO()
    columns = {name: [work.get(name) for work in works] for name in (*works[0], *works[1])}
    pyarrow.parquet.write_table(pyarrow.table(columns), buffer)
    data = buffer.getvalue()
    assert formats_claiming(data) == ["openalex_parquet"]
    assert records(data, "openalex_parquet") == records(export("openalex_page.json"), "openalex_json")


def test_an_inverted_index_in_a_parquet_map_becomes_the_abstract():
    authorship = pyarrow.struct({"raw_affiliation_string": pyarrow.string()})
    kind = pyarrow.map_(pyarrow.string(), pyarrow.list_(pyarrow.int32()))
    table = pyarrow.table(
        {
            "id": ["https://openalex.org/W1"],
            "title": ["Map"],
            "authorships": pyarrow.array([[]], pyarrow.list_(authorship)),
            "abstract_inverted_index": pyarrow.array([[("words", [1]), ("Two", [0])]], kind),
        }
    )
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    assert [work.abstract for work in records(buffer.getvalue(), "openalex_parquet")] == ["Two words"]


def test_other_or_damaged_parquet_is_refused_with_the_reason():
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), buffer)
    other, cut = buffer.getvalue(), buffer.getvalue()[:-20]
    assert [refusal.code for refusal in refusals(other, "openalex_parquet")] == ["unrecognised"]
    assert [refusal.code for refusal in refusals(cut, "openalex_parquet")] == ["truncated"]


def test_tabs_spelt_out_in_a_deposit_are_not_part_of_an_affiliation():
    data = export("openalex_2023.json").replace(b"Lagos, Nigeria", b"Lagos, Nigeria#TAB#")
    assert records(data, "openalex_json")[0].mentions[0].text == "University of Lagos, Lagos, Nigeria"


@pytest.mark.parametrize(
    ("strings", "given"), [(["Port of Nowhere, Japan"], "JP"), (["Port, Japan", "Pier, Japan"], None)]
)
def test_the_country_of_an_authorship_is_that_of_its_only_string(strings, given):
    linked = [{"raw_affiliation_string": text, "institution_ids": []} for text in strings]
    authorship = {"author": {"display_name": "A"}, "institutions": [], "countries": ["JP"], "affiliations": linked}
    data = json.dumps([{"id": "https://openalex.org/W1", "title": "T", "authorships": [authorship]}]).encode()
    assert {mention.given_country for mention in records(data, "openalex_json")[0].mentions} == {given}
