"""Chapter 8, the methods: written from the manifest and the settings, so that it says what was really run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kakehashi.figures.table import Band, Cell, Column, Row, table
from kakehashi.names import policy_name, taxonomy_name
from kakehashi.report import codes
from kakehashi.report.blocks import Block, Bullets, Chapter, Numbering, Paragraph, TableBlock, Terms
from kakehashi.report.chapters.tables import named, number, text
from kakehashi.report.context import Context
from kakehashi.settings import KERNEL_SPEED

_TERMS = (
    "work", "mention", "resolution", "country", "international_work", "counting", "field", "network", "degree",
    "betweenness", "eigenvector", "region", "activity_index", "refusal", "merge",
)  # fmt: skip


_LARGE = 1000  # settings from here on are written out with separators, not as 2e+09


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(8)
    blocks = [
        *_procedure(context, numbering),
        *_stages(context, numbering),
        *_settings(context, numbering),
        *_inputs(context, numbering),
        *_packages(context, numbering),
        *_glossary(context, numbering),
    ]
    return Chapter("methods", "8", context.texts("methods.title"), tuple(blocks))


def _procedure(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    settings = context.settings
    heading = numbering.heading(t("methods.procedure.heading"))
    if context.published:
        regions = t("methods.regions", home=context.country(context.home), radius=settings.positioning.centre_radius)
        return [heading, Paragraph(t("methods.procedure.published")), Bullets((regions, t("methods.missing")))]
    years = (settings.study.first_year, settings.study.last_year)
    period = (
        t("methods.period_all")
        if years == (None, None)
        else t("methods.period", first=years[0] or "", last=years[1] or "")
    )
    model = settings.affiliations.spacy_model or ""
    exact = settings.networks.exact_betweenness
    single = exact != "never" and settings.networks.exact_precision == "single"
    policy = settings.affiliations.territory_policy
    items = (
        t("methods.corpus", period=period),
        t("methods.affiliations_appendix1", model=model)
        if settings.affiliations.strategy == "appendix1"
        else t("methods.affiliations", ner=t(f"methods.{'spacy' if model else 'no_spacy'}", model=model)),
        _registry(context),
        *_relations(context),
        t("methods.territory", policy=policy_name(policy, t), code=policy),
        t(
            _fields(context),
            taxonomy=taxonomy_name(settings.fields.taxonomy, t),
            kinds=t.listing([_name(context, "keyword_kinds", kind) for kind in settings.fields.keyword_kinds]),
            smallest=t.number(settings.fields.min_keyword_works),
        ),
        *_stability(context),
        *_left_out(context),
        t(f"methods.counting_{settings.counting.counting}", by=t(f"methods.by_{settings.counting.fractional_by}")),
        t(
            f"methods.betweenness_{exact}",
            budget=t.number(settings.networks.betweenness_budget),
            faster=KERNEL_SPEED,
            error=settings.networks.sampled_error,
            confidence=t.percent(settings.networks.sampled_confidence),
            seed=settings.networks.seed,
        ),
        *([t("methods.betweenness_single")] if single else []),
        t("methods.eigenvector"),
        *_ranks(context),
        t("methods.regions", home=context.country(context.home), radius=settings.positioning.centre_radius),
        t(
            "strengths.rule",
            shift=settings.positioning.strength_shift,
            papers=t.number(settings.positioning.strength_min_papers),
        ),
        t("methods.missing"),
    )
    return [
        heading,
        Paragraph(t("methods.procedure.text", version=context.version)),
        Bullets(items),
    ]


def _relations(context: Context) -> list[str]:
    """Say as which other institutions one counts: nothing to say without a registry."""
    section = context.settings.affiliations
    if section.registry is None:
        return []
    return [
        context.texts(f"methods.successors_{section.successors}"),
        context.texts(f"methods.roll_up_{section.roll_up}"),
    ]


def _ranks(context: Context) -> list[str]:
    """How the intervals of ranks were found: nothing to say where there are none."""
    networks = context.settings.networks
    if context.published or not networks.rank_draws:
        return []
    return [context.texts("methods.ranks", draws=context.texts.number(networks.rank_draws), seed=networks.seed)]


def _registry(context: Context) -> str:
    """Which registry institutions were linked to, as the manifest recorded it."""
    t = context.texts
    used = _mapping(context.manifest.get("registry"))
    if not used:
        return t("methods.no_registry")
    return t(
        "methods.registry",
        version=str(used.get("version")),
        organisations=t.number(_rows(used.get("organisations"))),
        sha256=str(used.get("sha256")),
    )


def _fields(context: Context) -> str:
    """Which sentence about fields holds: assigned, asked for but never met, or not asked for."""
    if context.settings.fields.taxonomy == "none":
        return "methods.fields_none"
    return "methods.fields" if context.fields or not context.totals else "methods.fields_unmet"


def _stability(context: Context) -> list[str]:
    """Say what the trial of the fields stage changed, where there was one."""
    t = context.texts
    measured = _measures(context, "fields")
    if not measured:
        return []
    return [
        t(
            "methods.stability",
            left=t.number(measured["works_left_out"]),
            seed=str(measured["seed"]),
            links=t.percent(measured["links_changed_share"]),
            again=t.number(measured["works_decided_again"]),
            works=t.percent(measured["works_changed_share"]),
        )
    ]


def _left_out(context: Context) -> list[str]:
    """Say how many works have too many institutions or countries for edges, where there are such works."""
    t = context.texts
    measured = _measures(context, "networks")
    institutions, countries = (measured.get(name, 0) for name in ("works_left_out", "works_left_out_of_countries"))
    if not institutions and not countries:
        return []
    return [
        t(
            "methods.left_out",
            largest=t.number(measured["largest_work"]),
            institutions=t.number(institutions),
            countries=t.number(countries),
        )
    ]


def _measures(context: Context, stage: str) -> Mapping[str, Any]:
    return _mapping(_mapping(_mapping(context.manifest.get("stages")).get(stage)).get("measures"))


def _name(context: Context, kind: str, code: str) -> str:
    return codes.label(kind, code, context.texts.language) or code


def _stages(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("methods.stages.heading"))
    body: list[Row] = []
    tables = 0
    for name, stage in _mapping(context.manifest.get("stages")).items():
        body.append(Band(t(f"methods.stage.{name}") if t.has(f"methods.stage.{name}") else str(name)))
        for made, rows in _mapping(_mapping(stage).get("tables")).items():
            body.append((named(context, "tables", str(made)), number(context, _rows(rows))))
            tables += 1
    if not body:
        return [heading, Paragraph(t("methods.stages.empty"), "empty")]
    columns = [Column(t("columns.table")), Column(t("columns.rows"), "number")]
    id_, no = numbering.exhibit()
    title = t("methods.stages.title")
    n = t.count("n.tables", tables)
    return [heading, TableBlock(id_, no, title, table(columns, body, title), n, (), t("common.source_manifest"))]


def _settings(context: Context, numbering: Numbering) -> list[Block]:
    """Every setting as it was used, defaults included. The sources have a table of their own (input files)."""
    t = context.texts
    body: list[Row] = []
    count = 0
    for section, values in context.settings.model_dump(mode="json").items():
        if not isinstance(values, Mapping):
            continue
        name = codes.label("sections", section, t.language)
        body.append(Band(f"{name} [{section}]"))
        for key, value in values.items():
            head = Cell(codes.label("settings", f"{section}.{key}", t.language), heads=True, code=key)
            body.append((head, _setting(context, key, value)))
            count += 1
    columns = [Column(t("columns.setting")), Column(t("columns.value"))]
    id_, no = numbering.exhibit()
    title = t("methods.settings.title")
    block = TableBlock(
        id_,
        no,
        title,
        table(columns, body, title),
        t.count("n.settings", count),
        (),
        t("common.source_manifest"),
        folded=True,
    )
    return [numbering.heading(t("methods.settings.heading")), Paragraph(t("methods.settings.text")), block]


def _setting(context: Context, key: str, value: Any) -> Cell:
    """A value in words where it is one of ours, with what study.toml says in small type; else as it is."""
    t = context.texts
    if value is None or value in ([], ""):
        return text(t("methods.settings.unset"))
    if isinstance(value, bool):
        return text(t("methods.settings.yes" if value else "methods.settings.no"))
    if isinstance(value, float) and value >= _LARGE:
        return text(t.number(value))
    written = [_file(one) for one in (value if isinstance(value, list) else [value])]
    if key in ("home", "targets"):
        return Cell(t.listing([context.country(one) for one in written]), code=", ".join(written))
    names = [_value_name(context, key, one) for one in written]
    shown = t.listing([name or one for name, one in zip(names, written, strict=True)])
    if any(names):
        return Cell(shown, code=", ".join(written))
    return text(shown)


def _file(value: Any) -> str:
    """Write a value; of a file the name only: where the study lies on this machine is nobody's business."""
    written = str(value["path"] if isinstance(value, Mapping) else value)
    return Path(written).name if Path(written).is_absolute() else written


