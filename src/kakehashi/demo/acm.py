"""ACM Digital Library-like BibTeX with its faults, and the table by which a user fills in the missing affiliations."""

import csv
import random
import unicodedata
from collections.abc import Iterable
from io import StringIO

from kakehashi.demo.works import Work

_LATEX = {"̀": "`", "́": "'", "̂": "^", "̃": "~", "̈": '"', "̌": "v", "̧": "c", "̨": "k", "̦": "c"}
_LETTERS = {"ł": r"\l{}", "Ł": r"\L{}", "ø": r"\o{}", "ı": r"{\i}", "ß": r"{\ss}", "ğ": r"\u{g}"}


def entry(work: Work, rng: random.Random, doi: bool = True) -> str:
    """Return one BibTeX entry. ACM prints no affiliations; the classification comes as its XML."""
    key = work.doi or f"10.99999/acm.nodoi.{work.number:06d}"
    joint = "; " if rng.random() < 0.3 else ", "
    lines = [
        f"@{'article' if work.journal else 'inproceedings'}{{{key},",
        f"author = {{{' and '.join(f'{latex(author.family)}, {author.initials}' for author in work.authors)}}},",
        f"title = {{{latex(work.title)}}},",
        f"year = {{{work.year}}},",
        "publisher = {Association for Computing Machinery (synthetic record of the Kakehashi demo)},",
        "address = {New York, NY, USA},",
    ]
    if doi and work.doi:
        lines += [f"url = {{https://doi.org/{work.doi}}},", f"doi = {{{work.doi}}},"]
    lines += [
        f"abstract = {{{work.subject.abstract.replace('%', chr(92) + '%')}}},",
        f"{'journal' if work.journal else 'booktitle'} = "
        f"{{Proceedings of the Synthetic Conference on Computing \\&amp; Society {work.year}}},",
        f"keywords = {{{joint.join(work.subject.author_terms)}}},",
        f"ccs = {{{_concepts(work)}}},",
        "location = {Online},",
        f"series = {{SYN '{work.year % 100}}}",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _concepts(work: Work) -> str:
    concepts = "".join(
        f"<concept><concept_id>{concept}</concept_id><concept_desc>{name}</concept_desc>"
        "<concept_significance>500</concept_significance></concept>"
        for concept, name in work.subject.concepts
    )
    return f"<ccs2012>{concepts}</ccs2012>"


def latex(text: str) -> str:
    r"""Write accents the way ACM exports do: `ä` as `\"{a}`."""
    if text.isascii():
        return text
    out = []
    for char in text:
        base, *marks = list(unicodedata.normalize("NFD", char))
        if char in _LETTERS:
            out.append(_LETTERS[char])
        elif marks and marks[0] in _LATEX:
            out.append(f"\\{_LATEX[marks[0]]}{{{base}}}")
        else:
            out.append(char)
    return "".join(out)


def affiliation_table(works: Iterable[Work]) -> str:
    """Return a CSV of DOI, title, year, authors and affiliations: what a user would collect for ACM records."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["doi", "title", "year", "authors", "affiliations"])
    for work in works:
        authors = "; ".join(f"{author.initials} {author.family}" for author in work.authors)
        affiliations = "; ".join(author.affiliation for author in work.authors)
        table.writerow([work.doi or "", work.title, work.year, authors, affiliations])
    return out.getvalue()
