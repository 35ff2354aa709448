"""The report as a PDF: the HTML page printed by a browser, with bookmarks, tags and sheet numbers in the contents.

A browser and not a Python renderer: its drawings stay vectors, its Japanese line breaks are right, Edge or Chrome is
on almost every desk, and nothing has to be compiled. It runs without a window and reaches nothing but the page.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject, TextStringObject

from kakehashi.errors import MissingProgramError, StudyError
from kakehashi.report.documents.common import one_line
from kakehashi.report.outline import Outline

VARIABLE = "KAKEHASHI_BROWSER"
_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_SECONDS = 240


def browser() -> str:
    """Find the browser that prints. Raises MissingProgramError where there is none."""
    named = os.environ.get(VARIABLE)
    for candidate in [named] if named else _candidates():
        found = shutil.which(candidate)
        if found:
            return found
    if named:
        raise MissingProgramError(f"{VARIABLE}={named}: there is no such program")
    raise MissingProgramError(
        "pdf needs a browser to print with: install Chromium, Google Chrome or Microsoft Edge, or name the program of "
        f"one in {VARIABLE}"
    )


def _candidates() -> Iterator[str]:
    yield from _NAMES
    yield from _PLACES
    for root in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if os.environ.get(root):
            yield from (str(Path(os.environ[root]) / place) for place in _WINDOWS)


def pdf_file(outline: Outline, page: Callable[[Mapping[str, int]], str]) -> bytes:
    """Print a page.

    Args:
        outline: what the page shows.
        page: writes the page, given on which sheet each of its parts begins. It is printed twice: the first time to
            learn that.

    Raises:
        MissingProgramError: where there is no browser.
        StudyError: where the browser fails.
    """
    program = browser()
    first = _printed(program, page({}))
    return _finished(_printed(program, page(_sheets(first))), outline)


def _finished(pdf: bytes, outline: Outline) -> bytes:
    """Give the bookmarks the headings' words, which the browser runs together, and the file its title, but no date."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    titles = [outline.title, outline.summary.title]
    for chapter in outline.chapters:
        titles.append(f"{chapter.number} {chapter.title}")
        titles += [f"{heading.number} {heading.text}" for heading in chapter.headings]
    marks = list(_bookmarks(writer.root_object.get("/Outlines")))
    if len(marks) == len(titles):
        for mark, title in zip(marks, titles, strict=True):
            mark[NameObject("/Title")] = TextStringObject(one_line(title))
    writer.metadata = {
        "/Title": one_line(outline.texts("title.page", study=outline.title)),
        "/Author": f"Kakehashi {outline.version}",
        "/Subject": outline.texts("title.kicker"),
    }
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _bookmarks(parent: Any) -> Iterator[Any]:
    """Yield the bookmarks of a file from top to bottom, each before those under it."""
    mark = None if parent is None else parent.get_object().get("/First")
    while mark is not None:
        entry = mark.get_object()
        yield entry
        yield from _bookmarks(entry)
        mark = entry.get("/Next")


def _sheets(pdf: bytes) -> dict[str, int]:
    """On which sheet, from 1, each part of the page begins that a link leads to."""
    reader = PdfReader(io.BytesIO(pdf))
    found = {}
    for name, destination in reader.named_destinations.items():
        number = reader.get_destination_page_number(destination)
        if number is not None:
            found[name.lstrip("/#")] = number + 1
    return found


def _printed(program: str, page: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="kakehashi-") as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(page, encoding="utf-8")
        options = [
            "--headless", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline",
            "--export-tagged-pdf", "--no-first-run", "--disable-extensions", "--disable-background-networking",
            "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
        ]  # fmt: skip
        if sys.platform.startswith("linux") and os.geteuid() == 0:
            options.append("--no-sandbox")  # Chromium refuses to start for root otherwise
        try:
            done = subprocess.run(  # noqa: S603 -- a program found on this machine, arguments of ours
                [program, *options, source.as_uri()], capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StudyError(f"pdf: {program} could not print the report ({error})") from error
        try:
            pdf = target.read_bytes()
            PdfReader(io.BytesIO(pdf))
        except (OSError, PyPdfError) as error:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise StudyError(
                f"pdf: {program} could not print the report: {said[-1] if said else done.returncode}"
            ) from error
    return pdf
