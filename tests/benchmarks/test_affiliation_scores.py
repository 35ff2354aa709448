"""The measures and the simple systems of the affiliation benchmark, by hand-counted cases and beside score.py."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "affiliations"
"""Public gold sets and their scorer, which are not part of the repository."""
sys.path.insert(0, str(ROOT / "benchmarks"))

import gold_sets  # noqa: E402
import reliability  # noqa: E402
import ror_names  # noqa: E402
import systems  # noqa: E402
from gold_sets import Answer, Frame, Gold, Ratio, score  # noqa: E402

A, B, C, D = "01aaaaa11", "02bbbbb22", "03ccccc33", "04ddddd44"
PLAIN = Frame({})


def gold(key, rors=(), countries=()):
    return Gold(key, key, tuple(rors), tuple(countries), "test")


STRINGS = [gold("1", [A, B], ["JP"]), gold("2", [C], ["US", "DE"]), gold("3"), gold("4"), gold("5", [D], ["FR"])]
ANSWERS = {
    "1": Answer((B, C), ("JP",)),
    "2": Answer((C,), ("US",)),
    "3": Answer((A,), ("JP",)),
    "4": Answer(),
}  # the fifth string is left out: unanswered


def test_precision_and_recall_count_every_id_of_every_string():
    found = score(STRINGS, ANSWERS, PLAIN).ids
    assert found == Ratio(right=2, answered=4, wanted=4)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_the_first_answer_is_judged_alone():
    assert score(STRINGS, ANSWERS, PLAIN).first == Ratio(right=2, answered=3, wanted=3)


def test_abstention_is_the_share_of_unlabelled_strings_without_an_answer():
    assert score(STRINGS, ANSWERS, PLAIN).abstained == 0.5
    assert score(STRINGS[:2], ANSWERS, PLAIN).abstained is None


def test_a_country_is_right_only_as_a_whole_set():
    found = score(STRINGS, ANSWERS, PLAIN)
    assert found.accuracy == pytest.approx(1 / 3)
    assert found.countries_first == Ratio(right=2, answered=2, wanted=3)


def test_strings_with_an_unknown_id_are_left_out_and_other_answers_dropped_where_asked():
    clipped = score(STRINGS, ANSWERS, Frame({}, frozenset((C,)), clip=True))
    assert (clipped.strings, clipped.ids) == (3, Ratio(right=1, answered=1, wanted=1))
    kept = score(STRINGS, ANSWERS, Frame({}, frozenset((C,))))
    assert kept.ids == Ratio(right=1, answered=2, wanted=1)


def test_equivalent_ids_count_as_one_on_both_sides():
    assert score([gold("1", [A])], {"1": Answer((B, A))}, Frame({B: A})).ids == Ratio(1, 1, 1)


def test_nothing_answered_gives_zeros_and_no_error():
    found = score(STRINGS[:1], {}, PLAIN).ids
    assert (found.precision, found.recall, found.f1) == (0.0, 0.0, 0.0)


def test_ids_are_read_from_any_spelling_once():
    assert gold_sets.rors_of(f"https://ror.org/{A} {A.upper()}; nonsense {B}/") == (A, B)


def test_one_confidence_stands_for_all_ids_of_a_row_and_several_for_each(tmp_path):
    rows = f"id,ror_ids,country_codes,confidence,reason\n1,{A} {B},jp,0.8,\n2,{A} {B},,0.9 0.4,x\n3,,,,none\n"
    (tmp_path / "answers.csv").write_text(rows, encoding="utf-8")
    found = gold_sets.read_answers(tmp_path / "answers.csv")
    assert found["1"] == Answer((A, B), ("JP",), (0.8, 0.8), "")
    assert found["2"].confidences == (0.9, 0.4)
    assert found["3"] == Answer((), (), (), "none")


def test_a_reliability_bin_holds_its_lower_edge_and_the_last_one_both():
    found = reliability.bins([(0.9, True), (0.92, False), (1.0, True), (0.98, True)])
    assert [(one.low, one.answers, one.right) for one in found] == [(0.9, 2, 0.5), (0.98, 2, 1.0)]
    assert reliability.calibration_error(found) == pytest.approx(0.5 * (0.91 - 0.5) + 0.5 * 0.01)
    assert reliability.calibration_error([]) == 0.0


# --- the simple systems -----------------------------------------------------------------------------------


def organisation(key, *names, country="JP", status="active"):
    return ror_names.Organisation(key, names[0], tuple(map(ror_names.fold, names)), (), (country,), status)


def registry(*members):
    shared = {}
    for one in members:
        for name in one.names:
            shared[name] = shared.get(name, frozenset()) | {one.id}
    return ror_names.Organisations({one.id: one for one in members}, shared)


REGISTRY = registry(
    organisation(A, "University of Kyoto", "京都大学"),
    organisation(B, "Kyoto Institute"),
    organisation(C, "Northern University", country="US"),
    organisation(D, "Northern University", country="FR"),
)


@pytest.mark.parametrize(
    ("text", "rors"),
    [
        ("Dept., UNIVERSITY of Kyoto, Japan", (A,)),
        ("Universityof Kyoto Institutes", ()),
        ("京都大学工学部", (A,)),
        ("Northern University, France", (D,)),
        ("Northern University", ()),
        ("Kyoto Institute and University of Kyoto", (B, A)),
    ],
)
def test_the_automaton_finds_whole_names_and_tells_shared_ones_by_a_country_name(text, rors):
    pytest.importorskip("ahocorasick", reason="pyahocorasick (group bench) is not installed")
    assert systems.automaton(REGISTRY)(text).rors == rors


def test_rapidfuzz_takes_the_nearest_name_to_a_comma_part():
    pytest.importorskip("rapidfuzz", reason="rapidfuzz (group bench) is not installed")
    nearest = systems.rapidfuzz(REGISTRY, 85.0)
    assert nearest("Dept. of Foo, Univrsity of Kyoto, Japan") == Answer((A,), ("JP",))
    assert nearest("Somewhere else entirely") == Answer()


def test_any_name_takes_the_first_country_name_in_alphabetical_order():
    assert systems.any_name()("University of Lagos, Nigeria").countries == ("NE",)
    assert systems.any_name()("Somewhere").countries == ()


# --- beside the scorer that belongs to the public sets ----------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public gold sets lie beside the checkout, and are not here")
@pytest.mark.parametrize("name", ["dev_s2aff", "dev_ror_crossref", "dev_paperlists_country"])
def test_the_numbers_are_those_of_the_public_scorer(name, tmp_path):
    path, known, equiv = SHARED / "public" / f"{name}.csv", SHARED / "known_ror_ids.txt", SHARED / "ror_equiv.csv"
    strings = gold_sets.read_gold(path)
    neighbours = [*strings[1:], strings[0]]
    answers = {  # right, wrong, half right and missing answers in turn
        one.id: (one, other, Gold("", "", one.rors[:1] + other.rors, other.countries + one.countries, ""))[number % 3]
        for number, (one, other) in enumerate(zip(strings, neighbours, strict=True)) if number % 7
    }  # fmt: skip
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "ror_ids", "country_codes"))
        writer.writerows((key, " ".join(one.rors), " ".join(one.countries)) for key, one in answers.items())
    command = [sys.executable, str(SHARED / "score.py"), str(path), str(tmp_path / "answers.csv"), "--json", "--clip"]
    said = subprocess.run(
        [*command, "--known", str(known), "--equiv", str(equiv)], check=True, capture_output=True, encoding="utf-8"
    )
    theirs = json.loads(said.stdout)
    mine = score(strings, gold_sets.read_answers(tmp_path / "answers.csv"), gold_sets.frame(known, equiv, clip=True))
    assert mine.accuracy == pytest.approx(theirs["country"]["acc"])
    assert mine.countries_first.precision == pytest.approx(theirs["country"]["prec"])
    if "institution" in theirs:
        them = theirs["institution"]
        assert mine.strings == them["strings"]
        assert (mine.ids.precision, mine.ids.recall, mine.ids.f1) == pytest.approx(
            (them["set"]["P"], them["set"]["R"], them["set"]["F1"])
        )
        assert mine.first.precision == pytest.approx(them["top1"]["P"])
        assert mine.abstained == pytest.approx(them["abst"])
