"""Tabular exports: each fixture stands for a fault or a habit seen in real files."""

import pytest

from kakehashi.sources.springer_csv import split_glued_names
from sources.reading import EXPORTS, codes, linked, lost, read, words

# file -> format, records, records refused
FILES = {
    "acm_entries.csv": ("acm_csv", 2, 0),
    "acm_search.csv": ("acm_csv", 1, 0),
    "blank_rows.csv": ("generic_csv", 3, 2),
    "dimensions.csv": ("dimensions_csv", 2, 0),
    "ieee_2014_preamble.csv": ("ieee_csv", 2, 0),
    "ieee_2023.csv": ("ieee_csv", 5, 1),
    "ieee_2024.csv": ("ieee_csv", 1, 0),
    "lens.csv": ("lens_csv", 2, 0),
    "openalex_institutions.csv": ("openalex_csv", 2, 0),
    "openalex_r.csv": ("openalex_csv", 1, 0),
    "openalex_site.csv": ("openalex_csv", 1, 0),
    "plain.jsonl": ("generic_jsonl", 1, 2),
    "plain_json_lists.csv": ("generic_csv", 1, 0),
    "plain_list.csv": ("generic_csv", 4, 0),
    "plain_no_title.csv": ("generic_csv", 0, 2),
    "plain_semicolons_ja.csv": ("generic_csv", 1, 0),
    "scopus_2021_commas.csv": ("scopus_csv", 3, 0),
    "scopus_2024_semicolons.csv": ("scopus_csv", 2, 0),
    "scopus_few_columns.csv": ("scopus_csv", 1, 0),
    "springer.csv": ("springer_csv", 2, 0),
    "stray_quote.csv": ("generic_csv", 6, 1),
    "truncated_in_quotes.csv": ("generic_csv", 1, 1),
    "truncated_short.csv": ("generic_csv", 1, 1),
    "wos_names.csv": ("wos_table", 2, 0),
    "wos_tags.txt": ("wos_table", 1, 0),
}


@pytest.mark.parametrize("name", FILES)
def test_each_file_gives_its_format_records_and_refusals(name):
    formats, records, refusals = read(EXPORTS / name)
    assert (formats, len(records), lost(refusals)) == ([FILES[name][0]], *FILES[name][1:])


@pytest.mark.parametrize("name", FILES)
def test_row_numbers_of_records_and_lost_records_are_the_places_in_the_file(name):
    _, records, refusals = read(EXPORTS / name)
    rows = [record.row for record in records] + [refusal.row for refusal in refusals if refusal.records]
    assert sorted(rows) == list(range(1, len(rows) + 1))


def test_ieee_entities_are_resolved_before_the_list_is_split():
    first = read(EXPORTS / "ieee_2023.csv")[1][0]
    assert linked(first) == [
        ("J. Dupont", "Université de Lyon, Lyon, France"),
        ("K. Müller", "TU München, Munich, Germany"),
    ]
    assert first.title == "Bridges of L_1 norm"


def test_ieee_kinds_of_keyword_stay_apart():
    first = read(EXPORTS / "ieee_2023.csv")[1][0]
    assert words(first, "author") == ["bridges", "steel"]
    assert words(first, "ieee") == ["Bridges", "Steel"]
    assert words(first, "inspec") == ["bridges (structures)", "steel"]
    assert words(first, "inspec_free") == ["long bridges"]


def test_an_empty_ieee_slot_keeps_the_place_of_the_others():
    assert linked(read(EXPORTS / "ieee_2023.csv")[1][1]) == [("B. Kim", "KAIST, Daejeon, Republic of Korea")]


def test_ieee_lists_of_different_length_are_kept_unlinked_and_noted():
    _, records, refusals = read(EXPORTS / "ieee_2023.csv")
    assert {author for author, _ in linked(records[2])} == {None}
    assert [
        (refusal.row, refusal.records) for refusal in refusals if refusal.code == "author_affiliation_mismatch"
    ] == [(3, 0)]


