"""Matching on the small demo study: its titles are made of the demo's own keywords."""

import json

import pytest
from click.testing import CliRunner

from kakehashi import Study
from kakehashi.cli.main import main
from kakehashi.errors import DataError, SettingsError, StudyError
from kakehashi.matching.opening import open_index
from kakehashi.matching.seeds import read_seeds

KEYS = {"rank", "institution_id", "name", "country_code", "score", "evidence", "components", "gap", "reasons"}


@pytest.fixture(scope="session")
def matched(finished):
    """The finished study with its index built."""
    study = Study(finished / "study")
    open_index(study)
    return study


def run(*arguments):
    return CliRunner().invoke(main, ["match", *map(str, arguments)], catch_exceptions=False)


@pytest.mark.parametrize(
    ("need", "lang"), [("機械学習によるセキュリティ", "ja"), ("security by machine learning", "en")]
)
def test_the_command_lists_institutions_with_score_country_and_works(matched, need, lang):
    found = json.loads(run("--study", matched.folder, "--need", need, "--lang", lang, "--format", "json").stdout)
    assert 0 < len(found) <= 10
    assert all(set(one) >= KEYS for one in found)
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert all(0 <= one["score"] <= 1 and one["evidence"][0]["work_id"] for one in found)


def test_every_work_of_the_evidence_belongs_to_its_institution(matched):
    pairs = set(matched.rows("select work_id, institution_id from work_institutions"))
    for one in matched.match("machine learning").to_list():
        assert {(work["work_id"], one["institution_id"]) for work in one["evidence"]} <= pairs


def test_marks_point_at_words_of_the_need(matched):
    answer = matched.match("machine learning").to_list()
    marked = {
        passage["text"][start:end].lower()
        for one in answer
        for work in one["evidence"]
        for passage in work["passages"]
        for start, end in passage["marks"]
    }
    assert "machine learning" in marked
    assert all(set(text.replace("-", " ").split()) <= {"machine", "machines", "learning"} for text in marked)


def test_what_no_work_covers_is_the_gap(matched):
    answer = matched.match("機械学習と歯周病菌")
    assert "機械学習" not in answer.gap
    assert "".join(answer.gap) in "歯周病菌"
    assert answer.gap


def test_institutions_of_home_can_be_left_out_and_countries_chosen(matched):
    everywhere = {one["country_code"] for one in matched.match("machine learning", top=9999).to_list()}
    abroad = {one["country_code"] for one in matched.match("machine learning", top=9999, abroad=True).to_list()}
    assert "JP" in everywhere
    assert abroad == everywhere - {"JP"}
    assert {one["country_code"] for one in matched.match("machine learning", only=("CN",)).to_list()} == {"CN"}


def test_goals_count_by_the_region_of_the_country(matched):
    parts = [one["components"]["region_goal"] for one in matched.match("machine learning", goals=("talent",)).to_list()]
    assert all(part in (0.0, 1.0) for part in parts)
    assert matched.match("machine learning").to_list()[0]["components"]["region_goal"] is None


def test_feedback_moves_an_institution_down(matched, tmp_path):
    first = matched.match("machine learning").to_list()[0]
    file = tmp_path / "feedback.csv"
    file.write_text(f"kind,id,verdict\ninstitution,{first['institution_id']},not\n", encoding="utf-8")
    again = matched.match("machine learning", feedback=file, top=1000).to_list()
    now = next(one for one in again if one["institution_id"] == first["institution_id"])
    assert now["score"] == pytest.approx(first["score"] / 2)
    assert now["rank"] > 1


