import ast
from pathlib import Path

import pytest

import kakehashi.matching
from kakehashi.matching.bridge import bridge
from kakehashi.matching.companies import is_company
from kakehashi.matching.katakana import Hearing
from kakehashi.matching.need import Reader
from kakehashi.matching.words import language_of, morphemes, stem

VOCABULARY = {"sensor": 40, "algorithm": 30, "simulation": 20, "plasma": 9, "database": 9, "censor": 1, "sponsor": 2}


class Known:
    """A study that knows some words and keywords."""

    def __init__(self, keywords, words):
        self.words = words
        self.hearing = Hearing(words)
        self.keywords = keywords

    def works_with_keyword(self, keyword):
        return 5 if keyword in self.keywords else 0


def reader(keywords=(), words=VOCABULARY):
    return Reader(Known(keywords, words))


def english(need):
    return {c.text: tuple(a.text for a in c.alternatives if a.language == "en") for c in need.concepts}


def test_more_than_four_thousand_pairs_of_terms_are_on_the_lists():
    assert len(bridge()) > 4_000


def test_the_longest_term_counts_and_a_term_inside_it_does_not():
    words = morphemes("無線センサネットワークの省電力化")
    assert [t.japanese for t in bridge().terms("無線センサネットワークの省電力化", words)] == [
        "無線センサネットワーク",
        "省電力",
    ]


def test_a_term_is_not_found_across_the_border_of_two_words():
    text = "東京都の体力測定"  # 都の体 would hold 体, 体力 is one word
    assert "体" not in [term.japanese for term in bridge().terms(text, morphemes(text))]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("小さな画面での操作", ["小画面", "操作"]),
        ("高い精度で測る", ["高精度", "測る"]),
        ("新しい素材", ["新素材"]),
        ("大きな人の声", ["声"]),  # no 大人, a grown-up
        ("高い場所の画面", ["画面"]),
    ],
)
def test_an_adjective_and_a_noun_are_the_compound_that_the_lists_have(text, terms):
    assert [term.japanese for term in bridge().terms(text, morphemes(text))] == terms


def test_a_compound_stands_where_its_adjective_and_noun_stand():
    text = "とても小さな画面で"
    [term] = bridge().terms(text, morphemes(text))
    assert (text[term.start : term.end], term.english[0]) == ("小さな画面", "small screen")


def test_a_japanese_need_is_read_as_its_technical_terms_without_the_words_of_asking():
    need = reader().read("回転機械の予知保全に強い研究機関を探しています。")
    assert need.language == "ja"
    assert list(english(need)) == ["回転機械", "予知保全"]
    assert english(need)["予知保全"] == ("predictive maintenance",)


def test_the_same_need_in_both_languages_asks_for_the_same_words():
    japanese = reader().read("ドローンの経路計画")
    written = reader().read("Path planning for drones")
    first = {stem(word) for terms in english(japanese).values() for term in terms for word in term.split()}
    second = {stem(word) for terms in english(written).values() for term in terms for word in term.split()}
    assert first == second


def test_a_keyword_of_the_study_is_one_thing_and_its_words_are_not_counted_again():
    need = reader({"graph rewriting"}).read("We look for graph rewriting engines.")
    assert [concept.text for concept in need.concepts] == ["graph rewriting", "engines"]


def test_a_keyword_that_holds_a_listed_term_is_parted_so_that_both_languages_name_the_same_things():
    need = reader({"machine learning models for pumps"}).read("machine learning models for pumps")
    assert need.concepts[0].text == "machine learning"


def test_stop_words_between_listed_words_make_another_term():
    need = reader().read("remaining useful life for predictive maintenance")
    assert [concept.text for concept in need.concepts] == ["remaining useful life", "predictive maintenance"]


def test_a_japanese_verb_in_any_form_counts_by_the_nouns_that_works_use_and_less_than_a_thing():
    need = reader().read("ドローンがぶつからないように飛ばしたい。")
    assert [(c.text, c.act) for c in need.concepts] == [("ドローン", False), ("ぶつかる", True), ("飛ばす", True)]
    assert english(need)["ぶつかる"] == ("collision",)
    assert need.concepts[1].weight < need.concepts[0].weight


