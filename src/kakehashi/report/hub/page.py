"""A self-contained page of HTML made of the report's blocks, for answers that rest on no study."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from kakehashi import __version__
from kakehashi.report.blocks import Chapter
from kakehashi.texts import Texts


def build_page(
    title: str, facts: Sequence[tuple[str, str]], summary: Chapter, chapters: Sequence[Chapter], t: Texts
) -> str:
    """Write a page. `facts`: names and values under its title."""
    environment = Environment(
        loader=PackageLoader("kakehashi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("hub.html.j2").render(
        t=t, title=title, facts=facts, summary=summary, chapters=chapters, version=__version__
    )