def _value_name(context: Context, key: str, value: str) -> str | None:
    """Name a value that is one of ours: a kind of keyword, a taxonomy, a territory policy or a choice."""
    if key == "taxonomy":
        return None if (name := taxonomy_name(value, context.texts)) == value else name
    if key == "territory_policy":
        return None if (name := policy_name(value, context.texts)) == value else name
    kind = "keyword_kinds" if key == "keyword_kinds" else "values"
    return codes.label(kind, value, context.texts.language) if key not in ("name", "labels", "aliases") else None


def _inputs(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("methods.inputs.heading"))
    inputs = [_mapping(entry) for entry in context.manifest.get("inputs") or ()]
    if not inputs:
        return [heading, Paragraph(t("methods.inputs.empty"), "empty")]
    body: list[Row] = [
        (
            text(str(entry.get("file", "")), heads=True),
            number(context, entry.get("bytes")),
            text(str(entry.get("sha256", ""))),
        )
        for entry in inputs
    ]
    columns = [Column(t("columns.file")), Column(t("columns.bytes"), "number", t("units.bytes")), Column("SHA-256")]
    id_, no = numbering.exhibit()
    title = t("methods.inputs.title")
    n = t("n.files", n=t.number(len(inputs)))
    block = TableBlock(id_, no, title, table(columns, body, title), n, (), t("common.source_manifest"), folded=True)
    return [heading, Paragraph(t("methods.inputs.text")), block]


def _packages(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    packages = _mapping(context.manifest.get("packages"))
    if not packages:
        return []
    items = [f"{name} {version}" for name, version in sorted(packages.items())]
    return [
        numbering.heading(t("methods.packages.heading")),
        Paragraph(t("methods.packages.text", names=t.listing(items))),
    ]


def _glossary(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    items = tuple((t(f"glossary.{name}.term"), t(f"glossary.{name}.meaning")) for name in _TERMS)
    return [numbering.heading(t("glossary.heading")), Terms(items)]


def _rows(entry: Any) -> int | None:
    """Read the number of rows from a manifest's entry of a table: a number, or a record that holds one."""
    rows = entry.get("rows") if isinstance(entry, Mapping) else entry
    return rows if isinstance(rows, int) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
