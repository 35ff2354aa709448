"""IEEE Xplore-like CSV: three generations of header, with the faults that real exports have."""

import random
from dataclasses import dataclass
from io import StringIO

from kakehashi.demo.works import Person, Work

_2014 = (
    "Document Title,Authors,Author Affiliations,Publication Title,Publication Date,Publication Year,Volume,Issue,"
    "Start Page,End Page,Abstract,ISSN,ISBN,EISBN,DOI,PDF Link,Author Keywords,IEEE Terms,INSPEC Controlled Terms,"
    "INSPEC Non-Controlled Terms,DOE Terms,PACS Terms,MeSH Terms,Article Citation Count,Patent Citation Count,"
    "Reference Count,Copyright Year,Online Date,Date Added To Xplore,Meeting Date,Publisher,Sponsors,"
    "Document Identifier"
)
_2023 = (
    "Document Title,Authors,Author Affiliations,Publication Title,Date Added To Xplore,Publication Year,Volume,Issue,"
    "Start Page,End Page,Abstract,ISSN,ISBNs,DOI,Funding Information,PDF Link,Author Keywords,IEEE Terms,"
    "INSPEC Controlled Terms,INSPEC Non-Controlled Terms,Mesh_Terms,Article Citation Count,Patent Citation Count,"
    "Reference Count,License,Online Date,Issue Date,Meeting Date,Publisher,Document Identifier"
)
_2024 = _2023.replace("INSPEC Controlled Terms,INSPEC Non-Controlled Terms,", "")
_BARE = {"Authors", "Date Added To Xplore", "Funding Information", "PDF Link", "Article Citation Count", "Online Date"}


@dataclass(frozen=True)
class Generation:
    """A header generation of the export. `preamble` is a line with the search address before the header."""

    name: str
    columns: tuple[str, ...]
    preamble: str = ""


OLD = Generation(
    "2014",
    tuple(_2014.split(",")),
    '"http://ieeexplore.example.org/search/searchresult.jsp?bulkSetSize=2000&queryText%3D.QT.synthetic.QT.",'
    "2017/01/15 06:06:42\n",
)
MIDDLE = Generation("2023", tuple(_2023.split(",")))
NEW = Generation("2024", tuple(_2024.split(",")))


def header(generation: Generation) -> str:
    """Return the header line as Xplore prints it: most names quoted, some bare."""
    return ",".join(name if name in _BARE else f'"{name}"' for name in generation.columns)


def row(work: Work, generation: Generation, rng: random.Random, doi: bool = True) -> str:
    """Return one row. Faults are drawn: entities, NA slots, a missing last affiliation."""
    cells = _cells(work, generation, rng)
    return _line(cells if doi else cells | {"DOI": ""}, generation)


def _line(cells: dict[str, str], generation: Generation) -> str:
    out = StringIO()
    for place, name in enumerate(generation.columns):
        text = cells.get(name, "").replace('"', '""')
        out.write("," if place else "")
        out.write(f'"{text}"')
    return out.getvalue()


def shifted_row(work: Work, generation: Generation, rng: random.Random) -> str:
    """Return a row whose publication title holds an unescaped quote and commas, so that its cells shift."""
    cells = _cells(work, generation, rng)
    broken = f'{work.year} IEEE Symposium on "A World of Wireless, Mobile and Synthetic Networks" (WoWSyn)'
    return _line(cells, generation).replace(f'"{cells["Publication Title"]}"', f'"{broken}"', 1)


def untitled_row(work: Work, generation: Generation, rng: random.Random) -> str:
    """Return a row without title and DOI: nothing can be merged or cited by it, so a reader must refuse it."""
    return _line(_cells(work, generation, rng) | {"Document Title": "", "DOI": ""}, generation)


def _cells(work: Work, generation: Generation, rng: random.Random) -> dict[str, str]:
    terms = ";".join(work.subject.terms)
    title = work.title
    if work.number % 251 == 0 and not work.acm:  # in every export of the work, or its copies could not be merged
        title = f"{title}: An $O(n\\log n)$ Bound"
    return {
        "Document Title": title,
        "Authors": "; ".join(_printed(author, generation) for author in work.authors),
        "Author Affiliations": _affiliations(work, generation, rng),
        "Publication Title": _venue(work),
        "Date Added To Xplore": f"{1 + work.number % 28} Oct {work.year}",
        "Publication Date": f"Oct. {work.year}",
        "Publication Year": str(work.year),
        "Start Page": str(1 + work.number % 900),
        "End Page": str(7 + work.number % 900),
        "Abstract": work.subject.abstract,
        "ISBN": "978-0-0000-0000-0",
        "ISBNs": "978-0-0000-0000-0",
        "DOI": work.doi or "",
        "PDF Link": f"https://ieeexplore.example.org/stamp/stamp.jsp?arnumber={9_000_000 + work.number}",
        "Author Keywords": "" if rng.random() < 0.2 else ";".join(work.subject.author_terms),
        "IEEE Terms": terms,
        "INSPEC Controlled Terms": ";".join(term.lower() for term in work.subject.terms[:2]),
        "INSPEC Non-Controlled Terms": ";".join(f"synthetic {term.lower()}" for term in work.subject.terms[2:4]),
        "Article Citation Count": str(work.citations) if work.citations else "",
        "Reference Count": str(8 + work.number % 40),
        "Copyright Year": str(work.year),
        "License": "Synthetic",
        "Online Date": f"{1 + work.number % 28} Oct {work.year}",
        "Publisher": "IEEE (synthetic record of the Kakehashi demo)",
        "Document Identifier": "IEEE Journals" if work.journal else "IEEE Conferences",
    }


def _venue(work: Work) -> str:
    field = work.subject.fields[0].replace("_", " ").title()
    if work.journal:
        return f"Synthetic Transactions on {field}"
    return f"{work.year} Synthetic International Conference on {field} (SYN{work.subject.fields[0][:4].upper()})"


def _printed(author: Person, generation: Generation) -> str:
    if generation is OLD:
        return f"{author.family}, {author.initials}"
    return f"{author.initials} {author.family}"


def _affiliations(work: Work, generation: Generation, rng: random.Random) -> str:
    """The i-th slot is the i-th author's. What is lost is printed by another author of the same institution."""
    if generation is OLD:
        return work.authors[0].affiliation
    slots = [author.affiliation for author in work.authors]
    repeated = [
        place for place, author in enumerate(work.authors)
        if any(author.institution == other.institution for other in work.authors[:place])
    ]  # fmt: skip
    if repeated and rng.random() < 0.01:
        slots[rng.choice(repeated)] = "NA"
    elif repeated and repeated[-1] == len(slots) - 1 and rng.random() < 0.01:
        slots.pop()
    text = "; ".join(slots)
    if generation is MIDDLE and not text.isascii() and rng.random() < 0.5:
        text = "".join(char if char.isascii() else f"&#x{ord(char):04X};" for char in text)
    return text
