"""The first page of a study: its facts, its summary in sentences, and the ways on."""

from kakehashi.report.blocks import Paragraph
from kakehashi.report.chapters import summary
from kakehashi.report.outline import title_facts
from kakehashi.web.page import Facts, Links, Page, Ref
from kakehashi.web.pages import map as positions
from kakehashi.web.view import View

WAYS = ("map", "network", "countries", "institutions", "fields", "compare", "partners", "advise", "schemes", "cases",
        "economy", "quality", "methods")  # fmt: skip


def page(view: View) -> Page:
    """Show what the study is and found."""
    context = view.context
    ways = tuple(Ref(view.say(f"nav.{way}"), way, view.say(f"ways.{way}")) for way in WAYS)
    parts = (
        Facts(tuple(title_facts(context))),
        *(block for block in summary.chapter(context).blocks if not isinstance(block, Paragraph)),
        *positions.picture(view),
        Links(ways, view.say("overview.ways")),
    )
    return Page("", context.settings.study.name, parts, synthetic=context.settings.study.synthetic)
