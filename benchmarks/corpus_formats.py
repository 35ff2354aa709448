"""The works of the synthetic corpus as exports print them: IEEE Xplore CSV, ACM BibTeX, OpenAlex JSON Lines."""

import msgspec

from corpus_works import Author, Work
from kakehashi.demo.acm import latex
from kakehashi.demo.ieee import MIDDLE, header

IEEE_HEADER = header(MIDDLE)
_ENCODE = msgspec.json.encode


def ieee_row(work: Work, *, entities: bool, missing: bool, repeated: bool = False) -> str:
    """Return a line of the export of 2023. `entities`, `missing` and `repeated` are its faults."""
    slots = [author.affiliation for author in work.authors]
    if missing and len(slots) > 1:
        slots[-1] = "NA"
    affiliations = "; ".join(slots)
    if entities and not affiliations.isascii():
        affiliations = "".join(char if char.isascii() else f"&#x{ord(char):04X};" for char in affiliations)
    subject, year, day = work.subject, work.year, 1 + work.number % 28
    field = subject.fields[0].replace("_", " ").title()
    venue = (
        f"Synthetic Transactions on {field}"
        if work.journal
        else f"{year} Synthetic International Conference on {field} (SYN{field[:4].upper()})"
    )
    lower = [term.lower() for term in subject.terms[:4]]
    cells = (
        subject.title,
        "; ".join([f"{author.initials} {author.family}" for author in work.authors]),
        affiliations, venue, f"{day} Oct {year}", str(year), "", "",
        str(1 + work.number % 900), str(7 + work.number % 900), subject.abstract.replace('"', '""'), "",
        "978-0-0000-0000-0", "" if repeated else work.doi or "", "",
        f"https://ieeexplore.example.org/stamp/stamp.jsp?arnumber={9_000_000 + work.number}",
        ";".join(subject.author_terms) if work.number % 5 else "", ";".join(subject.terms),
        ";".join(lower[:2]), ";".join(lower[2:]), "",
        str(work.citations) if work.citations else "", "", str(8 + work.number % 40), "Synthetic", f"{day} Oct {year}",
        f"{day} Oct {year}", "", "IEEE (synthetic record of a Kakehashi benchmark)",
        "IEEE Journals" if work.journal else "IEEE Conferences",
    )  # fmt: skip
    return '"' + '","'.join(cells) + '"\n'


def acm_entry(work: Work) -> str:
    """Return a BibTeX entry. ACM prints no affiliations; the classification comes as its XML."""
    key = work.doi or f"10.99999/acm.nodoi.{work.number:08d}"
    authors = " and ".join([f"{latex(author.family)}, {author.initials}" for author in work.authors])
    concepts = "".join(
        [
            f"<concept><concept_id>{concept}</concept_id><concept_desc>{name}</concept_desc>"
            "<concept_significance>500</concept_significance></concept>"
            for concept, name in work.subject.concepts
        ]
    )
    doi = f"url = {{https://doi.org/{work.doi}}},\ndoi = {{{work.doi}}},\n" if work.doi else ""
    return (
        f"@{'article' if work.journal else 'inproceedings'}{{{key},\nauthor = {{{authors}}},\n"
        f"title = {{{latex(work.subject.title)}}},\nyear = {{{work.year}}},\n"
        "publisher = {Association for Computing Machinery (synthetic record of a Kakehashi benchmark)},\n"
        f"address = {{New York, NY, USA}},\n{doi}abstract = {{{work.subject.abstract}}},\n"
        f"{'journal' if work.journal else 'booktitle'} = {{Proceedings of the Synthetic Conference {work.year}}},\n"
        f"keywords = {{{', '.join(work.subject.author_terms)}}},\nccs = {{<ccs2012>{concepts}</ccs2012>}},\n"
        f"location = {{Online}},\nseries = {{SYN '{work.year % 100}}}\n}}\n\n"
    )


def openalex_line(work: Work, codes: tuple[str, ...]) -> bytes:
    """Return a line of the works API's present schema. `codes` are those of the countries by number."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(work.subject.abstract.split()):
        index.setdefault(word, []).append(place)
    doi = f"https://doi.org/{work.doi}" if work.doi else None
    return bytes(
        _ENCODE(
            {
                "id": f"https://openalex.org/W{4_000_000_000 + work.number}",
                "doi": doi,
                "title": work.subject.title,
                "display_name": work.subject.title,
                "publication_year": work.year,
                "language": "en",
                "type": "article",
                "primary_location": {"source": {"display_name": "Synthetic Transactions"}},
                "authorships": [_authorship(author, codes) for author in work.authors],
                "is_authors_truncated": False,
                "cited_by_count": work.citations,
                "topics": [{"display_name": term, "score": 0.9} for term in work.subject.terms[:3]],
                "abstract_inverted_index": index,
            }
        )
        + b"\n"
    )


def _authorship(author: Author, codes: tuple[str, ...]) -> dict[str, object]:
    return {
        "author": {"display_name": f"{author.initials} {author.family}", "orcid": None},
        "raw_author_name": f"{author.initials} {author.family}",
        "countries": [codes[author.country]],
        "institutions": [],
        "raw_affiliation_strings": [author.affiliation],
    }
