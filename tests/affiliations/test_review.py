"""What people are asked to decide, on a small study counted by hand; and that answers make the questions go away."""

import csv

import pytest

from kakehashi import Study
from kakehashi.affiliations.review import items
from kakehashi.cli.review import check_lines, question, to_decide, write_list

WORKS = (
    *(("Kyoto University, Kyoto, Japan",) for _ in range(5)),
    ("Kyoto University, Lyon, France",),
    ("Yorvik Institute of Glass",),
    ("Yorvik Institute of Glass",),
    ("Building Seven",),
    ("BUILDING SEVEN.",),
    ("Institute of Timber Bridge Research, Osaka, Japan",),
    ("Institute of Bridge Timber Research, Osaka, Japan", "Kyoto University, Kyoto, Japan"),
    ("N/A",),
)


@pytest.fixture
def study(tmp_path):
    lines = ["title,year,authors,affiliations"]
    for number, strings in enumerate(WORKS):
        authors = "; ".join(f"Author {number}{place}" for place in range(len(strings)))
        lines.append(f'A work on bridges number {number} of this study,2020,{authors},"{"; ".join(strings)}"')
    (tmp_path / "own.csv").write_text("\n".join(lines), encoding="utf-8")
    made = Study.create(tmp_path / "study", "JP", [tmp_path / "own.csv"])
    made.run()
    return made


def decide(study, *rows):
    path = study.folder / "decisions.csv"
    path.write_text("\n".join(("decision,name,institution_id,target", *rows)), encoding="utf-8")
    toml = study.folder / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('# decisions = "decisions.csv"', 'decisions = "decisions.csv"'), encoding="utf-8")
    return Study(study.folder)


def asked(study):
    return {(item.kind, item.institution_id or item.name): (item.works, item.target) for item in to_decide(study)}


def test_each_kind_of_doubt_is_asked_about_with_the_works_it_affects(study):
    found = asked(study)
    assert found["no_country", "yorvik-institute-of-glass.xx"] == (2, None)
    assert found["other_country", "kyoto-university.fr"] == (1, "kyoto-university.jp")
    assert found["lookalike", "institute-of-timber-bridge-research.jp"] == (
        1, "institute-of-bridge-timber-research.jp",
    )  # fmt: skip
    assert not [name for _, name in found if name == "N/A"]


def test_what_affects_most_works_comes_first(study):
    found = items(study.rows)
    assert [item.priority for item in found] == sorted((item.priority for item in found), reverse=True)
    assert found[0].works == 2
    assert all(question(item) for item in found)


def test_an_answered_question_is_not_asked_again_and_only_what_depends_on_it_runs(study):
    answered = decide(
        study,
        "country,,yorvik-institute-of-glass.xx,GB",
        "split,,kyoto-university.fr,",
        "merge,,institute-of-timber-bridge-research.jp,institute-of-bridge-timber-research.jp",
    )
    ran = answered.run()
    assert ran[0] == "affiliations"
    assert not {"corpus", "readings", "fields"} & set(ran)
    left = asked(answered)
    kinds = {kind for kind, _ in left}
    assert not {"no_country", "other_country", "lookalike"} & kinds
    assert answered.run() == ()


def test_the_list_filled_in_is_itself_a_decision_file(study):
    target = study.folder / "decisions.csv"
    write_list(to_decide(study), target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["decision"] = row["suggestion"] if row["kind"] == "lookalike" else ""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    text = target.read_text(encoding="utf-8")
    answered = decide(study)
    target.write_text(text, encoding="utf-8")
    answered.run()
    assert answered.rows("select decision, status, works from decisions") == [("merge", "applied", 1)]
    assert not [kind for kind, _ in asked(answered) if kind == "lookalike"]


def test_the_check_names_the_row_and_the_remedy(study, monkeypatch):
    monkeypatch.setenv("KAKEHASHI_LANG", "en")
    assert "no decision files" in next(check_lines(study))
    answered = decide(
        study, "country,,yorvik-institute-of-glass.xx,GB", "link,Kyoto University,,Kyoto", "country,X,,JP"
    )
    answered.run()
    lines = list(check_lines(answered))
    assert lines[0].startswith("decisions.csv:3: set aside: Kyoto is no id")
    assert lines[1:] == [
        "Decisions: 2 sound, 1 set aside.",
        "Decisions in the last run: 1 applied, 1 about nothing in this study, 1 set aside (kakehashi review --check).",
    ]
