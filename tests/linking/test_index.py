"""The index: every way in which a name may be shortened is a key of its own kind; what is saved is read the same."""

import unicodedata
from pathlib import Path

import msgspec
import numpy as np
import pytest
from made_registry import (
    ACADEMY,
    DAVIS,
    GEARS,
    IMPERIAL,
    KYOTO,
    LUND,
    MICROBIOLOGY,
    MIT_NZ,
    MIT_US,
    ORGANISATIONS,
    PHYSICS_CN,
    PHYSICS_GB,
    PREFECTURE,
    STEFAN,
    ZURICH,
    organisation,
    record,
    ror,
)  # fmt: skip

from kakehashi.affiliations.linking.index import KINDS, MAX_WORDS, Index, bag, build, joined, load, save, stems
from kakehashi.affiliations.linking.words import name_words
from kakehashi.affiliations.lists import read_table


def kinds(index: Index, key: str) -> dict[str, str]:
    """The organisations of a key, with the kind of name that it is."""
    return {index.organisations[number].ror_id: KINDS[kind] for number, kind in index.names.get(key, ())}


@pytest.mark.parametrize(
    ("key", "number", "kind"),
    [
        ("university zurich", ZURICH, "display"),
        ("京 都 大 学", KYOTO, "label"),
        ("acme zahnradwerke", GEARS, "alias"),
        ("uzh", ZURICH, "acronym"),
        ("acme gear works", GEARS, "display"),  # without (Germany)
        ("imperial college", IMPERIAL, "shortened"),  # without its town
        ("j stefan institute", STEFAN, "shortened"),
        ("institute microbiology", MICROBIOLOGY, "shortened"),  # behind the comma
        ("czech academy science", MICROBIOLOGY, "shortened"),
        ("uc davis", DAVIS, "initials"),
        ("davis university", DAVIS, "placed"),
    ],
)
def test_a_key_of_every_kind_leads_to_its_organisation(made: Index, key: str, number: int, kind: str) -> None:
    assert kinds(made, key)[ror(number)] == kind


def test_every_kind_of_key_has_a_case_above(made: Index) -> None:
    assert {kind for found in made.names.values() for _, kind in found} == set(range(len(KINDS)))


def test_organisations_of_one_name_share_its_key(made: Index) -> None:
    assert set(kinds(made, "institute physic")) == {ror(PHYSICS_GB), ror(PHYSICS_CN)}
    assert set(kinds(made, "mit")) == {ror(MIT_US), ror(MIT_NZ)}


def test_the_strongest_kind_of_a_name_is_kept() -> None:
    twice = organisation(1, "Quux Institute", "Lund, , , SE", acronyms=("QI",), aliases=("QI", "Quux Institute"))
    index = build([twice])
    assert (kinds(index, "qi"), kinds(index, "quux institute")) == ({ror(1): "alias"}, {ror(1): "display"})


def test_what_a_name_says_of_its_type_only_is_no_key(made: Index) -> None:
    assert kinds(made, "university") == kinds(made, "university hospital") == {}


def test_a_university_of_a_town_is_not_each_of_those_in_the_town() -> None:
    other = organisation(2, "Zurich Technical University of Arts", "Zurich, , , CH")
    index = build([record(ZURICH), other])
    assert kinds(index, "university zurich") == {ror(ZURICH): "display"}
    assert kinds(index, "zurich university") == {}  # found as the same words in another order


def test_a_withdrawn_record_lends_its_names_to_its_only_successor() -> None:
    school = organisation(1, "Quux Medical School", "Lund, , , SE", successors=(2,), active=False, withdrawn=True)
    index = build([school, organisation(2, "Quux University", "Lund, , , SE")])
    assert kinds(index, "quux medical school") == {ror(2): "alias"}
    alone = organisation(3, "Quux Polytechnic", "Lund, , , SE", active=False, withdrawn=True)
    assert kinds(build([alone]), "quux polytechnic") == {}


def test_a_town_has_the_number_of_its_other_names() -> None:
    towns = build([organisation(1, "Quux University", "Mexico City, , , US")]).towns
    assert towns["ciudad mexico"] == towns["mexico city"]


def test_a_word_that_is_another_one_may_be_meant_for_a_university_a_letter_away() -> None:
    index = build([organisation(1, "Columbia University", "New York, , , US")])
    assert index.confused["colombia university"] == "columbia university"


def test_inactive_organisations_are_kept(made: Index) -> None:
    assert kinds(made, "lund institute optic") == {ror(LUND): "display"}
    [old] = [one for one in made.organisations if one.ror_id == ror(PREFECTURE)]
    assert not old.active
    assert kinds(made, "osaka prefecture university") == {ror(PREFECTURE): "display"}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("株式会社デンソー", {"株式会社デンソー", "デンソー"}),
        (
            "サントリーホールディングス株式会社",
            {"サントリーホールディングス株式会社", "サントリーホールディングス", "サントリー"},
        ),
        ("国家电网有限公司", {"国家电网有限公司", "国家电网"}),
        ("花王株式会社", {"花王株式会社"}),  # two characters may mean anything
        ("ホールディングス株式会社", set()),  # and so may a legal form
        (
            "国立研究開発法人国立国際医療研究センター",
            {"国立研究開発法人国立国際医療研究センター", "国立国際医療研究センター"},
        ),
        ("株式会社ＴＣＭ", {"株式会社tcm"}),  # nor are three letters a company's
        ("주식회사 카카오", {"주식회사카카오", "카카오"}),
        ("イオン株式会社", {"イオン株式会社"}),  # an ordinary word
        ("㈱" + "長" * 41, set()),  # a description
    ],
)
def test_a_name_in_native_script_is_known_without_its_legal_form_also_if_it_is_long(name: str, keys: set[str]) -> None:
    index = build([organisation(1, name, "Kariya, , , JP", types=("company",))])
    assert {key.replace(" ", "") for key in index.names} == keys


