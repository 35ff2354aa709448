"""Writes a folder of exports with everything that ever went wrong with a file, and good files beside it.

`FAULTS` says, for each faulty file, which refusal code must tell of it and how many records it still gives.
"""

import csv
import gzip
import io
import json
import os
import random
import socket
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

HEAD = "title,year,authors,affiliations,doi\n"
LONG_LINE = 100_000_000


@dataclass(frozen=True)
class Expected:
    """What must become of a file: a refusal of one of `codes`, and `kept` records (None: any number)."""

    codes: tuple[str, ...]
    kept: int | None = 0


def table(prefix: str, rows: int = 3) -> str:
    lines = (
        f'{prefix} work {n},20{10 + n % 10},"Sato, A.","Osaka Univ, Japan",10.1000/{prefix}.{n}\n' for n in range(rows)
    )
    return HEAD + "".join(lines)


def bibtex(prefix: str) -> str:
    return "".join(
        f"@article{{{prefix}{n},\n title = {{{prefix} study number {n}}},\n"
        f" author = {{Sato, A.}},\n year = {{201{n}}}\n}}\n"
        for n in range(3)
    )


def openalex(prefix: str) -> bytes:
    works = [
        {"id": f"https://openalex.org/W{900 + n}", "title": f"{prefix} paper {n}", "publication_year": 2015,
         "doi": f"https://doi.org/10.1000/{prefix}.{n}", "authorships": [], "ids": {}, "type": "article"}
        for n in range(3)
    ]  # fmt: skip
    return json.dumps({"meta": {"count": 3}, "results": works}).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def encrypted_zip() -> bytes:
    """A zip whose one member says that it is encrypted: what a reader without the password sees."""
    data = bytearray(zipped({"secret.csv": table("secret").encode()}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + place
        (flags,) = struct.unpack_from("<H", data, at)
        struct.pack_into("<H", data, at, flags | 1)
    return bytes(data)


def zip_bomb(megabytes: int) -> bytes:
    """A zip whose member grows about a thousand times, written without holding it in memory."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.csv", "w") as member:
        member.write(HEAD.encode())
        for _ in range(megabytes):
            member.write(b"x" * (1 << 20))
    return data.getvalue()


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")


def wide(columns: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*HEAD.strip().split(","), *(f"c{n}" for n in range(columns))])
    writer.writerow(["wide work", "2015", "Sato, A.", "Osaka Univ, Japan", "10.1000/wide", *["x"] * columns])
    return text.getvalue()


JAPANESE = HEAD + '架け橋の研究,2015,"佐藤, 太郎","大阪大学, 大阪, 日本",10.1000/ja\n'
FRENCH = HEAD + 'Étude du réseau,2016,"Lefèvre, É.","Université de Genève, Genève, Suisse",10.1000/fr\n'

OUTSIDE = table("outside").encode()
UTF16 = JAPANESE.replace("10.1000/ja", "10.1000/ja16").encode("utf-16-le")

GOOD: dict[str, tuple[bytes, int]] = {
    "good.csv": (table("good").encode(), 3),
    "good.bib": (bibtex("sound").encode(), 3),
    "good.json": (openalex("fine"), 3),
    "日本語 の名前.csv": (table("nihongo").encode(), 3),
    "with space and 'quotes\".csv": (table("quoted").encode(), 3),
    "new\nline.csv": (table("newline").encode(), 3),
    "semi;comma,.csv": (table("semicolon").encode(), 3),
    "percent%20{brace}.csv": (table("brace").encode(), 3),
    "lone_cr.csv": (table("carriage").replace("\n", "\r").encode(), 3),
    "line_separator.csv": (table("separator").replace(" work", "\u2028work").encode(), 3),
    "hostile_names.zip": (zipped({"../../outside.csv": OUTSIDE, "/abs.csv": table("abs").encode()}), 6),
    "wide.csv": (wide(10_000).encode(), 1),
    "sub/deep/good.csv": (table("deep").encode(), 3),
}  # fmt: skip

BAD: dict[str, tuple[bytes, Expected]] = {
    "empty.csv": (b"", Expected(("empty",))),
    "empty.bib": (b"", Expected(("empty",))),
    "empty.zip": (zipped({}), Expected(("empty",))),
    "bom_only.csv": (b"\xef\xbb\xbf", Expected(("empty",))),
    "spaces.csv": (b" \r\n \n", Expected(("empty",))),
    "blank_lines.csv": (b"\n" * 1_000_000, Expected(("empty", "unrecognised"))),
    "blank_lines_in_table.csv": (table("blank").encode() + b"\n" * 1_000_000, Expected((), 3)),
    "cut_in_quotes.csv": (table("cut").encode()[:-25], Expected(("truncated", "unclosed_quote", "short_row"), 2)),
    "cut.bib": (bibtex("cut").encode()[:-30], Expected(("truncated", "unclosed_entry", "broken_entry"), 2)),
    "cut.json": (openalex("cut")[:-120], Expected(("truncated",), 2)),
    "cut.csv.gz": (gzip.compress(table("cutgz", 2000).encode(), mtime=0)[:-300], Expected(("truncated",), None)),
    "cut.zip": (zipped({"a.csv": table("cutzip").encode()})[:-40], Expected(("truncated",))),
    "picture.csv": (png(), Expected(("unrecognised",))),
    "random.bin": (random.Random(7).randbytes(20_000), Expected(("unrecognised",))),
    "random.gz": (b"\x1f\x8b" + random.Random(8).randbytes(2_000), Expected(("truncated", "unreadable"))),
    "utf16_no_bom.csv": (UTF16, Expected(("encoding",), 1)),
    "cp932.csv": (JAPANESE.encode("cp932"), Expected(("encoding",), 1)),
    "latin1.csv": (FRENCH.encode("latin-1"), Expected(("encoding",), 1)),
    "mixed.csv": (
        FRENCH.replace("10.1000/fr", "10.1000/mixed").encode()
        + FRENCH.replace("10.1000/fr", "10.1000/mixed2").split("\n")[1].encode("latin-1"),
        Expected(("encoding",), 2),
    ),
    "nuls.csv": (table("nul").replace("nul work 1", "nul\x00 work\x00 1").encode(), Expected((), 3)),
    "nested.zip": (zipped({"in.zip": zipped({"a.csv": table("nested").encode()})}), Expected(("unreadable",))),
    "password.zip": (encrypted_zip(), Expected(("unreadable",))),
    "page.csv": (b"<!doctype html><html><body>Please log in</body></html>", Expected(("unrecognised",))),
    "prose.txt": (b"Minutes of the meeting of 3 May.\nWe talked.\n", Expected(("unrecognised",))),
}  # fmt: skip


def write_files(folder: Path) -> None:
    """Write every good and bad file, and the big ones, which would be too large to hold in a table of bytes."""
    for name, content in {**{n: c for n, (c, _) in GOOD.items()}, **{n: c for n, (c, _) in BAD.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "bomb.zip").write_bytes(zip_bomb(300))
    with (folder / "long_line.csv").open("wb") as file:
        file.write(table("before").encode())
        for _ in range(LONG_LINE // 1_000_000):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + table("after").split("\n", 1)[1].encode())


def write_odd_things(folder: Path) -> list[socket.socket]:
    """Add what is no file: a link to nowhere, a loop, a pipe, a socket, a device. Returns what to close."""
    (folder / "dangling.csv").symlink_to(folder / "gone.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "device.csv").symlink_to("/dev/zero")
    (folder / "twice.csv").symlink_to(folder / "good.csv")
    listening = socket.socket(socket.AF_UNIX)
    here = os.open(folder, os.O_RDONLY)
    listening.bind(f"/proc/self/fd/{here}/socket.csv")  # the path of a socket may have about 100 characters only
    os.close(here)
    return [listening]


ODD = ("dangling.csv", "loop.csv", "pipe.csv", "device.csv", "socket.csv")
