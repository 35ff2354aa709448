import pytest

from kakehashi.records import Record, Refusal
from kakehashi.sources.bibtex_scan import ENTRY_LIMIT
from sources.reading_bytes import accounted, export, formats_claiming, items, links, people, records, refusals, words


@pytest.mark.parametrize(
    ("file", "format_name", "count"),
    [
        ("acm_dl.bib", "acm_bibtex", 4),
        ("zotero_quotes.bib", "acm_bibtex", 1),
        ("scopus.bib", "scopus_bibtex", 2),
        ("sciencedirect.bib", "sciencedirect_bibtex", 1),
        ("ieee.bib", "ieee_bibtex", 3),
        ("wos_savedrecs.bib", "wos_bibtex", 1),
        ("broken.bib", "bibtex", 5),
    ],
)
def test_each_bibtex_is_known_by_its_content_and_every_entry_is_accounted_for(file, format_name, count):
    for data in (export(file), export(file).replace(b"\n", b"\r\n")):
        assert formats_claiming(data) == [format_name]
        assert accounted(data, format_name) == count


def test_acm_values_lose_their_latex_and_entities():
    first = records(export("acm_dl.bib"), "acm_bibtex")[0]
    assert first.title == "Bridges & CHI: A Study of 50% Less Effort"
    assert people(first) == ["Müller, Jörg", "Hornbæk, Kasper", "Šabanović, Selma"]
    assert first.abstract == 'We say "hello" and nest braces here.'
    assert (first.doi, first.year, first.mentions) == ("10.1145/1000001.1000002", 2023, ())


def test_acm_keywords_split_at_commas_but_not_inside_entities_or_numbers():
    assert words(records(export("acm_dl.bib"), "acm_bibtex")[0], "author") == [
        "Supply Chain",
        "1,2-search",
        "human factors",
    ]


def test_acm_keywords_split_at_semicolons_where_there_are_any():
    second = records(export("acm_dl.bib"), "acm_bibtex")[1]
    assert words(second, "author") == ["robots", "CCS paths", "human-robot interaction"]


def test_ccs_concepts_are_kept_as_id_paths():
    assert words(records(export("acm_dl.bib"), "acm_bibtex")[1], "ccs") == ["10002978.10002979"]


def test_repeated_entries_and_proceedings_without_authors_are_records():
    read = records(export("acm_dl.bib"), "acm_bibtex")
    assert read[0].doi == read[2].doi
    assert read[3].authors == ()


def test_and_others_names_nobody():
    assert people(records(export("acm_dl.bib"), "acm_bibtex")[1]) == ["Sato, Aiko"]


def test_quoted_values_with_doubled_backslashes_and_inner_quotes_are_read_whole():
    (work,) = records(export("zotero_quotes.bib"), "acm_bibtex")
    assert work.title == 'Quoted Values with 14-23% "inner" quotes'
    assert people(work) == ["Suzuki, Hanako", "Müller, Jörg", "Almeida, João"]
    assert words(work, "author") == ["disabilities & assistive technologies", "input"]


def test_scopus_affiliations_have_no_author_unless_there_is_only_one():
    first, second = records(export("scopus.bib"), "scopus_bibtex")
    assert links(first) == [
        (None, "Department of Ports, University of Lagos, Lagos, Nigeria"),
        (None, "School of Bridges, Osaka University, Osaka, Japan"),
    ]
    assert links(second) == [
        ("Single, Anna", "Inst. of Bridges, Graz, Austria"),
        ("Single, Anna", "Port of Graz, Austria"),
    ]


def test_scopus_author_keywords_and_index_terms_stay_apart():
    first = records(export("scopus.bib"), "scopus_bibtex")[0]
    assert words(first, "author") == ["bridges", "ports", "L26"]
    assert words(first, "index") == ["Bridges", "Ports and harbors"]
    assert (first.citations, first.source_id, first.doc_type) == (12, "2-s2.0-85000000001", "Article")


