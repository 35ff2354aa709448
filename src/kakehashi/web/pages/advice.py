"""Advice as guided pages: partners for a goal, and one partner with schemes, money, risks and first steps."""

from typing import Any

from kakehashi.advice.answer import advise
from kakehashi.advice.partners import Candidate, Ranking, rank_partners
from kakehashi.advice.partners.constraints import Constraints
from kakehashi.advice.partners.practices import recorded
from kakehashi.advice.question import Question
from kakehashi.advice.trace import Traced, trace_all
from kakehashi.errors import SettingsError
from kakehashi.knowledge.forms import ACTORS, forms, goals
from kakehashi.reasons import Evidence, Reason
from kakehashi.report.advised.entries import Speaker
from kakehashi.report.advised.evidence import followed, named
from kakehashi.report.advised.page import told
from kakehashi.report.advised.whom import called
from kakehashi.report.blocks import Paragraph
from kakehashi.web.page import Choice, Column, Facts, Form, Html, Page, Part, Table
from kakehashi.web.pages.entity import institution_names
from kakehashi.web.view import View

_LEVELS = ("country", "institution")
_KNOWN = {"": None, "known": True, "new": False}


def partners(view: View) -> Page:
    """Rank partners for goals, with the reasons for and against each."""
    level = view.one_of("level", _LEVELS, "country")
    field = view.field()
    wanted = tuple(goal for goal in view.all("goal") if goal in goals())
    known = view.one_of("known", tuple(_KNOWN), "")
    least = view.integer("least", 1, 0, 1_000_000)
    form = _partner_form(view, level, field, wanted, known, least)
    context = view.context
    only = view.get("country")
    try:
        ranking = rank_partners(
            view.reader.rows, view.study.settings, home=context.home, level=level, field=field, goals=wanted,
            constraints=Constraints(only=(only,) if only else (), min_papers=least, known=_KNOWN[known]),
            practices=recorded(context.home), most=view.integer("top", 10, 1, 50), resampled=False,
        )  # fmt: skip
    except SettingsError as refused:
        parts: tuple[Part, ...] = (
            form,
            Paragraph(view.say("partners.nobody"), "empty"),
            Paragraph(str(refused), "note"),
        )
        return Page("partners", view.say("partners.title"), parts, view.say("partners.lead"))
    parts = (form, *_notes(view, ranking), _table(view, ranking), _reasons(view, ranking))
    return Page("partners", view.say("partners.title"), parts, view.say("partners.lead"))


def _partner_form(view: View, level: str, field: str, wanted: tuple[str, ...], known: str, least: int) -> Form:
    t = view.t
    options = tuple((one.id, one.name(t.language)) for one in goals().values())
    countries = sorted(
        ((row.entity, view.context.country(row.entity)) for row in view.context.countries
         if row.entity != view.context.home), key=lambda pair: pair[1],
    )  # fmt: skip
    return Form(
        (
            Choice("goal", view.say("partners.goals"), wanted, options, "checks", view.say("partners.goals_hint")),
            Choice("level", view.say("map.level"), level, tuple((one, view.say(f"level.{one}s")) for one in _LEVELS)),
            Choice("field", view.say("choose.field"), field, view.field_options()),
            Choice("country", view.say("partners.only"), view.get("country"),
                   (("", view.say("choose.any_country")), *countries)),
            Choice("known", view.say("partners.known"), known,
                   tuple((one, view.say(f"partners.known_{one or 'any'}")) for one in _KNOWN)),
            Choice("least", view.say("partners.least"), least, kind="number"),
        ),
        view.say("partners.find"),
    )  # fmt: skip


def _notes(view: View, ranking: Ranking) -> list[Part]:
    t = view.t
    aside = sum(ranking.set_aside.values())
    found = [t("advise.report.ranking.score_note"), t("advise.report.ranking.range_note")]
    if aside:
        found.append(view.say("partners.aside", n=t.number(aside)))
    found += [t(f"partners.missing.{why}") for why in dict.fromkeys(ranking.absent.values())]
    return [Paragraph(("" if t.language == "ja" else " ").join(found), "note")]


def _speaker(view: View) -> Speaker:
    return Speaker(view.t, view.study.settings.fields.taxonomy)


def _table(view: View, ranking: Ranking) -> Table:
    t, speaker = view.t, _speaker(view)
    body = tuple(
        (
            view.ref(called(one, speaker), ranking.level, id=one.entity),
            one.rank,
            one.score,
            _between(one),
            _joint(view, ranking, one),
            view.context.region(one.region) if one.region else None,
            view.ref(view.say("partners.how"), "advise", partner=one.entity, field=ranking.field, goal=ranking.goals),
        )
        for one in ranking.candidates
    )
    columns = (
        Column("name", t("advise.report.ranking.name")),
        Column("rank", t("advise.report.ranking.rank"), "year"),
        Column("score", t("advise.report.ranking.score"), "decimal"),
        Column("range", t("advise.report.ranking.range"), "year"),
        Column("joint_works", view.say("columns.joint_works"), "number", t("units.works")),
        Column("region", t("columns.region")),
        Column("next", view.say("partners.next")),
    )
    title = view.say("partners.table", home=view.context.country(view.context.home))
    return Table("candidates", title, columns, body, total=ranking.compared, missing=t("common.no_value"),
                 source=view.context.source)  # fmt: skip


