"""Pictures of every page of the explorer in both languages and three widths: `make screenshots`.

Writes build/screenshots/<width>/<language>/<page>.png and says what is wrong with a page: text that is clipped or lies
over other text, errors in the console, requests that leave the machine.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests" / "web")]

from explorer_pages import addresses  # noqa: E402
from page_checks import browser, visit  # noqa: E402
from serving import served  # noqa: E402

WIDTHS = (390, 1280, 1920)


def made(folder: Path) -> Path:
    """Return a folder with a study of 2,000 invented works, made now if it is not there."""
    from kakehashi.cli.demo import make_demo

    if not (folder / "study.toml").exists():
        make_demo(folder, 2_000)
    from kakehashi import Study

    Study(folder).run()
    return folder


def main() -> int:
    """Take the pictures; return 1 where a page has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="the study to show; else one of invented works")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--width", type=int, nargs="*", default=WIDTHS)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--only", default="", help="pages whose address holds this")
    given = parser.parse_args()
    study = (given.study or made(ROOT / "build" / "study")).resolve()
    faults = 0
    with served(study.parent) as base, browser() as started:
        for language in ("ja", "en"):
            for address in addresses(base, study.name, language):
                if given.only not in address:
                    continue
                name = re.sub(r"[^\w=.-]+", "_", address.split(f"/{language}/", 1)[1])[:90].strip("_") or "studies"
                for width in given.width:
                    shot = given.out / f"{width}{'-dark' if given.dark else ''}" / language / f"{name}.png"
                    found = visit(started, address, width, dark=given.dark, shot=shot).problems()
                    if found:
                        faults += 1
                        sys.stdout.write(f"{language} {width} {name}: {found}\n")
    sys.stdout.write(f"pages with faults: {faults}; pictures are in {given.out}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
