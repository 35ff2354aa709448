"""What most strings of a country say of a name holds for its doubtful strings: counted by hand, on each engine."""

from kakehashi.affiliations import stage
from kakehashi.progress import Silent
from kakehashi.settings import parse_settings
from kakehashi.tables import AUTHORSHIPS, MENTIONS, READINGS, RECORDS, WORK_VALUES, WORKS

MIT, OTHER = "https://ror.org/042nb2s44", "https://ror.org/000000000"
LINKED, DOUBTFUL = "registry", "rule"


def reading(text, ror, country="US", key="mit"):
    given = {
        "affiliation": text, "seq": 1, "name_key": key, "name": key.upper(), "country_code": country, "ror_id": ror,
        "basis": "address", "method": LINKED if ror else DOUBTFUL, "country_method": "country_name",
        "span": key.upper(), "country_span": "USA", "acronym": None, "confidence": 0.9, "reason": None, "reader": "r",
    }  # fmt: skip
    return tuple(given[column] for column in READINGS.columns)


def ids(engine, rows):
    """ROR id of each string after the stage."""
    engine.load(MENTIONS, [(f"w{n}", 1, None, row[0], None, None) for n, row in enumerate(rows)])
    for table in (AUTHORSHIPS, RECORDS, WORKS, WORK_VALUES):
        engine.load(table, [])
    engine.load(READINGS, rows)
    stage.run(engine, parse_settings({}, "test"), Silent())
    return dict(engine.rows("select affiliation, ror_id from resolutions"))


def test_a_doubtful_string_takes_what_three_strings_of_its_country_agree_on(one_engine):
    found = ids(one_engine, [*(reading(f"MIT {n}", MIT) for n in range(3)), reading("MIT lab", None)])
    assert found["MIT lab"] == MIT


def test_a_string_of_another_country_does_not(one_engine):
    found = ids(one_engine, [*(reading(f"MIT {n}", MIT) for n in range(3)), reading("MIT Manila", None, "PH")])
    assert found["MIT Manila"] is None


def test_two_strings_are_too_few_and_two_organisations_are_no_agreement(engine):
    found = ids(
        engine,
        [
            *(reading(f"MIT {n}", MIT) for n in range(2)),
            reading("MIT lab", None),
            *(reading(f"UT {n}", MIT, key="ut") for n in range(4)),
            reading("UT other", OTHER, key="ut"),
            reading("UT lab", None, key="ut"),
        ],
    )
    assert (found["MIT lab"], found["UT lab"]) == (None, None)


def test_a_name_that_is_doubtful_more_often_than_not_is_left_alone(one_engine):
    rows = [*(reading(f"MIT {n}", MIT) for n in range(3)), *(reading(f"MIT? {n}", None) for n in range(4))]
    assert ids(one_engine, rows)["MIT? 0"] is None