def test_an_unescaped_quote_is_repaired_where_only_one_reading_fits():
    _, records, refusals = read(EXPORTS / "ieee_2023.csv")
    assert records[3].venue == '2020 Symposium on "A World of Wireless, Mobile and Multimedia Networks" (WoWMoM)'
    assert (records[3].year, records[3].doi) == (2020, "10.1109/test.2023.4")
    assert (4, "repaired_row", 0) in [(refusal.row, refusal.code, refusal.records) for refusal in refusals]


def test_a_row_whose_cells_are_shifted_is_refused_with_its_number():
    refusals = read(EXPORTS / "ieee_2023.csv")[2]
    assert [refusal.row for refusal in refusals if refusal.code == "shifted_row"] == [5]


def test_an_email_address_among_ieee_affiliations_is_nobodys_affiliation():
    assert linked(read(EXPORTS / "ieee_2023.csv")[1][4]) == [
        ("A. Sato", "Osaka University, Osaka, Japan"),
        ("B. Kim", "KAIST, Daejeon, South Korea"),
    ]


def test_ieee_files_of_2014_give_the_first_authors_affiliation_below_a_preamble():
    _, records, refusals = read(EXPORTS / "ieee_2014_preamble.csv")
    assert linked(records[0]) == [("Sato, A.", "Dept. of Bridges, Univ. of Kakehashi, Tokyo, Japan")]
    assert codes(refusals) == ["first_affiliation_only"]


def test_a_line_break_and_doubled_quotes_inside_a_cell_are_text():
    assert read(EXPORTS / "ieee_2024.csv")[1][0].abstract == 'Text over two lines, "quoted".'


def test_one_scopus_authors_several_affiliations_are_told_apart():
    assert linked(read(EXPORTS / "scopus_2021_commas.csv")[1][0]) == [
        ("Monerie P.-A.", "University of Reading, Reading, United Kingdom"),
        ("Monerie P.-A.", "CERFACS, Toulouse, France"),
        ("Smith W.J. Jr.", "Univ. of Nevada, United States"),
        ("Liu Z.", "CERFACS, Toulouse, France"),
    ]


def test_scopus_placeholders_are_no_values():
    _, records, _ = read(EXPORTS / "scopus_2021_commas.csv")
    assert records[0].abstract is None
    assert records[1].authors == ()


def test_a_scopus_row_with_a_cell_too_many_is_kept_if_its_cells_are_in_place():
    _, records, refusals = read(EXPORTS / "scopus_2021_commas.csv")
    assert linked(records[2]) == [("Kim B.", "KAIST, Daejeon, South Korea")]
    assert codes(refusals) == ["extra_cells"]


def test_a_semicolon_inside_a_scopus_affiliation_does_not_lose_its_author():
    record = read(EXPORTS / "scopus_2024_semicolons.csv")[1][0]
    assert record.title == "Early bridges"
    assert linked(record) == [
        ("Rocha, Vera", "Copenhagen Business School, Denmark"),
        ("Grilli, Luca", "INSITE Lab"),
        ("Grilli, Luca", "Politecnico di Milano, Italy"),
    ]


def test_a_scopus_affiliation_of_someone_unknown_is_kept_unlinked_and_noted():
    _, records, refusals = read(EXPORTS / "scopus_2024_semicolons.csv")
    assert linked(records[1]) == [(None, "Politecnico di Milano, Italy")]
    assert codes(refusals) == ["author_affiliation_mismatch"]


def test_web_of_science_addresses_belong_to_the_authors_in_brackets():
    record = read(EXPORTS / "wos_names.csv")[1][0]
    assert linked(record) == [
        ("Zhang, Guanqin", "UNSW Sydney, Sydney, NSW, Australia"),
        ("Xu, Feng", "UNSW Sydney, Sydney, NSW, Australia"),
        ("Xu, Feng", "CSIRO, Sydney, NSW, Australia"),
    ]
    assert [author.orcid for author in record.authors] == [None, "0000-0002-3932-1093"]
    assert (words(record, "author"), words(record, "index")) == (["bridges", "unlearning"], ["STEEL"])