def _between(one: Candidate) -> str | None:
    stable = one.by_weights
    return None if stable is None else f"{stable.low}–{stable.high}" if stable.low != stable.high else str(stable.low)


def _joint(view: View, ranking: Ranking, one: Candidate) -> Any:
    if not one.joint_works or ranking.home_level != ranking.level or not view.reader.has("entity_works"):
        return one.joint_works
    return view.ref(
        one.joint_works, "works", level=ranking.level, id=ranking.home, partner=one.entity, field=ranking.scope
    )


def _reasons(view: View, ranking: Ranking) -> Html:
    speaker = _speaker(view)
    said = [reason for one in ranking.candidates for reason in (*one.reasons_for, *one.reasons_against)]
    traced = trace_all((piece for reason in said for piece in reason.evidence), view.reader.rows)

    def opened(reason: Reason) -> dict[str, Any]:
        return {"text": speaker.say(reason), "evidence": [_evidence(view, traced[one]) for one in reason.evidence]}

    shown = [
        {
            "name": called(one, speaker),
            "rank": one.rank,
            "for": [opened(reason) for reason in one.reasons_for],
            "against": [opened(reason) for reason in one.reasons_against],
        }
        for one in ranking.candidates
    ]
    return Html("candidates.html.j2", {"candidates": shown})


def _evidence(view: View, traced: Traced) -> dict[str, Any]:
    one = traced.evidence
    return {"name": named(one, view.t), "facts": followed(traced, view.t), "href": _works_of(view, one)}


def _works_of(view: View, one: Evidence) -> str:
    """Return the address of the works that evidence names."""
    if one.kind != "works" or not view.reader.has("entity_works"):
        return ""
    key = dict(one.key)
    level = "country" if len(key.get("entity_a", "")) == len("JP") else "institution"
    return view.ref(
        "", "works", level=level, id=key.get("entity_a"), partner=key.get("entity_b"), field=key.get("field"),
        year=key.get("period"),
    ).href  # fmt: skip


def advice(view: View) -> Page:
    """Advise on one partner: gains, schemes, similar cases, money, what to watch, first steps."""
    context = view.context
    partner = view.get("partner").strip()
    actor = view.one_of("actor", ("", *ACTORS), "")
    field = view.field()
    wanted = tuple(goal for goal in view.all("goal") if goal in goals())
    formed = tuple(form for form in view.all("form") if form in forms())
    form = _advice_form(view, partner, actor, field, wanted)
    resampled = bool(view.integer("resampled", 0, 0, 1))
    question = Question(context.home, partner or None, field, actor or None, wanted, formed, resampled=resampled)
    try:
        found = advise(view.reader.rows, view.study.settings, question)
    except SettingsError as refused:
        parts: tuple[Part, ...] = (form, Paragraph(str(refused), "care"))
        return Page("advise", view.say("advise.title"), parts, view.say("advise.lead"))
    answer = told(found, view.t, view.reader.rows)
    evidence = [
        {"name": one.name, "facts": list(one.facts), "href": _works_of(view, one.evidence)} for one in answer.evidence
    ]
    values: dict[str, Any] = {"_sections": answer.sections, "_evidence": evidence}
    if view.form == "json":
        values["answer"] = found.to_dict()
    values["_again"] = "" if resampled or not (found.countries or found.institutions) else view.here(resampled=1)
    parts = (form, Facts(tuple(answer.facts)), Html("told.html.j2", values))
    return Page("advise", answer.title, parts, view.say("advise.lead"))


def _advice_form(view: View, partner: str, actor: str, field: str, wanted: tuple[str, ...]) -> Form:
    t = view.t
    placed = sorted(
        ((row.entity, view.context.country(row.entity)) for row in view.context.country_positions
         if row.field == "all" and row.entity != view.context.home), key=lambda pair: pair[1],
    )  # fmt: skip
    countries = [("", view.say("advise.anyone")), *placed]
    if partner and partner not in {code for code, _ in placed}:
        countries.append((partner, institution_names(view, [partner]).get(partner, partner)))
    options = tuple((one.id, one.name(t.language)) for one in goals().values())
    return Form(
        (
            Choice("partner", view.say("advise.partner"), partner, tuple(countries)),
            Choice("actor", view.say("advise.actor"), actor,
                   (("", view.say("advise.any_actor")), *((one, t(f"schemes.actors.{one}")) for one in ACTORS))),
            Choice("field", view.say("choose.field"), field, view.field_options()),
            Choice("goal", view.say("partners.goals"), wanted, options, "checks", view.say("partners.goals_hint")),
        ),
        view.say("advise.ask"),
    )  # fmt: skip
