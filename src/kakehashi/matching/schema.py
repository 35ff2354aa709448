"""What of a work is indexed and stored, and how a work is written into the index."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
import tantivy

from kakehashi.matching.bridge import bridge
from kakehashi.matching.words import english, is_japanese, morphemes, normal

VERSION = 1
"""Counted up when an index made before can no longer be read: it is then built anew."""

_MOST_KEYWORDS = 60
SEARCHED = ("author", "ieee", "index", "inspec", "inspec_free", "mesh", "ccs", "topic", "concept")


class Person(msgspec.Struct, array_like=True):
    """An author, and the institutions that the work's mentions give for that person."""

    name: str
    institutions: list[str]


class Record(msgspec.Struct, array_like=True):
    """A work as matching shows it."""

    work_id: str
    title: str
    year: int | None
    venue: str | None
    doi: str | None
    abstract: str | None
    keywords: list[str]
    fields: list[str]
    people: list[Person]


_ENCODE = msgspec.json.Encoder()
_DECODE = msgspec.json.Decoder(Record)


@dataclass(frozen=True)
class Written:
    """The texts of a work in the form in which they are searched."""

    head: str
    text: str
    japanese: str


@cache
def schema() -> Any:
    """Return the schema: `row` is the work's number, `text` title, keywords and abstract, `head` the first two."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("head", tokenizer_name="kakehashi_en")
    builder.add_text_field("text", tokenizer_name="kakehashi_en")
    builder.add_text_field("ja", tokenizer_name="whitespace")
    builder.add_text_field("keyword", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("work", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("record", stored=True, indexed=False)
    return builder.build()


def register(index: Any) -> None:
    """Give an index the analyzers of the schema."""
    index.register_tokenizer("kakehashi_en", english())


def written(record: Record) -> Written:
    """Return a work's searched texts. A Japanese work is also found by the English of its technical terms."""
    keywords = ". ".join(record.keywords[:_MOST_KEYWORDS])
    head = f"{record.title}. {keywords}"
    text = f"{record.title}. {head}. {record.abstract or ''}"
    if not is_japanese(text):
        return Written(head, text, "")
    own = normal(text)
    words = morphemes(own)
    terms = list(bridge().terms(own, words))
    translated = ". ".join(dict.fromkeys(english for term in terms for english in term.english))
    tokens = [word.base for word in words if word.content] + [term.japanese for term in terms]
    return Written(f"{head}. {translated}", f"{text}. {translated}", " ".join("".join(one.split()) for one in tokens))


def document(row: int, record: Record, texts: Written) -> Any:
    """Return the document of a work for the index."""
    made = tantivy.Document()
    made.add_unsigned("row", row)
    made.add_text("head", texts.head)
    made.add_text("text", texts.text)
    if texts.japanese:
        made.add_text("ja", texts.japanese)
    for keyword in dict.fromkeys(keyword.casefold() for keyword in record.keywords[:_MOST_KEYWORDS]):
        made.add_text("keyword", keyword)
    made.add_text("work", record.work_id)
    made.add_bytes("record", _ENCODE.encode(record))
    return made


def read_record(document: Any) -> Record:
    """Return the work that a document of the index stores."""
    return _DECODE.decode(bytes(document.get_first("record")))
