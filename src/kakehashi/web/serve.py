"""Starts the server on the loopback address."""

import gc
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import uvicorn
from fastapi import FastAPI

from kakehashi import reference
from kakehashi.errors import KakehashiError
from kakehashi.matching import building
from kakehashi.matching.opening import load_what_stays as load_what_matching_keeps
from kakehashi.texts import LANGUAGES
from kakehashi.web import render
from kakehashi.web.app import create_app
from kakehashi.web.catalogue import PAGES
from kakehashi.web.shelf import Shelf, ready
from kakehashi.web.snapshot import is_made
from kakehashi.web.uploads import clear_unfinished
from kakehashi.web.view import View

HOST = "127.0.0.1"


def server(folder: Path) -> uvicorn.Server:
    """Make the server of a folder."""
    return _server(create_app(folder))


def _server(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=3, limit_concurrency=1000,
    )  # fmt: skip
    return uvicorn.Server(config)


def prepare(folder: Path, told: Callable[[], None]) -> None:
    """Make what the pages of a finished study read, unless it is there; `told` is called before.

    Nobody then waits for it at the first page. What goes wrong here is told by the pages.
    """
    try:
        if not is_made(folder):
            told()
            ready(folder)
    except (KakehashiError, OSError, duckdb.Error):
        return


def load_what_stays(shelf: Shelf) -> None:
    """Load what the pages of any study read once and keep: texts, templates, names of countries, knowledge.

    Otherwise whoever asks first waits for it, at each page for another part. It is loaded by making the page that needs
    most of it, of a built-in study. The collector of garbage is told that all this stays: it would look through it
    again and again, each time while somebody waits for a page.
    """
    for language in LANGUAGES:
        study = shelf.open(reference.names()[0])
        assert study is not None  # noqa: S101 -- built in
        view = View(study, language, "advise", {})
        render.html(PAGES["advise"](view), view, other_href="")
    for name in render.environment().list_templates(extensions=("j2",)):
        render.environment().get_template(name)
    gc.collect()
    gc.freeze()


def load_for_needs(shelf: Shelf) -> None:
    """Load what matching reads once and keeps, where a study has an index: else nobody may ever ask."""
    folders = (shelf.folder_of(name) for name in shelf.names())
    if any(True for folder in folders if folder for _ in (folder / building.FOLDER).glob("*/index.json")):
        load_what_matching_keeps()


def spool_beside(folder: Path) -> None:
    """Let uploads come to rest on the disk of the studies: the system's folder for such files may be in memory.

    Sets it for the whole process, so only the command does. A folder that may not be written takes no uploads anyway.
    """
    spool = folder / (".cache" if (folder / "study.toml").is_file() else ".uploads")
    try:
        spool.mkdir(exist_ok=True)
    except OSError:
        return
    tempfile.tempdir = str(spool.resolve())


def serve(folder: Path, taken: socket.socket) -> None:
    """Serve a folder on a bound socket until stopped."""
    app = create_app(folder)
    # Beside the rest: most of it is unpacking, for which Python lets others run.
    needs = threading.Thread(target=load_for_needs, args=(app.state.shelf,), daemon=True)
    needs.start()
    load_what_stays(app.state.shelf)
    clear_unfinished(folder)
    spool_beside(folder)
    _server(app).run([taken])
