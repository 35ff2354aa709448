"""Specification to SVG text: deterministic bytes, ids unique in the page, readable by a screen reader.

Our own layers are drawn straight away (direct.py); what else a specification may hold is drawn by Vega.
"""

import functools
import html
import json
import re
from collections.abc import Mapping
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.direct import NotDirect, body

_VEGA_LITE = "5.21"
_NOISE = (
    re.compile(r'<path class="(?:foreground|background)"[^>]*?(?:/>|></path>)'),
    re.compile(r' (?:role|aria-roledescription|aria-hidden|aria-label|pointer-events|xmlns:xlink|version)="[^"]*"'),
    re.compile(r' font-family="[^"]*"'),
    re.compile(r' (?:opacity="1"|stroke-width="0"|stroke-miterlimit="10")'),
    re.compile(r"<g>\s*</g>"),
)
_LONG_NUMBER = re.compile(r"\d+\.\d{3,}")


def svg(spec: Mapping[str, Any], *, key: str, title: str, description: str) -> str:
    """Render a specification as an inline SVG.

    Args:
        spec: a Vega-Lite specification with inline data.
        key: unique in the page; it prefixes every id, so that drawings that share a page keep their own clip paths.
        title: the accessible name.
        description: what the drawing shows, for those who do not see it.
    """
    try:
        inside = body(spec) + "</svg>"
        padding = spec["padding"]
        width = str(spec["width"] + padding["left"] + padding["right"])
        height = str(spec["height"] + padding["top"] + padding["bottom"])
    except NotDirect:
        width, height, inside = by_vega(spec, key)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="{key}-title {key}-desc" font-family="{html.escape(theme.FONT_STACK)}" '
        f'style="paint-order:stroke">'
    )
    words = (
        f'<title id="{key}-title">{html.escape(title)}</title><desc id="{key}-desc">{html.escape(description)}</desc>'
    )
    return opening + words + inside


def by_vega(spec: Mapping[str, Any], key: str) -> tuple[str, str, str]:
    """Draw any specification: return width, height and what follows the opening tag."""
    text = _rename_ids(_clean(_raw(json.dumps(spec, ensure_ascii=False, sort_keys=True))), key)
    head = re.match(r"<svg[^>]*>", text)
    if head is None:
        raise AssertionError("vl-convert gave something other than an SVG")
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', head.group())
    if size is None:
        raise AssertionError("vl-convert gave an SVG without a size")
    width, height = size.groups()
    return width, height, text[head.end() :]


@functools.lru_cache(maxsize=512)
def _raw(spec: str) -> str:
    import vl_convert  # brings a JavaScript engine along: loaded where it is needed

    # No base address is allowed: a drawing never fetches anything.
    return str(vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[]))


def _clean(text: str) -> str:
    """Drop what only an interactive chart needs, and digits beyond a hundredth of a pixel."""
    for pattern in _NOISE:
        text = pattern.sub("", text)
    # Numbers are shortened inside tags only: a text node may be data.
    return re.sub(r"<[^>]+>", lambda tag: _LONG_NUMBER.sub(lambda digits: f"{float(digits[0]):.2f}", tag[0]), text)


def _rename_ids(text: str, key: str) -> str:
    """Number the ids from 1 in order of appearance (vl-convert counts on through a process) and prefix them."""
    names = {name: f"{key}-{number}" for number, name in enumerate(dict.fromkeys(re.findall(r'id="([^"]+)"', text)), 1)}
    for old, new in names.items():
        text = text.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    return text
