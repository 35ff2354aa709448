"""study.toml as frozen, validated settings. An unknown key is refused and the nearest known one named."""

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kakehashi.errors import SettingsError

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StudySection(_Section):
    """What the study is about."""

    name: str = "study"
    """Name of the study, as the report prints it."""
    home: CountryCode = "JP"
    """The country that asks, ISO 3166-1 alpha-2. The five regions are drawn around it."""
    targets: tuple[CountryCode, ...] = ()
    """Countries to look at closely. Empty: the 20 with most papers."""
    first_year: int | None = Field(default=None, ge=1000, le=3000)
    """First year of the period. Records of earlier years are set aside and counted. None: no limit."""
    last_year: int | None = Field(default=None, ge=1000, le=3000)
    """Last year of the period. None: no limit."""
    synthetic: bool = False
    """Whether the data are invented. The report then says so."""

    @model_validator(mode="after")
    def _years_in_order(self) -> "StudySection":
        if self.first_year is not None and self.last_year is not None and self.first_year > self.last_year:
            raise ValueError(f"first_year {self.first_year} is after last_year {self.last_year}")
        return self


class SourceSection(_Section):
    """A file or folder of exports. `format` overrides recognition; `columns` maps our names to the file's own."""

    path: str
    """A file or folder of exports, relative to study.toml. Folders are read with everything below them."""
    format: str | None = None
    """Format id, where recognition by content fails. None: recognise."""
    columns: dict[str, str] = Field(default_factory=dict)
    """For your own CSV or JSONL: our name of a column to the file's own, such as `title = "Paper title"`."""


class AffiliationsSection(_Section):
    """How affiliation strings are resolved."""

    territory_policy: str = "seed"
    """How territories (Hong Kong, Taiwan, Kosovo, ...) are counted: a policy of territory_policies.toml."""
    aliases: str | None = None
    """A CSV of your own country aliases (alias,country_code); it is asked before the shipped one."""
    strategy: Literal["rules", "appendix1"] = "rules"
    """rules: Kakehashi's own. appendix1: the method of the 2023 report, for comparison; it needs spacy_model."""
    spacy_model: str | None = None
    """An installed spaCy pipeline with named-entity recognition. None: the rules alone."""
    registry: str | None = None
    """The version of an added registry (`kakehashi registry list`), or the path of a ROR dump. None: no registry."""
    min_confidence: float = Field(default=0.6, ge=0, le=1)
    """Links to the registry that are less sure than this are not given: higher for precision, lower for recall."""
    roll_up: Literal["none", "parents", "top"] = "none"
    """Whether an institution also counts for its parents in the registry: not, for the direct ones, for the topmost."""
    successors: Literal["by_year", "never", "always"] = "by_year"
    """Whether one that is no more counts as its successor, if it has just one: since its founding, never, or always."""
    decisions: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """CSV files of what people decided (`kakehashi review`), one path or several. They outrank everything else."""


class FieldsSection(_Section):
    """How works are sorted into technology fields."""

    taxonomy: str = "ict8"
    """The shipped eight ICT fields, a folder with a taxonomy of your own, or `none`: every work is in the study."""
    labels: str | None = None
    """A CSV of your own keyword labels, laid over those of the taxonomy. They outweigh all other evidence."""
    synonyms: str | None = None
    """A file of your own synonyms and stop words (label, replace by): two columns, as VOSviewer's thesaurus file."""
    thesaurus: str | None = None
    """The IEEE Thesaurus as subject,predicate,object: its UF rows give synonyms. It is not shipped."""
    tree_method: str = "compound"
    """How the keyword tree is made: plain (appendix 2 of the 2023 study) or one of the others in docs/benchmarks.md."""
    keyword_kinds: tuple[str, ...] = ("ieee", "author", "inspec", "index", "topic", "concept", "ccs")
    """Kinds of keyword that take part; the first kind that a work has a keyword in decides its kind."""
    decide: Literal["evidence", "keywords"] = "evidence"
    """evidence: keywords, codes, title and abstract are weighed. keywords: labels, codes and the keyword tree alone."""
    min_keyword_works: int = Field(default=2, ge=1)
    """Keywords of fewer works stay outside the keyword tree."""


class CountingSection(_Section):
    """Full or fractional counting, and what a work is divided by under fractional counting."""

    counting: Literal["full", "fractional"] = "full"
    """full: a work counts once for every country or institution it names. fractional: it is divided among them."""
    fractional_by: Literal["country", "institution", "author"] = "country"
    """What a work is divided by under fractional counting."""


# The cost model of exact betweenness, from docs/benchmarks.md: nodes x edges in a second on two cores of 2026, and how
# many times as many with the compiled kernel.
_BETWEENNESS_RATE = 4e7
KERNEL_SPEED = 30


Precision = Literal["double", "single"]


