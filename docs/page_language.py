"""A mkdocs hook for the pages under ja/: they say that they are in Japanese, and their lines join without a space."""

import re
from typing import Any

# A line that ends and a next one that begins with Japanese text: HTML would show the line break between as a space.
_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef\[])")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return the page's source with the lines of a Japanese paragraph joined."""
    return _BREAK.sub("", markdown) if _japanese(page) else markdown


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Return the page with its own language in the html element: browsers choose fonts and voices by it."""
    return output.replace('<html lang="en"', '<html lang="ja"', 1) if _japanese(page) else output


def _japanese(page: Any) -> bool:
    return bool(page.url.startswith("ja/"))
