"""The pages of KPIs and readiness: what is kept in the hub, judged as the commands judge a file."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from kakehashi.errors import DataError
from kakehashi.hub.kpi.definitions import Kpi
from kakehashi.hub.kpi.reading import example_kpis
from kakehashi.hub.kpi.report import review
from kakehashi.hub.kpi.series import indicators_of
from kakehashi.hub.kpi.study import feed
from kakehashi.hub.readiness.questionnaire import answer_name, part_name, parts, questions
from kakehashi.hub.readiness.report import assess
from kakehashi.hub.store.bridge import answers_from, answers_of, kpis_of
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.report.blocks import Block, Chapter, FigureBlock
from kakehashi.report.hub.kpi import kpi_chapters
from kakehashi.report.hub.readiness import readiness_chapters
from kakehashi.study import Study
from kakehashi.web.hub.house import Asked, House, changes, shows
from kakehashi.web.hub.registers import name_of, names_of
from kakehashi.web.problems import said
from kakehashi.web.shelf import display_name

_FIRST, _LAST = 1900, 2200
_NONE = "none"


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of KPIs and readiness."""

    @shows(app, house, "/kpi")
    def kpi(asked: Asked) -> Response:
        given = asked.request.query_params
        return _kpi(asked, given.get("organisation", ""), given.get("study", ""))

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


def _kpi(asked: Asked, organisation: str, study: str) -> Response:
    t = asked.t
    example = organisation == "example"
    known = {one["organisation_id"] for one in asked.hub.records("kpi_definitions")}
    names = {who: name for who, name in names_of(asked, "organisations").items() if who in known}
    if not organisation and None not in known and names:
        organisation = next(iter(names))
    kpis = example_kpis() if example else kpis_of(asked.hub, organisation or None)
    fed, entity = _fed(asked, kpis.values(), organisation, study)
    chapters = _chapters(kpi_chapters(review(kpis, fed, study or None, entity), t)) if kpis else ()
    shelf = asked.house.shelf
    studies = [(name, display_name(shelf, name)) for name in shelf.names()] if shelf is not None else []
    options = [("", t("hub.nobodys"))] if None in known or not names else []
    options += [*names.items(), ("example", t("hub.example"))]
    return asked.page(
        "hub_kpi.html.j2", t("hub.pages.kpi"), chapters=chapters, options=options, chosen=organisation,
        example=example, studies=studies, study=study, entity=entity,
    )  # fmt: skip


def _fed(
    asked: Asked, kpis: Iterable[Kpi], organisation: str, study: str
) -> tuple[Mapping[str, Mapping[int, float]] | None, str | None]:
    """Return what a study feeds derived KPIs with, and for whom: the organisation's institution, else the home country.

    Raises NotFoundError for a study that is not served, StudyError and SettingsError as `feed`.
    """
    if not study:
        return None, None
    folder = asked.house.shelf.folder_of(study) if asked.house.shelf is not None else None
    if folder is None:
        raise NotFoundError(f"there is no study {study!r}")
    opened = Study(folder)
    links = asked.hub.records("organisation_links", {"organisation_id": organisation, "study": study})
    entity = str(links[0]["institution_id"]) if links else opened.settings.study.home
    with opened.reading() as rows:
        return feed(rows, entity, indicators_of(kpis)), entity


def _profile(asked: Asked, organisation: str, year: int) -> Response:
    try:
        before = answers_of(asked.hub, organisation, year - 1)
    except NotFoundError:
        before = None
    found = assess(answers_of(asked.hub, organisation, year), before)
    one = asked.hub.get("organisations", organisation)
    heading = asked.t("readiness.title", institution=name_of("organisations", one, asked.t), year=year)
    return asked.page(
        "hub_profile.html.j2", heading, chapters=_chapters(readiness_chapters(found, asked.t)),
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
    name = name_of("organisations", one, t)
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
        return said(str(error), asked.language)
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
