"""Which keywords are one: user files, the thesaurus, abbreviations learnt from the corpus."""

import pytest

from kakehashi.errors import DataError
from kakehashi.fields.synonyms import joined, learnt, read_synonyms, read_thesaurus


def written(tmp_path, text, name="synonyms.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("sign", [",", "\t"])
def test_a_file_of_two_columns_replaces_keywords_and_stops_those_with_nothing_beside_them(tmp_path, sign):
    lines = [("label", "replace by"), ("Zero-Trust", "Access controls"), ("ZT", "zero trust"), ("Case studies", "")]
    found = read_synonyms(written(tmp_path, "\n".join(sign.join(line) for line in lines)))
    assert found == {"case study": "", "zero trust": "access control", "zt": "access control"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("keyword,term\na,b\n", "line 1: the columns are `label` and `replace by`"),
        (
            "label,replace by\nMeshes,graphs\nmesh,webs\n",
            "line 3: 'mesh' is the same keyword as line 2 and goes elsewhere",
        ),
        ("label,replace by\nalpha,beta\nbeta,alpha\n", "'alpha' leads back to itself; take out one of these lines"),
        ("label,replace by\n.,beta\n", "line 2: no keyword is left of '.'"),
        ("label,replace by\na,b,c\n", "line 2: has more than two cells"),
    ],
)
def test_a_fault_in_a_synonym_file_is_named_with_line_and_remedy(tmp_path, text, message):
    with pytest.raises(DataError) as error:
        read_synonyms(written(tmp_path, text))
    assert message in str(error.value)
    assert "synonyms.csv" in str(error.value)


def test_the_thesaurus_says_what_is_used_for_what_and_an_ambiguous_term_stays_itself(tmp_path):
    rows = "subject,predicate,object\nNoise,UF,Pink noise\nNoise,BT,Physics\nArc,UF,Spark\nPlug,UF,Spark\n"
    assert read_thesaurus(written(tmp_path, rows)) == {"pink noise": "noise"}
    with pytest.raises(DataError, match="needs the columns subject, predicate, object"):
        read_thesaurus(written(tmp_path, "a,b\n1,2\n"))


def test_an_abbreviation_is_learnt_where_its_letters_begin_the_words_and_the_corpus_agrees():
    counted = [
        ("Zonal Pressure Valve (ZPV)", 3), ("zonal pressure valves (ZPVs)", 1), ("Quick Release Handle (QRH)", 5),
        ("quiet rotor hub (QRH)", 4), ("a thing (XYZ)", 9), ("Department of Works (DW)", 2),
    ]  # fmt: skip
    assert learnt(counted) == {"zpv": "zonal pressure valve", "dw": "department of work"}


def test_layers_of_synonyms_lie_over_one_another_and_are_followed_to_the_end():
    assert joined({"a": "b"}, {"a": "x", "b": "c"}, {"c": "d"}) == {"a": "d", "b": "d", "c": "d"}
