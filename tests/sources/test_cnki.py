import pytest

from sources.reading_bytes import accounted, export, formats_claiming, links, people, records, words


@pytest.mark.parametrize(
    ("file", "format_name", "count"),
    [
        ("cnki_refworks.txt", "cnki_refworks", 3),
        ("cnki_noteexpress.txt", "cnki_noteexpress", 2),
        ("cnki_endnote.txt", "cnki_endnote", 1),
    ],
)
def test_each_form_is_known_with_either_line_end(file, format_name, count):
    for data in (export(file), export(file).replace(b"\n", b"\r\n")):
        assert formats_claiming(data) == [format_name]
        assert len(records(data, format_name)) == accounted(data, format_name) == count


def test_affiliations_lose_registry_numbers_and_addresses_for_mail():
    first = records(export("cnki_refworks.txt"), "cnki_refworks")[0]
    assert links(first) == [(None, "云南桥梁学院"), (None, "Osaka University,Osaka,Japan")]
    assert first.mentions[1].given_ror == "035t8zc32"


def test_a_line_that_only_looks_like_a_tag_continues_the_abstract():
    first = records(export("cnki_refworks.txt"), "cnki_refworks")[0]
    assert first.abstract == "第一行 In this paper, the second line."
    assert people(first) == ["吴亚", "Lixia Zhang"]
    assert words(first, "author") == ["桥梁", "港口", "网络"]
    assert (first.language, first.doi) == ("中文", "10.9999/j.cnki.2026.01")


def test_a_thesis_belongs_to_the_university_that_published_it_and_the_supervisor_is_no_author():
    thesis = records(export("cnki_refworks.txt"), "cnki_refworks")[1]
    assert links(thesis) == [("石桥", "长安大学")]
    assert thesis.doi is None


def test_a_book_has_authors_without_a_space_a_date_without_hyphen_and_no_affiliation():
    book = records(export("cnki_refworks.txt"), "cnki_refworks")[2]
    assert (people(book), book.year, book.mentions) == (["熊江", "俞竞"], 2023, ())


def test_noteexpress_and_endnote_carry_the_same_fields():
    first, thesis = records(export("cnki_noteexpress.txt"), "cnki_noteexpress")
    assert (people(first), links(first)) == (["吴亚", "张丽"], [(None, "云南桥梁学院"), (None, "清华大学土木系")])
    assert links(thesis) == [("石桥", "清华大学")]
    (work,) = records(export("cnki_endnote.txt"), "cnki_endnote")
    assert (work.title, work.year, links(work)) == ("桥梁一文", 2019, [("吴亚", "云南桥梁学院")])


def test_a_file_cut_anywhere_never_loses_a_record_that_it_began():
    data = export("cnki_refworks.txt")
    for end in range(len("RT Journal"), len(data)):
        begun = data[:end].count(b"\nRT") + 1
        assert accounted(data[:end], "cnki_refworks") == begun
