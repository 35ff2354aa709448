"""Whatever the text, resolving it ends, explains itself and points into the text."""

import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.affiliations.decoding import MAX_CHARACTERS
from kakehashi.affiliations.readings import ReadRows
from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.text import clean, fold
from kakehashi.settings import AffiliationsSection

RESOLVER = None
WORDS = [
    "University",
    "of",
    "Tokyo",
    "Georgia",
    "Dept.",
    "UK",
    "Japan",
    ",",
    ";",
    "and",
    "/",
    "(CAS)",
    "&#xE9;",
    "é",
    "ﬁ",
    "大学",
    "a)",
    "MA 02139",
    "e-mail:",
    "x@y.ac.jp",
    "Inc.",
    "USSR",
    "\n",
    "Hong Kong",
    "서울",
    "ﾃｽﾄ",
    "İ",
]


def resolver():
    global RESOLVER
    RESOLVER = RESOLVER or Resolver()
    return RESOLVER


def check(text):
    rows = resolver().resolve(text)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row.institution or row.reason
        assert row.country_code or row.reason
        assert 0 <= row.confidence <= 1
        for span in (row.span, row.country_span):
            assert span is None or span in text or span in text.lower()
    assert rows == resolver().resolve(text)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_with_spans_that_occur_in_it(text):
    check(text)


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_affiliation_words_is_answered_with_spans_that_occur_in_it(text):
    check(text)


def test_a_huge_string_is_read_up_to_the_cap():
    rows = resolver().resolve(
        "University of Tokyo, Tokyo, Japan; " + "x, " * 1_000_000 + "University of Lima, Lima, Peru"
    )
    assert "JP" in {row.country_code for row in rows}
    assert "PE" not in {row.country_code for row in rows}
    assert len(clean("y" * 10_000).text) == MAX_CHARACTERS


def test_noise_is_blanked_in_place_and_hosts_are_kept_as_evidence():
    cleaned = clean("Univ. A, Rome (e-mail: {a,b}@uni.it), see https://uni.it/x 0000-0002-1825-0097")
    assert "@" not in cleaned.text
    assert "1825" not in cleaned.text
    assert cleaned.hosts == ("uni.it", "uni.it")


def test_accents_case_and_width_do_not_matter_for_matching():
    assert fold("Ｕｎｉｖｅｒｓｉｔé") == fold("UNIVERSITE") == "universite"
    assert fold("Łódź") == "lodz"


def test_a_legal_form_behind_a_comma_belongs_to_its_company():
    assert [part.tokens[0].form for part in clean("Hitachi, Ltd., Tokyo").parts] == ["hitachi", "tokyo"]


def test_the_function_sent_to_other_processes_is_small():
    assert len(pickle.dumps(ReadRows(AffiliationsSection(), "0" * 64))) < 1_000
