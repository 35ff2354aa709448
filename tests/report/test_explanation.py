"""The explanation of a string in words: every step in both languages, and no id where a word belongs."""

import re
import tomllib
from importlib.resources import files

import pytest

from kakehashi.affiliations.decisions import WORDS, Decision
from kakehashi.affiliations.explain import Explanation, Option, Weighing, explain
from kakehashi.affiliations.institutions import Found
from kakehashi.affiliations.linking.candidates import MANNERS
from kakehashi.affiliations.linking.evidence import FEATURES
from kakehashi.affiliations.linking.index import KINDS
from kakehashi.affiliations.linking.organisations import Name, Organisation, Place
from kakehashi.affiliations.lists import read_table
from kakehashi.affiliations.resolve import Resolver
from kakehashi.report import codes, explanation
from kakehashi.report.explanation import Occurrence, decision_lines, lines, study_lines
from kakehashi.texts import LANGUAGES

CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
STRINGS = (
    "Dept. of Physics, Univ. of Tokyo, Tokyo, Japan",
    "University of Cambridge, Cambridge, UK and Harvard University, Cambridge, MA, USA",
    "東京大学大学院工学系研究科",
    "School of Computing, National University of Singapore (e-mail: lim@nus.edu.sg)",
    "Charles University, Prague, Czechoslovakia",
    "Institute of Nuclear Physics, USSR",
    "University of Pristina, Pristina, Kosovo",
    "Springfield University, Springfield",
    "Faculty of Science",
    "Kyoto, Japan",
    "Acme",
    "N/A",
    "   ",
    "",
)


def told(text, language, resolver=None):
    return ["  " * line.level + line.text for line in lines(explain(text, resolver), language)]


@pytest.fixture(scope="module")
def rules():
    return Resolver()


def test_the_steps_are_told_in_order_with_the_answer_last(rules):
    assert told(STRINGS[0], "en", rules) == [
        "Dept. of Physics, Univ. of Tokyo, Tokyo, Japan",
        "1 Cleaned",
        "  nothing to clean",
        "2 Parts",
        '  "Dept. of Physics": a department or unit',
        '  "Univ. of Tokyo": an institution\'s name ("Univ": university)',
        '  "Tokyo": a place',
        '  "Japan": a place',
        "3 Places",
        '  "Tokyo": region or town in Japan (JP) - inside a name: used only if nothing else tells the country',
        '  "Tokyo": region or town in Japan (JP)',
        '  "Japan": the country Japan (JP)',
        "4 Institutions by rule",
        '  "Univ. of Tokyo": university, found by a word that institutions carry',
        "5 Country",
        '  Japan (JP): country named in the address, "Japan"',
        "6 Answer",
        "  Univ. of Tokyo [JP] confidence 0.95",
        '    institution: found by a word that institutions carry, "Univ. of Tokyo"',
        '    country: country named in the address, "Japan"',
    ]


def test_the_steps_are_told_in_japanese(rules):
    assert told(STRINGS[0], "ja", rules)[-4:] == [
        "6 結果",
        "  Univ. of Tokyo [JP] 確からしさ 0.95",
        "    機関: 機関名に特有の語による「Univ. of Tokyo」",
        "    国: 所属表記の末尾などにある国名「Japan」",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", STRINGS)
def test_every_method_and_reason_is_in_words(text, language, rules):
    found = "\n".join(told(text, language, rules)[1:])
    assert not CODE.search(found), found


@pytest.mark.parametrize("character", ["\n", "\x1b", "\r", "\x00", "\x9b", "\u202e", "\u2066"])
def test_no_control_character_of_the_string_reaches_the_terminal(character, rules):
    text = f"Kyoto {character}University{character}, {character}Kyoto, Japan"
    assert not any(character in line for line in told(text, "en", rules))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Faculty of Science", "only a department is named"),
        ("N/A", "not an affiliation"),
        ("", "empty"),
        ("Institute of Nuclear Physics, USSR", "a former state whose successor cannot be told"),
    ],
)
def test_nothing_is_said_with_its_reason(text, why, rules):
    assert why in told(text, "en", rules)[-1]


TOKYO = Organisation(
    "https://ror.org/057zh3y96", (Name("The University of Tokyo", "display", "en"), Name("東京大学", "label", "ja")),
    (Place("Tokyo", "", "", "FR", "France"),), ("education",), False, 1877, (), (), (), (), (), (), 5,
)  # fmt: skip


def with_options(*verdicts, **evidence):
    """The explanation of a string with candidates of these verdicts; each may be (verdict, by, runner_up)."""
    said = {**dict.fromkeys(FEATURES, 0), "active": True, "name": "label", "manner": "exact", "country": "differs",
            "town": "absent", "region": "absent", **evidence}  # fmt: skip
    plain = explain(STRINGS[0])
    options = tuple(
        Option(number, "Univ. of Tokyo", TOKYO, 0.5, said, verdict, by, second)
        for number, (verdict, by, second) in enumerate(verdicts, start=1)
    )
    weighing = Weighing(options, 0.6, 3, "JP", 0.7)
    return Explanation(plain.text, plain.cleaned, plain.reading, weighing, tuple(plain.reading.found[0]), plain.answers)


def words_of(one, language):
    return "\n".join(line.text for line in lines(one, language))


