"""Needs as queries of the text index: bags of words, terms with their alternatives, and added keywords."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import tantivy

from kakehashi.matching.need import Alternative, Concept
from kakehashi.matching.policy import policy
from kakehashi.matching.schema import schema

_SHOULD = tantivy.Occur.Should


def plain(concepts: Iterable[Concept]) -> Any | None:
    """Return the bag of all words of all alternatives: what BM25 alone would be asked. None where there is no word.

    What a verb or adjective stands for is left out: in a bag without weights it does harm.
    """
    words = dict.fromkeys(
        ("ja" if one.language == "ja" else "text", word)
        for concept in concepts
        if not concept.act
        for one in concept.alternatives
        if one.origin != "beside"
        for word in one.stems
    )
    return _any(_term(field, word) for field, word in words)


def structured(concepts: Iterable[Concept]) -> Any | None:
    """Return the query that counts a concept once, by the best of its alternatives, terms before loose words."""
    parts = []
    for concept in concepts:
        found = [query for one in concept.alternatives if (query := _alternative(one)) is not None]
        if found:
            parts.append(_boosted(tantivy.Query.disjunction_max_query(found, policy()["query"]["tie"]), concept.weight))
    return _any(parts)


def with_keywords(query: Any, keywords: Mapping[str, float], phrases: Mapping[str, Sequence[str]]) -> Any:
    """Add keywords with their weights to a query. `phrases` gives the stems of each keyword."""
    added = [
        _boosted(found, weight)
        for keyword, weight in keywords.items()
        if (found := _words(phrases[keyword])) is not None
    ]
    return _any([query, *added]) if added else query


def _alternative(one: Alternative) -> Any | None:
    if one.language == "ja":
        found = _any(_term("ja", word) for word in one.stems)
        return None if found is None else _boosted(found, one.weight)
    query = _words(one.stems)
    return None if query is None else _boosted(query, one.weight)


def _words(stems: Sequence[str]) -> Any | None:
    limits = policy()["query"]
    if not stems:
        return None
    if len(stems) == 1:
        return _any([_term("text", stems[0]), _boosted(_term("head", stems[0]), limits["title"])])
    words: list[str | tuple[int, str]] = list(stems)
    together = tantivy.Query.phrase_query(schema(), "text", words, limits["slop"])
    in_head = tantivy.Query.phrase_query(schema(), "head", words, limits["slop"])
    loose = [_boosted(_term("text", word), limits["loose"]) for word in dict.fromkeys(stems)]
    return _any([_boosted(together, limits["phrase"]), _boosted(in_head, limits["title"]), *loose])


def _term(field: str, word: str) -> Any:
    return tantivy.Query.term_query(schema(), field, word, "freq" if field != "keyword" else "basic")


def _boosted(query: Any, weight: float) -> Any:
    return query if weight == 1 else tantivy.Query.boost_query(query, weight)


def _any(parts: Iterable[Any]) -> Any | None:
    found = [(_SHOULD, part) for part in parts if part is not None]
    if not found:
        return None
    return found[0][1] if len(found) == 1 else tantivy.Query.boolean_query(found)