class NetworksSection(_Section):
    """How centralities are computed. Budgets are in nodes x edges of one graph."""

    largest_work: int = Field(default=1_000, ge=2)
    """Works of more distinct countries or institutions than this make no edges at that level: pairs grow with the
    square. The report says how many there are."""
    exact_betweenness: Literal["auto", "always", "never"] = "auto"
    """auto: exact betweenness within the budget, an estimate with a stated error above it."""
    exact_budget: float = Field(default=5e8, gt=0)
    """The largest nodes x edges for which betweenness is exact under auto; 30 times as many for large graphs where
    Numba is installed (`pip install 'kakehashi[fast]'`)."""
    exact_minutes: float | None = Field(default=None, gt=0)
    """Minutes that exact betweenness of one graph may take, instead of `exact_budget`: by a cost model of two cores (40
    million nodes x edges a second, 30 times as many with Numba), whatever machine this is."""
    exact_precision: Precision = "double"
    """single: exact betweenness of large graphs, where Numba is installed, takes about two thirds of the time.
    `betweenness_error` then holds ten times the largest relative difference to double precision on 256 sources."""
    sampled_error: float = Field(default=0.005, gt=0, lt=1)
    """The largest absolute error of an estimated betweenness."""
    sampled_confidence: float = Field(default=0.95, gt=0, lt=1)
    """The probability with which all estimates of a graph are within that error."""
    rank_draws: int = Field(default=300, ge=0, le=10_000)
    """Resamples of the works from which the intervals of ranks are taken. 0: no intervals."""
    seed: int = 20230331
    """Seed of everything that draws."""

    @property
    def betweenness_budget(self) -> float:
        """The largest nodes x edges for which betweenness is exact under auto, without Numba."""
        return self.exact_budget if self.exact_minutes is None else self.exact_minutes * 60 * _BETWEENNESS_RATE


class PositioningSection(_Section):
    """The five regions and the rule for strong and weak fields."""

    centre_radius: float = Field(default=0.5, ge=0)
    """Decades (log10) around home within which the lower left counts as similar to home."""
    strength_shift: float = Field(default=0.1, ge=0)
    """Decades by which an entity must move against its peers for a strong or weak field."""
    strength_min_papers: int = Field(default=10, ge=1)
    """Fewer papers in the field give no verdict."""


class TradeSection(_Section):
    """A file or folder of trade statistics: Japan Customs tables, or a CSV of any country's trade."""

    path: str
    """A file or folder, relative to study.toml. Folders are read with everything below them."""
    format: str | None = None
    """Format id, where recognition by content fails. None: recognise."""
    columns: dict[str, str] = Field(default_factory=dict)
    """For a CSV: our name of a column (reporter, partner, year, flow, commodity, value, currency) to the file's own."""
    reporter: CountryCode | None = None
    """The country whose statistics these are, where no column says so. None: Japan for Japan Customs tables."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """Currency of the values (ISO 4217), where no column says so. None: yen for Japan Customs tables."""
    multiplier: float = Field(default=1, gt=0)
    """What a value of a CSV is multiplied by: 1000 where values are in thousands."""
    classification: str = "hs"
    """For a CSV: the classification of its commodity codes, as the list of commodities names it."""


class EconomySection(_Section):
    """Trade and gross domestic product beside the network of works."""

    gdp: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Files or folders with GDP in current US dollars, of the World Bank or columns country, year, value."""
    trade: tuple[TradeSection, ...] = ()
    """Sections [[economy.trade]], one for each file or folder of trade statistics."""
    commodities: str | None = None
    """A CSV of your own list of ICT goods (classification,flow,code). None: that of figure A5-1 of the 2023 report."""
    first_year: int | None = Field(default=None, ge=1000, le=3000)
    """First year of trade and GDP. None: study.first_year."""
    last_year: int | None = Field(default=None, ge=1000, le=3000)
    """Last year of trade and GDP. None: study.last_year."""


class Settings(_Section):
    """A whole study.toml."""

    study: StudySection = StudySection()
    sources: tuple[SourceSection, ...] = ()
    affiliations: AffiliationsSection = AffiliationsSection()
    fields: FieldsSection = FieldsSection()
    counting: CountingSection = CountingSection()
    networks: NetworksSection = NetworksSection()
    positioning: PositioningSection = PositioningSection()
    economy: EconomySection = EconomySection()


def read_settings(path: Path) -> Settings:
    """Read and validate a study.toml. Raises SettingsError naming the file, the key and the remedy."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML in UTF-8: {error}") from error
    return parse_settings(raw, str(path))


def parse_settings(raw: dict[str, Any], where: str) -> Settings:
    """Validate settings given as plain data. `where` names their origin in messages. Raises SettingsError."""
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        problems = [_explain(problem) for problem in error.errors()]
        raise SettingsError("\n".join(f"{where}: {problem}" for problem in problems)) from error


def _explain(problem: Any) -> str:
    location = [str(part) for part in problem["loc"]]
    dotted = ".".join(location)
    if problem["type"] == "string_pattern_mismatch" and location[-1] == "currency":
        return f"{dotted}: {problem['input']!r} is no currency code of three capital letters (ISO 4217), such as JPY"
    if problem["type"] == "string_pattern_mismatch":  # the other pattern is that of CountryCode
        return f"{dotted}: {problem['input']!r} is no country code of two capital letters (ISO 3166), such as JP"
    if problem["type"] != "extra_forbidden":
        return f"{dotted or 'settings'}: {problem['msg']} (got {problem['input']!r})"
    near = difflib.get_close_matches(location[-1], _known_keys(location[:-1]), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(_known_keys(location[:-1]))}"
    return f"{dotted}: unknown key; {hint}"


_LISTED: dict[str, type[BaseModel]] = {"sources": SourceSection, "trade": TradeSection}


def _known_keys(parents: list[str]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in parents:
        if part.isdigit():
            continue
        annotation = model.model_fields[part].annotation
        model = _LISTED.get(part) or annotation  # type: ignore[assignment]
    return sorted(model.model_fields)
