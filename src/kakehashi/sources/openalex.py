"""OpenAlex works as JSON: pages of the API, arrays and JSON Lines, of any schema since 2022."""

import re
from collections.abc import Iterator

from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.json_stream import read_objects
from kakehashi.sources.openalex_work import work_record

# Works carry W identifiers; institutions, authors and sources carry I, A and S first.
_FIRST_ID = re.compile(r'"id"\s*+:\s*+\[?+\s*+"https?://openalex\.org/([A-Z])\d+"')


def _recognise(head: Head) -> bool:
    start = head.text.lstrip()[:1]
    found = _FIRST_ID.search(head.text) if start in ("{", "[") else None
    return found is not None and found.group(1) == "W"


def _read(source: Input, head: Head) -> Iterator[Item]:
    return read_objects(source, head, work_record)


FORMATS = (
    Format("openalex_json", "openalex", _recognise, _read, "OpenAlex works: API pages, JSON arrays, JSON Lines"),
)
