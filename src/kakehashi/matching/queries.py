"""Needs as queries of the text index: bags of words, terms with their alternatives, and added keywords."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import tantivy

from kakehashi.matching.need import Alternative, Concept
from kakehashi.matching.policy import policy
from kakehashi.matching.schema import schema
from kakehashi.matching.words import stems

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


def structured(concepts: Iterable[Concept], keywords: Mapping[str, float] | None = None) -> Any | None:
    """Return the query that counts a concept once, by the best of its alternatives, terms before loose words.

    Keywords are added with their weights: their loose words, and more where they stand in title or keywords. Whether
    the words stand together in the abstract tells no more, and to look took three quarters of a search.
    """
    parts = []
    for concept in concepts:
        found = [query for one in concept.alternatives if (query := _alternative(one)) is not None]
        if found:
            parts.append(_boosted(tantivy.Query.disjunction_max_query(found, policy()["query"]["tie"]), concept.weight))
    words: dict[str, float] = defaultdict(float)
    for keyword, weight in (keywords or {}).items():
        own = stems(keyword)
        if own:
            parts.append(_boosted(_in_head(own), weight))
        for word in dict.fromkeys(own):
            words[word] += weight * policy()["query"]["loose"]
    return _any([*parts, *(_boosted(_term("text", word), weight) for word, weight in words.items())])


def _alternative(one: Alternative) -> Any | None:
    if one.language == "ja":
        found = _any(_term("ja", word) for word in one.stems)
        return None if found is None else _boosted(found, one.weight)
    query = _words(one.stems)
    return None if query is None else _boosted(query, one.weight)


def _words(own: Sequence[str]) -> Any | None:
    limits = policy()["query"]
    if not own:
        return None
    if len(own) == 1:
        return _any([_term("text", own[0]), _in_head(own)])
    loose = [_boosted(_term("text", word), limits["loose"]) for word in dict.fromkeys(own)]
    return _any([_boosted(_together("text", own), limits["phrase"]), _in_head(own), *loose])


def _in_head(own: Sequence[str]) -> Any:
    """Return what the words of a term count beside themselves where they stand in title or keywords."""
    return _boosted(_term("head", own[0]) if len(own) == 1 else _together("head", own), policy()["query"]["title"])


def _together(field: str, own: Sequence[str]) -> Any:
    words: list[str | tuple[int, str]] = list(own)
    return tantivy.Query.phrase_query(schema(), field, words, policy()["query"]["slop"])


def _term(field: str, word: str) -> Any:
    return tantivy.Query.term_query(schema(), field, word, "freq" if field != "keyword" else "basic")


def _boosted(query: Any, weight: float) -> Any:
    return query if weight == 1 else tantivy.Query.boost_query(query, weight)


def _any(parts: Iterable[Any]) -> Any | None:
    found = [(_SHOULD, part) for part in parts if part is not None]
    if not found:
        return None
    return found[0][1] if len(found) == 1 else tantivy.Query.boolean_query(found)
