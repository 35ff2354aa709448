"""Whose name stands in the place of an affiliation."""

from kakehashi.affiliations.people import PEOPLE
from kakehashi.tables import AUTHORSHIPS, MENTIONS, declare

FOUND = declare(
    "affiliations_found", "x", "affiliation", "affiliation string, name_key string, name string, method string"
)


def people(engine, texts, authors):
    engine.load(FOUND, [(text, text.lower(), text, "remainder") for text in sorted({text for _, text in texts})])
    engine.load(MENTIONS, [(work, seq, None, text, None, None) for seq, (work, text) in enumerate(texts)])
    engine.load(AUTHORSHIPS, [(work, seq, name, None) for seq, (work, name) in enumerate(authors)])
    return {key for (key,) in engine.rows(PEOPLE)}


def test_a_name_of_an_author_of_the_same_work_is_a_persons(one_engine):
    assert people(one_engine, [("w1", "Bo Zyx")], [("w1", "Bo Zyx"), ("w1", "An Other")]) == {"bo zyx"}


def test_an_institution_that_was_once_given_as_an_author_stays_one(engine):
    texts = [(f"w{number}", "Zyx Brain") for number in range(3)]
    assert people(engine, texts, [("w0", "zyx brain"), ("w1", "An Other")]) == set()


def test_an_author_of_another_work_proves_nothing(one_engine):
    assert people(one_engine, [("w1", "Bo Zyx")], [("w2", "Bo Zyx")]) == set()
