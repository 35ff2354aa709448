"""The tables that the stage keeps to itself: each step of it can be looked at, none outlives it."""

from dataclasses import replace
from types import MappingProxyType

from kakehashi.tables import READINGS, RESOLUTIONS, Table, declare


def _private(name: str, meaning: str, key: str, columns: str) -> Table:
    return declare(f"affiliations_{name}", meaning, key, columns, private=True)


UNREAD = _private(
    "unread",
    "Strings that have not been read before.",
    "affiliation",
    "affiliation string",
)
READ = replace(
    READINGS,
    name="affiliations_read",
    meaning="Readings of the strings that had not been read before.",
    private=True,
)
ALL_READ = replace(READINGS, name="affiliations_all_read", meaning="Kept and new readings together.", private=True)
ASKED = _private(
    "asked",
    "Strings that decisions are about.",
    "affiliation",
    "affiliation string",
)
UNLINKED = _private(
    "unlinked",
    "Names that decisions take from the registry: in one country ('' for any), from one id ('' for any), or unless the "
    "string is in the country `keeps` ('' for never). decision is the one that says no more than that ('' for others).",
    "name_key, country_code, ror_id, keeps",
    "name_key string, country_code string, ror_id string, keeps string, decision string",
)
DECIDED = _private(
    "decided",
    "What the decided strings name.",
    "affiliation, seq",
    "affiliation string, seq bigint, name_key string, name string, country_code string, known_id string, "
    "not_id string, basis string, method string, country_method string, span string, country_span string, "
    "confidence double, reason string, decision string, country_decision string",
)
AGREED = _private(
    "agreed",
    "Names that most strings of a country link to one organisation of the registry.",
    "name_key, country_code",
    "name_key string, country_code string, ror_id string",
)
FOUND = _private(
    "found",
    "What each distinct string says by itself or by decision, before the corpus is looked at. known_id is the "
    "institution that a registry or a decision gives; not_id one that a decision excludes.",
    "affiliation, seq",
    "affiliation string, seq bigint, name_key string, name string, country_code string, known_id string, "
    "not_id string, basis string, method string, country_method string, span string, country_span string, "
    "acronym string, confidence double, reason string, decision string, country_decision string",
)
CONTEXT = _private(
    "context",
    "Each distinct string in the corpus: its mentions, what the sources assert unanimously, its resolutions.",
    "affiliation",
    "affiliation string, mentions bigint, given_country string, given_ror string, seqs bigint, located bigint",
)
GIVEN = _private(
    "given",
    "Country codes that sources assert, and how the territory policy counts them.",
    "given_country",
    "given_country string, country_code string",
)
MET = _private(
    "met",
    "FOUND with the country each resolution was met with, by itself or as its source asserts, what that rests on, and "
    "what CONTEXT says of the string: later steps need not look it up by its text. own_located: how many of its "
    "resolutions name a country by themselves.",
    "affiliation, seq",
    "affiliation string, seq bigint, name_key string, name string, known_id string, not_id string, "
    "country_code string, basis string, country_method string, country_span string, method string, span string, "
    "acronym string, confidence double, reason string, decision string, country_decision string, mentions bigint, "
    "seqs bigint, own_located bigint, given_ror string",
)
UNIFIED = _private(
    "unified",
    "The institution of each name with the country it was met with ('' for none) and what that rests on.",
    "name_key, met_country, basis",
    "name_key string, met_country string, basis string, institution_id string, name string, country_code string, "
    "ror_id string, evidence string, reason string, decision string, country_decision string",
)
KNOWN = _private(
    "known",
    "The institutions that a registry or a decision names by id, and as which they are counted.",
    "known_id",
    "known_id string, institution_id string, name string, country_code string, ror_id string, decision string, "
    "country_decision string",
)
SETTLED = replace(
    RESOLUTIONS,
    name="affiliations_settled",
    meaning="RESOLUTIONS, with the name and country each was met with, why the name is the institution's (evidence), "
    "and mentions, seqs and own_located as in MET.",
    columns=MappingProxyType(
        {
            **RESOLUTIONS.columns,
            "name": "string",
            "met_country": "string",
            "evidence": "string",
            "mentions": "bigint",
            "seqs": "bigint",
            "own_located": "bigint",
        }
    ),
    private=True,
)
LINKS = _private(
    "links",
    "One row per mention and resolution: the institution and country that it links the work (and author) to. An "
    "institution that is no more is already replaced by its successor, after the work's year. named, linked, located: "
    "whether the string, by one of its resolutions, names an institution, one with a ROR id, and a country.",
    "work_id, mention_seq, resolution_seq",
    "work_id string, mention_seq bigint, resolution_seq bigint, author_seq bigint, institution_id string, "
    "country_code string, named bigint, linked bigint, located bigint",
)
NAMED = _private(
    "named",
    "The institutions as which each resolution counts in its mentions: what the string names, and its successors in "
    "works of their years. ror_id is that of the resolution; name, met_country and evidence as in SETTLED.",
    "affiliation, seq, institution_id",
    "affiliation string, seq bigint, institution_id string, ror_id string, name string, met_country string, "
    "evidence string, mentions bigint",
)
COUNTED_FOR = _private(
    "counted_for",
    "The institutions, itself among them, that one counts for where it counts for others; members says how many.",
    "institution_id, counted_for",
    "institution_id string, counted_for string, members bigint",
)
JUDGED = _private(
    "judged",
    "Every decision with what is wrong with it ('set_aside') or was changed.",
    "file, row",
    "file string, row bigint, decision string, affiliation string, name string, country_code string, "
    "institution_id string, target string, note string, decided_by string, decided_on string, "
    "registry_version string, label string, status string, code string, detail string",
)
