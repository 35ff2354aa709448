"""The page of matching: a need in Japanese or English, who answers it with which passages, what is lacking, verdicts.

A verdict is kept in the hub as a match of the need, which is registered with it; it counts in later answers.
"""

import math
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from kakehashi.errors import KakehashiError
from kakehashi.hub.store.bridge import open_seeds
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.knowledge.forms import goals
from kakehashi.knowledge.regions import regions
from kakehashi.matching.answer import Match, Matched, MatchedWork, Question, match
from kakehashi.matching.feedback import Feedback
from kakehashi.matching.opening import index_folder, open_index
from kakehashi.matching.passages import Passage
from kakehashi.matching.ranking import Filters
from kakehashi.matching.seeds import seeds_of
from kakehashi.matching.store import Index
from kakehashi.matching.words import language_of
from kakehashi.names import country_name
from kakehashi.study import Study
from kakehashi.texts import Texts
from kakehashi.web import runs
from kakehashi.web.cliwords import said
from kakehashi.web.hub.house import Asked, House, changes, shows
from kakehashi.web.problems import problem
from kakehashi.web.shelf import display_name

TOP = 10
_LONGEST_NEED = 6_000
_JOB = "match"
_STEPS = ("match_index", "match_vectors")
_VERDICTS = {"useful": 1, "not_useful": -1}
_TITLE = 60
_ONE_AT_A_TIME = threading.Lock()


def add_routes(app: FastAPI, house: House) -> None:
    """Add the addresses of matching."""

    @shows(app, house, "/match")
    def look(asked: Asked) -> Response:
        return _page(asked, asked.request.query_params)

    @changes(app, house, "/match/index")
    def build(asked: Asked, given: Mapping[str, str]) -> Response:
        folder = _folder(asked, given.get("study", ""))
        runs.start(folder, _JOB) if given.get("action") != "stop" else runs.stop(folder, _JOB)
        return RedirectResponse(_back(asked, given), 303)

    @changes(app, house, "/match/verdict")
    def verdict(asked: Asked, given: Mapping[str, str]) -> Response:
        _judge(asked, given)
        return RedirectResponse(_back(asked, given) + f"#i{given.get('place', '')[:3]}", 303)


def _folder(asked: Asked, name: str) -> Path:
    found = asked.house.shelf.folder_of(name) if asked.house.shelf is not None else None
    if found is None:
        raise NotFoundError(f"there is no study {name!r}")
    return found


def _back(asked: Asked, given: Mapping[str, str]) -> str:
    kept = {key: given[key] for key in ("study", "need", "need_id", "goal", "abroad") if given.get(key)}
    return asked.address("match") + (f"?{urlencode(kept)}" if kept else "")


def _page(asked: Asked, given: Mapping[str, str]) -> Response:
    t = asked.t
    shelf = asked.house.shelf
    if shelf is None:
        raise NotFoundError("no studies are served")
    studies = [(name, display_name(shelf, name)) for name in shelf.names()]
    chosen = given.get("study", "") or (studies[0][0] if studies else "")
    registered = asked.hub.records("needs", {"state": "open"}, limit=200)
    need_id = given.get("need_id", "")
    picked = next((one for one in registered if one["id"] == need_id), None)
    if picked is None and need_id:
        picked = asked.hub.get("needs", need_id)
    text = (given.get("need", "") or (picked["text"] if picked else "")).strip()[:_LONGEST_NEED]
    same = picked is not None and picked["text"] == text
    values: dict[str, Any] = {
        "studies": studies, "study": chosen, "need": text, "need_id": picked["id"] if picked and same else "",
        "goal": given.get("goal", ""), "abroad": bool(given.get("abroad")), "goals": _goals(t), "answer": None,
        "registered": [(one["id"], one["title"]) for one in registered], "state": {"status": "none"},
        "refused": "", "to_build": False, "stages": [], "running": False,
    }  # fmt: skip
    status = 200
    if chosen and (text or given.get("study")):
        folder = _folder(asked, chosen)
        try:
            study = Study(folder)
            ready = (index_folder(study) / "index.json").is_file()
            values["state"] = state = runs.state(folder, _JOB)
            values["trouble"] = problem(state.get("kind", ""), state.get("message", ""), t.language)
            values["running"] = state["status"] == "running"
            values["stages"] = _stages(state, t) if values["running"] else []
            values["to_build"] = not ready
            if ready and text:
                values["answer"] = _answer(asked, study, values)
        except (KakehashiError, OSError) as error:
            values["refused"], status = str(error), 400
    return asked.page("hub_match.html.j2", t("hub.pages.match"), status, **values)


def _goals(t: Texts) -> list[tuple[str, str]]:
    offered = {gain for region in regions().values() for gain in region.gains}
    return [(name, one.name(t.language)) for name, one in goals().items() if name in offered]


@lru_cache(maxsize=4)
def _opened(folder: Path, key: str) -> Index:  # noqa: ARG001 -- the key makes a new index a new one
    return open_index(Study(folder))


