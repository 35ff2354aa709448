"""Fetch the newest ROR dump from where ROR publishes it: the one use of the network, and only when asked.

Source: ROR documentation, "Retrieve ROR data from Zenodo", https://ror.readme.io/docs/zenodo (read 2026-11-21): record
6347574 always leads to the newest release; Zenodo turns away programs that do not name themselves.
"""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import msgspec

from kakehashi.errors import SourceError
from kakehashi.progress import Progress

ZENODO = "https://zenodo.org"
RECORD = "api/records/6347574"
SECONDS = 60.0
"""How long to wait for the next bytes before giving up."""

_CHUNK = 1 << 18
_MOST = 1 << 20
_OTHERWISE = (
    "Try again later, or fetch the zip in a browser from https://doi.org/10.5281/zenodo.6347574 and add it: "
    "kakehashi registry add FILE"
)


class _Links(msgspec.Struct):
    self: str


class _File(msgspec.Struct):
    key: str
    size: int
    checksum: str
    links: _Links


class _Record(msgspec.Struct):
    files: list[_File]


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """Follows redirections, but never from an encrypted connection to one that is not."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme != urlsplit(req.full_url).scheme:
            fp.close()
            raise urllib.error.URLError(f"redirected from {req.full_url} to {newurl}, by another protocol")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(folder: Path, progress: Progress, base_url: str = ZENODO, seconds: float = SECONDS) -> Path:
    """Fetch the newest dump into `folder` and return its path; size and checksum are those that Zenodo states.

    What a stopped or failed download left behind is not taken for a dump: the file gets its name when it is complete.
    Raises SourceError, which says what to do instead, and OSError where `folder` cannot be written.
    """
    chosen = _newest(base_url, seconds)
    target = folder / Path(chosen.key).name
    part = target.with_name(f".{target.name}.part")
    algorithm, _, wanted = chosen.checksum.partition(":")
    if algorithm not in hashlib.algorithms_guaranteed:
        raise SourceError(f"{chosen.links.self}: its checksum is of an unknown kind, {algorithm!r}. {_OTHERWISE}")
    digest = hashlib.new(algorithm, usedforsecurity=False)
    size = 0
    advance = progress.step("download", chosen.size)
    with part.open("wb") as file, _opened(urljoin(base_url, chosen.links.self), seconds) as stream:
        while chunk := stream.read(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            advance(len(chunk))
    if size != chosen.size or digest.hexdigest() != wanted:
        part.unlink()
        raise SourceError(
            f"{chosen.links.self}: {size:,} bytes arrived of {chosen.size:,}, and the checksum is "
            f"{'right' if digest.hexdigest() == wanted else 'wrong'}. {_OTHERWISE}"
        )
    return part.replace(target)


def _newest(base_url: str, seconds: float) -> _File:
    url = f"{base_url}/{RECORD}"
    with _opened(url, seconds) as stream:
        answer = stream.read(_MOST)
    try:
        record = msgspec.json.decode(answer, type=_Record)
    except msgspec.DecodeError as error:
        raise SourceError(f"{url}: did not answer with a record of files ({error}). {_OTHERWISE}") from error
    dumps = [file for file in record.files if file.key.endswith("-ror-data.zip")]
    if len(dumps) != 1:
        names = ", ".join(file.key for file in record.files) or "no file"
        raise SourceError(f"{url}: names {names}, and not one file that ends in -ror-data.zip. {_OTHERWISE}")
    return dumps[0]


@contextmanager
def _opened(url: str, seconds: float) -> Iterator[BinaryIO]:
    if urlsplit(url).scheme not in ("http", "https"):
        raise SourceError(f"{url}: is no web address. {_OTHERWISE}")
    opener = urllib.request.build_opener(_SameScheme)
    asked = urllib.request.Request(url, headers={"User-Agent": "kakehashi"})  # noqa: S310 # checked above
    try:
        with opener.open(asked, timeout=seconds) as answer:
            yield answer
    except urllib.error.HTTPError as error:
        error.close()
        raise SourceError(f"{url}: answered {error.code} {error.reason}. {_OTHERWISE}") from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        why = getattr(error, "reason", None) or error
        raise SourceError(f"{url}: cannot be reached, or broke off: {why}. {_OTHERWISE}") from error
