"""Fetching a dump, from a server of our own that answers as Zenodo does, and in the ways in which networks fail."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kakehashi.affiliations.download import RECORD, download
from kakehashi.errors import SourceError
from kakehashi.progress import Advance, Silent
from registries import published

NAME = "v1.59-2025-01-23-ror-data.zip"
DUMP = published()


class Server(ThreadingHTTPServer):
    """Answers each path with a function of the request; `asked` keeps (path, user agent)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        self.server.answers.get(self.path, status(404))(self)

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    def answer(request: Handler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def content(data: bytes, length: int | None = None) -> Callable[[Handler], None]:
    """Answer with data, and break the connection where the announced length is longer."""

    def answer(request: Handler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(data) if length is None else length))
        request.end_headers()
        request.wfile.write(data)

    return answer


def record(data: bytes = DUMP, link: str = f"/files/{NAME}/content", **other: Any) -> Callable[[Handler], None]:
    """The record as Zenodo describes it, reduced to what is read and some that is not."""
    checksum = f"md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}"
    file = {"id": "1", "key": NAME, "size": len(data), "checksum": checksum, "links": {"self": link}, **other}
    return content(json.dumps({"id": 17, "metadata": {"version": "v1.59"}, "files": [file]}).encode())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        running.answers = {f"/{RECORD}": record(), f"/files/{NAME}/content": content(DUMP)}
        yield running
        running.shutdown()
        thread.join()


def fetched(server: Server, folder: Path) -> Path:
    return download(folder, Silent(), server.url, seconds=0.5)


def test_the_newest_dump_is_fetched_whole_under_its_own_name(server: Server, tmp_path: Path) -> None:
    path = fetched(server, tmp_path)
    assert (path.name, path.read_bytes()) == (NAME, DUMP)
    assert list(tmp_path.iterdir()) == [path]
    assert [asked for asked, _ in server.asked] == [f"/{RECORD}", f"/files/{NAME}/content"]
    assert {agent.split("/")[0] for _, agent in server.asked} == {"kakehashi"}


def test_progress_counts_the_bytes(server: Server, tmp_path: Path) -> None:
    seen: list[int] = []

    class Watching:
        def step(self, name: str, total: int | None) -> Advance:
            assert (name, total) == ("download", len(DUMP))
            return seen.append

    download(tmp_path, Watching(), server.url)
    assert sum(seen) == len(DUMP)


def test_redirections_are_followed(server: Server, tmp_path: Path) -> None:
    server.answers[f"/{RECORD}"] = status(301, Location="/api/records/17")
    server.answers["/api/records/17"] = record(link=f"{server.url}/somewhere")
    server.answers["/somewhere"] = status(302, Location=f"/files/{NAME}/content")
    assert fetched(server, tmp_path).read_bytes() == DUMP


def silent(request: Handler) -> None:
    """Say that something comes, and send nothing until the other side has gone."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.flush()
    request.rfile.read(1)


FAULTS = {
    "no record": ({f"/{RECORD}": status(404)}, "answered 404 Not Found"),
    "too many requests": ({f"/{RECORD}": status(429)}, "answered 429"),
    "not json": ({f"/{RECORD}": content(b"<html>")}, "did not answer with a record"),
    "endless record": ({f"/{RECORD}": content(b" " * (2 << 20))}, "did not answer with a record"),
    "no file": ({f"/{RECORD}": content(b'{"files": []}')}, "names no file"),
    "another file": ({f"/{RECORD}": record(key="readme.txt")}, "names readme.txt"),
    "unknown checksum": ({f"/{RECORD}": record(checksum="crc9:1")}, "unknown kind, 'crc9'"),
    "file gone": ({f"/files/{NAME}/content": status(410)}, "answered 410 Gone"),
    "server fault": ({f"/files/{NAME}/content": status(503)}, "answered 503"),
    "cut off": ({f"/files/{NAME}/content": content(DUMP[:-10], len(DUMP))}, "broke off|bytes arrived of"),
    "short": ({f"/files/{NAME}/content": content(DUMP[:-10])}, "bytes arrived of"),
    "long": ({f"/files/{NAME}/content": content(DUMP + b"x")}, "bytes arrived of"),
    "altered": ({f"/files/{NAME}/content": content(DUMP[:-1] + b"x")}, "checksum is wrong"),
    "silent": ({f"/files/{NAME}/content": silent}, "timed out"),
    "circle": ({f"/files/{NAME}/content": status(302, Location=f"/files/{NAME}/content")}, "answered 302"),
    "another protocol": ({f"/files/{NAME}/content": status(302, Location="ftp://example.org/x")}, "another protocol"),
    "a file of this machine": ({f"/{RECORD}": record(link="file:///etc/hostname")}, "is no web address"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_goes_wrong_is_said_with_the_other_way_and_leaves_no_dump(
    server: Server, tmp_path: Path, fault: str
) -> None:
    answers, words = FAULTS[fault]
    server.answers |= answers
    with pytest.raises(SourceError, match=words) as failed:
        fetched(server, tmp_path)
    assert "kakehashi registry add FILE" in str(failed.value)
    assert [path for path in tmp_path.iterdir() if not path.name.endswith(".part")] == []


def test_a_failed_download_can_be_repeated(server: Server, tmp_path: Path) -> None:
    whole = server.answers[f"/files/{NAME}/content"]
    server.answers[f"/files/{NAME}/content"] = content(DUMP[:50], len(DUMP))
    with pytest.raises(SourceError):
        fetched(server, tmp_path)
    server.answers[f"/files/{NAME}/content"] = whole
    assert fetched(server, tmp_path).read_bytes() == DUMP


def test_a_server_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with Server() as closed:
        url = closed.url
    with pytest.raises(SourceError, match=f"{url}/{RECORD}: cannot be reached.*refused"):
        download(tmp_path, Silent(), url)
