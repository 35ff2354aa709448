"""Mentions resolved by input file: counted by hand over three files, on each engine."""

from collections import Counter

from kakehashi.affiliations import sql
from kakehashi.affiliations.coverage import COVERAGE
from kakehashi.affiliations.private import GIVEN, LINKS, SETTLED
from kakehashi.tables import INSTITUTION_RELATIONS, MENTIONS, RECORDS, SOURCE_COVERAGE, WORK_VALUES, WORKS

ROR = "https://ror.org/000000001"
# work, the record of each file that describes it, and the record that gave it its affiliations
RECORDS_OF = [("w1", "a_10.csv#1"), ("w2", "a_2.csv#1"), ("w2", "b.bib#1"), ("w3", "a_2.csv#2"), ("w4", "b.bib#2")]
MENTIONS_FROM = [("w1", "a_10.csv#1"), ("w2", "a_2.csv#1"), ("w3", "a_2.csv#2")]
# a_10: full, full, nothing. a_2: full twice (the same string on two works), country alone, institution alone, two of
# which one is linked. b.bib prints none.
STRINGS = {
    "w1": ["full", "full", "nothing"],
    "w2": ["full"],
    "w3": ["full", "country", "institution", "two"],
}
# affiliation, institution, country, ROR id
RESOLVED = [("full", "i1", "JP", ROR), ("nothing", None, None, None), ("country", None, "JP", None),
            ("institution", "i2", None, None), ("two", None, None, None), ("two", "i1", "JP", ROR),
            ("of no work", "i3", "FR", ROR)]  # fmt: skip


def store(engine, table, rows):
    """Store rows of which only some columns are given."""
    engine.load(table, [tuple(row.get(column) for column in table.columns) for row in rows])


def counted(engine):
    store(engine, RECORDS, [{"record_id": r, "file": r.split("#")[0], "work_id": w} for w, r in RECORDS_OF])
    store(engine, WORKS, [{"work_id": w, "year": 2020} for w in ("w1", "w2", "w3", "w4")])
    values = [("mentions", MENTIONS_FROM), ("title", [(w, f"{w}#title") for w in ("w1", "w2", "w3", "w4")])]
    store(engine, WORK_VALUES, [
        {"work_id": w, "name": name, "record_id": r} for name, pairs in values for w, r in pairs
    ])  # fmt: skip
    store(engine, MENTIONS, [
        {"work_id": w, "seq": seq, "affiliation": text}
        for w, texts in STRINGS.items() for seq, text in enumerate(texts, 1)
    ])  # fmt: skip
    several = Counter(text for text, *_ in RESOLVED)
    seen: Counter[str] = Counter()
    rows = []
    for text, institution, country, ror in RESOLVED:
        seen[text] += 1
        rows.append({"affiliation": text, "seq": seen[text], "institution_id": institution, "country_code": country,
                     "ror_id": ror, "seqs": several[text], "own_located": 1})  # fmt: skip
    store(engine, SETTLED, rows)
    for table in (GIVEN, INSTITUTION_RELATIONS):
        engine.load(table, [])
    engine.make(LINKS, sql.links(succeeded=False))
    engine.make(SOURCE_COVERAGE, COVERAGE)
    return sorted(engine.rows("select file, mentions, institutions, linked, countries from source_coverage"))


def test_mentions_are_counted_for_the_file_that_gave_the_work_its_affiliations(one_engine):
    assert counted(one_engine) == [("a_10.csv", 3, 2, 2, 2), ("a_2.csv", 5, 4, 3, 4)]