@pytest.mark.parametrize("name", ["สำนักงานการวิจัยแห่งชาติ", "ＮＴＴドコモ", "㈱リコー", "Ångström Laboratory"])
def test_a_name_is_known_in_whatever_form_its_characters_are_written(name: str) -> None:
    index = build([organisation(1, name, "Tokyo, , , JP")])
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert " ".join(name_words(unicodedata.normalize(form, name))) in index.names


def test_other_names_that_affiliations_use_are_names_of_the_registered_organisations(index: Index) -> None:
    registered = {one.ror_id for one in index.organisations}
    told = [(row["alias"], f"https://ror.org/{row['ror_id']}") for row in read_table("organisation_aliases.csv")]
    known = [(alias, one) for alias, one in told if one in registered]
    assert len(known) > 100
    for alias, one in known:
        assert kinds(index, " ".join(name_words(alias)))[one] in {"display", "label", "alias", "acronym"}, alias
    assert build(()).names == {}


def test_the_order_of_the_dump_does_not_matter(made: Index) -> None:
    assert build(reversed(ORGANISATIONS)) == made


def test_the_organisations_stand_in_the_order_of_their_ids(made: Index) -> None:
    ids = [one.ror_id for one in made.organisations]
    assert ids == sorted(ids)
    assert len(ids) == len(ORGANISATIONS)


def test_a_saved_index_is_the_same_when_it_is_read_and_its_file_when_it_is_written_again(
    index: Index, tmp_path: Path
) -> None:
    save(index, tmp_path / "index")
    assert load(tmp_path / "index") == index
    save(load(tmp_path / "index"), tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "index").read_bytes()


def test_a_file_that_is_no_index_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(msgspec.msgpack.encode(["no", "index"]))
    with pytest.raises(msgspec.ValidationError):
        load(tmp_path / "index")


def test_counts_say_in_how_many_keys_a_word_occurs(made: Index) -> None:
    assert made.counts["zurich"] == sum("zurich" in key.split(" ") for key in made.names)
    assert sum(made.counts.values()) == sum(len(set(key.split(" "))) for key in made.names)


def test_longest_tells_how_far_a_name_may_reach(made: Index) -> None:
    for key in made.names:
        words = key.split(" ")
        assert made.longest[" ".join(words[:2])] >= len(words)
    assert made.longest["university california"] == len(["university", "california", "davis"])


def test_descriptions_longer_than_a_name_are_no_key() -> None:
    words = [chr(97 + number) * 4 for number in range(MAX_WORDS + 1)]
    index = build(
        [organisation(1, " ".join(words), "Lund, , , SE"), organisation(2, " ".join(words[1:]), "Lund, , , SE")]
    )
    assert kinds(index, " ".join(words)) == {}
    assert kinds(index, " ".join(words[1:])) == {ror(2): "display"}


def test_looser_keys_lead_back_to_the_names(made: Index) -> None:
    assert made.bags["institute lund optic"] == ("lund institute optic",)
    assert made.joined["kyotouniversity"] == ("kyoto university",)
    assert made.stems["nor uni sci tec"] == ("norwegian university science technology",)


def test_shortened_names_are_not_shortened_again(made: Index) -> None:
    assert "college imperial" not in made.bags
    assert "imperialcollege" not in made.joined


def test_signatures_are_empty_where_they_would_tell_nothing() -> None:
    assert (bag(["zurich"]), bag(["京", "都"]), bag(["b", "a"])) == ("", "", "a b")
    assert (joined(["ab", "cd"]), joined(["abcd", "efgh"])) == ("", "abcdefgh")
    assert (stems(["university", "zurich"]), stems(["national", "university", "x"])) == ("", "nat uni x")


def test_each_organisation_has_the_numbers_of_its_towns_and_regions(made: Index) -> None:
    position = [one.ror_id for one in made.organisations].index(ror(ACADEMY))
    for lists in (made.tables.towns, made.tables.wider):
        assert lists.of(np.array([position]))[1].tolist() == [made.towns["beijing"]]
        assert lists.of(np.arange(len(made.organisations)))[0].max() < len(made.organisations)


def test_what_is_left_of_a_name_is_its_parents_where_the_parent_is_called_so_and_a_campus_keeps_it() -> None:
    made = build(
        [
            organisation(1, "Czech Academy of Sciences", "Prague,,,CZ"),
            organisation(2, "Czech Academy of Sciences, Institute of Botany", "Prague,,,CZ", parents=(1,)),
            organisation(3, "University of Bohemia", "Prague,,,CZ"),
            organisation(4, "University of Bohemia, Pilsen", "Pilsen,,,CZ", parents=(3,)),
        ]
    )
    assert set(kinds(made, " ".join(name_words("Czech Academy of Sciences")))) == {ror(1)}
    assert set(kinds(made, " ".join(name_words("University of Bohemia")))) == {ror(3), ror(4)}
