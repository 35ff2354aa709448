"""After a change of labels only the works it touches are weighed, and every table is as if all had been."""

from importlib import resources

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import evidence, kept, stage
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import FIELD_EVIDENCE, FIELD_OUTCOMES, FIELD_TERMS, KEYWORD_FIELDS, KEYWORDS, WORK_FIELDS, WORKS

TEXTS = {
    "carries it": ("A study", "author:access control"),
    "inherits it": ("A study", "author:role model | author:access control"),
    "has it in its title": ("Access control for buildings", "author:masonry"),
    "has a longer term": ("Network access controls", ""),
    "has nothing of it": ("Speech recognition in cars", "author:speech recognition"),
    "says nothing": (None, ""),
}
OLD, NEW = "\nAccess control,security,", "\nAccess control,network,"


@pytest.fixture
def taxonomy(tmp_path):
    """A taxonomy of one's own: of the shipped one the first labels, one more, and a model of few words."""
    folder = tmp_path / "own"
    folder.mkdir()
    shipped = resources.files("kakehashi.data").joinpath("taxonomies/ict8")
    for name in ("taxonomy.toml", "ccs.csv"):
        (folder / name).write_bytes(shipped.joinpath(name).read_bytes())
    labels = shipped.joinpath("labels.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "labels.csv").write_text("".join([*labels[:40], "Network access control,network,author,\n"]), "utf-8")
    lines = shipped.joinpath("model.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    left_out = set([line for line in lines if line.startswith("word,")][200:])
    (folder / "model.csv").write_text("".join([line for line in lines if line not in left_out]), "utf-8")
    return folder


@pytest.fixture
def weighed(monkeypatch):
    """The works that were weighed, in the order of the runs; those of the trial are left out."""
    found = []
    asked = stage.weigh.evidence_sql

    def watched(fields, works, condition=""):
        if works == "works":
            found.append(condition)
        return asked(fields, works, condition)

    monkeypatch.setattr(stage.weigh, "evidence_sql", watched)
    return found


def load(engine):
    engine.load(WORKS, [(work, None, title, *[None] * 7) for work, (title, _) in TEXTS.items()])
    rows = [(work, *one.strip().split(":")) for work, (_, told) in TEXTS.items() for one in told.split("|") if one]
    engine.load(KEYWORDS, [(*row, row[0]) for row in rows])


def run(engine, folder, reader="one", **section):
    settings = FieldsSection(taxonomy=str(folder), min_keyword_works=1, **section)
    stage.run(engine, Settings(fields=settings), Silent(), reader=reader)


def change(folder, old, new):
    path = folder / "labels.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def tables(engine):
    chosen = (KEYWORD_FIELDS, WORK_FIELDS, FIELD_OUTCOMES, FIELD_EVIDENCE, FIELD_TERMS)
    found = [
        engine.rows(f"select {', '.join(table.columns)} from {table.name} order by {', '.join(table.key)}")
        for table in chosen
    ]
    # Engines add in orders of their own.
    return [[tuple(round(v, 9) if isinstance(v, float) else v for v in row) for row in rows] for rows in found]


def afresh(folder, tmp_path, **section):
    engine = DuckDB(tmp_path / "afresh")
    load(engine)
    run(engine, folder, **section)
    found = tables(engine)
    engine.close()
    return found


def touched(engine):
    return {work for (work,) in engine.rows("select work_id from fields_touched")}


def test_works_that_a_changed_label_touches_are_weighed_and_no_others(quick_engine, taxonomy, tmp_path):
    load(quick_engine)
    run(quick_engine, taxonomy)
    before = tables(quick_engine)
    change(taxonomy, OLD, NEW)
    run(quick_engine, taxonomy)
    assert touched(quick_engine) == {"carries it", "inherits it", "has it in its title"}
    assert tables(quick_engine) == afresh(taxonomy, tmp_path) != before


def test_a_changed_label_has_no_keyword_read_and_no_tree_grown_again(one_engine, taxonomy, monkeypatch):
    load(one_engine)
    run(one_engine, taxonomy)
    monkeypatch.setattr(stage, "normal_forms", None)
    monkeypatch.setattr(stage, "_grow", None)
    change(taxonomy, OLD, NEW)
    run(one_engine, taxonomy)
    assigned = one_engine.rows("select w.work_id from fields_assignments a join fields_works w on w.work = a.work")
    assert {work for (work,) in assigned} == {"carries it", "inherits it", "has it in its title"}
    with pytest.raises(TypeError):
        run(one_engine, taxonomy, reader="two")
    with pytest.raises(TypeError):  # that run was stopped before it had anything to vouch for
        run(one_engine, taxonomy)


def test_nothing_that_counts_has_changed_and_nothing_is_weighed(one_engine, taxonomy):
    load(one_engine)
    run(one_engine, taxonomy)
    before = tables(one_engine)
    run(one_engine, taxonomy)
    assert touched(one_engine) == set()
    assert tables(one_engine) == before


@pytest.mark.parametrize("new", ["\nMasonry,security,", f"\nMasonry,device,author,{OLD}"])
def test_a_term_that_comes_or_goes_has_all_works_weighed(one_engine, taxonomy, weighed, tmp_path, new):
    load(one_engine)
    run(one_engine, taxonomy)
    change(taxonomy, OLD, new)
    run(one_engine, taxonomy)
    assert weighed == ["", ""]
    assert tables(one_engine) == afresh(taxonomy, tmp_path)


def test_other_works_code_or_settings_have_all_works_weighed(one_engine, taxonomy, weighed):
    load(one_engine)
    run(one_engine, taxonomy)
    run(one_engine, taxonomy, reader="two")
    run(one_engine, taxonomy, reader="two", keyword_kinds=("author",))
    run(one_engine, taxonomy, reader="")
    run(one_engine, taxonomy, reader="")
    assert weighed == [""] * 5


def test_a_run_that_was_killed_after_its_first_table_has_all_works_weighed(one_engine, taxonomy, weighed, monkeypatch):
    load(one_engine)
    run(one_engine, taxonomy)
    with monkeypatch.context() as patch:
        patch.setattr(evidence.Weigh, "__call__", None)
        change(taxonomy, OLD, NEW)
        with pytest.raises(TypeError):
            run(one_engine, taxonomy)
    run(one_engine, taxonomy)
    assert weighed[-1] == ""


def test_many_changed_labels_have_all_works_weighed(one_engine, taxonomy, weighed, monkeypatch):
    load(one_engine)
    run(one_engine, taxonomy)
    monkeypatch.setattr(kept, "MOST_CHANGED", 0)
    change(taxonomy, OLD, NEW)
    run(one_engine, taxonomy)
    assert weighed == ["", ""]


def test_where_keywords_alone_decide_nothing_is_kept(one_engine, taxonomy):
    load(one_engine)
    run(one_engine, taxonomy)
    run(one_engine, taxonomy, decide="keywords")
    assert not one_engine.rows("select 1 from field_evidence union all select 1 from field_terms")
