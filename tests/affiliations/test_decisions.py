"""Decision files: what is read, what is set aside and why, and what a spreadsheet does to them."""

import pytest

from kakehashi.affiliations.decisions import COLUMNS, Entry, check, read_decisions, ror_id, write_csv
from kakehashi.errors import SettingsError

HEAD = ",".join(COLUMNS)
ROR, OTHER, GONE, SPLIT_UP = (f"https://ror.org/0{letter}abcde12" for letter in "abcd")
REGISTRY = {
    ROR: Entry("Kyoto University", "JP"),
    GONE: Entry("Old College", "GB", active=False, successors=(ROR,)),
    SPLIT_UP: Entry("Old Union", "GB", active=False, successors=(ROR, OTHER)),
}


def read(tmp_path, *lines, head=HEAD, look_up=None, encoding="utf-8", name="decisions.csv"):
    path = tmp_path / name
    path.write_bytes("\n".join((head, *lines)).encode(encoding))
    return read_decisions([path], look_up)


def faults(checked):
    return [(fault.decision.label, fault.code, fault.detail) for fault in checked.faults]


def test_a_row_keeps_what_it_says_and_its_number_in_the_spreadsheet(tmp_path):
    checked = read(tmp_path, ",,,,,,,,,", f"Link,,Kyoto Univ.,jp,,{ROR[16:]},sure,Emi,2026/11/21,v1.74")
    [one] = checked.decisions
    assert (one.label, one.decision, one.key, one.country_code) == ("decisions.csv:3", "link", "kyoto university", "JP")
    assert (one.target, one.note, one.decided_by, one.decided_on) == (ROR, "sure", "Emi", "2026/11/21")
    assert checked.faults == ()


def test_rows_without_a_decision_and_columns_of_others_are_passed_over(tmp_path):
    checked = read(tmp_path, ",Kyoto Univ.,12", "country,Kyoto Univ.,3", head="decision,name,works")
    assert faults(checked) == [("decisions.csv:3", "target_missing", "country")]
    assert checked.decisions == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_file_may_have_a_byte_order_mark_and_any_common_delimiter(tmp_path, encoding, mark):
    row = mark.join(("not_this", "京都の研究室"))
    [one] = read(tmp_path, row, head=mark.join(("decision", "name")), encoding=encoding).decisions
    assert one.name == "京都の研究室"


@pytest.mark.parametrize(
    ("head", "encoding", "words"),
    [("decision,name,京都", "cp932", "UTF-8"), ("name,target", "utf-8", "no column 'decision'")],
)
def test_a_file_that_cannot_be_used_is_named_with_the_remedy(tmp_path, head, encoding, words):
    with pytest.raises(SettingsError, match=words):
        read(tmp_path, head=head, encoding=encoding)
    with pytest.raises(SettingsError, match=r"none\.csv"):
        read_decisions([tmp_path / "none.csv"])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("join,,A,,,b.jp", "unknown_decision"),
        ("link,,,,,b.jp", "nothing_named"),
        ("link,,...,,,b.jp", "nothing_named"),
        ("merge,,A,,a.jp,b.jp", "too_much_named"),
        ("link,,A,UK,,b.gb", "unknown_country"),
        ("country,,A,,,Japan", "unknown_country"),
        ("link,,A,,,Kyoto University", "no_id"),
        ("merge,,,,a.jp,a.jp", "of_itself"),
        ("split,A street,,,,", "not_for_a_string"),
        ("new_institution,A street,,,,", "target_missing"),
        ("not_this,,,,a.jp,b.jp", "not_for_an_institution"),
    ],
)
def test_a_faulty_row_is_set_aside_with_the_reason(tmp_path, row, code):
    checked = read(tmp_path, row)
    assert checked.decisions == ()
    assert [fault.code for fault in checked.set_aside()] == [code]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"link,,Kyoto Univ.,,,{ROR}", f"link,,KYOTO UNIVERSITY,,,{OTHER}"),
        ("country,,A,,,JP", "country,,A,,,FR"),
        ("merge,,,,a.jp,b.jp", "split,,,,a.jp,"),
        ("not_this,,A,,,", "link,,A,,,b.jp"),
        ("not_this,A street,,,,b.jp", "link,A street,,,,b.jp"),
    ],
)
def test_decisions_that_contradict_each_other_are_both_named_and_none_applied(tmp_path, one, other):
    checked = read(tmp_path, one, "country,,C,,,JP", other)
    assert [decision.row for decision in checked.decisions] == [3]
    assert sorted(faults(checked)) == [
        ("decisions.csv:2", "contradicts", "decisions.csv:4"),
        ("decisions.csv:4", "contradicts", "decisions.csv:2"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("link,,A,JP,,b.jp", "link,,A,FR,,b.fr"),
        ("link,A street,,,,b.jp", "link,A street,,,,c.jp"),
        ("link,,A,,,b.jp", "country,,A,,,JP"),
        ("link,,A,,,b.jp", "merge,,A,,,b.jp"),
        ("not_this,,A,,,b.jp", "not_this,,A,,,c.jp"),
    ],
)
def test_decisions_that_can_both_hold_do(tmp_path, one, other):
    assert len(read(tmp_path, one, other).decisions) == 2


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "d.csv").write_text(f"decision,name,target\ncountry,A,of {folder}\n")
    checked = read_decisions([tmp_path / "ours" / "d.csv", tmp_path / "theirs" / "d.csv"])
    assert faults(checked) == [
        ("ours/d.csv:2", "unknown_country", "OF OURS"),
        ("theirs/d.csv:2", "unknown_country", "OF THEIRS"),
    ]


def test_ids_are_checked_against_the_registry_in_use(tmp_path):
    rows = [f"link,,A,,,{ROR}", f"link,,B,,,{OTHER}", f"link,,C,,,{GONE}", f"link,,D,,,{SPLIT_UP}"]
    checked = read(tmp_path, *rows, look_up=REGISTRY.get)
    assert [(one.name, one.target) for one in checked.decisions] == [("A", ROR), ("C", GONE), ("D", SPLIT_UP)]
    assert faults(checked) == [
        ("decisions.csv:3", "unknown_id", OTHER),
        ("decisions.csv:4", "succeeded", ROR),
        ("decisions.csv:5", "withdrawn", f"{ROR} {OTHER}"),
    ]
    assert [fault.code for fault in checked.set_aside()] == ["unknown_id"]


def test_what_is_written_can_be_read_back_and_holds_no_formula(tmp_path):
    text = '=HYPERLINK("x"), Kyoto'
    path = tmp_path / "list.csv"
    path.write_text(write_csv(COLUMNS, [{"decision": "not_this", "affiliation": text}]), encoding="utf-8")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdecision,")
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8")
    [one] = read_decisions([path]).decisions
    assert one.affiliation == text


@pytest.mark.parametrize("text", [ROR, ROR.upper(), ROR[8:], ROR[16:], f" {ROR}/ "])
def test_a_ror_id_may_be_written_in_full_or_in_part(text):
    assert ror_id(text) == ROR


def test_nothing_to_check_is_no_fault():
    assert check([]).decisions == ()
