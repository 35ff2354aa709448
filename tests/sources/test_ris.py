import pytest

from sources.reading_bytes import accounted, export, formats_claiming, links, people, records, refusals, words


@pytest.mark.parametrize(
    ("file", "format_name", "count"),
    [("embase.ris", "embase_ris", 2), ("springer.ris", "springer_ris", 1), ("scopus.ris", "scopus_ris", 1)],
)
def test_each_flavour_is_known_by_what_most_records_say(file, format_name, count):
    assert formats_claiming(export(file)) == [format_name]
    assert accounted(export(file), format_name) == count


def test_ris_of_no_known_origin_is_still_ris():
    assert formats_claiming(b"TY  - JOUR\nTI  - Alone\nPY  - 2020//\nER  - \n") == ["ris"]


def test_embase_links_the_names_in_front_of_an_address():
    first = records(export("embase.ris"), "embase_ris")[0]
    arequipa = "Faculty of Bridges, Universidad de Arequipa, Arequipa, Peru"
    assert links(first) == [
        ("Núñez-Basurco, C.S.", arequipa),
        ("Pérès, É.", arequipa),
        ("Pérès, É.", "Faculty of Ports (UdeM), University of Montreal, Montreal, Canada"),
        (None, "Port Service, Lima, Peru"),
    ]
    assert [note.code for note in refusals(export("embase.ris"), "embase_ris")] == ["author_unlinked"]


def test_an_embase_address_for_letters_stands_in_and_keeps_its_author():
    second = records(export("embase.ris"), "embase_ris")[1]
    assert links(second) == [("Bedon, C.F.", "Inst. Med. Trop., Lima")]


def test_repeated_tags_are_kept_and_continued_lines_joined():
    first = records(export("embase.ris"), "embase_ris")[0]
    assert words(first, "index") == ["adult", "bridge"]
    assert first.abstract == "Background: none. continued on a second line."
    assert (first.year, first.doi, first.doc_type, first.source_id) == (2026, "10.9999/emb.1", "Review", "L1")


def test_a_preamble_before_the_first_record_is_passed_over():
    (work,) = records(export("springer.ris"), "springer_ris")
    assert (work.title, work.venue, work.year) == ("Chapter on bridges", "Book of Bridges", 2019)
    assert people(work) == ["Sato, Aiko"]
    assert words(work, "author") == ["Bridges"]


def test_scopus_affiliations_are_separated():
    (work,) = records(export("scopus.ris"), "scopus_ris")
    assert links(work) == [
        (None, "Department of Ports, University of Lagos, Lagos, Nigeria"),
        (None, "School of Bridges, Osaka University, Osaka, Japan"),
    ]
    assert (work.citations, work.source_id) == (5, "2-s2.0-85000000003")


def test_a_file_cut_anywhere_refuses_the_cut_record():
    data = export("embase.ris")
    for end in range(data.index(b"T1"), len(data)):
        part = data[:end]
        begun = part.count(b"TY  - JOUR")
        assert begun <= accounted(part, "embase_ris") <= begun + 1
        assert len(records(part, "embase_ris")) >= part.count(b"ER  - \n")
