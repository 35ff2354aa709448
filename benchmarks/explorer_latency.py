"""How soon the explorer answers in a browser: the first view of a cold server, the map of countries, the network.

    python benchmarks/explorer_latency.py --folder build/explorer

Uses the study that explorer.py writes (made here if it is not there: 201 countries, and 3,000 institutions and 20,000
lines in the network), `kakehashi serve` in a process of its own, and Debian's Chromium. An interaction takes from the
event until the second frame after the page has answered, which is when it can be seen. Whoever opens a list of choices
looks at it before choosing: 700 ms are waited between the two, and the same is measured without the wait.
"""

import argparse
import math
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "benchmarks")]

from page_checks import browser  # noqa: E402
from playwright.sync_api import Page, Response  # noqa: E402

from explorer import write_study  # noqa: E402

CHOOSE = """
async ([name, value, wait]) => {
  const list = document.querySelector(`select[name=${name}]`);
  list.focus();
  await new Promise((done) => setTimeout(done, wait));
  const begin = performance.now();
  const shown = new Promise((done) => document.addEventListener("kakehashi:shown", done, { once: true }));
  list.value = value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
  await shown;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begin;
}
"""
POINTS = """
async () => {
  const times = [];
  for (const spot of [...document.querySelectorAll(".picture:not(.narrow) .spots a")].slice(0, 120)) {
    const begin = performance.now();
    spot.focus({ preventScroll: true });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    times.push(performance.now() - begin);
  }
  return times;
}
"""
NETWORK = """
async () => {
  const stage = document.querySelector(".stage"), box = stage.getBoundingClientRect(), times = [];
  const pixel = new Uint8Array(4);
  const seen = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    network.gl.readPixels(0, 0, 1, 1, network.gl.RGBA, network.gl.UNSIGNED_BYTE, pixel);  // until it is drawn
    done();
  })));
  const say = (kind, x, y, more = {}) => stage.dispatchEvent(new PointerEvent(kind,
    { pointerId: 1, bubbles: true, clientX: box.left + x, clientY: box.top + y, ...more }));
  stage.setPointerCapture = () => {};
  const time = async (name, act) => {
    const begin = performance.now();
    act();
    await seen();
    times.push([name, performance.now() - begin]);
  };
  for (let n = 0; n < 20; n++) await time("hover", () => say("pointermove", 100 + 30 * n, 100 + 18 * n));
  for (let n = 0; n < 20; n++) await time("zoom", () => stage.dispatchEvent(new WheelEvent("wheel",
    { bubbles: true, cancelable: true, clientX: box.left + 400, clientY: box.top + 300,
      deltaY: n < 10 ? -120 : 120 })));
  say("pointerdown", 300, 300);
  for (let n = 0; n < 20; n++) await time("drag", () => say("pointermove", 300 + 9 * n, 300 + 5 * n));
  say("pointerup", 490, 400);
  for (let n = 0; n < 20; n++) await time("choose", () => network.choose(n * 7));
  network.choose(-1);
  return times;
}
"""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder in a process of its own; yield the address once it answers."""
    with serving_process(folder) as (base, _):
        yield base


@contextmanager
def serving_process(folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a folder; yield the address and the number of the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "-m", "kakehashi", "serve", str(folder), "--port", str(port)])
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{base}/static/app.css").close()  # noqa: S310 -- our own server
                break
            except OSError:
                time.sleep(0.1)
        yield base, server.pid
    finally:
        server.terminate()
        server.wait()


def told(name: str, times: list[float]) -> None:
    """Print median and 95th percentile of times in ms: the least time that 95 of 100 do not exceed."""
    found = sorted(times)
    late = found[math.ceil(0.95 * len(found)) - 1]
    print(
        f"  {name}: n {len(found)}, median {found[len(found) // 2]:.0f} ms, 95th percentile {late:.0f} ms, "
        f"longest {found[-1]:.0f} ms"
    )


def first_view(page: Page, address: str) -> tuple[float, int]:
    """Return ms until the page is loaded, and the bytes that came for it."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    taken: float = page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd")
    return taken, sum(len(answer.body()) for answer in answers)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="a folder for the study `large`")
    parser.add_argument("--institutions", type=int, default=500_000)
    given = parser.parse_args()
    study = given.folder / "large"
    if not study.exists():
        write_study(study, given.institutions, 2 * given.institutions, 9 * given.institutions)
    with serving(study) as base:  # the index of the pages is made
        pass
    with browser() as started:
        colds = []
        for page_name in ("", "map", "map"):
            begin = time.monotonic()
            with serving(given.folder) as base:
                print(f"a server answers {time.monotonic() - begin:.1f} s after it was started")
                page = started.new_page(viewport={"width": 1280, "height": 900})
                taken, sent = first_view(page, f"{base}/ja/s/large/{page_name}")
                colds.append(taken)
                print(f"cold server, first view of {page_name or 'overview'}: {taken:.0f} ms, {sent / 1000:.0f} kB")
                page.close()
        with serving(given.folder) as base:
            page = started.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{base}/ja/s/large/")
            for wait in (700, 0):
                language = "ja" if wait else "en"
                page.goto(f"{base}/{language}/s/large/map?shown=all")
                spots = page.locator(".picture:not(.narrow) .spots a").count()
                print(f"map, {spots} countries, {wait} ms to look at a list:")
                ways = [("field", "ai"), *(("year", str(year)) for year in range(2016, 2023)), ("field", "iot"),
                        *(("year", str(year)) for year in range(2022, 2015, -1)), ("counting", "fractional"),
                        ("year", "all"), ("field", "all"), ("counting", "full")]  # fmt: skip
                told("another field, year or counting", [page.evaluate(CHOOSE, [*way, wait]) for way in ways])
                told("the same again", [page.evaluate(CHOOSE, [*way, wait]) for way in ways])
            told("a point and its note", page.evaluate(POINTS))
            page.goto(f"{base}/ja/s/large/network?level=institution", wait_until="networkidle")
            page.wait_for_function("() => window.network")
            print(
                "network:", page.evaluate("() => `${network.nodes.length} institutions, ${network.edges.length} lines`")
            )
            times = page.evaluate(NETWORK)
            for name in dict.fromkeys(one for one, _ in times):
                told(name, [ms for one, ms in times if one == name])
            told("all of these", [ms for _, ms in times])
    print(f"load {os.getloadavg()}")


if __name__ == "__main__":
    main()
