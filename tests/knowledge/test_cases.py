"""Published cases as printed, with our doubts beside them, and a user's own: checked, their pattern derived."""

import itertools

import pytest

from kakehashi.errors import DataError
from kakehashi.knowledge.axes import AXES, values_of
from kakehashi.knowledge.cases import cases, counts, read_cases
from kakehashi.knowledge.derive import derive
from kakehashi.knowledge.money import Money
from kakehashi.knowledge.patterns import patterns

# Figures 3-3 and 3-4: case, pattern, money, months, people, results.
PRINTED = [
    ("47", 1, Money(135_800_000, "EUR"), 36, 6, {"patents": 1, "papers": 59, "presentations": 167}),
    ("8", 2, Money(79_906, "USD"), 12, 15, {"presentations": 36}),
    ("111", 3, Money(115_000_000, "JPY"), 60, 2, {}),
    ("42", 7, Money(451_182, "EUR"), 12, None, {"meetings": 6}),
    ("4", 8, Money(26_510_777, "USD"), 84, 28, {}),
    ("109", 9, None, pytest.approx(4 / 30.4375), None, {"presentations": 22}),
    ("11", 10, Money(170_340, "AUD"), 12, 2, {}),
    ("2", 11, Money(12_000_000, "USD"), 36, 7, {}),
    ("147", 4, None, 60, None, {}),
    ("59", 5, Money(530_442, "USD"), 24, None, {}),
    ("145", 12, None, 24, None, {"papers": 3, "presentations": 5}),
    ("144", 6, None, 36, None, {}),
    ("3", 1, None, 36, 3, {}),
    ("55", 2, None, None, None, {}),
    ("105", 8, None, 12, None, {"papers": 56, "presentations": 8}),
    ("91", 9, Money(15_250, "USD"), 12, None, {}),
]
HEAD = (
    "case,title,countries,form,field,period,period_unit,amount,currency,pattern,"
    "funding,research_site,government,agency,researchers"
)


def mine(tmp_path, *rows, head=HEAD):
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def by_id():
    return {case.id: case for case in cases()}


def test_every_case_of_figures_3_3_and_3_4_is_there_as_printed():
    assert [
        (
            case.id,
            case.pattern,
            case.money,
            case.period and case.period.months,
            case.people,
            {kind: number for kind, number in case.results.items() if number is not None},
        )
        for case in cases()
    ] == PRINTED
    assert [case.status for case in cases()] == ["past"] * 11 + ["ongoing"] * 5


def test_the_example_of_every_pattern_is_a_published_case_of_it():
    assert {number: by_id()[pattern.example].pattern for number, pattern in patterns().items()} == {
        number: number for number in range(1, 13)
    }


def test_what_the_print_seems_to_have_wrong_is_kept_with_our_doubt_beside_it():
    held = by_id()
    assert held["11"].countries == ("AT", "VN")
    assert held["11"].read_as == ("AU", "VN")
    assert "AT" in held["4"].countries
    assert "AU" in held["4"].read_as
    assert {case.id for case in cases() if case.note} == {"47", "4", "109", "11", "2", "59", "105"}


def test_titles_are_in_both_languages():
    assert by_id()["42"].names.en.startswith("Cyber Security Education in Indonesia")
    assert "インドネシア" in by_id()["42"].names.ja
    assert all(case.summary is not None and case.summary.ja.endswith("。") for case in cases())


def test_the_counts_add_up_to_what_the_figures_print():
    def total(figure):
        return sum(count.cases for count in counts() if count.figure == figure)

    assert (total("3-1"), total("3-2"), total("3-5")) == (151, 151, 151)
    assert [count.cases for count in counts() if count.figure == "3-5" and count.pattern is None] == [39]


@pytest.mark.parametrize("pattern", patterns().values(), ids=lambda pattern: pattern.id)
def test_a_users_case_gets_its_pattern_from_the_five_axes(tmp_path, pattern):
    axes = ",".join(pattern.on.values())
    (case,) = read_cases(mine(tmp_path, f"a,Ours,KR BR,research,ai,,,,,,{axes}"))
    assert case.pattern == pattern.number
    assert not case.published


