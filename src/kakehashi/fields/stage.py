"""The stage: keywords in; the keyword tree, the fields of each keyword and the fields of each work out."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SettingsError
from kakehashi.fields import grown as trees
from kakehashi.fields import kept, stability, tree, weigh
from kakehashi.fields.assignments import AGAIN_ASSIGNMENTS, ASSIGNMENTS, LEFT_ASSIGNMENTS, assign, normal_forms
from kakehashi.fields.deciding import Decide
from kakehashi.fields.grown import Grown
from kakehashi.fields.inherit import Decision, inherit
from kakehashi.fields.numbers import number
from kakehashi.fields.synonyms import Synonyms, joined, learnt, read_synonyms, read_thesaurus
from kakehashi.fields.taxonomy import NONE, Label, Taxonomy, load_labels, load_taxonomy
from kakehashi.progress import Progress
from kakehashi.records import KeywordKind
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import (
    FIELD_EVIDENCE,
    FIELD_OUTCOMES,
    FIELD_TERMS,
    KEYWORD_FIELDS,
    KEYWORD_FORMS,
    KEYWORD_TOTALS,
    KEYWORD_TREE,
    KEYWORD_TRIAL,
    WORK_FIELDS,
)

WRITTEN = (
    KEYWORD_FORMS, KEYWORD_TREE, KEYWORD_TRIAL, KEYWORD_TOTALS, KEYWORD_FIELDS, WORK_FIELDS, FIELD_OUTCOMES,
    FIELD_EVIDENCE, FIELD_TERMS,
)  # fmt: skip


def run(
    engine: Engine, settings: Settings, progress: Progress, trial: bool = True, reader: str = ""
) -> Mapping[str, float]:
    """Write keyword_tree, keyword_fields, work_fields and field_outcomes from works and keywords.

    `reader` is the fingerprint of code, packages, works and keywords: where it is that of the last run, trees are not
    grown anew (`grown`), and works are weighed anew only where the labels that touch them have changed (`kept`). The
    other tables of `WRITTEN` are for that.

    Returns how stable they are (`stability.measures`), nothing without a `trial`. With the taxonomy `none` all tables
    are empty. Raises DataError for a taxonomy or label file that breaks its rules and SettingsError for an
    unknown kind of keyword.
    """
    if settings.fields.taxonomy == NONE:
        for table in WRITTEN:
            engine.load(table, ())
        return {}
    taxonomy = load_taxonomy(settings.fields.taxonomy)
    labels = load_labels(Path(settings.fields.labels), taxonomy) if settings.fields.labels else taxonomy.labels
    tree.checked(settings.fields.tree_method)
    advance = progress.step("fields", 5)
    kinds, synonyms = _checked_kinds(settings.fields.keyword_kinds), _synonyms(engine, settings.fields)
    former = kept.former(engine, kept.fingerprint(reader, settings.fields, taxonomy, synonyms))
    known = trees.former(engine, former.reader) if trial else None
    terms = kept.term_rows(labels, former.reader)
    changed = former.changed(terms) if known is not None else None
    advance(1)
    if known is None:
        trees.forget(engine)
        normal_forms(engine, kinds, synonyms)
    number(engine, kinds)
    if changed is None:
        assign(engine)
    if trial:
        stability.draw(engine)
    whole, tried = known or _grow(engine, settings.fields, former.reader, trial=trial)
    advance(1)
    outcome = _try(engine, taxonomy, labels, settings.fields, tried) if trial else frozenset()
    advance(1)
    keywords = _CARRIED.format(table=ASSIGNMENTS.name) if changed is None else kept.KEYWORDS_DECIDED
    _decide_keywords(engine, taxonomy, labels, _inherited(whole, labels), keywords)
    advance(1)
    if changed is not None:
        kept.touched(engine, changed)
        assign(engine, works=kept.TOUCHED.name)
    keeps = kept.Kept(tuple(terms), partly=changed is not None)
    weigh.decide(engine, taxonomy, labels, settings.fields.decide, keeps=keeps)
    advance(1)
    if not trial:
        return {}
    fields = stability.decided_again(engine, _reads_texts(taxonomy, settings.fields))
    return stability.measures(engine, (whole.parents, tried.parents), (fields, outcome))


def _grow(engine: Engine, section: FieldsSection, reader: str, *, trial: bool) -> tuple[Grown, Grown]:
    """Grow the tree, and that of the trial, which leaves 1% of the works out, and write both."""
    counts = trees.counts(engine, section.min_keyword_works)
    whole = tried = trees.grown(counts, section.tree_method)
    trees.store(engine, KEYWORD_TREE, whole)
    if not trial:
        engine.load(KEYWORD_TRIAL, ())
        return whole, tried
    columns = ", ".join(f"a.{name}" for name in LEFT_ASSIGNMENTS.columns)
    left = f"select {columns} from fields_assignments a join fields_drawn d on d.work = a.work where not d.again"
    engine.make(LEFT_ASSIGNMENTS, left)
    fewer = counts.without(trees.counted(engine, counts.keywords, LEFT_ASSIGNMENTS), section.min_keyword_works)
    tried = trees.grown(fewer, section.tree_method)
    trees.store(engine, KEYWORD_TRIAL, tried)
    if reader:
        trees.vouch(engine, whole, tried, reader)
    return whole, tried


def _try(
    engine: Engine,
    taxonomy: Taxonomy,
    labels: Mapping[str, Label],
    section: FieldsSection,
    tried: Grown,
) -> frozenset[Row]:
    """Return the fields of the works decided again, by the tree of the trial.

    The tables that this writes are written anew afterwards. Synonyms that the corpus explains are taken as they are; a
    model that would have to be fitted to the study's own works is left out, and the fields it gives are not compared.
    """
    assign(engine, AGAIN_ASSIGNMENTS, stability.AGAIN.name)
    _decide_keywords(engine, taxonomy, labels, _inherited(tried, labels), _CARRIED.format(table=AGAIN_ASSIGNMENTS.name))
    texts = _reads_texts(taxonomy, section)
    weigh.decide(
        engine, taxonomy, labels, "evidence" if texts else "keywords", stability.AGAIN.name, AGAIN_ASSIGNMENTS.name
    )
    return stability.decided_again(engine, texts)


def _inherited(grown: Grown, labels: Mapping[str, Label]) -> Mapping[str, Decision]:
    return inherit(grown.keywords, grown.works, grown.tree, labels, grown.total)


def _reads_texts(taxonomy: Taxonomy, section: FieldsSection) -> bool:
    """Tell whether texts are read by a model that the taxonomy brings along."""
    return section.decide == "evidence" and taxonomy.model is not None


def _synonyms(engine: Engine, section: FieldsSection) -> Synonyms:
    """Return what stands for what: by the user's file, then the thesaurus, then what the corpus itself explains."""
    own = read_synonyms(Path(section.synonyms)) if section.synonyms else {}
    thesaurus = read_thesaurus(Path(section.thesaurus)) if section.thesaurus else {}
    return joined(own, thesaurus, learnt(engine.rows(_EXPLAINED)))


def _decide_keywords(
    engine: Engine,
    taxonomy: Taxonomy,
    labels: Mapping[str, Label],
    decisions: Mapping[str, Decision],
    keywords: str,
) -> None:
    """Write keyword_fields for the keywords of a SELECT."""
    # Engines may send the function to another process: plain dictionaries travel, views of them do not.
    decide = Decide(dict(taxonomy.ccs.by_path), dict(taxonomy.ccs.by_name), dict(labels), dict(decisions))
    engine.map_batches(KEYWORD_FIELDS, keywords, decide, light=True)


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


_CARRIED = """
    select k.keyword from (select distinct number from {table}) a join fields_keywords k on k.number = a.number
"""

_EXPLAINED = """
    select keyword, count(distinct work_id) as works
    from keywords
    where keyword like '%(%)'
    group by keyword
    order by keyword nulls last
"""
