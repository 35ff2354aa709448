"""The answer: with whom, for what gain, how, with which money, what to watch and what to do first."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from kakehashi.advice.actions import Actions, Who, first_steps
from kakehashi.advice.cases import Alike, similar
from kakehashi.advice.cases import Asked as Sought
from kakehashi.advice.marking import marked
from kakehashi.advice.partners import Candidate, Constraints, Ranking, rank_partners, read_weights, recorded
from kakehashi.advice.partners.reading import Reader, Rows, listed, quoted, reader
from kakehashi.advice.paying import Payers, payers
from kakehashi.advice.profile import Profile, profile
from kakehashi.advice.question import ALL, Asked, Own, Question, Side, check
from kakehashi.advice.schemes.advise import SchemeAdvice, advise_schemes
from kakehashi.advice.schemes.wish import Wish
from kakehashi.advice.standing import Place, place_of, scope, standings
from kakehashi.knowledge.cases import Case, cases, read_cases
from kakehashi.knowledge.forms import ACTORS
from kakehashi.knowledge.own import check_names
from kakehashi.names import taxonomy
from kakehashi.reasons import Reason, Value, row
from kakehashi.settings import Settings

CASES_SHOWN = 5
_NO_OWN = Own()
_COUNTRIES_PAID = 5
REGIONS = ("upper_right", "upper_left", "lower_right", "centre", "lower_left")


@dataclass(frozen=True)
class RegionAdvice:
    """Where no partner is named: a region, the ranked countries that lie in it, and the schemes for them."""

    region: str
    countries: tuple[str, ...]
    schemes: SchemeAdvice


@dataclass(frozen=True)
class Advice:
    """The answer to a question.

    With a partner: `place`, `profile` and `schemes` are about it, and `institutions` ranks those of its country.
    Without: `countries` and `institutions` rank all, and `regions` holds the schemes for the regions of the countries
    ranked. `actions` are by actor. A part that the study cannot tell is None or empty, and a reason says why.
    """

    study: str
    synthetic: bool
    taxonomy: str
    own: Own
    asked: Asked
    place: Place | None
    profile: Profile | None
    schemes: SchemeAdvice | None
    regions: tuple[RegionAdvice, ...]
    countries: Ranking | None
    institutions: Ranking | None
    cases: tuple[Alike, ...]
    payers: Payers
    actions: Mapping[str, Actions]
    notes: tuple[Reason, ...]

    @property
    def region(self) -> str | None:
        """The partner's region as seen from home, None without a partner."""
        return self.place.used.region if self.place else None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, as `kakehashi advise --format json` prints it."""
        from kakehashi.advice.plain import plain

        return plain(self)

    def reasons(self) -> tuple[Reason, ...]:
        """Return every sentence of the answer once, in the order of the answer."""
        return tuple({reason.id: reason for reason in self._all()}.values())

    def _all(self) -> Iterator[Reason]:
        yield from self.notes
        if self.place is not None:
            yield from self.place.reasons
        if self.profile is not None:
            yield from (*self.profile.ties, *self.profile.strengths, *self.profile.economy)
        for ranking in (self.countries, self.institutions):
            for candidate in () if ranking is None else (*ranking.candidates, *ranking.emerging):
                yield from (*candidate.reasons_for, *candidate.reasons_against)
        for schemes in (self.schemes, *(one.schemes for one in self.regions)):
            yield from () if schemes is None else schemes.reasons()
        for alike in self.cases:
            yield from alike.reasons
        for offer in (*(payer.offer for payer in self.payers.offers), *self.payers.refused):
            yield from offer.reasons
        yield from self.payers.reasons
        for actions in self.actions.values():
            yield from (reason for step in actions.steps for reason in step.reasons)
            yield from (*actions.doors, *actions.helps, *actions.cautions)


def advise(
    rows: Rows, settings: Settings, question: Question, own: Own = _NO_OWN, *, side_by_side: bool = False
) -> Advice:
    """Answer a question from a study's tables, behind a function that runs a SELECT.

    `side_by_side`: countries and institutions are ranked at once, which asks that function in two threads. The same
    question to the same tables and knowledge gives the same answer. Raises SettingsError for what is unknown
    or in conflict, naming the nearest valid choice; DataError for a user's file that breaks its rules.
    """
    if own.folder is not None:
        check_names(own.folder)
    tables = reader(rows)
    asked = check(question, tables, settings, own.folder)
    if asked.partner is None:
        return _whom(asked, tables, settings, own, side_by_side=side_by_side)
    return _with(asked, asked.partner, tables, settings, own)


def _with(asked: Asked, partner: Side, tables: Reader, settings: Settings, own: Own) -> Advice:
    """Answer how to work with a partner."""
    place = place_of(asked, tables, settings, partner.country)
    region = str(place.used.region)
    inside = (
        None if partner.institution else _ranked(asked, tables, settings, own, "institution", only=(partner.country,))
    )
    schemes = advise_schemes(_wish(asked, region, partner.country), own.folder)
    numbers = tuple(pattern.number for pattern in schemes.patterns)
    return Advice(
        settings.study.name,
        settings.study.synthetic,
        settings.fields.taxonomy,
        own,
        asked,
        place,
        profile(asked, tables, settings, partner, place.used.field),
        schemes,
        (),
        None,
        inside,
        _cases(asked, numbers, settings, own),
        payers(asked, settings, (partner.country,), own),
        _actions(asked, region, (partner.country,), own),
        () if partner.institution else _noted(asked, inside, "institution", partner.country),
    )


def _whom(asked: Asked, tables: Reader, settings: Settings, own: Own, *, side_by_side: bool) -> Advice:
    """Answer whom to work with: countries and institutions ranked, then how, by region."""

    def ranked(level: str) -> Ranking | None:
        return _ranked(asked, tables, settings, own, level, only=asked.question.only)

    levels = ("country", "institution")
    if side_by_side:
        with ThreadPoolExecutor(len(levels)) as pool:
            countries, inside = pool.map(ranked, levels)
    else:
        countries, inside = map(ranked, levels)
    listed = tuple(candidate.entity for candidate in countries.candidates) if countries else ()
    by_region: dict[str, list[str]] = {}
    for country, region in _regions(asked, tables, settings, listed).items():
        by_region.setdefault(region, []).append(country)
    regions = tuple(
        RegionAdvice(region, tuple(by_region[region]), advise_schemes(_wish(asked, region, None), own.folder))
        for region in REGIONS
        if region in by_region
    )
    numbers = tuple(dict.fromkeys(pattern.number for one in regions for pattern in one.schemes.patterns))
    first = next((one.region for one in regions if listed and listed[0] in one.countries), None)
    return Advice(
        settings.study.name,
        settings.study.synthetic,
        settings.fields.taxonomy,
        own,
        asked,
        None,
        None,
        None,
        tuple(marked(one, one.region) for one in regions),
        countries,
        inside,
        _cases(asked, numbers, settings, own),
        payers(asked, settings, listed[:_COUNTRIES_PAID], own),
        _actions(asked, first, listed[:_COUNTRIES_PAID], own) if first else {},
        (
            *_noted(asked, countries, "country", asked.home.country),
            *_noted(asked, inside, "institution", asked.home.country),
        ),
    )


def _wish(asked: Asked, region: str, partner: str | None) -> Wish:
    question = asked.question
    return Wish(asked.home.country, partner, region, question.field, question.actor, question.goals, question.forms)


def _regions(asked: Asked, tables: Reader, settings: Settings, countries: tuple[str, ...]) -> dict[str, str]:
    """Return countries with their regions in the field asked for, else over all works; those with neither are not."""
    by_field = standings(tables, settings, asked.home.country, countries)
    found: dict[str, str] = {}
    for place, country in enumerate(countries):
        seen = (by_field[field][place].region for field in (asked.field, ALL) if field in by_field)
        region = next(filter(None, seen), None)
        if region is not None:
            found[country] = region
    return found


def _ranked(
    asked: Asked, tables: Reader, settings: Settings, own: Own, level: str, only: tuple[str, ...]
) -> Ranking | None:
    """Rank partners; None where the study has no candidates of the level in these countries."""
    question = asked.question
    scope = question.field if _counted(asked, tables, level, question.field, only) else ALL
    if not _counted(asked, tables, level, scope, only):
        return None
    ranking = rank_partners(
        tables.rows,
        settings,
        home=asked.home.entity,
        level=level,
        field=scope,
        goals=question.goals,
        constraints=Constraints(exclude=question.exclude, only=only),
        weights=None if own.weights is None else read_weights(own.weights),
        practices=recorded(asked.home.country, own.folder),
        most=question.top,
        resampled=question.resampled,
    )
    return _seen_from_home(ranking, asked, tables, settings)


def _seen_from_home(ranking: Ranking, asked: Asked, tables: Reader, settings: Settings) -> Ranking:
    """Give candidates their regions around the home that asks: the study's positions are around its own."""
    countries = {one.country for one in (*ranking.candidates, *ranking.emerging) if one.country}
    found = standings(tables, settings, asked.home.country, sorted(countries)).get(ranking.scope, [])
    regions = {one.country: one.region for one in found}

    def placed(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        return tuple(replace(one, region=regions.get(one.country or "")) for one in candidates)

    return replace(ranking, candidates=placed(ranking.candidates), emerging=placed(ranking.emerging))


def _noted(asked: Asked, ranking: Ranking | None, level: str, country: str) -> tuple[Reason, ...]:
    """Say why there is no ranking, or that it is over all works though a field was asked for."""
    values = {"country": Value("country", country), "field": scope(asked.field)}
    if ranking is None:
        evidence = row("positions", kind="country", field=ALL, period="all", entity=country)
        return (Reason(f"ranking.{level}.none", "neutral", f"advise.no_{level}", values, (evidence,)),)
    if asked.field in (ALL, ranking.scope) or not ranking.candidates:
        return ()
    first = ranking.candidates[0].entity
    evidence = row("indicators", level=level, field=ALL, period="all", entity=first)
    return (Reason(f"ranking.{level}.scope", "neutral", f"advise.all_{level}", values, (evidence,)),)


def _counted(asked: Asked, tables: Reader, level: str, field: str, only: tuple[str, ...]) -> bool:
    """Tell whether the study has candidates of a level in a field; institutions abroad, in the countries wanted."""
    if level == "institution" and "institutions" not in tables.present:
        return False
    scope = f"n.level = {quoted(level)} and n.field = {quoted(field)} and n.period = 'all'"
    if level == "country":
        if tables.rows(f"select 1 from indicators n where {scope} limit 1"):
            return True
        known = field != ALL and tables.has("strengths")
        return known and bool(
            tables.rows(f"select 1 from strengths where field = {quoted(field)} and verdict is not null limit 1")
        )
    wanted = [f"i.country_code <> {quoted(asked.home.country)}"]
    if only:
        wanted.append(f"(n.entity in ({listed(only)}) or i.country_code in ({listed(only)}))")
    if asked.question.exclude:
        out = listed(asked.question.exclude)
        wanted.append(f"n.entity not in ({out}) and i.country_code not in ({out})")
    return bool(
        tables.rows(
            "select 1 from indicators n join institutions i on i.institution_id = n.entity "
            f"where {scope} and {' and '.join(wanted)} limit 1"
        )
    )


def _cases(asked: Asked, patterns: tuple[int, ...], settings: Settings, own: Own) -> tuple[Alike, ...]:
    held: tuple[Case, ...] = cases(own.folder)
    if own.cases is not None:
        fields = [str(entry["id"]) for entry in taxonomy(settings.fields.taxonomy)]
        held = (*held, *read_cases(own.cases, own.folder, fields))
    question = asked.question
    sought = Sought(
        asked.home.country,
        asked.partner.country if asked.partner else None,
        patterns,
        question.forms[0] if question.forms else None,
        None if question.field == ALL else question.field,
    )
    return similar(held, sought, CASES_SHOWN, own.folder)


def _actions(asked: Asked, region: str, partners: tuple[str, ...], own: Own) -> dict[str, Actions]:
    actors = (asked.question.actor,) if asked.question.actor else ACTORS
    home = asked.home.country
    found = {actor: first_steps(Who(actor, home, region, partners), own=own.folder) for actor in actors}
    if len(actors) == 1:
        return found
    return {actor: marked(actions, actor) for actor, actions in found.items()}