def test_feedback_with_an_unknown_verdict_names_file_line_and_remedy(matched, tmp_path):
    file = tmp_path / "feedback.csv"
    file.write_text("kind,id,verdict\nwork,w1,perhaps\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"feedback\.csv, line 2: verdict 'perhaps'; write useful or not"):
        matched.match("machine learning", feedback=file)


def test_a_need_without_a_technical_word_and_an_unknown_goal_are_refused(matched):
    with pytest.raises(SettingsError, match="no technical word"):
        matched.match("よろしくお願いします")
    with pytest.raises(SettingsError, match="goal 'fame'"):
        matched.match("machine learning", goals=("fame",))


def test_a_built_in_study_has_no_works_to_search():
    with pytest.raises(StudyError, match="without works"):
        Study("mic2023").match("machine learning")


def test_the_text_reads_in_the_language_of_the_need(matched):
    japanese = run("--study", matched.folder, "--need", "機械学習", "--top", "1").stdout
    english = run("--study", matched.folder, "--need", "machine learning", "--top", "1").stdout
    assert "ニーズに応える機関" in japanese
    assert "Who answers the need" in english


def test_the_need_may_be_a_page_in_a_file(matched, tmp_path):
    page = tmp_path / "need.txt"
    page.write_text("機械学習\nを使いたい", encoding="utf-8")
    whole = json.loads(run("--study", matched.folder, "--need", f"@{page}", "--format", "json", "--full").stdout)
    assert [concept["text"] for concept in whole["need"]["concepts"]] == ["機械学習"]


def test_a_seed_meets_the_registered_needs_in_both_languages_and_companies_alone(matched, tmp_path):
    needs = tmp_path / "needs.csv"
    needs.write_text(
        "need_id,organisation,text\nn1,甲社,機械学習を使いたい\nn2,B Inc.,machine learning\nn3,C,水道管の漏水\n",
        encoding="utf-8",
    )
    found = json.loads(
        run("--study", matched.folder, "--seed", "machine learning", "--needs", needs, "--format", "json").stdout
    )
    assert {one["need_id"]: one["score"] for one in found["needs"]} == {"n1": 1.0, "n2": 1.0}
    assert all(one["company"] for one in found["companies"])


def test_a_work_of_the_study_is_a_seed_by_its_id(matched):
    work_id, title = matched.rows("select work_id, title from works order by work_id limit 1")[0]
    found = json.loads(run("--study", matched.folder, "--seed", work_id, "--format", "json").stdout)
    assert found["seed"] == {"work_id": work_id, "title": title}


def test_needs_without_an_id_are_refused_with_file_and_line(matched, tmp_path):
    from kakehashi.matching.reverse import served_by

    file = tmp_path / "needs.csv"
    file.write_text("need_id,text\n,機械学習\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"needs\.csv, line 2"):
        served_by(matched, "machine learning", needs=file)


PATENTS = """seed_id,title,text,kind,organisation
P1,Intrusion detector,A device that uses machine learning for network security.,patent,Acme
P2,セキュリティ監視装置,機械学習により不正を検知する。,patent,
P3,Bicycle lock,A lock for bicycles.,patent,
"""


@pytest.mark.parametrize("need", ["機械学習によるセキュリティ", "security by machine learning"])
def test_patents_of_a_table_answer_a_need_in_both_languages_beside_the_works(matched, tmp_path, need):
    table = tmp_path / "patents.csv"
    table.write_text(PATENTS, encoding="utf-8")
    asked = ("--study", matched.folder, "--need", need, "--seeds", table)
    seeds = json.loads(run(*asked, "--format", "json", "--full").stdout)["seeds"]
    assert [(one["seed_id"], one["score"]) for one in seeds] == [("P1", 1.0), ("P2", 1.0)]
    assert seeds[0]["passages"]
    assert "Intrusion detector (Acme)" in run(*asked).stdout


def test_a_seed_without_a_title_is_refused_with_file_and_line(tmp_path):
    table = tmp_path / "patents.csv"
    table.write_text("seed_id,title,text\nP1,,x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"patents.csv, line 2: each seed has a seed_id of its own and a title"):
        read_seeds(table)


def test_the_hubs_open_needs_and_seeds_take_part_where_asked(matched, tmp_path, monkeypatch):
    from kakehashi.hub.store.hub import Hub

    monkeypatch.setenv("KAKEHASHI_HUB_URL", f"sqlite:///{tmp_path / 'hub.db'}")
    hub = Hub(create=True)
    with hub.unit("ann") as unit:
        seed = {"title": "Secure learning", "text": "機械学習", "language": "ja", "kind": "technology"}
        unit.create("seeds", {**seed, "state": "open"})
        unit.create("seeds", {**seed, "title": "Gone", "state": "closed"})
        unit.create("needs", {"title": "N", "text": "機械学習がほしい", "language": "ja", "state": "open"})
    hub.close()
    asked = ("--study", matched.folder, "--hub", "--format", "json")
    seeds = json.loads(run(*asked, "--need", "machine learning", "--full").stdout)["seeds"]
    assert [one["title"] for one in seeds] == ["Secure learning"]
    served = json.loads(run(*asked, "--seed", "machine learning on small devices").stdout)
    assert [one["text"] for one in served["needs"]] == ["N. 機械学習がほしい"]
