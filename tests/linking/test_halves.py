"""A string that is read in two halves is read as if it were read whole, whichever strings were read before it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_shared_answers import HEADS, TAILS

from kakehashi.affiliations.linking.choosing import SHARED
from kakehashi.affiliations.linking.evidence import Weigher
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.resolve import Reading, Resolver

PLACED = [
    "Hong Kong", "Puerto Rico", "University of Hong Kong", "Taiwan University", "GA 30332", "Georgia Tech", "UK",
    "京都", "Tokyo Institute", "Paris Lodron University", "Slovak Academy", "Aruba Hospital", "1015 Lausanne",
]  # fmt: skip
ENDS = [
    " Beijing, China", " Atlanta, Georgia, USA", " Georgia", " Paris, France", " Lyon", " Kingston", " Czechoslovakia",
    " Pilani", " Shatin, P.R. China", " NL", " San Juan, USA", " 75005 Paris", " Oranjestad, The Netherlands",
]  # fmt: skip
TEXTS = [f"{head},{tail}" for tail in (*TAILS, *ENDS) for head in (*HEADS, *PLACED)]


def whole(rules: Resolver, text: str) -> Reading:
    """Read a string without its halves."""
    return rules._read(text)


def in_full(reading: Reading) -> Reading:
    """Return a reading without what it shares with others."""
    return reading._replace(clean=reading.clean.placed(), ending=None)


@pytest.mark.parametrize("turn", [1, -1])
def test_every_head_before_every_end_is_read_as_the_whole_string_is(turn: int, rules: Resolver) -> None:
    fresh = Resolver()
    for text in TEXTS[::turn]:
        assert in_full(fresh.read(text)) == whole(fresh, text), text


@pytest.mark.parametrize("turn", [1, -1])
def test_a_string_in_halves_is_looked_at_as_the_whole_string_is(turn: int, linker: Linker) -> None:
    fresh, weigher = Resolver(), linker._weigher
    halves = 0
    for text in TEXTS[::turn]:
        reading = fresh.read(text)
        halves += reading.ending is not None
        assert weigher.look(reading)[:-1] == weigher.look(reading._replace(ending=None))[:-1], text
    assert halves > len(TEXTS) // 2


def test_strings_have_one_name_only_where_the_same_is_seen(linker: Linker) -> None:
    fresh, weigher = Resolver(), linker._weigher
    known: dict[object, object] = {}
    for text in TEXTS:
        seen = weigher.look(fresh.read(text))
        alike = (
            [view.number for view in seen.views],
            *seen[2:6],
            [(at, one.text) for at, one, _ in seen.over],
            seen[7],
        )
        assert known.setdefault(seen.name, alike) == alike, text


@given(head=st.text(max_size=30), tail=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_halves_are_read_as_the_whole_string_is(rules: Resolver, linker: Linker, head: str, tail: str) -> None:
    text = f"{head},{tail}"
    reading = rules.read(text)
    assert in_full(reading) == whole(rules, text)
    weigher: Weigher = linker._weigher
    assert weigher.look(reading)[:-1] == weigher.look(reading._replace(ending=None))[:-1]


def test_links_from_a_confidence_on_are_the_same_ones_with_the_others_left_out(linker: Linker) -> None:
    fresh = Resolver()
    readings = [fresh.read(text) for text in TEXTS]
    for every, likely in zip(linker.answer(readings), linker.answer(readings, SHARED), strict=True):
        assert [one for one in likely.links if one.confidence >= SHARED] == [
            one for one in every.links if one.confidence >= SHARED
        ]
        assert likely[1:] == every[1:]
