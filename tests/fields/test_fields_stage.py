"""The stage on hand-made corpora: the tree, the fields of keywords and the fields of works, counted by hand."""

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.errors import SettingsError
from kakehashi.fields import stage
from kakehashi.fields.assignments import MAX_KEYWORDS
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import KEYWORDS, WORKS

# Two works of a pair make the tree; the fillers make 5% of all works a small number.
CORPUS = {
    **{f"B{i}": "author:Blockchain | author:merkle proofs | author:zk-rollup" for i in range(4)},
    "B4": "author:Blockchains | ieee:Training",
    "B5": "author:block-chain | author:blockchain",
    "TWO": "author:Merkle proof | author:zk rollups",
    "ONE": "author:merkle proof | author:Training",
    "CCS": "ccs:10002978.10003014 | author:Training",
    "MANY": "ieee:Neural networks | inspec:neural nets | author:Encryption | author:Edge computing | ieee:Surgery",
    "MESH": "mesh:Neural networks",
    "OUT": "ieee:Training | ieee:Humans",
    **{f"F{i}": f"author:filler {i}" for i in range(200)},
}


def load(engine, corpus, reverse=False):
    rows = [
        (work, *keyword.strip().split(":", 1), work)
        for work, keywords in sorted(corpus.items(), reverse=reverse)
        for keyword in sorted(keywords.split("|"), reverse=reverse)
    ]
    engine.load(KEYWORDS, rows)
    engine.load(WORKS, [(work, *[None] * 9) for work in sorted(corpus, reverse=reverse)])


def run(engine, **fields):
    stage.run(
        engine, Settings(fields=FieldsSection(**{"decide": "keywords", "tree_method": "plain", **fields})), Silent()
    )


def tables(engine):
    return [
        engine.rows(
            "select keyword, parent, joint_works, cost, depth, cluster, works from keyword_tree order by keyword"
        ),
        engine.rows(
            "select keyword, seq, field, method, from_keyword, distance, reason from keyword_fields order by 1, 2"
        ),
        engine.rows("select work_id, field, keyword, kind, method, score from work_fields order by 1, 2"),
    ]


@pytest.fixture
def sorted_out(engine):
    load(engine, CORPUS)
    run(engine)
    return tables(engine)


def test_every_table_is_the_one_worked_out_by_hand(sorted_out):
    tree, keyword_fields, work_fields = sorted_out
    assert tree == [
        ("blockchain", None, None, None, 0, 1, 6),
        ("merkle proof", "blockchain", 4, 0.25, 1, 1, 6),
        ("training", "blockchain", 1, 1.0, 1, 1, 4),
        ("zk rollup", "merkle proof", 5, 0.2, 2, 1, 5),
    ]
    decided = {row[0]: row[2:] for row in keyword_fields if not row[0].startswith("filler")}
    assert decided == {
        "blockchain": ("security", "label", "blockchain", 0, None),
        "merkle proof": ("security", "inherited", "blockchain", 1, None),
        "zk rollup": ("security", "inherited", "blockchain", 2, None),
        "block chain": (None, None, None, None, "too_few_works"),
        "training": (None, "label", "training", 0, "outside:training"),
        "human": (None, "label", "human", 0, "outside:human"),
        "surgery": (None, "label", "surgery", 0, "outside:surgery"),
        "neural network": ("ai", "label", "neural network", 0, None),
        "encryption": ("security", "label", "encryption", 0, None),
        "edge computing": ("edge", "label", "edge computing", 0, None),
        "ccs:10002978.10003014": ("network", "ccs", "Network security", None, None),
    }
    ccs_rows = [row[:3] for row in keyword_fields if row[0].startswith("ccs:")]
    assert ccs_rows == [("ccs:10002978.10003014", 1, "security"), ("ccs:10002978.10003014", 2, "network")]
    assert work_fields == [
        *[(f"B{i}", "security", "blockchain", "author", "label", 1.0) for i in range(6)],
        ("CCS", "network", "ccs:10002978.10003014", "ccs", "ccs", 1.0),
        ("CCS", "security", "ccs:10002978.10003014", "ccs", "ccs", 1.0),
        ("MANY", "ai", "neural network", "ieee", "label", 1 / 3),
        ("MANY", "edge", "edge computing", "author", "label", 1 / 3),
        ("MANY", "security", "encryption", "author", "label", 1 / 3),
        ("TWO", "security", "merkle proof", "author", "inherited", 1.0),
    ]


