"""Every table that crosses a stage boundary, declared once: name, meaning, columns, key.

Tables are long and flat: no lists, maps or structs, so the key can be checked, both engines agree and a
spreadsheet opens them. A value that could not be resolved is null, and a column beside it says why.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast

ColumnType = Literal["string", "bigint", "double", "boolean"]


@dataclass(frozen=True)
class Table:
    """A declared table. `columns` maps each column to its type in order; `key` is unique and never null.

    A `private` table is a stage's own, between two of its steps, and ends with the stage: engines neither sort it nor
    check its key, which at scale takes longer than to make it. Its rows are in no order.
    """

    name: str
    meaning: str
    columns: MappingProxyType[str, ColumnType]
    key: tuple[str, ...]
    private: bool = False


def declare(name: str, meaning: str, key: str, columns: str, *, private: bool = False) -> Table:
    """Declare a table from `"column type, column type"`, the form in which people read schemas."""
    types = dict(column.split() for column in columns.split(","))
    typed = MappingProxyType(cast("dict[str, ColumnType]", types))
    return Table(name, meaning, typed, tuple(key.split(", ")), private)


# --- corpus ---------------------------------------------------------------------------------------------

SOURCES = declare(
    "sources",
    "One row per input file: what it was recognised as, and what became of its records.",
    "file",
    "file string, format string, database string, records bigint, kept bigint, merged bigint, refused bigint, "
    "note string",
)
RECORDS = declare(
    "records",
    "One row per record that was not refused: the work it became part of, whether it is that work's first record "
    "(kept) or was merged into it, and by which rule.",
    "record_id",
    "record_id string, file string, row bigint, database string, work_id string, status string, rule string",
)
REFUSALS = declare(
    "refusals",
    "What could not be kept, and why. records counts the records lost: 0 where only a part of a record or a note.",
    "file, seq",
    "file string, seq bigint, row bigint, code string, reason string, records bigint",
)
WORKS = declare(
    "works",
    "One row per research work after merging the records that describe it.",
    "work_id",
    "work_id string, doi string, title string, year bigint, venue string, doc_type string, language string, "
    "abstract string, citations bigint, database string",
)
WORK_VALUES = declare(
    "work_values",
    "Where each kept value of a work came from: name is the column (or authorships, mentions), record_id its origin.",
    "work_id, name",
    "work_id string, name string, record_id string",
)
AUTHORSHIPS = declare(
    "authorships",
    "One row per author of a work, in the order printed.",
    "work_id, seq",
    "work_id string, seq bigint, author string, orcid string",
)
MENTIONS = declare(
    "mentions",
    "One row per affiliation string of a work. author_seq is null where the format does not link author and "
    "affiliation. given_* are what the source itself asserts.",
    "work_id, seq",
    "work_id string, seq bigint, author_seq bigint, affiliation string, given_ror string, given_country string",
)
KEYWORDS = declare(
    "keywords",
    "One row per keyword of a work and its kind: author, ieee, inspec, inspec_free, index, mesh, ccs, topic, concept.",
    "work_id, kind, keyword",
    "work_id string, kind string, keyword string, record_id string",
)

# --- affiliations ---------------------------------------------------------------------------------------

READINGS = declare(
    "readings",
    "What each distinct affiliation string says by itself, before the corpus or any decision is looked at: one row per "
    "institution found in it. name_key is the normal form of the name, basis what the country rests on (address or "
    "name), acronym the key of one printed beside the name, reader the fingerprint of code, data and settings.",
    "affiliation, seq",
    "affiliation string, seq bigint, name_key string, name string, country_code string, ror_id string, basis string, "
    "method string, country_method string, span string, country_span string, acronym string, confidence double, "
    "reason string, reader string",
)
RESOLUTIONS = declare(
    "resolutions",
    "What each distinct affiliation string names: one row per institution found in it (seq from 1), or one row with "
    "a null institution_id and the reason. span is the text that decided; method says which rule; confidence: 0 to 1. "
    "decision and country_decision name the file and row of the decision that settled the institution or its country.",
    "affiliation, seq",
    "affiliation string, seq bigint, institution_id string, institution string, country_code string, ror_id string, "
    "method string, country_method string, span string, country_span string, confidence double, reason string, "
    "decision string, country_decision string",
)
INSTITUTIONS = declare(
    "institutions",
    "One row per institution: its representative name, country, number of spellings and of works. One that only counts "
    "beside others (affiliations.roll_up) has no spelling.",
    "institution_id",
    "institution_id string, name string, country_code string, ror_id string, spellings bigint, works bigint",
)
INSTITUTION_NAMES = declare(
    "institution_names",
    "The spellings of each institution, most frequent first, by the country they were met with. evidence says how a "
    "spelling came to its institution: same_key, spacing, abbreviation, acronym, ..., registry, successor or decision.",
    "institution_id, seq",
    "institution_id string, seq bigint, name string, met_country string, mentions bigint, evidence string",
)
SOURCE_COVERAGE = declare(
    "source_coverage",
    "Of the affiliations that each input file gave works (work_values says which file did), how many lead to an "
    "institution, to one with a ROR id, and to a country. A file that gave none has no row.",
    "file",
    "file string, mentions bigint, institutions bigint, linked bigint, countries bigint",
)
INSTITUTION_RELATIONS = declare(
    "institution_relations",
    "As which other institutions of the registry one counts. A successor counts in its place, in works from from_year "
    "on and before until_year (null: without that limit); a parent or top counts beside it. Where counts is false, "
    "reason says why the registry's relation is not followed.",
    "institution_id, relation, related_id",
    "institution_id string, relation string, related_id string, related string, counts boolean, reason string, "
    "from_year bigint, until_year bigint",
)
DECISIONS = declare(
    "decisions",
    "One row per decision of the study's decision files. status: applied (to so many strings and works), no_effect "
    "(it is about nothing in this study) or set_aside; code and detail say what is wrong with it or was changed.",
    "file, row",
    "file string, row bigint, decision string, affiliation string, name string, country_code string, "
    "institution_id string, target string, note string, decided_by string, decided_on string, "
    "registry_version string, status string, code string, detail string, strings bigint, works bigint",
)
WORK_INSTITUTIONS = declare(
    "work_institutions",
    "The distinct institutions of a work. fraction is the work's share under fractional counting; shares sum to 1.",
    "work_id, institution_id",
    "work_id string, institution_id string, fraction double",
)
WORK_COUNTRIES = declare(
    "work_countries",
    "The distinct countries of a work. fraction is the work's share under fractional counting; shares sum to 1.",
    "work_id, country_code",
    "work_id string, country_code string, fraction double",
)

# --- fields ---------------------------------------------------------------------------------------------

KEYWORD_FORMS = declare(
    "keyword_forms",
    "The normal form of each distinct keyword of the kinds that take part, synonyms followed.",
    "kind, keyword",
    "kind string, keyword string, form string",
)
KEYWORD_TREE = declare(
    "keyword_tree",
    "The keyword tree: each keyword, its parent (null at a root), their joint works, the cost of that link by the "
    "method (fields.tree_method; plain: 1 / joint works; null where words alone make the link), its depth and cluster.",
    "keyword",
    "keyword string, parent string, joint_works bigint, cost double, depth bigint, cluster bigint, works bigint",
)
KEYWORD_TRIAL = declare(
    "keyword_trial",
    "The keyword tree without 1% of the works, with which the trial decides fields again: columns as of keyword_tree.",
    "keyword",
    "keyword string, parent string, joint_works bigint, cost double, depth bigint, cluster bigint, works bigint",
)
KEYWORD_TOTALS = declare(
    "keyword_totals",
    "The works with keywords behind keyword_tree and keyword_trial. reader is the fingerprint of code, packages, "
    "works, keywords and settings: trees are not grown again under the same one.",
    "tree",
    "tree string, works bigint, reader string",
)
KEYWORD_FIELDS = declare(
    "keyword_fields",
    "The fields of each keyword, or one row with a null field and the reason. method: own (a label of the study's own "
    "file), label, ccs or inherited; "
    "from_keyword is the label that decided and distance the steps to it.",
    "keyword, seq",
    "keyword string, seq bigint, field string, method string, from_keyword string, distance bigint, reason string",
)
WORK_FIELDS = declare(
    "work_fields",
    "The fields of each work inside the study (several allowed), with the keyword that speaks for the field most "
    "directly, or for method text the term met in the title or abstract (kind). score: the probability by the evidence "
    "weighed, or the share of keywords that say so where keywords alone decide. Works without a row are not in "
    "the study.",
    "work_id, field",
    "work_id string, field string, keyword string, kind string, method string, score double",
)
FIELD_OUTCOMES = declare(
    "field_outcomes",
    "What became of each work: fields (it has some), outside (it has none, and the evidence says so) or unclassified "
    "(nothing speaks for or against). score: the probability of the outcome, null where unclassified. basis: own, "
    "label, ccs, inherited or text. keywords and decided: how many keywords take part, how many a label decides.",
    "work_id",
    "work_id string, outcome string, basis string, score double, keywords bigint, decided bigint",
)
FIELD_EVIDENCE = declare(
    "field_evidence",
    "The probability of a field for a work, where it comes into question: it is likely enough, the user's own label "
    "gives it, or it is the work's best, which has the place 1. term and part: what the text says most for it; part is "
    "title or abstract, words where they speak together only, null where the model knows no word of them. met, at "
    "place 1: the numbers of all labelled terms met. Kept for the next run; empty where keywords alone decide.",
    "work_id, field",
    "work_id string, field string, score double, place bigint, term string, part string, met string",
)
FIELD_TERMS = declare(
    "field_terms",
    "The labelled terms that texts were searched for, in the order of their words, with the keyword and the fields of "
    "the label, null where it names none. reader is the fingerprint of code, packages, works, keywords and settings.",
    "number",
    "number bigint, words string, keyword string, fields string, reader string",
)

# --- networks, indicators, positioning ------------------------------------------------------------------

WORK_SCOPES = declare(
    "work_scopes",
    "The scopes each work counts in: its fields, all (every work in the study) and collected (every work read). A work "
    "without a year counts in the whole period only.",
    "work_id, field",
    "work_id string, field string, year bigint",
)
EDGES = declare(
    "edges",
    "Co-authorship edges: entity_a < entity_b. level is country or institution; field is a field id, all (every work "
    "in the study) or collected (every work read); period: a year or all. fractional: 1/(n-1) summed over joint works. "
    "An institution has no edge with a parent that it counts for.",
    "level, field, period, entity_a, entity_b",
    "level string, field string, period string, entity_a string, entity_b string, works bigint, fractional double",
)
EDGE_SCOPES = declare(
    "edge_scopes",
    "What the edges of each field were made of: the digest of its works and of all else that makes edges of them. The "
    "edges of a field that is as it was are not counted again. edges: how many there are.",
    "field",
    "field string, edges bigint, digest string",
)
INDICATORS = declare(
    "indicators",
    "Indicators of each entity by field and period. papers is full counting; works_resolved is the number of works "
    "with a resolved country in the same field and period; betweenness_error is null where exact.",
    "level, field, period, entity",
    "level string, field string, period string, entity string, papers bigint, papers_fractional double, "
    "international_papers bigint, international_share double, degree bigint, degree_normalised double, "
    "betweenness double, betweenness_error double, eigenvector double, activity_index double",
)
RANK_INTERVALS = declare(
    "rank_intervals",
    "How sure ranks are: of the 200 entities of most works, by level and field, over the whole period. measure is the "
    "column of indicators that is ranked; rank is 1 + the number of entities with more; rank_low to rank_high holds "
    "95% of the ranks over resamples of the study's works (draws of them).",
    "level, field, measure, entity",
    "level string, field string, measure string, entity string, rank bigint, rank_low bigint, rank_high bigint, "
    "draws bigint",
)
MEASURED_GRAPHS = declare(
    "measured_graphs",
    "The networks whose centralities indicators holds, by the digest of each: one that has not changed is not measured "
    "again. edges: that of edge_scopes. reader is the fingerprint of code, packages and settings.",
    "level, field, period",
    "level string, field string, period string, digest string, edges string, reader string",
)
TOTALS = declare(
    "totals",
    "Works by field, period and database (or all): in all, with a resolved country, international, and their share.",
    "field, period, database",
    "field string, period string, database string, works bigint, works_resolved bigint, international_papers bigint, "
    "international_share double, without_country bigint",
)
POSITIONS = declare(
    "positions",
    "Where each entity stands relative to the home country: region is upper_right, upper_left, lower_right, "
    "lower_left, centre, home, or null with a reason. kind is country or institution.",
    "kind, field, period, entity",
    "entity string, kind string, field string, period string, papers double, international_share double, "
    "degree bigint, betweenness double, eigenvector double, region string, distance double, reason string",
)
STRENGTHS = declare(
    "strengths",
    "Strong and weak fields of a country: eigenvector order swaps against its peers between the map of all fields and "
    "the field's map, the mean shift in decades, and the activity index. verdict is strong, weak or null.",
    "entity, field",
    "entity string, field string, overtakes bigint, overtaken bigint, shift double, activity_index double, "
    "verdict string, rivals string, reason string",
)

LAYOUTS = declare(
    "layouts",
    "Where countries, and the 3,000 institutions of most works, stand in drawings of the network: within the unit "
    "circle, y upwards. place: 1 has most works. One layout, of all fields and years, serves every field and year.",
    "level, entity",
    "level string, entity string, place bigint, x double, y double",
)

# --- economy --------------------------------------------------------------------------------------------

ECONOMY = declare(
    "economy",
    "Trade of the home country with each country, and GDP, by period: a year, or all (the mean over the complete "
    "years, which years counts). country_code is world where a source gives the sum of all countries. exports and "
    "imports are from the home country's point of view. status: complete; partial (the value is what there is so far, "
    "and is left out of means and intensities); missing (null). reason and detail say why.",
    "country_code, indicator, period",
    "country_code string, indicator string, period string, value double, unit string, years bigint, status string, "
    "reason string, detail string, file string",
)
ECONOMY_REFUSALS = declare(
    "economy_refusals",
    "What of the trade and GDP files could not be used, and why. The same fault of a file is one row: row is where it "
    "was met first, records how many records it cost: 0 for a note.",
    "file, seq",
    "file string, seq bigint, row bigint, code string, reason string, records bigint",
)

ALL = (
    SOURCES, RECORDS, REFUSALS, WORKS, WORK_VALUES, AUTHORSHIPS, MENTIONS, KEYWORDS,
    READINGS, RESOLUTIONS, INSTITUTIONS, INSTITUTION_NAMES, SOURCE_COVERAGE, INSTITUTION_RELATIONS,
    DECISIONS,
    WORK_INSTITUTIONS, WORK_COUNTRIES,
    KEYWORD_FORMS, KEYWORD_TREE, KEYWORD_TRIAL, KEYWORD_TOTALS, KEYWORD_FIELDS,
    WORK_FIELDS, FIELD_OUTCOMES, FIELD_EVIDENCE, FIELD_TERMS,
    WORK_SCOPES, EDGES, EDGE_SCOPES, INDICATORS, RANK_INTERVALS, MEASURED_GRAPHS, TOTALS, POSITIONS, STRENGTHS, LAYOUTS,
    ECONOMY, ECONOMY_REFUSALS,
)  # fmt: skip
BY_NAME = MappingProxyType({table.name: table for table in ALL})