def test_the_pattern_of_a_case_is_what_derive_finds_for_all_values_of_the_axes(tmp_path):
    combinations = list(itertools.product(*(("", *values_of(axis)) for axis in AXES)))
    head = "case,title,countries,funding,research_site,government,agency,researchers"
    path = mine(tmp_path, *(f"{n},A,KR,{','.join(values)}" for n, values in enumerate(combinations)), head=head)
    found = read_cases(path)
    assert len(found) == len(combinations) == 4 * 4 * 4 * 4 * 3
    assert [case.pattern for case in found] == [derive(case.on).pattern for case in found]


def test_a_users_case_may_leave_everything_else_open(tmp_path):
    (case,) = read_cases(mine(tmp_path, "a,Ours,KR BR", head="case,title,countries"))
    assert (case.form, case.group, case.field, case.period, case.money, case.people, case.pattern) == (None,) * 7
    assert case.names.ja == case.names.en == "Ours"


def test_axes_that_fit_no_pattern_or_are_not_all_known_leave_the_pattern_open(tmp_path):
    rows = ("a,A,KR,,,,,,,,both,funder,none,joint,funder", "b,B,KR,,,,,,,,both,both,,,")
    assert [case.pattern for case in read_cases(mine(tmp_path, *rows))] == [None, None]


def test_a_users_cases_stand_beside_the_published_ones_whatever_their_ids(tmp_path):
    mine(tmp_path, "47,Ours,KR BR,,,,,,,,,,,,")
    assert [case.id for case in cases(tmp_path) if case.id == "47"] == ["47", "47"]
    assert [case.published for case in cases(tmp_path)] == [True] * 16 + [False]


def test_fields_of_a_users_own_taxonomy_are_taken(tmp_path):
    path = mine(tmp_path, "a,A,KR,,storage,,,,,,,,,,")
    assert read_cases(path, fields=("storage",))[0].field == "storage"
    with pytest.raises(DataError, match=r"row 2, column field: unknown 'storage'"):
        read_cases(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,A,KR,reserch,,,,,,,,,,,", "column form: unknown 'reserch'; did you mean 'research'"),
        ("a,A,KR,,photonics,,,,,,,,,,", "column field: unknown 'photonics'; did you mean 'photonics_quantum'"),
        ("a,A,KR,,,3,,,,,,,,,", "column period_unit: is empty, yet there is a period; write days, months, years"),
        ("a,A,KR,,,,,100,,,,,,,", "column currency: is empty, yet there is an amount"),
        ("a,A,KR,,,,,100,YEN,,,,,,", "column currency: unknown 'YEN'"),
        ("a,A,KR,,,,,,KRW,,,,,,", "column amount: is empty, yet there is a currency"),
        ("a,A,KR,,,,,,,13,,,,,", "column pattern: unknown '13'"),
        ("a,A,KR,,,,,,,,bothh,,,,", "column funding: unknown 'bothh'; did you mean 'both'"),
        ("a,A,KR,,,,,,,2,both,both,both,both,both", "column pattern: 2 is given, yet the five axes make it 1"),
        ("a,A,KR,,,,,,,2,one_side,,,,", "column pattern: 2 has funding 'both', the row 'one_side'"),
        ("a,A,,,,,,,,,,,,,", "column countries: is empty"),
        ("a,,KR,,,,,,,,,,,,", "column title: is empty"),
    ],
)
def test_a_bad_case_is_refused_with_row_column_and_remedy(tmp_path, row, message):
    path = mine(tmp_path, row)
    with pytest.raises(DataError, match=message) as refused:
        read_cases(path)
    assert str(refused.value).startswith(f"{path}: row 2, ")


def test_a_case_given_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match="row 3, column case: 'a' stands in row 2 already"):
        read_cases(mine(tmp_path, "a,A,KR", "a,B,KR", head="case,title,countries"))
