"""The questions the ranking puts to a study: each SELECT aggregates to one row a candidate, never to all pairs."""

from collections.abc import Callable

from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Level, exact, listed, quoted

_KINDS = {"country": ("work_countries", "country_code"), "institution": ("work_institutions", "institution_id")}


def strength(
    question: Question, half_life: float, weight: str = "fractional", year: str = "cast(period as bigint)"
) -> str:
    """Write the strength of a tie: its weight, halved for every `half_life` years of age where years are known."""
    if question.year is None:
        return weight
    return f"{weight} * power(0.5e0, ({question.year} - {year}) / {half_life!r}e0)"


def links(question: Question, half_life: float, condition: str) -> str:
    """Return links of the level's network in the field, one row a direction: works, strength and last year.

    `condition` on {here} and {there} picks the links before they are summed: a network has millions. Works without a
    year count among the works, and have no strength.
    """
    ends = (("entity_a", "entity_b"), ("entity_b", "entity_a"))
    scope = f"level = {quoted(question.level)} and field = {quoted(question.field)}"
    if question.year is None:
        scope += " and period = 'all'"
    both = " union all ".join(
        f"select {here} as here, {there} as there, period, works, fractional from edges "
        f"where {scope} and {condition.format(here=here, there=there)}"
        for here, there in ends
    )
    year = "cast(nullif(period, 'all') as bigint)"
    last = f"max({year})" if question.year is not None else "cast(null as bigint)"
    return (
        "select here, there, sum(case when period = 'all' then works else 0 end) as works, "
        f"coalesce({exact(strength(question, half_life, 'fractional', year))}, 0e0) as strength, {last} as last "
        f"from ({both}) as directed group by here, there"
    )


def works_with(question: Question, condition: Callable[[str, str], str]) -> str:
    """Return how many works each entity shares with others; `condition` on both ends picks the links."""
    scope = f"level = {quoted(question.level)} and field = {quoted(question.field)} and period = 'all'"
    both = " union all ".join(
        f"select {there} as entity, works from edges where {scope} and {condition(here, there)}"
        for here, there in (("entity_a", "entity_b"), ("entity_b", "entity_a"))
    )
    return f"select entity, sum(works) from ({both}) as directed group by entity"


def ties(question: Question, half_life: float) -> str:
    """Return what home shares with each entity of the candidates' level: entity, works, strength, last.

    Home and candidates of one kind: the edges of home. An institution that asks about countries, or a country that asks
    about institutions: counted over the works themselves, each once.
    """
    if not question.mixed:
        own = links(question, half_life, f"{{here}} = {quoted(question.home)}")
        return f"select there as entity, works, strength, last from ({own}) as own"
    return shared_works(question, half_life, question.home_level, question.home)


def shared_works(question: Question, half_life: float, kind: Level, owner: str) -> str:
    """Return the works that candidates share with an owner: a country or an institution."""
    table, column = _KINDS[kind]
    members, entity = places(question)
    last = "max(s.year)" if question.year is not None else "null"
    decayed = strength(question, half_life, "1e0 / nullif(z.n - 1, 0)", "s.year")
    return (
        f"select m.{entity} as entity, count(*) as works, coalesce({exact(decayed)}, 0e0) as strength, {last} as last "
        f"from {table} o join work_scopes s on s.work_id = o.work_id and s.field = {quoted(question.field)} "
        f"join {members} m on m.work_id = o.work_id "
        f"join ({sizes(members, of_owner(kind, owner))}) z on z.work_id = o.work_id "
        f"where o.{column} = {quoted(owner)} group by m.{entity}"
    )


def of_owner(kind: Level, owner: str) -> str:
    """Return the works of a country or an institution."""
    table, column = _KINDS[kind]
    return f"select work_id from {table} where {column} = {quoted(owner)}"


def sizes(members: str, works: str) -> str:
    """Return how many entities some works have: of all works these are millions of rows."""
    return f"select work_id, count(*) as n from {members} where work_id in ({works}) group by work_id"


def places(question: Question) -> tuple[str, str]:
    """Return the table and the column that link works with entities of the candidates' level."""
    return places_of(question.level)


def places_of(kind: Level) -> tuple[str, str]:
    """Return the table and the column that link works with countries or with institutions."""
    return _KINDS[kind]


def nodes(question: Question, ties: str) -> str:
    """Return the entities of the level's network in the field, numbered in the order of their names.

    node: the number. ours: 1 for home's own. partner: 1 for partners of ours outside home. strength: that of the tie.
    `ties`: what stands behind FROM for the SELECT of that name.
    """
    scope = f"level = {quoted(question.level)} and field = {quoted(question.field)} and period = 'all'"
    return (
        "select i.entity, i.node, case when h.entity is null then 0 else 1 end as ours, "
        "case when t.entity is null or h.entity is not null then 0 else 1 end as partner, t.strength "
        f"from (select entity, row_number() over (order by entity nulls last) as node from indicators where {scope}) i "
        f"left join {ties} t on t.entity = i.entity "
        f"left join (select entity from indicators where {scope} and entity in ({home_entities(question)})) h "
        "on h.entity = i.entity"
    )