def test_tab_delimited_web_of_science_is_read_from_utf_16():
    record = read(EXPORTS / "wos_tags.txt")[1][0]
    assert linked(record) == [("Sato, Aya", "Osaka Univ, Osaka, Japan"), ("Kim, Bora", "KAIST, Daejeon, South Korea")]
    assert record.abstract == 'He said "steel" once.'


@pytest.mark.parametrize(
    ("glued", "names"),
    [
        ("Ada LovelaceAlan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Sean McDonaldYann LeCun", ["Sean McDonald", "Yann LeCun"]),
        ("Quoc LeMinh Tran", ["Quoc Le", "Minh Tran"]),
        ("ZeFeng LinHaoWei Li", ["ZeFeng Lin", "HaoWei Li"]),
        ("José M. Neto Jr.Ana Gil", ["José M. Neto Jr.", "Ana Gil"]),
        ("Zifa LIUYa LUO", ["Zifa LIU", "Ya LUO"]),
        ("Jin Huang 黄晋Zhong Cao 曹重", ["Jin Huang 黄晋", "Zhong Cao 曹重"]),
        ("Plato", ["Plato"]),
        ("", []),
    ],
)
def test_glued_springer_names_are_split_where_a_name_ends(glued, names):
    assert split_glued_names(glued) == names


def test_lens_fields_of_study_are_concepts():
    record = read(EXPORTS / "lens.csv")[1][0]
    assert (words(record, "concept"), words(record, "mesh"), words(record, "author")) == (
        ["Optics", "Bridge"],
        ["Eyeglasses"],
        ["lens"],
    )
    assert record.title == "Bridges & lenses"


def test_ror_ids_count_only_where_both_lists_are_equally_long():
    _, records, _ = read(EXPORTS / "openalex_institutions.csv")
    assert [mention.given_ror for mention in records[0].mentions] == ["03v4gjf40", None, "04t3en479"]
    assert [mention.given_ror for mention in records[1].mentions] == [None, None]


def test_an_acm_row_that_is_a_proceedings_volume_has_its_title_in_the_entry():
    _, records, _ = read(EXPORTS / "acm_entries.csv")
    assert [author.name for author in records[0].authors] == ["Tam Nguyen", "Zhao Ren", "Quoc Nguyen"]
    assert records[1].title == "Proceedings of the Bridges FAIR 2025"


def test_an_author_list_printed_twice_over_is_folded():
    assert linked(read(EXPORTS / "plain_list.csv")[1][0]) == [
        ("Aya Sato", "Osaka University, Japan"),
        ("Bora Kim", "KAIST, South Korea"),
    ]


def test_a_plus_parts_the_affiliations_of_one_author_but_not_the_name_of_a_language():
    assert linked(read(EXPORTS / "plain_list.csv")[1][1]) == [
        ("Aya Sato", "Osaka University, Japan"),
        ("Aya Sato", "Kyoto Lab"),
        ("Bora Kim", "C++ Lab, KAIST"),
    ]


def test_a_cell_that_is_an_unescaped_json_list_is_read_as_a_list():
    record = read(EXPORTS / "plain_json_lists.csv")[1][0]
    assert (record.title, [author.name for author in record.authors]) == ("Bridges, open", ["Sato, Aya", "Kim, Böra"])


def test_japanese_headers_in_cp932_are_known():
    _, records, refusals = read(EXPORTS / "plain_semicolons_ja.csv")
    assert (records[0].title, records[0].year, linked(records[0])) == ("橋の研究", 2021, [("佐藤 彩", "大阪大学")])
    assert "cp932" in refusals[0].reason


def test_a_table_without_a_title_column_says_how_to_map_one():
    refusals = read(EXPORTS / "plain_no_title.csv")[2]
    assert set(codes(refusals)) == {"no_title_column"}
    assert "code, amount, country" in refusals[0].reason


