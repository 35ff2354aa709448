"""Strings that differ in a silent first part share one answer, which is the one that each would have by itself."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.tails import Key, Tails

HEADS = [
    "Department of Physics", "Dept. of Physics", "Physics Department", "Physics", "Département de Physique",
    "School of Medicine", "Laboratory of Optics", "Optics Laboratory", "Key Laboratory of Optics", "Alibaba Group",
    "Institute of Physics", "University of Tokyo", "MIT", "Kyoto", "Tokyo University", "物理学科",
    "Faculty of Science 1",
    "Department of Physics, Kyoto", "a) Department of Physics", "1 Department", "Physics - Optics",
    "N/A", "unknown", "Cambridge", "California", "Kaunas", "Centre", "Hospital", "Room 12345", "x@y.jp", "is with the",
    "Tokyo Inc", "The", "", " ", "Dept1", "Univ. Service", "German Society", "Data61", "Dr. A. Smith; Optics", "&",
]  # fmt: skip
TAILS = [
    " University of Tokyo, Japan", " University of Tokyo, Tokyo", " Kyoto University", " Japan", " Tokyo",
    " University of Technology, Lithuania", " Institute of Physics, Chinese Academy of Sciences, Beijing, China",
    " Ministry of Education, Beijing, China", " Davis", " Optics", " Faculty of Science", " School of Medicine", " Ltd",
    " Kyoto, Japan, University of Tokyo, Tokyo, Japan", " Kyoto, Japan; Cambridge, UK", "; Kyoto University", ", , ",
    " 京都大学", " Université de Lyon, Lyon, France", " a.b@stanford.edu", " Tokyo113, Japan", " Hong Kong", " USSR",
    " University of Cambridge, CB2 1TN", " MIT / Kyoto University", " and Kyoto University", " UK and Kyoto University",
    " is with the Kyoto University, Japan", " Stanford &amp; Co", " Société Générale", " 7 High Street", "",
]  # fmt: skip
TEXTS = st.lists(st.builds("{},{}".format, st.sampled_from(HEADS), st.sampled_from(TAILS)), max_size=12)


def alone(resolver: RegistryResolver, text: str) -> object:
    """Return the answer of a resolver that has kept no other."""
    return RegistryResolver(resolver.rules, resolver.linker, resolver.threshold).resolve(text)


@given(texts=TEXTS)
@settings(max_examples=150, deadline=None)
def test_heads_and_ends_in_any_order_have_the_answers_that_they_have_alone(
    resolver: RegistryResolver, texts: list[str]
) -> None:
    shared = RegistryResolver(resolver.rules, resolver.linker, resolver.threshold)
    expected = [alone(resolver, text) for text in texts]
    assert list(shared.resolve_many(texts)) == expected
    assert list(shared.resolve_many(texts[::-1])) == expected[::-1]


def test_every_head_before_every_end_has_the_answer_that_it_has_alone(resolver: RegistryResolver) -> None:
    shared = RegistryResolver(resolver.rules, resolver.linker, resolver.threshold)
    texts = [f"{head},{tail}" for tail in TAILS for head in HEADS]
    expected = [alone(resolver, text) for text in texts]
    assert list(shared.resolve_many(texts)) == expected
    assert list(shared.resolve_many(texts)) == expected


@given(tail=st.text(max_size=60), heads=st.lists(st.sampled_from(HEADS), min_size=2, max_size=4))
@example(tail=" \u0301x", heads=["Physics", "Département de Physique"])
@settings(max_examples=150, deadline=None)
def test_any_end_has_the_answer_that_it_has_alone(resolver: RegistryResolver, tail: str, heads: list[str]) -> None:
    shared = RegistryResolver(resolver.rules, resolver.linker, resolver.threshold)
    texts = [f"{head},{tail}" for head in heads]
    assert list(shared.resolve_many(texts)) == [alone(resolver, text) for text in texts]


def test_departments_of_one_university_share_an_answer_and_other_first_parts_do_not(
    rules: Resolver, linker: Linker
) -> None:
    tails = Tails(linker)

    def key(text: str) -> Key | None:
        halves = rules.halves(text)
        return tails.key(*halves) if halves is not None else None

    end = " University of Tokyo, Tokyo, Japan"
    known, like_it = key(f"Department of Physics,{end}"), key(f"Department of Mathematics,{end}")
    assert known is not None
    assert like_it is not None
    reading = rules.read(f"Department of Physics,{end}")
    rows = RegistryResolver(rules, linker, 0.5).resolve(f"Department of Physics,{end}")
    tails.keep(known, reading, rows)
    assert tails.find(like_it) is rows
    for other in ("Kyoto University", "Paris", "Room 12345", "a.b@stanford.edu", "物理学科"):
        asked = key(f"{other},{end}")
        assert asked is None or tails.find(asked) is None
