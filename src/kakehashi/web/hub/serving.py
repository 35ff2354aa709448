"""The page of the other direction: for a seed of the hub, the open needs it may serve and companies of a study."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response

from kakehashi.hub.store.bridge import open_needs
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.matching.opening import index_folder
from kakehashi.matching.reverse import Served, served_by
from kakehashi.names import country_name
from kakehashi.study import Study
from kakehashi.web.hub.house import Asked, House, shows
from kakehashi.web.shelf import display_name

_TOP = 10


def add_routes(app: FastAPI, house: House) -> None:
    """Add the address of the page."""

    @shows(app, house, "/serves")
    def look(asked: Asked) -> Response:
        shelf = asked.house.shelf
        given = asked.request.query_params
        seed = asked.hub.get("seeds", given.get("seed_id", ""))
        studies = [(name, display_name(shelf, name)) for name in shelf.names()] if shelf is not None else []
        chosen = given.get("study", "") or (studies[0][0] if studies else "")
        folder = shelf.folder_of(chosen) if shelf is not None else None
        if folder is None:
            raise NotFoundError(f"there is no study {chosen!r}")
        study = Study(folder)
        ready = (index_folder(study) / "index.json").is_file()
        found = served_by(study, _text(seed), needs=open_needs(asked.hub), top=_TOP) if ready else None
        heading = asked.t("hub.serves", title=seed["title"])
        told = _told(asked, found) if found is not None else None
        return asked.page(
            "hub_serves.html.j2", heading, seed=seed, studies=studies, study=chosen, answer=told
        )  # fmt: skip


def _text(seed: Mapping[str, Any]) -> str:
    return f"{seed['title']}. {seed['text']}"


def _told(asked: Asked, found: Served) -> dict[str, Any]:
    t = asked.t
    needs = [
        {
            "id": one.registered.need_id, "organisation": one.registered.organisation,
            "text": asked.hub.get("needs", one.registered.need_id)["title"],
            "share": t.percent(one.score), "gap": t.listing(one.gap) if one.gap else "",
        }
        for one in found.needs
    ]  # fmt: skip
    companies = []
    for one in found.companies.institutions:
        about = one.candidate.institution
        works = [(work.record.work_id, work.record.title, work.record.year or "") for work in one.works]
        country = country_name(about.country_code, t.language)
        score = t.decimal(one.candidate.score, 3)
        companies.append(
            {"id": about.institution_id, "name": about.name, "country": country, "score": score, "works": works}
        )
    return {"needs": needs, "companies": companies}
