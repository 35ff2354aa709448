"""How soon and how heavy the first view of every page is, each from a server that was just started.

    python benchmarks/explorer_first_views.py --study demo

Opens every page of a study, of the explorer without one, and of the hub (made for it, with a record of every kind) in
Debian's Chromium: no cache, and a server of its own for each page, so that nothing is ready made. Prints what is over
the budget of 1 s and 300 kB, and the slowest and heaviest pages; `--warm` asks one running server for all of them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "benchmarks")]

from explorer_pages import addresses  # noqa: E402
from hub_in_pages import filled, hub_pages  # noqa: E402
from page_checks import browser  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

from explorer_latency import first_view, serving  # noqa: E402
from kakehashi import Study  # noqa: E402
from kakehashi.matching.opening import open_index  # noqa: E402

MOST_MS, MOST_BYTES = 1_000, 300_000


def paths(folder: Path, study: str, language: str, ids: dict[str, str]) -> list[str]:
    """Return the address of every page, without the server's."""
    with serving(folder) as base:  # makes the index of the pages too
        found = (*addresses(base, study, language), *hub_pages(base, study, language, ids))
        return [address.removeprefix(base) for address in found]


def measured(started: Browser, folder: Path, asked: list[str], *, warm: bool) -> Iterator[tuple[float, int, str]]:
    """Yield ms until the page is loaded, bytes transferred and the path, of each page."""
    with serving(folder) if warm else nullcontext() as shared:
        for path in asked:
            with nullcontext(shared) if shared else serving(folder) as base:
                page = started.new_page(viewport={"width": 1280, "height": 900})
                taken, sent = first_view(page, f"{base}{path}")
                page.close()
            yield taken, sent, path


def main() -> int:
    """Run the benchmark; return 1 where a page is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, required=True, help="the folder of a study that was run")
    parser.add_argument("--language", nargs="*", default=["ja"])
    parser.add_argument("--only", default="", help="pages whose address holds this")
    parser.add_argument("--warm", action="store_true", help="ask one running server for all pages")
    given = parser.parse_args()
    study = given.study.resolve()
    with tempfile.TemporaryDirectory() as kept, browser() as started:
        os.environ["KAKEHASHI_HUB_URL"] = f"sqlite:///{kept}/hub.db"
        ids = filled(os.environ["KAKEHASHI_HUB_URL"])
        open_index(Study(study))
        asked = [
            path
            for language in given.language
            for path in paths(study.parent, study.name, language, ids)
            if given.only in path
        ]
        found = list(measured(started, study.parent, asked, warm=given.warm))
    over = [one for one in found if one[0] > MOST_MS or one[1] > MOST_BYTES]
    for name, rows in (
        ("over the budget", over),
        ("slowest", sorted(found, reverse=True)[:8]),
        ("heaviest", sorted(found, key=lambda one: -one[1])[:8]),
    ):
        print(f"{name}:")
        for taken, sent, path in rows:
            print(f"  {taken:5.0f} ms {sent / 1000:5.0f} kB {path}")
    times = sorted(one[0] for one in found)
    print(f"{len(found)} pages, median {times[len(times) // 2]:.0f} ms, over the budget {len(over)}")
    print(f"load {os.getloadavg()}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