def test_what_became_of_each_candidate_is_said():
    one = with_options(
        ("chosen", 0, False), ("taken", 1, True), ("taken", 1, False), ("again", 1, False), ("unsure", 0, False)
    )
    said = words_of(one, "en")
    assert "given from 0.60 on (affiliations.min_confidence)" in said
    for number, ending in enumerate(
        ("chosen", "runner-up to 1)", "not chosen, 1) is surer of these words", "the same organisation as 1)",
         "not chosen, below 0.60"), start=1,
    ):  # fmt: skip
        assert f"{number}) 0.50  The University of Tokyo (Tokyo, FR) 057zh3y96: {ending}" in said
    assert "candidates not shown here: 3" in said
    assert "The University of Tokyo is in France (FR) according to the registry" in said
    assert "gives way to the registry" in said
    assert "1) 0.50  The University of Tokyo（東京大学, Tokyo, FR）057zh3y96: 採用" in words_of(one, "ja")


def test_the_country_that_unsure_candidates_share_is_said_only_where_none_is_chosen():
    assert "all likely organisations are in Japan (JP) (0.70)" in words_of(with_options(("unsure", 0, False)), "en")
    assert "all likely" not in words_of(with_options(("chosen", 0, False)), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_is_told_where_there_is_any(language):
    plain = words_of(with_options(("chosen", 0, False)), language)
    for flag in explanation._FLAGS:
        text = explanation._texts()[f"evidence_{flag}"][language]
        assert text not in plain
        assert text in words_of(with_options(("chosen", 0, False), **{flag: 1}), language)
    assert explanation._texts()["evidence_inactive"][language] not in plain
    assert explanation._texts()["evidence_inactive"][language] in words_of(
        with_options(("chosen", 0, False), active=False), language
    )


@pytest.mark.parametrize(("rivals", "said"), [(1, None), (2, "2 organisations have this name"),
                                              (6, "6 or more organisations have this name")])  # fmt: skip
def test_how_many_organisations_share_a_name_is_said_from_two_on(rivals, said):
    found = words_of(with_options(("chosen", 0, False), rivals=rivals), "en")
    assert said in found if said else "have this name" not in found


def test_decisions_are_told_with_file_and_row():
    one = Decision("d.csv", 12, "link", affiliation="Univ. Tokyo", target=TOKYO.ror_id)
    assert [line.text for line in decision_lines([one], "en")] == [
        "People's decisions", 'd.csv:12: link https://ror.org/057zh3y96, said of "Univ. Tokyo"'
    ]  # fmt: skip
    assert list(decision_lines([], "en")) == []
    assert [line.text for line in decision_lines([Decision("d.csv", 3, WORDS[1], name="X")], "ja")][1] == (
        "d.csv:3: not_this（対象: X）"
    )


def test_what_a_study_made_of_a_string_is_told():
    row = ("Osaka Prefecture University", TOKYO.ror_id, "JP", "decision", "corpus", 1.0, None, "d.csv:12")
    relation = (TOKYO.ror_id, "successor", "Osaka Metropolitan University", "x", True, 2022, None, "from_its_year")
    office = (TOKYO.ror_id, "parent", "Osaka Prefecture", "y", False, None, None, "state_office")
    said = [line.text for line in study_lines("mine", Occurrence(3, 2, (row,), (relation, office)), "en")]
    assert said[:2] == ["In the study mine", "works with this string: 2 (mentions: 3)"]
    assert said[2] == "Osaka Prefecture University [JP] confidence 1.00  https://ror.org/057zh3y96"
    assert "decided by d.csv:12" in said
    assert any(text.startswith("counts as its successor: Osaka Metropolitan University") for text in said)
    assert any("works from 2022 on" in text for text in said)
    assert "Osaka Prefecture  y: not counted: a state office or a funder" in said


def test_a_string_that_the_study_lacks_and_a_study_not_run_are_told_apart():
    absent, unread = (list(study_lines("mine", found, "en"))[1].text for found in (Occurrence(0, 0, ()), None))
    assert "no work of the study has this string" in absent
    assert "has not been run" in unread


def test_every_text_exists_in_both_languages_and_is_used():
    texts = tomllib.loads(files("kakehashi.data").joinpath("texts/explain.toml").read_text(encoding="utf-8"))
    source = files("kakehashi.report").joinpath("explanation.py").read_text(encoding="utf-8")
    for key, text in texts.items():
        assert set(text) == {"ja", "en"}, key
        assert set(re.findall(r"{(\w+)", text["ja"])) == set(re.findall(r"{(\w+)", text["en"])), key
        begun = {"verdict": 'f"verdict_', "evidence": 'f"evidence_'}.get(key.partition("_")[0])
        assert f'"{key}"' in source or (begun and begun in source), key


def listed(kind):
    return set(codes._codes()[kind])


def test_every_kind_of_name_manner_and_institution_has_a_name():
    assert set(KINDS) == listed("name_kinds")
    assert set(MANNERS) == listed("name_manners")
    kinds = {row["kind"] for row in read_table("institution_words.csv")}
    assert kinds | {"exception", "other"} == listed("institution_kinds")


def test_every_way_to_a_field_has_a_name():
    assert listed("field_methods") == {"own", "label", "ccs", "inherited", "text"}


def test_every_way_to_an_institution_has_a_name():
    from kakehashi.affiliations.registered import FROM_DOMAIN, FROM_REGISTRY

    ways = {"rule", "entity", "remainder", "decision", FROM_DOMAIN, FROM_REGISTRY}
    assert ways <= listed("institution_methods")
    assert "method" in Found._fields
