"""Records by columns on their way into the spool."""

from kakehashi.corpus.blocks import CORPUS_KEYWORDS, CORPUS_MENTIONS, CORPUS_RECORDS, Block
from kakehashi.records import Author, Keyword, Mention, Record


def rows(block):
    return {table.name: batch.to_pylist() for table, batch in block.take()}


def test_a_block_numbers_what_records_have_and_counts_what_is_linked():
    block = Block("a.csv", 100)
    block.add(Record(1, "Nobody"), "ieee")
    mentions = (Mention("Osaka Univ.", 2), Mention("Kyoto Univ."))
    block.add(Record(2, "Two", authors=(Author("A"), Author("B")), mentions=mentions), "ieee")
    made = rows(block)
    assert [(row["record"], row["seq"], row["author_seq"]) for row in made[CORPUS_MENTIONS.name]] == [
        (102, 1, 2),
        (102, 2, None),
    ]
    assert [(row["authors"], row["mentions"], row["linked"]) for row in made[CORPUS_RECORDS.name]] == [
        (0, 0, 0),
        (2, 2, 1),
    ]
    assert not rows(block)[CORPUS_RECORDS.name]


def test_a_keyword_stands_once_for_each_kind():
    block = Block("a.csv", 0)
    keywords = [Keyword("bridges", "author"), Keyword("bridges", "ieee"), Keyword("bridges", "author")]
    block.add(Record(1, "One", keywords=tuple(keywords)), "ieee")
    assert [(row["kind"], row["keyword"]) for row in rows(block)[CORPUS_KEYWORDS.name]] == [
        ("author", "bridges"),
        ("ieee", "bridges"),
    ]


def test_lone_surrogates_of_other_readers_are_replaced():
    block = Block("a.csv", 0)
    block.add(
        Record(1, "One \ud800", mentions=(Mention("\udfff Univ."),), keywords=(Keyword("\ud83d", "author"),)), "x"
    )
    made = rows(block)
    found = made[CORPUS_RECORDS.name][0]["title"], made[CORPUS_MENTIONS.name][0]["affiliation"]
    assert (*found, made[CORPUS_KEYWORDS.name][0]["keyword"]) == ("One \ufffd", "\ufffd Univ.", "\ufffd")