def pairs(question: Question, half_life: float, ties: str) -> str:
    """Return the links of partners of ours outside home, each once: both nodes, works, and strength as in `ties`.

    A network has millions of links with long names: its ends are numbers as soon as they are read. `nodes` is asked
    for again here: DuckDB reckons with far too few links, and would hold these rather than nodes that it has counted.
    """
    year = "cast(nullif(e.period, 'all') as bigint)"
    scope = f"e.level = {quoted(question.level)} and e.field = {quoted(question.field)}"
    if question.year is None:
        scope += " and e.period = 'all'"
    return (
        f"with nodes as ({nodes(question, ties)}) select a.node as one, b.node as other, "
        "max(case when e.period = 'all' then e.works else 0 end) as works, "
        f"coalesce({exact(strength(question, half_life, 'e.fractional', year))}, 0e0) as strength "
        "from edges e join nodes a on a.entity = e.entity_a join nodes b on b.entity = e.entity_b "
        f"where {scope} and (a.partner = 1 or b.partner = 1) group by a.node, b.node"
    )


def near(ties: str, nodes: str, pairs: str, entities: str = "") -> str:
    """Return what links home with the entities around it: entity, works, strength, last and the paths over one partner.

    The first four are the tie, as in `ties`. common: partners of ours that are also theirs. adamic_adar: the same, each
    divided by ln of its degree (Adamic and Adar 2003). allocation: divided by its degree (Zhou, Lü and Zhang 2009).
    bridge: the weighted form, in which a partner passes on our tie's strength in proportion to its own ties.
    `ties`, `nodes`, `pairs`: what stands behind FROM for the SELECTs of these names. `entities` is a SELECT of those
    that are asked for, which may ask `ties` and `paths`; without it all that have either are. asked: 1 for these, 0 for
    others, which are partners of ours.
    partner, rarity, passed: of partners of ours outside home only. A number, in the order of the names of all that have
    a tie; 1 / ln of its degree; and what it passes on of its ties' strength.
    """
    entities = entities or "select entity from ties union select entity from paths"
    return (
        f"with ties as (select entity, works, strength, last from {ties} t), tied as ({numbered_ties()}), "
        f"directed as (select one as here, other as there, strength from {pairs} p "
        f"union all select other as here, one as there, strength from {pairs} p), "
        "around as (select d.here, d.there, d.strength, n.strength as ours from directed d "
        f"join (select node, strength from {nodes} n where partner = 1) n on n.node = d.here), "
        "sizes as (select here, count(*) as degree, sum(cast(strength as decimal(38, 12))) as total from around "
        "group by here), "
        "paths as (select n.entity, p.common, p.adamic_adar, p.allocation, p.bridge "
        "from (select a.there, count(*) as common, "
        f"{exact('1e0 / ln(greatest(z.degree, 2))')} as adamic_adar, {exact('1e0 / z.degree')} as allocation, "
        f"coalesce({exact('a.ours * a.strength / nullif(cast(z.total as double), 0e0)')}, 0e0) as bridge "
        "from around a join sizes z on z.here = a.here group by a.there) p "
        f"join (select node, entity from {nodes} n where ours = 0) n on n.node = p.there), "
        "partners as (select t.entity, t.partner, 1e0 / ln(greatest(z.degree, 2)) as rarity, "
        "coalesce(t.strength / nullif(cast(z.total as double), 0e0), 0e0) as passed "
        f"from sizes z join {nodes} n on n.node = z.here join tied t on t.entity = n.entity), "
        "chosen as (select entity, max(asked) as asked from (select c.entity, 1 as asked "
        f"from ({entities}) c union all select entity, 0 as asked from partners) u group by entity) "
        "select e.entity, t.works, t.strength, t.last, p.common, p.adamic_adar, p.allocation, p.bridge, e.asked, "
        "o.partner, o.rarity, o.passed "
        "from chosen e left join ties t on t.entity = e.entity left join paths p on p.entity = e.entity "
        "left join partners o on o.entity = e.entity"
    )


def bridges(ties: str, nodes: str, pairs: str, entities: list[str]) -> str:
    """Return the partners of ours that are also those of some entities, the strongest first, with both joint works.

    Arguments as of `near`.
    """
    return (
        f"with asked as (select node, entity from {nodes} n where entity in ({listed(entities)})), "
        "found as (select a.entity, p.one as here, p.works, p.strength "
        f"from {pairs} p join asked a on a.node = p.other union all "
        f"select a.entity, p.other as here, p.works, p.strength from {pairs} p join asked a on a.node = p.one) "
        "select f.entity, n.entity, t.works, f.works from found f "
        f"join {nodes} n on n.node = f.here and n.partner = 1 join {ties} t on t.entity = n.entity "
        "order by f.entity nulls last, t.strength * f.strength desc nulls last, n.entity nulls last"
    )


def numbered_ties() -> str:
    """Return `ties` with a number for each entity, in the order of the names: the same wherever ties are the same."""
    return "select entity, strength, row_number() over (order by entity nulls last) - 1 as partner from ties"


