"""Reviewing links to a registry: what is shown of each, and that the list filled in changes the study as it says."""

import csv

import pytest

from gold.registry import write_dump
from kakehashi import Study
from kakehashi.affiliations.resolvers import choices
from kakehashi.affiliations.review import items, review_policy
from kakehashi.cli.explain import explain_institution
from kakehashi.cli.review import question, to_decide, write_list
from kakehashi.settings import AffiliationsSection

AALTO, OLD, NEW, AARHUS = (f"https://ror.org/{name}" for name in ("020hwjq30", "02skfsw40", "01hvx5h04", "01aj84f44"))
STRINGS = (
    (2019, "Osaka City University, Osaka, Japan"),
    (2019, "Osaka City University, Osaka, Japan"),
    (2023, "Osaka City University, Osaka, Japan"),
    (2020, "Aalto University, Espoo, Finland"),
    (2020, "Aarhus University, Aarhus, Denmark"),
)


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path / "home"))
    # Every link is doubtful: how sure the model is of one is not what is tested here.
    monkeypatch.setitem(review_policy(), "min_link_confidence", 1.01)
    dump = write_dump(tmp_path / "dump.json")
    lines = ["title,year,authors,affiliations"]
    lines += [f'A work on bridges number {n} of this study,{year},Author {n},"{text}"'
              for n, (year, text) in enumerate(STRINGS)]  # fmt: skip
    (tmp_path / "own.csv").write_text("\n".join(lines), encoding="utf-8")
    made = Study.create(tmp_path / "study", "JP", [tmp_path / "own.csv"])
    configure(made, f'registry = "{dump}"')
    made.run()
    return made


def configure(study, line):
    toml = study.folder / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("territory_policy =", f"{line}\nterritory_policy =", 1), encoding="utf-8")


def links(study):
    return {item.target: item for item in to_decide(study) if item.kind == "doubtful_link"}


def works(study):
    return dict(study.rows("select institution_id, works from institutions"))


def test_a_link_is_shown_with_the_entry_its_country_and_how_sure_it_is(study):
    item = links(study)[OLD]
    assert (item.name, item.country_code, item.works, item.suggestion) == ("Osaka City University", "JP", 3, "link")
    [own, *_] = item.candidates
    [sure] = study.rows(f"select distinct confidence from resolutions where institution_id = '{OLD}'")
    assert own == f"Osaka City University [JP] {sure[0]:.2f} {OLD}"
    assert own in question(item)


def test_the_runner_up_stands_behind_the_entry_and_is_less_sure(study):
    ranked = ((OLD, "Osaka City University", "JP", 0.61), (NEW, "Osaka Metropolitan University", None, 0.3))
    found = items(study.rows, choices=lambda texts: [{OLD: ranked} if "Osaka" in text else {} for text in texts])
    shown = {item.target: item.candidates for item in found if item.kind == "doubtful_link"}
    assert shown[OLD] == (
        f"Osaka City University [JP] 0.61 {OLD}", f"Osaka Metropolitan University [–] 0.30 {NEW}",
    )  # fmt: skip
    assert shown[AARHUS] == ("Aarhus University",)


def test_the_registry_tells_the_link_first_and_never_the_same_entry_twice(study):
    settings = study.settings.affiliations
    for found, (_, text) in zip(choices(settings, [text for _, text in STRINGS]), STRINGS, strict=True):
        assert found, text
        for identity, ranked in found.items():
            assert ranked[0].ror_id == identity
            assert len({one.ror_id for one in ranked}) == len(ranked) <= 2
    assert choices(AffiliationsSection(), ["Aarhus University"]) == [{}]


def test_the_list_can_be_made_where_the_registry_is_gone(study, tmp_path):
    (tmp_path / "dump.json").unlink()
    assert links(study)[OLD].candidates == ("Osaka City University",)


def test_an_institution_is_explained_with_its_successor_and_the_one_before_it(study, monkeypatch):
    monkeypatch.setenv("KAKEHASHI_LANG", "en")
    why = "in works since the successor was founded"
    said = f"  counts as its successor: Osaka Metropolitan University {NEW}, 2022– ({why})"
    assert said in explain_institution(study, OLD)
    assert f"  ← Osaka City University {OLD}: counts as its successor" in explain_institution(study, NEW)


def test_the_list_filled_in_confirms_and_takes_back_links(study):
    assert works(study) == {OLD: 2, NEW: 1, AALTO: 1, AARHUS: 1}
    target = study.folder / "decisions.csv"
    write_list(to_decide(study), target)
    answers = {OLD: "link", AALTO: "not_this"}
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["decision"] = answers.get(row["target"], "") if row["kind"] == "doubtful_link" else ""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    configure(study, 'decisions = "decisions.csv"')
    answered = Study(study.folder)
    assert answered.run()[0] == "affiliations"
    assert works(answered) == {OLD: 2, NEW: 1, "aalto-university.fi": 1, AARHUS: 1}
    judged = answered.rows("select decision, target, status, code, strings, works from decisions order by decision")
    assert judged == [
        ("link", OLD, "applied", "succeeded", 1, 3),
        ("not_this", AALTO, "applied", None, 1, 1),
    ]
    assert set(links(answered)) == {AARHUS}
    assert answered.rows(f"select evidence, mentions from institution_names where institution_id = '{NEW}'") == [
        ("successor", 1)
    ]