def _answer(asked: Asked, study: Study, values: Mapping[str, Any]) -> dict[str, Any]:
    index = _opened(study.folder, index_folder(study).name)
    goals = (values["goal"],) if values["goal"] else ()
    verdicts = _verdicts(asked, values["study"])
    feedback = Feedback({}, {one: _VERDICTS[told] for one, told in verdicts.items()}) if verdicts else None
    seeds = seeds_of(open_seeds(asked.hub))
    question = Question(values["need"], None, TOP, goals, Filters(abroad=values["abroad"]), feedback, seeds=seeds)
    with _ONE_AT_A_TIME, study.reading() as rows:
        found = match(index, rows, question, study.settings.fields.taxonomy)
    return _told(found, asked.t, verdicts)


def _told(found: Match, t: Texts, verdicts: Mapping[str, str]) -> dict[str, Any]:
    read = []
    for concept in found.need.concepts:
        other = [one.text for one in concept.alternatives if one.language == "en" and one.origin != "written"][:3]
        read.append(f"{concept.text} → {' / '.join(other)}" if other else concept.text)
    return {
        "read": read, "enlarged": list(found.keywords), "gap": t.listing(found.gap) if found.gap else "",
        "topics": [(topic.text, [(one.institution_id, one.name) for one in topic.best]) for topic in found.topics],
        "seeds": [
            {
                "id": one.seed.seed_id, "title": one.seed.title, "organisation": one.seed.organisation,
                "share": t.percent(one.score), "gap": t.listing(one.gap) if one.gap else "",
            }
            for one in found.seeds
        ],
        "institutions": [_institution(one, found, t, verdicts) for one in found.institutions],
    }  # fmt: skip


def _institution(one: Matched, found: Match, t: Texts, verdicts: Mapping[str, str]) -> dict[str, Any]:
    about = one.candidate.institution
    return {
        "place": one.rank, "id": about.institution_id, "name": about.name,
        "country": country_name(about.country_code, t.language), "score": t.decimal(one.candidate.score, 3),
        "share": round(100 * one.candidate.score), "verdict": verdicts.get(about.institution_id, ""),
        "reasons": [(reason.stance, reason.say(t, found.taxonomy)) for reason in one.reasons],
        "people": [person.name for person in one.researchers],
        "gap": t.listing(one.gap) if one.gap else "",
        "works": [_work(work) for work in one.works],
    }  # fmt: skip


def _work(work: MatchedWork) -> dict[str, Any]:
    title = next((_marked(one) for one in work.passages if one.place == "title"), work.record.title)
    return {
        "id": work.record.work_id, "title": title, "topic": work.topic,
        "year": work.record.year or "", "venue": work.record.venue or "",
        "passages": [_marked(one) for one in work.passages if one.place != "title"],
    }  # fmt: skip


def _marked(passage: Passage) -> Markup:
    """Write a passage with what matches marked."""
    out, at = Markup(), 0
    for start, end in passage.marks:
        if start >= at:
            out += passage.text[at:start] + Markup("<mark>{}</mark>").format(passage.text[start:end])
            at = end
    return out + passage.text[at:]


def _stages(state: Mapping[str, Any], t: Texts) -> list[dict[str, Any]]:
    step = state.get("step") or {}
    now = _STEPS.index(step["name"]) if step.get("name") in _STEPS else 0
    return [
        {
            "name": said(f"step_{name}", t.language), "told": "",
            "look": "done" if place < now else "now" if place == now else "waiting",
            "share": runs.share(step) if place == now and step else None,
        }
        for place, name in enumerate(_STEPS)
    ]  # fmt: skip


def _verdicts(asked: Asked, study: str) -> dict[str, str]:
    """Return what was found useful or not of a study's institutions; the newest verdict counts."""
    rows = sorted(asked.hub.records("matches", {"study": study}), key=lambda one: (one["updated_at"], one["id"]))
    return {one["institution_id"]: one["feedback"] for one in rows if one["feedback"] and one["institution_id"]}


def _judge(asked: Asked, given: Mapping[str, str]) -> None:
    """Keep a verdict about an institution, and register the need where it is not yet."""
    study, institution, told = given.get("study", ""), given.get("institution", ""), given.get("verdict", "")
    _folder(asked, study)
    text = given.get("need", "").strip()
    if not institution or not text or told not in (*_VERDICTS, "none"):
        raise NotFoundError("a verdict needs a need and an institution")
    score = float(given["score"]) if _is_number(given.get("score", "")) else None
    with asked.hub.unit(asked.caller.name) as unit:
        need_id = given.get("need_id", "") or _registered(asked, text)
        if not need_id:
            need = {"title": text[:_TITLE], "text": text, "language": language_of(text), "state": "open"}
            need_id = unit.create("needs", need)["id"]
        wanted = {"need_id": need_id, "study": study, "institution_id": institution}
        feedback = None if told == "none" else told
        known = asked.hub.records("matches", wanted)
        if known:
            unit.update("matches", known[0]["id"], known[0]["version"], {"feedback": feedback})
        elif feedback:
            evidence = given.get("evidence", "")[:_LONGEST_NEED]
            about = {"score": score, "evidence": evidence or None, "state": "suggested", "feedback": feedback}
            unit.create("matches", {**wanted, **about})


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and len(text) < 12
    except ValueError:
        return False


def _registered(asked: Asked, text: str) -> str:
    return next((one["id"] for one in asked.hub.records("needs", {"state": "open"}) if one["text"] == text), "")
