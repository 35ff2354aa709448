import pytest

from sources.reading_bytes import accounted, export, formats_claiming, links, people, records, refusals, words

OSAKA = "Osaka Univ, Sch Bridges, Suita, Osaka 5650871, Japan"


@pytest.mark.parametrize("file", ["wos_clarivate.txt", "wos_thomson.txt"])
def test_every_generation_is_known_by_its_first_lines(file):
    data = export(file)
    assert formats_claiming(data) == ["wos_tagged"]
    without_fn = data[data.index(b"PT ") :]
    assert formats_claiming(without_fn) == ["wos_tagged"]


def test_authors_in_brackets_are_linked_to_their_addresses():
    first = records(export("wos_clarivate.txt"), "wos_tagged")[0]
    assert people(first) == ["Sato, Aiko", "O'Neil, Patrick", "Li, Xiao-Yu"]
    assert links(first) == [
        ("Sato, Aiko", OSAKA),
        ("Li, Xiao-Yu", OSAKA),
        ("O'Neil, Patrick", "Queens Univ Belfast, Belfast BT7 1NN, North Ireland"),
        ("Li, Xiao-Yu", "Univ Sci & Technol China, Dept Civil Engn, Hefei 230026, Anhui, Peoples R China"),
    ]


def test_continued_lines_are_joined_and_the_kinds_of_keyword_stay_apart():
    first = records(export("wos_clarivate.txt"), "wos_tagged")[0]
    assert first.title == "Bridges over wide water"
    assert words(first, "author") == ["bridges", "brain-computer interface (BCI)"]
    assert words(first, "index") == ["SPAN", "ARCH"]


def test_an_early_access_work_takes_its_year_from_ea_and_authors_their_orcids():
    first = records(export("wos_clarivate.txt"), "wos_tagged")[0]
    assert (first.year, first.doi, first.citations) == (2024, "10.9999/wos.1", 6)
    assert [author.orcid for author in first.authors] == ["0000-0002-1825-0097", None, "0000-0001-5109-3700"]


def test_reprint_addresses_stand_in_where_c1_is_missing_whatever_the_language_of_their_marker():
    expected = [
        ("Ghosh, P.", "Panjab Univ, UIET, Chandigarh, India"),
        ("Ghosh, P.", "United Arab Emirates Univ, Al Ain, U Arab Emirates"),
    ]
    data = export("wos_clarivate.txt")
    assert links(records(data, "wos_tagged")[1]) == expected
    localised = data.replace(b"(corresponding author),", "(通讯作者)，".encode())
    assert links(records(localised, "wos_tagged")[1]) == expected


def test_addresses_without_brackets_belong_to_nobody_in_particular():
    first = records(export("wos_thomson.txt"), "wos_tagged")[0]
    assert links(first) == [
        (None, "Graz Univ Technol, Inst Biomed Engn, A-8010 Graz, Austria"),
        (None, "Univ Calif San Diego, Dept Neurosci, La Jolla, CA 92093 USA"),
    ]


def test_the_only_author_has_all_addresses():
    assert links(records(export("wos_thomson.txt"), "wos_tagged")[2]) == [
        ("Alone, Yuki", "Univ Tokyo, Dept Bridges, Tokyo, Japan")
    ]


def test_a_record_without_end_mark_is_kept_with_a_note():
    data = export("wos_thomson.txt")
    assert [work.title for work in records(data, "wos_tagged")] == ["Old record", "No end mark", "One author"]
    assert [(note.row, note.code, note.records) for note in refusals(data, "wos_tagged")] == [(2, "no_end", 0)]


def test_an_address_of_somebody_else_is_kept_without_author_and_noted():
    data = export("wos_clarivate.txt").replace(b"[O'Neil, Patrick]", b"[Ghost, Writer]")
    first = records(data, "wos_tagged")[0]
    assert (None, "Queens Univ Belfast, Belfast BT7 1NN, North Ireland") in links(first)
    assert [(note.row, note.code) for note in refusals(data, "wos_tagged")] == [(1, "author_unlinked")]


@pytest.mark.parametrize("file", ["wos_clarivate.txt", "wos_thomson.txt"])
def test_a_file_cut_anywhere_accounts_for_every_record_begun(file):
    data = export(file)
    for end in range(len(data)):
        part = data[:end]
        assert accounted(part, "wos_tagged") == part.count(b"\nPT")
        assert len(records(part, "wos_tagged")) >= part.count(b"\nER\n")


def test_crlf_changes_nothing():
    data = export("wos_clarivate.txt")
    assert records(data.replace(b"\n", b"\r\n"), "wos_tagged") == records(data, "wos_tagged")
