"""A large export uploaded to the explorer: does it stream to disk, and what memory does the server take?

    python benchmarks/explorer_upload.py --gigabytes 2

Sends a made CSV of the size asked for in one form, as a browser does, to `kakehashi serve` in a process of its own, and
then a file that is no export, which must be refused with the reason on the page. Nothing is kept.
"""

import argparse
import http.client
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "benchmarks")]

from explorer import memory  # noqa: E402
from explorer_latency import serving_process  # noqa: E402

BOUNDARY = "----kakehashi"
CHUNK = 1 << 20
HEAD = b"title,authors,year,affiliations,keywords\n"
LINE = b'"A work on subject of some length","A; B",2020,"University of Tokyo, Japan; University of Oxford, UK","x"\n'


def form(name: str, file_name: str, content: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a multipart form with a study's name and one file."""
    for key, value in (("name", name), ("home", "JP"), ("taxonomy", "none")):
        yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{file_name}"\r\n\r\n'.encode()
    yield from content
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def table(size: int) -> Iterator[bytes]:
    """Yield a CSV of about a size, in chunks."""
    yield HEAD
    chunk = LINE * (CHUNK // len(LINE))
    for _ in range(size // len(chunk)):
        yield chunk


def send(port: int, parts: list[bytes] | Iterator[bytes], length: int) -> tuple[int, str, str]:
    """Post a form; return status, where it leads, and the page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    head = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(length)}
    connection.request("POST", "/ja/new", body=iter(parts), headers=head)
    answer = connection.getresponse()
    return answer.status, answer.getheader("location", ""), answer.read().decode()


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--folder", type=Path, help="where the study is made; else a temporary folder")
    given = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="upload-", dir=given.folder))
    size = int(given.gigabytes * 1024**3)
    try:
        with serving_process(root) as (base, pid):
            port = int(base.rpartition(":")[2])
            http.client.HTTPConnection("127.0.0.1", port).request("GET", "/ja/new")
            before, seen, over = memory(pid), [0.0], threading.Event()

            def watch() -> None:
                while not over.wait(0.2):
                    seen.append(memory(pid))

            watcher = threading.Thread(target=watch)
            watcher.start()
            begin = time.monotonic()
            length = sum(map(len, form("large", "works.csv", table(size))))
            status, to, _ = send(port, form("large", "works.csv", table(size)), length)
            taken = time.monotonic() - begin
            over.set()
            watcher.join()
            kept = (root / "large/exports/works.csv").stat().st_size
            print(
                f"{length / 1e9:.2f} GB: {status} {to} in {taken:.0f} s; kept {kept / 1e9:.2f} GB; "
                f"memory of the server {before:.0f} MB before, {max(seen):.0f} MB at most, {memory(pid):.0f} MB after; "
                f"load {os.getloadavg()}"
            )
            wrong = list(form("wrong", "picture.png", iter([b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4096])))
            status, _, page = send(port, wrong, sum(map(len, wrong)))
            why = re.search(r'role="alert">([^<]*)<', page)
            left = sorted(path.name for path in root.glob("[!.]*"))
            print(f"a picture: {status}, {why[1] if why else 'no reason'}; studies: {left}")
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
