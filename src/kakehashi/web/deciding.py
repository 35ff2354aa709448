"""Decisions of people, taken in the browser and written into the files that `kakehashi review` and `fields review` use.

A page shows what the last run left open. Answers are added to `decisions/browser.csv` or `labels/browser.csv` of the
study, which study.toml then names, and count from the next run on.
"""

import csv
import hashlib
import io
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kakehashi.affiliations.decisions import COLUMNS, WORDS
from kakehashi.affiliations.review import Item
from kakehashi.errors import KakehashiError
from kakehashi.fields import review as keywords
from kakehashi.manifest import write_text
from kakehashi.names import taxonomy
from kakehashi.study import writing
from kakehashi.texts import LANGUAGES, Language
from kakehashi.web import render
from kakehashi.web.editing import change
from kakehashi.web.frontdoor import study_frame
from kakehashi.web.questions import QUESTIONS, read_questions
from kakehashi.web.shelf import Opened, Shelf
from kakehashi.web.view import View

_HTML = "text/html; charset=utf-8"
DECISIONS, LABELS = "decisions/browser.csv", "labels/browser.csv"
_SHOWN = 40
_OUTSIDE = "outside"
_FIELDS = 2_000
_alone = threading.Lock()
"""Held while a file of decisions is read, added to and written: people may save at the same time."""


def add_routes(app: FastAPI) -> None:
    """Add the addresses of both reviews."""
    shelf: Shelf = app.state.shelf

    @app.get("/{language}/s/{study}/review")
    @app.get("/{language}/s/{study}/labels")
    def show(request: Request, language: str, study: str) -> Response:
        opened, folder = _found(shelf, study)
        if language not in LANGUAGES or opened is None or folder is None:
            return RedirectResponse(f"/{language if language in LANGUAGES else 'en'}/", 303)
        return Response(_page(request, opened, folder, language, 0, ""), media_type=_HTML)

    @app.post("/{language}/s/{study}/review")
    @app.post("/{language}/s/{study}/labels")
    async def keep(request: Request, language: str, study: str) -> Response:
        opened, folder = _found(shelf, study)
        if language not in LANGUAGES or opened is None or folder is None:
            return RedirectResponse("/", 303)
        async with request.form(max_files=0, max_fields=_FIELDS) as form:
            given = {key: str(value).strip()[:400] for key, value in form.items()}
        what = _keep_decisions if _name(request) == "review" else _keep_labels
        try:
            kept = await run_in_threadpool(what, opened, folder, given)
        except (KakehashiError, OSError) as refused:
            return Response(_page(request, opened, folder, language, 0, str(refused)), 400, media_type=_HTML)
        text = await run_in_threadpool(_page, request, opened, folder, language, kept, "")
        return Response(text, media_type=_HTML)


def _found(shelf: Shelf, name: str) -> tuple[Opened | None, Path | None]:
    folder = shelf.folder_of(name)
    return (shelf.open(name), folder) if folder is not None else (None, None)


def _name(request: Request) -> str:
    return request.url.path.rpartition("/")[2]


def _page(request: Request, opened: Opened, folder: Path, language: Language, kept: int, refused: str) -> str:
    name = _name(request)
    view = View(opened, language, name, {})
    t = view.t
    values = study_frame(view, t(f"web.{name}.title"), request.url.path, kept=kept, refused=refused)
    values |= _to_decide(view, folder) if name == "review" else _to_label(view)
    return render.environment().get_template(f"{name}.html.j2").render(**values)


def _open_items(opened: Opened) -> list[Item]:
    """Return what the last run left open."""
    if QUESTIONS not in opened.kept:
        opened.kept[QUESTIONS] = read_questions(opened.reader.rows) if opened.reader.has(QUESTIONS) else []
    found: list[Item] = opened.kept[QUESTIONS]
    return found


def _to_decide(view: View, folder: Path) -> dict[str, Any]:
    t = view.t
    decided = {_subject(row) for row in _rows(folder / DECISIONS)}
    left = [one for one in _open_items(view.study) if _subject(_about(one)) not in decided]
    shown = [
        {
            "number": _number(one.kind, *_subject(_about(one)), one.target or ""),
            "shown": one.shown,
            "works": t("web.review.works", n=t.number(one.works)),
            "question": t(f"web.review.questions.{one.kind}"),
            "candidates": list(one.candidates),
            "choices": [(word, t(f"web.review.words.{word}"), _target(one, word)) for word in _words(one)],
        }
        for one in left[:_SHOWN]
    ]
    return {"items": shown, "total": len(left), "pending": len(decided), "words": WORDS}


def _words(one: Item) -> Sequence[str]:
    """Return the decisions that fit a kind of question, the suggested one first."""
    fitting = {
        "unresolved": ("new_institution", "not_this"),
        "no_country": ("country",),
        "other_country": ("merge", "split"),
        "source_country": ("country",),
        "lookalike": ("merge", "split"),
        "doubtful_name": ("new_institution", "not_this"),
        "doubtful_link": ("link", "not_this"),
    }.get(one.kind, ("link", "not_this"))
    return sorted(fitting, key=lambda word: word != one.suggestion)


