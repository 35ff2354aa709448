"""Checks of a page in a real Chromium: quiet console, nothing fetched, nothing clipped, no labels that overlap."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TOLERANCE = 1.0  # px: rounding of positions by the browser

_WIDER_THAN_THE_PAGE = """
() => {
  const room = document.documentElement.clientWidth + 1, found = [];
  if (document.documentElement.scrollWidth > room) found.push('the page itself');
  for (const element of document.querySelectorAll('main *, header *, nav *, footer *')) {
    if (element.closest('.table-wrap, .hidden') || element.ownerSVGElement) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > room || box.left < -1))
      found.push(`${element.tagName}.${element.getAttribute('class')}: ${element.textContent.slice(0, 40)}`);
  }
  return found;
}
"""
_TEXTS_OUTSIDE_THEIR_DRAWING = """
(tolerance) => {
  const found = [];
  for (const svg of document.querySelectorAll('svg[aria-labelledby]')) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    for (const text of svg.querySelectorAll('text')) {
      if (!text.textContent) continue;
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - tolerance || box.right > frame.right + tolerance ||
          box.top < frame.top - tolerance || box.bottom > frame.bottom + tolerance)
        found.push(`${svg.getAttribute('aria-labelledby').split('-title')[0]}: ${text.textContent}`);
    }
  }
  return found;
}
"""
# The boxes of two texts in lines that follow each other may touch by their empty rims: compared are 70 % of the height.
_OVERLAPPING_TEXTS = """
(tolerance) => {
  const found = [];
  for (const svg of document.querySelectorAll('svg[aria-labelledby]')) {
    if (!svg.getBoundingClientRect().width) continue;
    const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent).map(text => {
      const box = text.getBoundingClientRect(), rim = box.height * 0.15;
      return {name: text.textContent, l: box.left, r: box.right, t: box.top + rim, b: box.bottom - rim};
    });
    for (let i = 0; i < texts.length; i++) for (let k = i + 1; k < texts.length; k++) {
      const a = texts[i], b = texts[k];
      if (a.l + tolerance < b.r && b.l + tolerance < a.r && a.t + tolerance < b.b && b.t + tolerance < a.b)
        found.push(`${svg.getAttribute('aria-labelledby').split('-title')[0]}: ${a.name} / ${b.name}`);
    }
  }
  return found;
}
"""
_SMALLEST_TEXT = """
() => {
  let smallest = 99;
  for (const text of document.querySelectorAll('svg[aria-labelledby] text')) {
    const svg = text.ownerSVGElement, frame = svg.getBoundingClientRect();
    if (!frame.width || !text.textContent) continue;
    const scale = frame.width / svg.viewBox.baseVal.width;
    smallest = Math.min(smallest, parseFloat(getComputedStyle(text).fontSize) * scale);
  }
  return smallest;
}
"""
_DOUBLE_IDS = """
() => {
  const seen = new Set(), twice = [];
  for (const element of document.querySelectorAll('[id]')) {
    if (seen.has(element.id)) twice.push(element.id);
    seen.add(element.id);
  }
  return twice;
}
"""
_DEAD_LINKS = """
() => [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href'))
  .filter(target => !document.getElementById(target.slice(1)))
"""


@dataclass
class Findings:
    """What is wrong with a page. An empty list everywhere means that nothing is."""

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)
    overlapping: list[str] = field(default_factory=list)
    double_ids: list[str] = field(default_factory=list)
    dead_links: list[str] = field(default_factory=list)
    smallest_text: float = 99.0

    def problems(self) -> dict[str, list[str]]:
        """The findings that are not empty."""
        return {name: value for name, value in vars(self).items() if isinstance(value, list) and value}


def chromium() -> str | None:
    """Where Debian's Chromium is, or None."""
    return shutil.which("chromium")


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium that makes no connections of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield started
        finally:
            started.close()


def check(started: Browser, path: Path, width: int) -> Findings:
    """Open a file at a width and look at all of it, folded parts included."""
    findings = Findings()
    page = started.new_page(viewport={"width": width, "height": 900})
    page.on("console", lambda message: findings.console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: findings.console.append(str(error)))
    address = path.resolve().as_uri()
    page.on("request", lambda request: _note_request(findings, request.url, address))
    page.goto(address)
    page.evaluate("() => document.querySelectorAll('details').forEach(details => details.open = true)")
    _measure(page, findings)
    page.close()
    return findings


def visit(
    started: Browser,
    address: str,
    width: int,
    *,
    dark: bool = False,
    shot: Path | None = None,
    also: Callable[[Page], None] | None = None,
) -> Findings:
    """Open an address of a server at a width and look at all of it.

    `shot`: where a picture of the whole page is kept. `also`: a further look at the page as it was opened.
    """
    findings = Findings()
    page = started.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    page.on("console", lambda message: findings.console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: findings.console.append(str(error)))
    origin = "/".join(address.split("/")[:3])
    page.on("request", lambda request: _note_outside(findings, request.url, origin))
    page.goto(address, wait_until="networkidle" if "/network" in address else "load")
    if also is not None:
        also(page)
    if shot is not None:
        shot.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=shot, full_page=True)
    page.evaluate("() => document.querySelectorAll('details').forEach(details => details.open = true)")
    _measure(page, findings)
    page.close()
    return findings


def _note_outside(findings: Findings, url: str, origin: str) -> None:
    if not url.startswith((f"{origin}/", "data:")):
        findings.requests.append(url)


def _note_request(findings: Findings, url: str, address: str) -> None:
    if url.split("#")[0] != address and not url.startswith("data:"):
        findings.requests.append(url)


def _measure(page: Page, findings: Findings) -> None:
    findings.too_wide = page.evaluate(_WIDER_THAN_THE_PAGE)
    findings.clipped = page.evaluate(_TEXTS_OUTSIDE_THEIR_DRAWING, TOLERANCE)
    findings.overlapping = page.evaluate(_OVERLAPPING_TEXTS, TOLERANCE)
    findings.double_ids = page.evaluate(_DOUBLE_IDS)
    findings.dead_links = page.evaluate(_DEAD_LINKS)
    findings.smallest_text = page.evaluate(_SMALLEST_TEXT)