def test_a_mapped_column_is_used_even_in_a_file_of_some_vendor():
    formats, records, _ = read(EXPORTS / "plain_no_title.csv", {"title": "Country", "source_id": "code"})
    assert (formats, [record.title for record in records]) == (["generic_csv"], ["JP", "KR"])
    formats, records, _ = read(EXPORTS / "scopus_few_columns.csv", {"title": "Source title"})
    assert (formats, records[0].title) == (["generic_csv"], "Bridges")


def test_a_stray_quote_costs_its_own_row_and_no_other():
    _, records, refusals = read(EXPORTS / "stray_quote.csv")
    assert [record.row for record in records] == [1, 3, 4, 5, 6, 7]
    assert [(refusal.row, refusal.code) for refusal in refusals] == [(2, "stray_quote")]


def test_a_year_that_is_none_is_noted_and_left_out():
    _, records, refusals = read(EXPORTS / "blank_rows.csv")
    assert [record.year for record in records] == [2020, None, None]
    assert codes(refusals).count("implausible_year") == 2


def test_a_mapping_that_can_have_no_effect_is_noted_with_the_nearest_name():
    refusals = read(EXPORTS / "plain_list.csv", {"titel": "title", "authors": "autors"})[2]
    notes = [refusal.reason for refusal in refusals if refusal.code == "unknown_column"]
    assert ["'autors'" in notes[0], "it has: authors" in notes[0]] == [True, True]
    assert notes[1].endswith("known: title")


def test_a_format_forced_on_a_file_of_another_is_refused():
    _, records, refusals = read(EXPORTS / "lens.csv", forced="ieee_csv")
    assert (records, codes(refusals)) == ([], ["unrecognised"])


def test_a_header_repeated_where_files_were_joined_is_no_record(tmp_path):
    content = (EXPORTS / "scopus_few_columns.csv").read_text(encoding="utf-8")
    path = tmp_path / "joined.csv"
    path.write_text(content + content, encoding="utf-8")
    _, records, refusals = read(path)
    assert ([record.row for record in records], codes(refusals)) == ([1, 3], ["repeated_header"])


def test_dimensions_affiliations_stand_in_brackets_behind_their_author():
    _, records, _ = read(EXPORTS / "dimensions.csv")
    assert linked(records[0]) == [
        ("Sato, Aya", "Dept. of Bridges (East), Osaka University, Osaka, Japan"),
        ("Sato, Aya", "RIKEN, Wako, Japan"),
        ("Kim, Bora", "KAIST, Daejeon, South Korea"),
    ]
    assert (records[1].authors[0].name, records[1].mentions) == ("Sato, Aya", ())


def test_a_row_that_lacks_its_last_cells_is_kept_and_noted(tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("title,year,doi,venue,url\nShort,2020,10.1000/1,Bridges\nWhole,2020,10.1000/2,Bridges,x\n")
    _, records, refusals = read(path)
    assert ([record.venue for record in records], codes(refusals)) == (["Bridges", "Bridges"], ["padded_row"])


def test_a_plain_row_with_a_cell_too_many_is_refused_because_nothing_shows_what_shifted(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("title,authors,affiliations,year\nA,Sato,Osaka, Japan,2020\nB,Sato,Osaka,2020\n")
    _, records, refusals = read(path)
    assert ([record.title for record in records], codes(refusals)) == (["B"], ["shifted_row"])


def test_latex_in_plain_tables_becomes_text(tmp_path):
    path = tmp_path / "latex.csv"
    path.write_text("title,authors,venue\n" + r'H\"{o}lder bounds of $$L^2$$,"Bj\""{o}rn S.;Em\'{\i}lia S.",x')
    record = read(path)[1][0]
    assert record.title == "Hölder bounds of L^2"
    assert [author.name for author in record.authors] == ["Björn S.", "Emília S."]
