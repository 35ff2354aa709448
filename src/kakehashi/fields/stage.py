"""The stage: keywords in; the keyword tree, the fields of each keyword and the fields of each work out."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import numpy as np

from kakehashi.data.read import csv_rows
from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SettingsError
from kakehashi.fields import tree, weigh
from kakehashi.fields.inherit import Decision, inherit, labelled
from kakehashi.fields.keywords import normalise
from kakehashi.fields.synonyms import Synonyms, joined, learnt, read_synonyms, read_thesaurus
from kakehashi.fields.taxonomy import NONE, Ccs, Label, Taxonomy, label_of, load_labels, load_taxonomy
from kakehashi.progress import Progress
from kakehashi.records import KeywordKind
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import FIELD_OUTCOMES, KEYWORD_FIELDS, KEYWORD_TREE, WORK_FIELDS, Table

MAX_KEYWORDS = 60
"""Keywords of one work that take part, by kind in the order of the settings, then alphabetically. A work with
hundreds would tie everything to everything, and the pairs grow with the square."""

FORMS = Table(
    "fields_forms",
    "The normal form of each distinct keyword of the kinds that take part.",
    MappingProxyType({"kind": "string", "keyword": "string", "form": "string"}),
    ("kind", "keyword"),
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
)
VOCABULARY = Table(
    "fields_vocabulary",
    "The keywords of the tree, numbered from 0 in alphabetical order, with their number of works.",
    MappingProxyType({"keyword": "string", "id": "bigint", "works": "bigint"}),
    ("keyword",),
)


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Write keyword_tree, keyword_fields, work_fields and field_outcomes from works and keywords.

    With the taxonomy `none` the four tables are empty. Raises DataError for a taxonomy or label file that breaks its
    rules and SettingsError for an unknown kind of keyword.
    """
    if settings.fields.taxonomy == NONE:
        for table in (KEYWORD_TREE, KEYWORD_FIELDS, WORK_FIELDS, FIELD_OUTCOMES):
            engine.load(table, ())
        return
    taxonomy = load_taxonomy(settings.fields.taxonomy)
    labels = load_labels(Path(settings.fields.labels), taxonomy) if settings.fields.labels else taxonomy.labels
    tree.checked(settings.fields.tree_method)
    advance = progress.step("fields", 4)
    _assign(engine, _checked_kinds(settings.fields.keyword_kinds), _synonyms(engine, settings.fields))
    advance(1)
    decisions = _grow(engine, labels, settings.fields)
    advance(1)
    engine.map(
        KEYWORD_FIELDS,
        "select distinct keyword from fields_assignments",
        _decide(taxonomy, MappingProxyType(dict(labels)), decisions),
    )
    advance(1)
    weigh.decide(engine, taxonomy, labels, settings.fields.decide)
    advance(1)


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
    engine.map(FORMS, f"select distinct kind, keyword from keywords where kind in ({listed})", _normaliser(synonyms))
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


def _grow(engine: Engine, labels: Mapping[str, Label], section: FieldsSection) -> dict[str, Decision]:
    """Write keyword_tree and return the decision for each of its keywords."""
    engine.make(
        VOCABULARY,
        f"""
        select keyword, row_number() over (order by keyword nulls last) - 1 as id, count(*) as works
        from fields_assignments
        where kind <> 'ccs'
        group by keyword
        having count(*) >= {section.min_keyword_works}
        """,
    )
    vocabulary = engine.rows("select keyword, works from fields_vocabulary order by id nulls last")
    keywords = tuple(keyword for keyword, _ in vocabulary)
    works = np.array([count for _, count in vocabulary], dtype=np.int64)
    pairs = np.array(engine.rows(_PAIRS), dtype=np.int64).reshape(-1, 3)
    grown = tree.build(works, pairs[:, 0], pairs[:, 1], pairs[:, 2], section.tree_method, keywords)
    engine.load(KEYWORD_TREE, _tree_rows(keywords, works.tolist(), grown))
    total = int(engine.rows("select count(distinct work_id) from fields_assignments")[0][0])
    return inherit(keywords, works, grown, labels, total)


def _tree_rows(keywords: tuple[str, ...], works: list[int], grown: tree.Tree) -> Iterator[Row]:
    columns = (grown.parent, grown.joint_works, grown.cost, grown.depth, grown.cluster)
    for keyword, count, parent, joint, cost, depth, cluster in zip(
        keywords, works, *(column.tolist() for column in columns), strict=True
    ):
        if parent < 0:
            yield keyword, None, None, None, depth, cluster, count
        else:
            yield keyword, keywords[parent], joint, cost if joint else None, depth, cluster, count


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

_PAIRS = """
    with numbered as (
        select a.work_id, v.id from fields_assignments a join fields_vocabulary v on v.keyword = a.keyword
    )
    select x.id, y.id, count(*)
    from numbered x join numbered y on y.work_id = x.work_id and x.id < y.id
    group by x.id, y.id
"""