def home_entities(question: Question) -> str:
    """Return the entities of the candidates' level that are home itself, as the inside of an IN list."""
    if question.level == "country":
        return listed([question.country] if question.country else [])
    if question.home_level == "institution":
        return quoted(question.home)
    return f"select institution_id from institutions where country_code = {quoted(question.home)}"


Heavy = list[tuple[str, float]]
"""Home's heaviest terms with their weights."""


def numbered_works(question: Question) -> str:
    """Return the works of the field with their year and their number, from 0 in the order of their ids."""
    return (
        "select work_id, year, row_number() over (order by work_id nulls last) - 1 as number "
        f"from work_scopes where field = {quoted(question.field)}"
    )


def heaviest(question: Question, most: int, works: str, *, keywords: bool) -> str:
    """Return home's heaviest terms, a row each: the term and its weight.

    A term is a keyword or a venue. Home's weight of a term is ln(1 + works of home with it) x idf squared; idf is
    ln(works / works with the term). `works`: what stands behind FROM for `numbered_works`.

    Works have millions of terms, some of them twice: both are numbers before each is counted once.
    """
    rarity = "ln(a.works * 1e0 / c.n)"
    mine = "and work_id in (select work_id from scope where ours = 1)"
    return (
        "with scope as (select s.work_id, s.number, case when o.work_id is null then 0 else 1 end as ours "
        f"from {works} s left join ({of_owner(question.home_level, question.home)}) o on o.work_id = s.work_id), "
        "mine as (select term, row_number() over (order by term nulls last) as code "
        f"from (select distinct term from ({_terms(mine, keywords=keywords)}) t) d), "
        "met as (select distinct m.code, s.number * 2 + s.ours as marked "
        f"from ({_terms(keywords=keywords)}) t join mine m on m.term = t.term join scope s on s.work_id = t.work_id), "
        "counted as (select code, count(*) as n, count(case when marked % 2 = 1 then 1 end) as ours from met "
        "group by code having count(*) > 1), "
        "everything as (select count(*) as works from scope) "
        f"select m.term, ln(1 + c.ours) * {rarity} * {rarity} as weight from counted c join mine m on m.code = c.code "
        f"cross join everything a order by weight desc nulls last, m.term nulls last limit {most}"
    )


def works_with_terms(heavy: Heavy, works: str, *, keywords: bool) -> str:
    """Return the works of the field that have one of home's heaviest terms, and the term, each once.

    These are few of the tens of millions of terms. `works` as of `heaviest`.
    """
    picked = f"and {{term}} in ({listed(term for term, _ in heavy)})"
    return (
        f"select t.work_id, t.term from (select distinct work_id, term from ({_terms(picked, keywords=keywords)}) m) t "
        f"join {works} s on s.work_id = t.work_id"
    )


def terms_of_candidates(question: Question, within: str, works: str) -> str:
    """Return how many works of each candidate have one of home's heaviest terms: entity, term, n.

    `within`: the end of a condition on {column} that keeps it to the candidates. `works`: what stands behind FROM for
    `works_with_terms`.
    """
    members, entity = places(question)
    return (
        f"select m.{entity} as entity, t.term, count(*) as n from {works} t join {members} m on m.work_id = t.work_id "
        f"where m.{entity} not in ({home_entities(question)}) {within} group by m.{entity}, t.term"
    )


def topics(heavy: Heavy, theirs: str) -> str:
    """Return how much each candidate works on what home works on: the sum over home's heaviest terms, of which some.

    A candidate gets ln(1 + its works with the term) x the weight of the term. `theirs`: what stands behind FROM for
    `terms_of_candidates`.
    """
    return (
        f"with {_heaviest(heavy)} select h.entity, {exact('l.weight * ln(1 + h.n)')} as shared from {theirs} h "
        "join heaviest l on l.term = h.term group by h.entity"
    )


def shared_terms(heavy: Heavy, entities: list[str], theirs: str) -> str:
    """Return the terms that each of some candidates shares with home, heaviest first; `theirs` as of `topics`."""
    return (
        f"with {_heaviest(heavy)} select h.entity, h.term from {theirs} h join heaviest l on l.term = h.term "
        f"where h.entity in ({listed(entities)}) "
        "order by h.entity nulls last, l.weight * ln(1 + h.n) desc nulls last, h.term nulls last"
    )


def _heaviest(heavy: Heavy) -> str:
    values = ", ".join(f"({quoted(term)}, {weight:.17e})" for term, weight in heavy)
    return f"heaviest as (select term, weight from (values {values}) as t(term, weight))"


def _terms(condition: str = "", *, keywords: bool) -> str:
    """Return the terms of works, some of them twice; `condition` on {term} picks those that are asked for."""
    venue, keyword = "lower(venue)", "lower(keyword)"
    terms = f"select work_id, {venue} as term from works where venue is not null {condition.format(term=venue)}"
    if keywords:
        kinds = "('author', 'ieee', 'index', 'topic', 'concept')"
        picked = f"kind in {kinds} {condition.format(term=keyword)}"
        terms += f" union all select work_id, {keyword} as term from keywords where {picked}"
    return terms
