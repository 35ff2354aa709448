from sources.reading_bytes import accounted, export, formats_claiming, links, people, records, refusals, words


def test_medline_is_known_by_its_first_tag():
    assert formats_claiming(export("pubmed.txt")) == ["medline"]


def test_each_affiliation_belongs_to_the_author_before_it():
    first = records(export("pubmed.txt"), "medline")[0]
    assert people(first) == ["Huaman, Mariella R", "Okafor, Chidi", "Bridge Study Group"]
    assert links(first) == [
        ("Huaman, Mariella R", "Facultad de Medicina, Universidad de Lima, Lima, Peru. huaman@example.org."),
        ("Huaman, Mariella R", "Department of Bridges, Osaka University, Osaka, Japan."),
        ("Okafor, Chidi", "University of Lagos, Lagos, Nigeria."),
    ]
    assert first.authors[0].orcid == "0000-0002-1825-0097"


def test_members_of_a_study_group_are_not_authors_and_their_addresses_not_affiliations():
    first = records(export("pubmed.txt"), "medline")[0]
    assert not any("Graz" in mention.text for mention in first.mentions)


def test_headings_lose_their_qualifiers_and_authors_terms_stay_apart():
    first = records(export("pubmed.txt"), "medline")[0]
    assert words(first, "mesh") == ["Liver Cirrhosis", "Bridges"]
    assert words(first, "author") == ["bridge"]


def test_wrapped_lines_doi_and_year_are_read():
    first = records(export("pubmed.txt"), "medline")[0]
    assert first.title == "Bridges of the liver: a systematic review."
    assert (first.doi, first.year, first.source_id) == ("10.9999/pm.1", 2021, "90000001")


def test_short_names_serve_where_there_are_no_full_ones():
    assert people(records(export("pubmed.txt"), "medline")[1]) == ["Sato A"]


def test_a_file_cut_before_the_last_line_of_a_record_refuses_it():
    data = export("pubmed.txt")
    cut = data[: data.rindex(b"SO  -")]
    assert [work.source_id for work in records(cut, "medline")] == ["90000001"]
    assert [(refusal.row, refusal.code) for refusal in refusals(cut, "medline")] == [(2, "truncated")]
    for end in range(len(data)):
        assert accounted(data[:end], "medline") <= 2
