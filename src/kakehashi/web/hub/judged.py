"""The pages of KPIs and readiness: what is kept in the hub, judged as the commands judge a file."""

import datetime
from collections.abc import Mapping
from dataclasses import replace

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from kakehashi.errors import DataError
from kakehashi.hub.kpi.reading import example_kpis
from kakehashi.hub.kpi.report import review
from kakehashi.hub.readiness.questionnaire import answer_name, part_name, parts, questions
from kakehashi.hub.readiness.report import assess
from kakehashi.hub.store.bridge import answers_from, answers_of, kpis_of
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.report.blocks import Block, Chapter, FigureBlock
from kakehashi.report.hub.kpi import kpi_chapters
from kakehashi.report.hub.readiness import readiness_chapters, title
from kakehashi.web.hub.house import Asked, House, changes, shows
from kakehashi.web.hub.registers import names_of

_FIRST, _LAST = 1900, 2200
_NONE = "none"


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of KPIs and readiness."""

    @shows(app, house, "/kpi")
    def kpi(asked: Asked) -> Response:
        return _kpi(asked, asked.request.query_params.get("organisation", ""))

    @shows(app, house, "/readiness")
    def readiness(asked: Asked) -> Response:
        names = names_of(asked, "organisations")
        answered = sorted({(one["organisation_id"], one["year"]) for one in asked.hub.records("readiness_answers")})
        listed = [(names.get(who, who[:8]), year, asked.address("readiness", who, str(year))) for who, year in answered]
        return asked.page(
            "hub_readiness.html.j2", asked.t("hub.pages.readiness"), listed=sorted(listed), organisations=names,
            year=datetime.datetime.now(datetime.UTC).year,
        )  # fmt: skip

    @changes(app, house, "/readiness")
    def begin(asked: Asked, given: Mapping[str, str]) -> Response:
        year = _year(given.get("year", ""))
        one = asked.hub.get("organisations", given.get("organisation", ""))
        return RedirectResponse(asked.address("readiness", one["id"], str(year), "answers"), 303)

    @shows(app, house, "/readiness/{organisation}/{year}")
    def profile(asked: Asked, organisation: str, year: str) -> Response:
        return _profile(asked, organisation, _year(year))

    @shows(app, house, "/readiness/{organisation}/{year}/answers", role="editor")
    def answers(asked: Asked, organisation: str, year: str) -> Response:
        return _questionnaire(asked, organisation, _year(year), None, "")

    @changes(app, house, "/readiness/{organisation}/{year}/answers")
    def keep(asked: Asked, given: Mapping[str, str], organisation: str, year: str) -> Response:
        problem = _keep(asked, given, organisation, _year(year))
        if problem:
            return _questionnaire(asked, organisation, _year(year), given, problem)
        return RedirectResponse(asked.address("readiness", organisation, year), 303)


def _year(text: str) -> int:
    if not text.isdecimal() or len(text) != 4 or not _FIRST <= int(text) <= _LAST:
        raise NotFoundError(f"{text!r} is no year")
    return int(text)


def _kpi(asked: Asked, organisation: str) -> Response:
    t = asked.t
    example = organisation == "example"
    known = {one["organisation_id"] for one in asked.hub.records("kpi_definitions")}
    names = {who: name for who, name in names_of(asked, "organisations").items() if who in known}
    if not organisation and None not in known and names:
        organisation = next(iter(names))
    kpis = example_kpis() if example else kpis_of(asked.hub, organisation or None)
    chapters = _chapters(kpi_chapters(review(kpis), t)) if kpis else ()
    options = [("", t("hub.nobodys"))] if None in known or not names else []
    options += [*names.items(), ("example", t("hub.example"))]
    return asked.page(
        "hub_kpi.html.j2", t("hub.pages.kpi"), chapters=chapters, options=options, chosen=organisation,
        example=example,
    )  # fmt: skip


def _profile(asked: Asked, organisation: str, year: int) -> Response:
    try:
        before = answers_of(asked.hub, organisation, year - 1)
    except NotFoundError:
        before = None
    found = assess(answers_of(asked.hub, organisation, year), before)
    return asked.page(
        "hub_profile.html.j2", title(found, asked.t), chapters=_chapters(readiness_chapters(found, asked.t)),
        answers=asked.address("readiness", organisation, str(year), "answers"),
    )  # fmt: skip


def _chapters(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """Take the inline style out of figures that the policy of the pages forbids; the style sheet says the same."""
    return tuple(replace(one, blocks=tuple(map(_bare, one.blocks))) for one in chapters)


def _bare(block: Block) -> Block:
    if not isinstance(block, FigureBlock):
        return block
    pictures = tuple(
        replace(one, svg=Markup(str(one.svg).replace(' style="paint-order:stroke"', "")))  # noqa: S704
        for one in block.pictures
    )
    return replace(block, pictures=pictures)


def _questionnaire(
    asked: Asked, organisation: str, year: int, given: Mapping[str, str] | None, problem: str
) -> Response:
    t = asked.t
    one = asked.hub.get("organisations", organisation)
    kept = {row["question"]: row["answer"] for row in _rows(asked, organisation, year)}
    chosen = kept if given is None else {key.removeprefix("q."): value for key, value in given.items()}
    groups = []
    for question in questions().values():
        own = [part for part in parts().values() if part.question.id == question.id]
        asked_parts = [
            {
                "id": part.id, "name": part_name(part)(t.language), "chosen": chosen.get(part.id, ""),
                "options": [(answer, answer_name(part, answer)(t.language)) for answer in part.choices],
            }
            for part in own
        ]  # fmt: skip
        groups.append((question.ask(t.language), asked_parts))
    name = one["name_ja"] if t.language == "ja" and one["name_ja"] else one["name_en"]
    return asked.page(
        "hub_answers.html.j2", t("hub.answers_of", name=name, year=year), 422 if problem else 200, groups=groups,
        problem=problem, action=asked.address("readiness", organisation, str(year), "answers"),
    )  # fmt: skip


def _rows(asked: Asked, organisation: str, year: int) -> list[dict[str, object]]:
    return asked.hub.records("readiness_answers", {"organisation_id": organisation, "year": year})


def _keep(asked: Asked, given: Mapping[str, str], organisation: str, year: int) -> str:
    """Keep the answers of a form as one change; return why not, empty where it is done."""
    wanted = {
        name: given[f"q.{name}"] for name, part in parts().items() if given.get(f"q.{name}", "") in part.choices
    }  # fmt: skip
    here = {str(row["question"]): row for row in _rows(asked, organisation, year)}
    if not wanted and not here:
        return asked.t("hub.nothing_answered")
    try:
        told = [{"question": name, "answer": answer, "share": None} for name, answer in wanted.items()]
        answers_from(asked.hub.get("organisations", organisation), year, told)
    except DataError as error:
        return str(error)
    with asked.hub.unit(asked.caller.name) as unit:
        for name, row in here.items():
            if name not in wanted:
                unit.delete("readiness_answers", str(row["id"]), int(str(row["version"])))
            elif row["answer"] != wanted[name]:
                change = {"answer": wanted[name], "share": None}
                unit.update("readiness_answers", str(row["id"]), int(str(row["version"])), change)
        for name in sorted(wanted.keys() - here.keys()):
            values = {"organisation_id": organisation, "year": year, "question": name, "answer": wanted[name]}
            unit.create("readiness_answers", values)
    return ""
