"""The stage: keywords in; the keyword tree, the fields of each keyword and the fields of each work out."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import numpy as np

from kakehashi.data.read import csv_rows
from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SettingsError
from kakehashi.fields import kept, stability, tree, weigh
from kakehashi.fields.inherit import Decision, inherit, labelled
from kakehashi.fields.keywords import normalise
from kakehashi.fields.synonyms import Synonyms, joined, learnt, read_synonyms, read_thesaurus
from kakehashi.fields.taxonomy import NONE, Ccs, Label, Taxonomy, label_of, load_labels, load_taxonomy
from kakehashi.progress import Progress
from kakehashi.records import KeywordKind
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import (
    FIELD_EVIDENCE,
    FIELD_OUTCOMES,
    FIELD_TERMS,
    KEYWORD_FIELDS,
    KEYWORD_TREE,
    WORK_FIELDS,
    Table,
)

MAX_KEYWORDS = 60
"""Keywords of one work that take part, by kind in the order of the settings, then alphabetically. A work with
hundreds would tie everything to everything, and the pairs grow with the square."""

FORMS = Table(
    "fields_forms",
    "The normal form of each distinct keyword of the kinds that take part.",
    MappingProxyType({"kind": "string", "keyword": "string", "form": "string"}),
    ("kind", "keyword"),
    private=True,
)
ASSIGNMENTS = Table(
    "fields_assignments",
    "The distinct keywords of each work that take part, each under the first kind it came as (priority from 1). "
    "CCS keywords keep the form in which the record gives them, behind `ccs:`; they have their own tree.",
    MappingProxyType(
        {
            "work_id": "string",
            "keyword": "string",
            "kind": "string",
            "priority": "bigint",
            "weight": "double",
        }
    ),
    ("work_id", "keyword"),
    private=True,
)
LEFT_ASSIGNMENTS = replace(
    ASSIGNMENTS, name="fields_left_assignments", meaning="The keywords of the works that the trial leaves out."
)
AGAIN_ASSIGNMENTS = replace(
    ASSIGNMENTS, name="fields_again_assignments", meaning="The keywords of the works that the trial decides again."
)
VOCABULARY = Table(
    "fields_vocabulary",
    "The keywords of the tree, numbered from 0 in alphabetical order, with their number of works.",
    MappingProxyType({"keyword": "string", "id": "bigint", "works": "bigint"}),
    ("keyword",),
    private=True,
)


def run(
    engine: Engine, settings: Settings, progress: Progress, trial: bool = True, reader: str = ""
) -> Mapping[str, float]:
    """Write keyword_tree, keyword_fields, work_fields and field_outcomes from works and keywords.

    `reader` is the fingerprint of code, packages, works and keywords: where it is that of the last run, works are
    weighed anew only where the labels that touch them have changed (`kept`), for which field_evidence and field_terms
    are written too.

    Returns how stable they are (`stability.measures`), nothing without a `trial`. With the taxonomy `none` the four
    tables are empty. Raises DataError for a taxonomy or label file that breaks its rules and SettingsError for an
    unknown kind of keyword.
    """
    if settings.fields.taxonomy == NONE:
        for table in (KEYWORD_TREE, KEYWORD_FIELDS, WORK_FIELDS, FIELD_OUTCOMES, FIELD_EVIDENCE, FIELD_TERMS):
            engine.load(table, ())
        return {}
    taxonomy = load_taxonomy(settings.fields.taxonomy)
    labels = load_labels(Path(settings.fields.labels), taxonomy) if settings.fields.labels else taxonomy.labels
    tree.checked(settings.fields.tree_method)
    advance = progress.step("fields", 5)
    kinds, synonyms = _checked_kinds(settings.fields.keyword_kinds), _synonyms(engine, settings.fields)
    former = kept.former(engine, kept.fingerprint(reader, settings.fields, taxonomy, synonyms))
    _assign(engine, kinds, synonyms)
    advance(1)
    counts = _counts(engine, settings.fields.min_keyword_works)
    grown = counts.tree(settings.fields.tree_method)
    engine.load(KEYWORD_TREE, _tree_rows(counts.keywords, counts.works.tolist(), grown))
    advance(1)
    tried = _try(engine, taxonomy, labels, settings.fields, counts) if trial else None
    advance(1)
    _decide_keywords(engine, taxonomy, labels, inherit(counts.keywords, counts.works, grown, labels, counts.total))
    advance(1)
    weigh.decide(engine, taxonomy, labels, settings.fields.decide, former=former)
    advance(1)
    if tried is None:
        return {}
    fields = stability.decided_again(engine, _reads_texts(taxonomy, settings.fields))
    return stability.measures(engine, (stability.parents(counts, grown), tried[0]), (fields, tried[1]))


def _try(
    engine: Engine, taxonomy: Taxonomy, labels: Mapping[str, Label], section: FieldsSection, counts: stability.Counts
) -> tuple[dict[str, str], frozenset[Row]]:
    """Leave 1% of the works out, and return the links of the tree and the fields of the works decided again.

    The tables that this writes are written anew afterwards. Synonyms that the corpus explains are taken as they are; a
    model that would have to be fitted to the study's own works is left out, and the fields it gives are not compared.
    """
    stability.draw(engine)
    for table, chosen in ((LEFT_ASSIGNMENTS, stability.LEFT), (AGAIN_ASSIGNMENTS, stability.AGAIN)):
        columns = ", ".join(f"a.{name}" for name in table.columns)
        engine.make(table, f"select {columns} from fields_assignments a join {chosen.name} c on c.work_id = a.work_id")
    fewer = counts.without(_counted(engine, counts.keywords, LEFT_ASSIGNMENTS), section.min_keyword_works)
    grown = fewer.tree(section.tree_method)
    decisions = inherit(fewer.keywords, fewer.works, grown, labels, fewer.total)
    _decide_keywords(engine, taxonomy, labels, decisions, AGAIN_ASSIGNMENTS)
    texts = _reads_texts(taxonomy, section)
    weigh.decide(
        engine, taxonomy, labels, "evidence" if texts else "keywords", stability.AGAIN.name, AGAIN_ASSIGNMENTS.name
    )
    return stability.parents(fewer, grown), stability.decided_again(engine, texts)


def _reads_texts(taxonomy: Taxonomy, section: FieldsSection) -> bool:
    """Tell whether texts are read by a model that the taxonomy brings along."""
    return section.decide == "evidence" and taxonomy.model is not None


def _synonyms(engine: Engine, section: FieldsSection) -> Synonyms:
    """Return what stands for what: by the user's file, then the thesaurus, then what the corpus itself explains."""
    own = read_synonyms(Path(section.synonyms)) if section.synonyms else {}
    thesaurus = read_thesaurus(Path(section.thesaurus)) if section.thesaurus else {}
    return joined(own, thesaurus, learnt(engine.rows(_EXPLAINED)))