def test_british_and_american_spellings_find_each_other_where_the_study_has_both():
    need = reader(words={"behavior": 9, "localize": 4}).read("behaviour of robots that localise")
    assert english(need)["behaviour"][:2] == ("behaviour", "behavior")
    assert english(need)["localise"] == ("localise", "localize")
    assert english(reader(words={}).read("localise"))["localise"] == ("localise",)


def test_another_name_of_a_thing_is_not_taken_from_a_word_that_only_has_the_same_stem():
    assert "driving" not in english(reader().read("operators"))["operators"]  # 運転: operation, driving


def test_an_everyday_phrase_asks_for_what_its_japanese_would_be_searched_by():
    [seniors] = [one for one in reader().read("homes of older people").concepts if one.text == "older people"]
    japanese = english(reader().read("高齢者"))["高齢者"]
    assert set(japanese) <= {one.text for one in seniors.alternatives}
    assert seniors.alternatives[-1].text == "older people"
    assert seniors.alternatives[-1].weight < seniors.alternatives[0].weight


def test_a_phrase_is_told_by_its_small_words_too():
    assert "talk with" in english(reader().read("A robot to talk with"))
    assert "talk" not in english(reader().read("A robot that can talk"))  # a word of asking


def test_two_phrases_for_one_thing_count_once():
    need = reader().read("train a model jointly without sharing data")
    assert [concept.text for concept in need.concepts] == ["train a model jointly"]


def test_an_english_verb_counts_less_than_a_thing_as_a_japanese_one_does():
    [fabric, woven] = sorted(reader().read("fabric, woven").concepts, key=lambda one: one.text)
    assert (fabric.weight, fabric.act) == (1, False)
    assert woven.act
    assert woven.weight < 1


def test_every_everyday_phrase_stands_for_an_entry_of_a_list():
    entries = {entry for found in bridge().said.values() for entry in found}
    assert entries
    assert not {entry for entry in entries if not bridge().english(entry)}


def test_english_words_in_a_japanese_need_are_read_as_english():
    assert "FPGA" in english(reader().read("FPGAによる画像処理の高速化"))


@pytest.mark.parametrize(
    ("katakana", "word"),
    [("センサー", "sensor"), ("アルゴリズム", "algorithm"), ("シミュレーション", "simulation"), ("プラズマ", "plasma")],
)
def test_katakana_is_heard_as_the_word_of_the_study(katakana, word):
    heard = Hearing(VOCABULARY).heard(katakana)
    assert heard is not None
    assert heard.words == (word,)


def test_katakana_that_sounds_like_no_word_of_the_study_is_not_guessed():
    assert Hearing(VOCABULARY).heard("ヨーグルト") is None


def test_an_ideograph_makes_a_need_japanese_and_latin_letters_alone_english():
    assert (language_of("AI を使う"), language_of("use of AI")) == ("ja", "en")


@pytest.mark.parametrize(
    ("name", "company"),
    [("Siemens AG", True), ("Acme Robotics Inc.", True), ("日本電気株式会社", True), ("Nokia Bell Labs", True),
     ("University of Tokyo", False), ("Toyota Technological Institute", False), ("Max Planck Society", False)],
)  # fmt: skip
def test_a_company_is_told_by_its_name(name, company):
    assert is_company(name) is company


def test_matching_meets_the_stages_only_in_their_tables():
    stages = {
        "sources",
        "corpus",
        "affiliations",
        "fields",
        "networks",
        "indicators",
        "positioning",
        "advice",
        "report",
    }
    for path in Path(kakehashi.matching.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kakehashi."):
                assert node.module.split(".")[1] not in stages, f"{path.name} imports {node.module}"


def test_every_list_of_terms_names_its_source_and_has_no_term_twice():
    seen = set()
    for path in sorted((Path(kakehashi.__file__).parent / "data" / "matching").glob("terms_*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# SOURCE: ")
        for line in lines[2:]:
            term = line.split(",")[0]
            assert term not in seen, f"{path.name}: {term}"
            assert line.split(",", 1)[1].strip()
            seen.add(term)