def test_a_sciencedirect_title_ends_before_its_footnote():
    (work,) = records(export("sciencedirect.bib"), "sciencedirect_bibtex")
    assert work.title == "Guidance of bridges"
    assert people(work) == ["Aiko Sato", "José Antonio Martín H."]
    assert (work.doi, work.source_id) == ("10.9999/j.bridge.2022.100", "S0000000022000100")


def test_an_ieee_entry_may_begin_on_the_line_on_which_another_ends():
    read = records(export("ieee.bib"), "ieee_bibtex")
    assert [work.title for work in read] == ["On Bridges", "More Bridges", "Last Bridges"]
    assert words(read[0], "index") == ["Bridges", "Learning (artificial intelligence)", "Task analysis"]


def test_web_of_science_bibtex_links_authors_to_the_addresses_behind_their_names():
    (work,) = records(export("wos_savedrecs.bib"), "wos_bibtex")
    osaka = "Osaka Univ, Sch Bridges, Suita, Osaka 5650871, Japan"
    assert links(work) == [
        ("Tanaka, Ken", osaka),
        ("Smith, J. P.", osaka),
        ("Smith, J. P.", "Georgia Inst Technol, Atlanta, GA 30332 USA"),
    ]
    assert (work.citations, words(work, "index")) == (7, ["SPAN", "ARCH"])


def test_an_unclosed_brace_costs_neither_its_entry_nor_the_next():
    found = items(export("broken.bib"), "bibtex")
    read = [item for item in found if isinstance(item, Record)]
    assert read[0].title == "A brace that never closes"
    assert people(read[0]) == ["Sato, Aiko"]
    assert read[0].year == 2020
    assert [(item.row, item.code, item.records) for item in found if isinstance(item, Refusal)] == [
        (1, "unbalanced", 0),
        (5, "truncated", 1),
    ]


def test_macros_and_joined_values_are_resolved_and_braced_names_stay_whole():
    joined = records(export("broken.bib"), "bibtex")[1]
    assert (joined.title, joined.venue) == ("Part one Journal of Bridges", "Journal of Bridges")
    assert people(joined) == ["World Bridge and Port Organization", "Lee, Min"]


def test_the_school_of_a_thesis_is_the_affiliation_of_its_author():
    assert links(records(export("broken.bib"), "bibtex")[2]) == [("Ito, Ren", "Kyoto University")]


@pytest.mark.parametrize("file", ["acm_dl.bib", "ieee.bib", "broken.bib", "zotero_quotes.bib"])
def test_a_file_cut_anywhere_is_read_up_to_the_cut_and_the_cut_entry_is_refused(file):
    data = export(file)
    whole = len(records(data, "bibtex"))
    for end in range(len(data)):
        found = items(data[:end], "bibtex")
        kept = sum(isinstance(item, Record) for item in found)
        lost = sum(item.records for item in found if isinstance(item, Refusal))
        assert kept <= whole
        assert lost <= 1


def test_an_endless_entry_is_refused_and_the_next_one_kept():
    data = b"@article{a, title = {" + b"x " * (ENTRY_LIMIT // 2) + b"\n@article{b,\n title = {Sound}, year = 2020}\n"
    assert [(refusal.code, refusal.records) for refusal in refusals(data, "bibtex")] == [("too_long", 1)]
    assert [work.title for work in records(data, "bibtex")] == ["Sound"]


def test_a_csv_that_quotes_an_email_address_is_not_bibtex():
    assert formats_claiming(b"name,mail\nA,a@b{c}\n") == []


@pytest.mark.parametrize(
    "tail",
    [b" " * 200_000 + b"}}", b"}" + b"\n" * 200_000 + b"}", b"{" * 200_000, b"}\n " * 70_000, b"\n x = {y ," * 20_000],
)
def test_endless_runs_inside_an_entry_are_read_or_refused_at_once(tail):
    assert accounted(b"@article{a,\n title = {x" + tail, "bibtex") == 1
