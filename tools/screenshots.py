"""Pictures of every page of the explorer and its hub in both languages and three widths: `make screenshots`.

Writes build/screenshots/<width>/<language>/<page>.png, at one width in dark colours too (<width>-dark). Says what is
wrong with a page: text that is clipped or lies over other text, errors in the console, requests that leave the machine.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests" / "web")]

from explorer_pages import addresses  # noqa: E402
from hub_in_pages import filled, hub_pages  # noqa: E402
from page_checks import browser, visit  # noqa: E402
from serving import served  # noqa: E402

from kakehashi import Study  # noqa: E402
from kakehashi.matching.opening import open_index  # noqa: E402

WIDTHS = (390, 1280, 1920)
DARK = 1280
"""The width at which dark colours are shown beside light ones: what differs is the colours alone."""


def made(folder: Path) -> Path:
    """Return a folder with a study of 2,000 invented works, made now if it is not there."""
    from kakehashi.cli.demo import make_demo

    if not (folder / "study.toml").exists():
        make_demo(folder, 2_000)
    Study(folder).run()
    return folder


def named(page: str, ids: Mapping[str, str]) -> str:
    """Name the picture of a page: the ids of the hub's records are new each time."""
    for kind, id_ in ids.items():
        page = page.replace(id_, f"a-{kind}")
    return re.sub(r"[^\w=.-]+", "_", page)[:90]


def looks(widths: Sequence[int], *, only_dark: bool) -> Iterator[tuple[int, bool]]:
    """Yield each width with whether it is shown in dark colours."""
    for width in widths:
        if not only_dark:
            yield width, False
        if only_dark or width == DARK:
            yield width, True


def main() -> int:
    """Take the pictures; return 1 where a page has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="the study to show; else one of invented works")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--width", type=int, nargs="*", default=WIDTHS)
    parser.add_argument("--dark", action="store_true", help="dark colours alone, at every width given")
    parser.add_argument("--only", default="", help="pages whose address holds this")
    given = parser.parse_args()
    study = (given.study or made(ROOT / "build" / "study")).resolve()
    faults = 0
    with tempfile.TemporaryDirectory() as kept, served(study.parent) as base, browser() as started:
        os.environ["KAKEHASHI_HUB_URL"] = f"sqlite:///{kept}/hub.db"  # read when the hub is first asked for
        ids = filled(os.environ["KAKEHASHI_HUB_URL"])
        open_index(Study(study))
        for language in ("ja", "en"):
            hub = hub_pages(base, study.name, language, ids)
            for address in (*addresses(base, study.name, language), *hub):
                if given.only not in address:
                    continue
                name = named(address.split(f"/{language}/", 1)[1], ids).strip("_") or "studies"
                for width, dark in looks(given.width, only_dark=given.dark):
                    folder = f"{width}{'-dark' if dark else ''}"
                    shot = given.out / folder / language / f"{name}.png"
                    found = visit(started, address, width, dark=dark, shot=shot).problems()
                    if found:
                        faults += 1
                        sys.stdout.write(f"{language} {folder} {name}: {found}\n")
    sys.stdout.write(f"pages with faults: {faults}; pictures are in {given.out}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
