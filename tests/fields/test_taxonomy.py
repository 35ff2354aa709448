"""Taxonomies and label files: the shipped ones are sound, a user's faults are named with file, line and remedy."""

import re
from importlib.resources import files

import pytest

from kakehashi.errors import DataError
from kakehashi.fields.keywords import normal
from kakehashi.fields.taxonomy import label_of, load_labels, load_taxonomy, shipped

ICT8 = ["security", "iot", "bigdata", "ai", "device", "network", "edge", "photonics_quantum"]

TOML = """
id = "tiny"
name_ja = "小さい体系"
name_en = "Tiny"
source = "a test"
date = "2026-11-21"
[[fields]]
id = "robots"
name_ja = "ロボット"
name_en = "Robots"
scope_ja = "動くもの"
scope_en = "what moves"
"""


def folder(tmp_path, toml=TOML, labels="keyword,fields\nGripper,robots\n", ccs=None):
    (tmp_path / "taxonomy.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "labels.csv").write_text(labels, encoding="utf-8")
    if ccs is not None:
        (tmp_path / "ccs.csv").write_text(ccs, encoding="utf-8")
    return str(tmp_path)


def test_the_eight_ict_fields_are_in_the_order_of_figure_1_5_with_names_in_both_languages():
    taxonomy = load_taxonomy("ict8")
    assert [field.id for field in taxonomy.fields] == ICT8
    for field in taxonomy.fields:
        assert field.name_en.isascii()
        assert re.search("[ぁ-ん一-龥ァ-ヴ]", field.name_ja)
        assert field.scope_ja
        assert field.scope_en


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_taxonomy_loads_and_says_where_it_is_from(name):
    taxonomy = load_taxonomy(name)
    assert taxonomy.id == name
    assert taxonomy.source
    folder = files("kakehashi.data") / "taxonomies" / name
    for file in ("labels.csv", "ccs.csv"):
        assert (folder / file).read_text(encoding="utf-8").startswith("# SOURCE: "), file


def test_the_shipped_labels_cover_every_field_and_give_a_reason_where_two_fields_share_a_keyword():
    labels = load_taxonomy("ict8").labels
    assert len(labels) > 700
    assert {field for label in labels.values() for field in label.fields} == set(ICT8)
    unexplained = [label.keyword for label in labels.values() if len(label.fields) > 1 and not label.reason]
    assert unexplained == []


@pytest.mark.parametrize(
    ("keyword", "fields"),
    [
        ("Training", ()),
        ("Mathematical model", ()),
        ("Humans", ()),
        ("Security of data", ("security",)),
        ("IoT", ("iot",)),
        ("Wireless sensor networks", ("network",)),
        ("Quantum cryptography", ("security", "photonics_quantum")),
        ("Reinforcement learning", ("ai",)),
        ("Food security", ()),
        ("Photovoltaic cells", ()),
    ],
)
def test_a_general_keyword_has_the_fields_of_the_scope_notes(keyword, fields):
    assert load_taxonomy("ict8").labels[normal(keyword)].fields == fields


@pytest.mark.parametrize(
    ("keyword", "decided_by"),
    [
        ("reinforcement learning", "reinforcement learning"),
        ("offline reinforcement learning", "reinforcement learning"),
        ("cooperative multi agent reinforcement learning", "multi agent reinforcement learning"),
        ("machine learning: general", "machine learning"),
        ("machine learning: optimization", "machine learning"),
        ("data mining: mining text, web, social media", "social media"),
        ("reinforcement learning for welding", None),
        ("spatial memory", None),
        ("reinforcement", None),
    ],
)
def test_a_compound_is_what_it_ends_with_if_that_has_two_words(keyword, decided_by):
    found = label_of(keyword, load_taxonomy("ict8").labels)
    assert (found and found.keyword) == decided_by


def test_a_users_labels_lie_over_the_shipped_ones(tmp_path):
    own = tmp_path / "labels.csv"
    own.write_text("# my labels\nkeyword,fields,reason\nTraining,ai,ours\nExoskeletons,iot device,\n", encoding="utf-8")
    taxonomy = load_taxonomy("ict8")
    labels = load_labels(own, taxonomy)
    assert labels["training"].fields == ("ai",)
    assert labels["exoskeleton"].fields == ("iot", "device")
    assert labels["human"].fields == ()
    assert taxonomy.labels["training"].fields == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("keyword,fields\nRadar,devices\n", "line 2: unknown field 'devices'; did you mean 'device'?"),
        ("# note\nkeyword,fields\nRadar,\n", "line 3: no field; write 'outside'"),
        (
            "keyword,fields\nNeural nets,ai\n\nneural-network,ai\n",
            "line 4: 'neural-network' is the same keyword as line 2",
        ),
        ("keyword,fields\nRadar,device outside\n", "line 2: unknown field 'outside'"),
        ("keyword,fields\n'.',ai\n", "line 2: no keyword is left of"),
        ("keyword,fields\nRadar,ai,x,y\n", "line 2: has more or fewer cells than the header"),
        ("keyword;fields\nRadar;ai\n", "line 1: has no column keyword, fields"),
        ("", "is empty; the first line names the columns keyword, fields"),
    ],
)
def test_a_fault_in_a_label_file_is_named_with_file_line_and_remedy(tmp_path, text, message):
    own = tmp_path / "mine.csv"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(message)) as error:
        load_labels(own, load_taxonomy("ict8"))
    assert "mine.csv" in str(error.value)