def _target(one: Item, word: str) -> str:
    if word == one.suggestion:
        return one.target or ""
    return (one.name or one.shown) if word == "new_institution" else ""


def _about(one: Item) -> dict[str, str]:
    return {
        "affiliation": one.shown if one.kind == "unresolved" else "", "name": one.name or "",
        "country_code": one.country_code or "", "institution_id": one.institution_id or "",
    }  # fmt: skip


def _subject(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(column) or "" for column in ("name", "country_code", "institution_id")) + (
        () if row.get("name") else (row.get("affiliation") or "",)
    )


def _keep_decisions(opened: Opened, folder: Path, given: Mapping[str, str]) -> int:
    """Add the answers of a form to the decision file; return how many there were."""
    known = {_number(one.kind, *_subject(_about(one)), one.target or ""): one for one in _open_items(opened)}
    added = []
    for key, word in given.items():
        number = key.removeprefix("d")
        if not key.startswith("d") or number not in known or word not in WORDS:
            continue
        about = _about(known[number])
        if about["name"]:
            about["affiliation"] = ""
        added.append(
            {
                **about, "decision": word, "target": given.get(f"t{number}", "") if word != "not_this" else "",
                "note": "", "decided_by": given.get("by", ""), "decided_on": time.strftime("%Y-%m-%d"),
                "registry_version": "",
            }
        )  # fmt: skip
    if added:
        path = folder / DECISIONS
        with _alone:
            if not path.exists():  # named before it holds anything: a stop in between leaves no decision out of the run
                _write(path, COLUMNS, [])
            named = _named(folder, "affiliations", "decisions")
            if DECISIONS not in named:
                change(folder / "study.toml", ("affiliations", "decisions", [*named, DECISIONS]))
            _write(path, COLUMNS, [*_rows(path), *added])
    return len(added)


def _number(*about: str) -> str:
    """Name what is asked by a number that stays its own.

    A page may be answered after another run: a place in the list would by then be another question's.
    """
    return str(int(hashlib.sha256("\0".join(about).encode()).hexdigest()[:15], 16))


def _named(folder: Path, section: str, key: str) -> list[str]:
    """Return the paths that study.toml names, as they stand there."""
    found = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8")).get(section, {}).get(key, [])
    return [found] if isinstance(found, str) else list(found)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Write a CSV, whole or not at all."""
    out = io.StringIO()
    write = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    write.writeheader()
    write.writerows(rows)
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, out.getvalue())


def _to_label(view: View) -> dict[str, Any]:
    t = view.t
    fields = [str(entry["id"]) for entry in taxonomy(view.study.settings.fields.taxonomy)] or list(view.context.fields)
    options = [(one, view.context.field(one)) for one in fields]
    if options:
        options.append((_OUTSIDE, t("web.labels.outside")))
    shown = [
        {
            "number": _number(one.keyword),
            "keyword": one.keyword,
            "below": t("web.labels.below", n=t.number(one.works)),
            "guess": _guessed(view, one.guess),
            "examples": t("web.labels.example", titles=" | ".join(one.examples)) if one.examples else "",
        }
        for one in _open_keywords(view.study)
    ]
    return {"items": shown, "options": options}


def _guessed(view: View, guess: str) -> str:
    if not guess:
        return ""
    names = [view.say("labels.outside") if one == _OUTSIDE else view.context.field(one) for one in guess.split(";")]
    return view.say("labels.guess", guess=view.t.listing(names))


def _open_keywords(opened: Opened) -> list[keywords.Item]:
    if "labels" not in opened.kept:
        has = opened.reader.has("keyword_tree", "keyword_fields")
        opened.kept["labels"] = keywords.items(opened.reader.rows, _SHOWN) if has else []
    found: list[keywords.Item] = opened.kept["labels"]
    return found


def _keep_labels(opened: Opened, folder: Path, given: Mapping[str, str]) -> int:
    """Add the labels of a form to the study's label file; return how many there were."""
    known = {_number(one.keyword): one.keyword for one in _open_keywords(opened)}
    fields = {*(str(entry["id"]) for entry in taxonomy(opened.settings.fields.taxonomy)), *_met(opened), _OUTSIDE}
    added = [
        {"keyword": known[key[1:]], "fields": field}
        for key, field in given.items()
        if key.startswith("k") and key[1:] in known and field in fields
    ]
    if added:
        with _alone:
            named = _named(folder, "fields", "labels")
            path = folder / (named[0] if named else LABELS)
            if not named:
                if not path.exists():
                    _write(path, ("keyword", "fields"), [])
                change(folder / "study.toml", ("fields", "labels", LABELS))
            kept = [row for row in _rows(path) if row.get("keyword") not in {one["keyword"] for one in added}]
            columns = tuple(kept[0]) if kept else ("keyword", "fields")
            _write(path, columns, [*kept, *added])
    return len(added)


def _met(opened: Opened) -> tuple[str, ...]:
    return opened.context("en").fields
