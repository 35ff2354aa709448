"""What to label next, conflicts and reach, counted by hand."""

from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import stage
from kakehashi.fields.review import conflicts, items, spread
from kakehashi.fields.taxonomy import load_labels, load_taxonomy
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import KEYWORDS, WORKS

# gizmo is carried by 4 works of which nothing is decided, widget by 3, two of them without gizmo
CORPUS = {
    "a1": "gizmo; red gizmo", "a2": "gizmo; red gizmo", "a3": "gizmo", "a4": "gizmo; widget",
    "b1": "widget", "b2": "widget", "c1": "widget; neural network", "d1": "robot vision; robot",
    "d2": "robot vision; robot",
}  # fmt: skip


def reviewed(tmp_path, **section):
    engine = DuckDB(tmp_path / "tables")
    engine.load(WORKS, [(work, None, f"Title {work}", *[None] * 7) for work in CORPUS])
    rows = [(w, "author", k.strip(), w) for w, text in CORPUS.items() for k in text.split(";")]
    engine.load(KEYWORDS, rows)
    stage.run(engine, Settings(fields=FieldsSection(decide="keywords", **section)), Silent())
    return engine


def test_the_keyword_comes_first_whose_label_decides_most_works_and_then_what_it_leaves(tmp_path):
    found = items(reviewed(tmp_path).rows)
    assert [(one.keyword, one.works, one.carried) for one in found] == [("gizmo", 4, 4), ("widget", 2, 4)]
    assert found[0].examples == ("Title a1", "Title a2", "Title a3")
    assert found[0].below == 0  # red gizmo shares two works with it: too few to inherit
    assert found[0].guess == "outside"


def test_the_list_filled_in_is_a_label_file_and_open_rows_are_passed_over(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("keyword,fields,guess,works\ngizmo,iot,outside,4\nwidget,,outside,2\n", encoding="utf-8")
    labels = load_labels(path, load_taxonomy("ict8"))
    assert labels["gizmo"].own
    assert "widget" not in labels
    engine = reviewed(tmp_path, labels=str(path))
    assert [one.keyword for one in items(engine.rows)] == ["widget"]
    assert engine.rows("select count(*) from work_fields where method = 'own'") == [(4,)]


def test_a_keyword_labelled_against_its_parent_keeps_its_label_and_is_told(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("keyword,fields\ngizmo,iot\nred gizmo,outside\n", encoding="utf-8")
    engine = reviewed(tmp_path, labels=str(path))
    told = [(one.keyword, one.fields, one.parent, one.parent_fields) for one in conflicts(engine.rows)]
    assert ("red gizmo", "outside", "gizmo", "iot") in told
    assert engine.rows("select field from keyword_fields where keyword = 'red gizmo'") == [(None,)]


def test_the_reach_of_a_label_is_the_keywords_it_decides_and_their_works(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("keyword,fields\ngizmo,iot\n", encoding="utf-8")
    found = {one.label: one for one in spread(reviewed(tmp_path, labels=str(path)).rows)}
    assert (found["gizmo"].fields, found["gizmo"].keywords, found["gizmo"].works) == ("iot", 1, 4)
