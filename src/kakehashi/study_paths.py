"""Where the files are that a study.toml names."""

from pathlib import Path

from kakehashi.settings import Settings


def rooted(settings: Settings, folder: Path) -> Settings:
    """Resolve the paths of study.toml, which are relative to the study's folder."""

    def whole(path: str | None) -> str | None:
        return str((folder / Path(path).expanduser()).resolve()) if path else path

    sources = tuple(s.model_copy(update={"path": whole(s.path)}) for s in settings.sources)
    taxonomy = settings.fields.taxonomy
    if (folder / taxonomy).is_dir():
        taxonomy = whole(taxonomy) or taxonomy
    fields = settings.fields.model_copy(
        update={
            "labels": whole(settings.fields.labels),
            "taxonomy": taxonomy,
            "synonyms": whole(settings.fields.synonyms),
            "thesaurus": whole(settings.fields.thesaurus),
        }
    )
    registry = settings.affiliations.registry
    if registry and (folder / Path(registry).expanduser()).is_file():
        registry = whole(registry)
    affiliations = settings.affiliations.model_copy(
        update={
            "aliases": whole(settings.affiliations.aliases),
            "registry": registry,
            "decisions": tuple(str(whole(path)) for path in settings.affiliations.decisions),
        }
    )
    economy = settings.economy.model_copy(
        update={
            "gdp": tuple(str(whole(path)) for path in settings.economy.gdp),
            "trade": tuple(s.model_copy(update={"path": whole(s.path)}) for s in settings.economy.trade),
            "commodities": whole(settings.economy.commodities),
        }
    )
    return settings.model_copy(
        update={"sources": sources, "fields": fields, "affiliations": affiliations, "economy": economy}
    )