def _assign(engine: Engine, kinds: tuple[str, ...], synonyms: Synonyms) -> None:
    """Write the private tables of keywords in normal form and of who carries them."""
    weight_of = {row["kind"]: float(row["weight"]) for row in csv_rows("taxonomies/kinds.csv")}
    weight = " ".join(f"when '{kind}' then {weight_of[kind]}" for kind in kinds)
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    distinct = f"select distinct kind, keyword from keywords where kind in ({listed})"
    engine.map(FORMS, distinct, _normaliser(synonyms), light=True)
    priority = " ".join(f"when '{kind}' then {place}" for place, kind in enumerate(kinds, 1))
    kind_of = " ".join(f"when {place} then '{kind}'" for place, kind in enumerate(kinds, 1))
    engine.make(
        ASSIGNMENTS,
        f"""
        with carried as (
            select k.work_id,
                   case when k.kind = 'ccs' then 'ccs:' || k.keyword else f.form end as keyword,
                   min(case k.kind {priority} end) as priority
            from keywords k
            join fields_forms f on f.kind = k.kind and f.keyword = k.keyword
            group by k.work_id, case when k.kind = 'ccs' then 'ccs:' || k.keyword else f.form end
        ),
        placed as (
            select work_id, keyword, priority,
                   row_number() over (
                       partition by work_id order by priority nulls last, keyword nulls last
                   ) as place
            from carried
        )
        select work_id, keyword, case priority {kind_of} end as kind, priority,
               cast(case case priority {kind_of} end {weight} end as double) as weight
        from placed
        where place <= {MAX_KEYWORDS}
        """,
    )


def _normaliser(synonyms: Synonyms) -> Callable[[Iterator[Row]], Iterator[Row]]:
    plain = dict(synonyms)

    def forms(rows: Iterator[Row]) -> Iterator[Row]:
        for kind, keyword, form in normalise(rows):
            standard = form if kind == "ccs" else plain.get(form, form)
            if standard:
                yield kind, keyword, standard

    return forms


def _counts(engine: Engine, least: int) -> stability.Counts:
    """Write the private table of the tree's keywords and return what the tree is built from."""
    engine.make(
        VOCABULARY,
        f"""
        select keyword, row_number() over (order by keyword nulls last) - 1 as id, count(*) as works
        from fields_assignments
        where kind <> 'ccs'
        group by keyword
        having count(*) >= {least}
        """,
    )
    vocabulary = engine.rows("select keyword from fields_vocabulary order by id nulls last")
    return _counted(engine, tuple(keyword for (keyword,) in vocabulary), ASSIGNMENTS)