def test_the_order_of_the_input_changes_nothing(tmp_path):
    results = []
    for reverse in (False, True):
        engine = DuckDB(tmp_path / str(reverse))
        load(engine, CORPUS, reverse)
        run(engine)
        results.append(tables(engine))
        engine.close()
    assert results[0] == results[1]


def test_only_the_kinds_named_in_the_settings_take_part(tmp_path):
    engine = DuckDB(tmp_path)
    load(engine, CORPUS)
    run(engine, keyword_kinds=("mesh",))
    assert tables(engine)[2] == [("MESH", "ai", "neural network", "mesh", "label", 1.0)]


def test_a_work_with_hundreds_of_keywords_takes_part_with_its_first_by_kind_then_alphabet(tmp_path):
    engine = DuckDB(tmp_path)
    many = [f"author:a{i:03}" for i in range(MAX_KEYWORDS)]
    load(engine, {"W1": " | ".join([*many, "ieee:Radar", "author:zz encryption"])})
    run(engine, min_keyword_works=1)
    kept = engine.rows(
        "select k.keyword from fields_assignments a join fields_keywords k on k.number = a.number "
        "order by a.priority nulls last, k.keyword nulls last"
    )
    assert len(kept) == MAX_KEYWORDS
    assert (kept[0], kept[-1]) == (("radar",), (f"a{MAX_KEYWORDS - 2:03}",))


def test_of_keywords_that_are_equally_direct_the_first_by_kind_then_by_normal_form_speaks_for_a_field(tmp_path):
    engine = DuckDB(tmp_path)
    both = "author:Encryption | author:access control"
    load(engine, {"FORM": both, "KIND": f"{both} | ieee:Encryption"})
    run(engine, min_keyword_works=1)
    spoken = engine.rows("select work_id, keyword, kind from work_fields where field = 'security' order by work_id")
    assert spoken == [("FORM", "access control", "author"), ("KIND", "encryption", "ieee")]


def test_a_users_label_file_lies_over_the_shipped_labels(tmp_path):
    (tmp_path / "mine.csv").write_text("keyword,fields\nFiller 7,iot\nBlockchain,outside\n", encoding="utf-8")
    engine = DuckDB(tmp_path / "tables")
    load(engine, CORPUS)
    run(engine, labels=str(tmp_path / "mine.csv"))
    rows = tables(engine)[2]
    assert ("F7", "iot", "filler 7", "author", "own", 1.0) in rows
    assert not [row for row in rows if row[0] == "TWO"]


def test_without_a_taxonomy_the_tables_are_empty(engine):
    load(engine, CORPUS)
    run(engine, taxonomy="none")
    assert tables(engine) == [[], [], []]


def test_a_corpus_without_keywords_gives_empty_tables(tmp_path):
    engine = DuckDB(tmp_path)
    load(engine, {})
    run(engine)
    assert tables(engine) == [[], [], []]


def test_an_unknown_kind_of_keyword_is_refused_and_the_nearest_named(tmp_path):
    engine = DuckDB(tmp_path)
    with pytest.raises(SettingsError, match="unknown kind 'inspek'; did you mean 'inspec'"):
        run(engine, keyword_kinds=("inspek",))


def test_by_evidence_text_alone_gives_a_field_and_what_is_known_of_nothing_is_unclassified(quick_engine):
    titles = {
        "T1": "A survey of intrusion detection and malware analysis",
        "T2": "Willingness to pay for forest conservation among farmers",
        "T3": None,
        "K1": None,
    }
    about = {"T2": "A survey of 300 households on climate change policy in rural areas and on the price of wood."}
    rows = [(work, None, title, *[None] * 4, about.get(work), None, None) for work, title in titles.items()]
    quick_engine.load(WORKS, rows)
    quick_engine.load(KEYWORDS, [("K1", "author", "Deep learning", "K1"), ("K1", "author", "Blockchain", "K1")])
    stage.run(quick_engine, Settings(), Silent())
    given = {(work, field): (method, kind) for work, field, _, kind, method, _ in tables(quick_engine)[2]}
    assert given["T1", "security"] == ("text", "title")
    assert given["K1", "ai"] == ("label", "author")
    outcomes = dict(quick_engine.rows("select work_id, outcome from field_outcomes order by work_id"))
    assert outcomes == {"K1": "fields", "T1": "fields", "T2": "outside", "T3": "unclassified"}
    scores = [row[5] for row in tables(quick_engine)[2]]
    assert all(0 < score < 1 for score in scores)