def test_a_label_file_that_is_missing_or_not_utf8_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read as UTF-8"):
        load_labels(tmp_path / "none.csv", load_taxonomy("ict8"))
    (tmp_path / "sjis.csv").write_bytes("keyword,fields\n量子,ai\n".encode("cp932"))
    with pytest.raises(DataError, match="cannot be read as UTF-8"):
        load_labels(tmp_path / "sjis.csv", load_taxonomy("ict8"))


def test_a_users_own_taxonomy_is_a_folder(tmp_path):
    taxonomy = load_taxonomy(folder(tmp_path))
    assert [field.name_ja for field in taxonomy.fields] == ["ロボット"]
    assert taxonomy.labels["gripper"].fields == ("robots",)
    assert taxonomy.ccs.find("10002978") is None


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("id = ", "cannot be read"),
        (TOML.replace('source = "a test"\n', ""), "needs id, name_ja, name_en, source, date"),
        (TOML.replace('scope_en = "what moves"\n', ""), "needs id, name_ja, name_en, source, date"),
        (TOML.replace('"robots"', '"all"'), "'all' is reserved"),
        (TOML + TOML[TOML.index("[[fields]]") :], "field id 'robots' is given twice"),
    ],
)
def test_a_fault_in_a_taxonomy_is_named(tmp_path, toml, message):
    with pytest.raises(DataError, match=re.escape(message)):
        load_taxonomy(folder(tmp_path, toml=toml))


def test_an_unknown_taxonomy_names_the_nearest():
    with pytest.raises(DataError, match="'ict9' is neither a shipped taxonomy nor a folder; did you mean 'ict8'"):
        load_taxonomy("ict9")


def test_the_longest_labelled_prefix_of_a_ccs_path_decides():
    ccs = load_taxonomy("ict8").ccs
    assert ccs.find("10002978.10002979.10002981.10011745").name == "Public key (asymmetric) techniques"
    assert ccs.find("10002978.10002979.99999999").name == "Cryptography"
    assert ccs.find("10002978.10003014").fields == ("security", "network")
    assert ccs.find("10010147.10010257.10010258.10010261").fields == ("ai",)
    assert ccs.find("10011007.10011074").fields == ()
    assert ccs.find("99999999") is None
    # a prefix is made of whole parts
    assert ccs.find("100029781") is None


def test_a_ccs_name_is_found_by_its_leaf_else_by_the_last_known_name_of_its_chain():
    ccs = load_taxonomy("ict8").ccs
    assert ccs.find("Cryptography").fields == ("security",)
    assert ccs.find("Security and privacy → Cryptography").name == "Cryptography"
    assert ccs.find("Networks~Network protocols~Some leaf").name == "Network protocols"
    assert ccs.find("Some leaf") is None


def test_a_ccs_name_with_two_meanings_decides_nothing(tmp_path):
    rows = "id,name,fields\n1,Top,outside\n1.2,Same,robots\n1.3,Same,outside\n"
    ccs = load_taxonomy(folder(tmp_path, ccs=rows)).ccs
    assert ccs.find("Same") is None
    assert ccs.find("Top -> Same").name == "Top"
    assert ccs.find("1.2").fields == ("robots",)


def test_a_ccs_id_given_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match="line 3: the id 1 is given twice"):
        load_taxonomy(folder(tmp_path, ccs="id,name,fields\n1,Top,outside\n1,Top,outside\n"))


def field(name, parent=None):
    above = f'parent = "{parent}"\n' if parent else ""
    return (
        f'[[fields]]\nid = "{name}"\nname_ja = "名"\nname_en = "Name"\nscope_ja = "範囲"\nscope_en = "scope"\n{above}'
    )


HEAD = 'id = "tiny"\nname_ja = "小"\nname_en = "Tiny"\nsource = "a test"\ndate = "2026-11-28"\n'


def test_fields_may_stand_under_one_another(tmp_path):
    path = folder(tmp_path, toml=HEAD + field("arms", "robots") + field("robots"))
    assert [one.parent for one in load_taxonomy(path).fields] == ["robots", ""]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (field("robots", "machine"), "line 12: field 'robots' is an orphan, for there is no field 'machine'"),
        (field("robots", "arms") + field("arms", "robots"), "line 7: a circle, robots under arms under robots"),
        (field("robots") + field("robots"), "line 13: field id 'robots' is given twice; keep one"),
    ],
)
def test_a_circle_an_orphan_and_a_field_given_twice_are_named_with_line_and_remedy(tmp_path, fields, message):
    with pytest.raises(DataError) as error:
        load_taxonomy(folder(tmp_path, toml=HEAD + fields))
    assert message in str(error.value)
    assert "taxonomy.toml" in str(error.value)


def test_label_files_beside_the_first_go_on_with_it_and_may_not_repeat_it(tmp_path):
    path = folder(tmp_path)
    (tmp_path / "labels_more.csv").write_text("keyword,fields\nArm,robots\n", encoding="utf-8")
    assert set(load_taxonomy(path).labels) == {"gripper", "arm"}
    (tmp_path / "labels_more.csv").write_text("keyword,fields\nGrippers,robots\n", encoding="utf-8")
    with pytest.raises(
        DataError, match=r"labels_more.csv, line 2: 'Grippers' is the same keyword as .*labels.csv, line 2"
    ):
        load_taxonomy(path)


def test_the_two_general_taxonomies_know_their_own_terms():
    assert load_taxonomy("ccs").ccs.find("10002978.10002979.10002980").fields == ("security",)
    assert load_taxonomy("openalex").labels["dentistry"].fields == ("dentistry",)
    assert len(load_taxonomy("openalex").fields) == 26