def _counted(engine: Engine, keywords: tuple[str, ...], assignments: Table) -> stability.Counts:
    """Count the tree's keywords, and their pairs, in works with the given assignments."""
    works = np.zeros(len(keywords), dtype=np.int64)
    for number, count in engine.rows(_WORKS.format(assignments=assignments.name)):
        works[number] = count
    found = engine.arrays(_PAIRS.format(assignments=assignments.name))
    pairs = np.stack([found[name].astype(np.int64) for name in ("one", "other", "joint")], axis=1)
    total = int(engine.rows(f"select count(distinct work_id) from {assignments.name}")[0][0])
    return stability.Counts(keywords, works, pairs, total)


def _tree_rows(keywords: tuple[str, ...], works: list[int], grown: tree.Tree) -> Iterator[Row]:
    columns = (grown.parent, grown.joint_works, grown.cost, grown.depth, grown.cluster)
    for keyword, count, parent, joint, cost, depth, cluster in zip(
        keywords, works, *(column.tolist() for column in columns), strict=True
    ):
        if parent < 0:
            yield keyword, None, None, None, depth, cluster, count
        else:
            yield keyword, keywords[parent], joint, cost if joint else None, depth, cluster, count


def _decide_keywords(
    engine: Engine,
    taxonomy: Taxonomy,
    labels: Mapping[str, Label],
    decisions: Mapping[str, Decision],
    assignments: Table = ASSIGNMENTS,
) -> None:
    """Write keyword_fields for the keywords that are assigned."""
    engine.map(
        KEYWORD_FIELDS,
        f"select distinct keyword from {assignments.name}",
        _decide(taxonomy, MappingProxyType(dict(labels)), decisions),
        light=True,
    )


def _decide(
    taxonomy: Taxonomy, labels: Mapping[str, Label], decisions: Mapping[str, Decision]
) -> Callable[[Iterator[Row]], Iterator[Row]]:
    """Return the generator that turns each keyword into its rows of keyword_fields."""
    # Engines may send the generator to another process: plain dictionaries travel, views of them do not.
    ccs_paths, ccs_names = dict(taxonomy.ccs.by_path), dict(taxonomy.ccs.by_name)
    label_of = dict(labels)

    def decide(rows: Iterator[Row]) -> Iterator[Row]:
        ccs = Ccs(ccs_paths, ccs_names)
        for (keyword,) in rows:
            made = _decision(keyword, ccs, label_of, decisions)
            for seq, field in enumerate(made.fields or (None,), 1):
                yield keyword, seq, field, made.method, made.from_keyword, made.distance, made.reason

    return decide


def _decision(keyword: str, ccs: Ccs, labels: Mapping[str, Label], decisions: Mapping[str, Decision]) -> Decision:
    if keyword.startswith(_CCS_PREFIX):
        concept = ccs.find(keyword.removeprefix(_CCS_PREFIX))
        if concept is None:
            return Decision((), None, None, None, "not_in_ccs_file")
        reason = None if concept.fields else f"outside:{concept.name}"
        return Decision(concept.fields, "ccs", concept.name, None, reason)
    if keyword in decisions:
        return decisions[keyword]
    label = label_of(keyword, labels)
    if label is not None:
        return labelled(keyword, label)
    return Decision((), None, None, None, "too_few_works")


def _checked_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    known = get_args(KeywordKind)
    for kind in kinds:
        if kind not in known:
            near = difflib.get_close_matches(kind, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise SettingsError(f"fields.keyword_kinds: unknown kind {kind!r}; {hint}")
    if not kinds:
        raise SettingsError(f"fields.keyword_kinds: name at least one of {', '.join(known)}")
    return tuple(dict.fromkeys(kinds))


_CCS_PREFIX = "ccs:"

_EXPLAINED = """
    select keyword, count(distinct work_id) as works
    from keywords
    where keyword like '%(%)'
    group by keyword
    order by keyword nulls last
"""

_WORKS = """
    select v.id, count(*) from {assignments} a join fields_vocabulary v on v.keyword = a.keyword group by v.id
"""

_PAIRS = """
    with numbered as (
        select a.work_id, v.id from {assignments} a join fields_vocabulary v on v.keyword = a.keyword
    )
    select x.id as one, y.id as other, count(*) as joint
    from numbered x join numbered y on y.work_id = x.work_id and x.id < y.id
    group by x.id, y.id
"""
