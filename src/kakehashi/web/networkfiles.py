"""The network that a page draws, as files for other programs: what is seen, with the indicators of its nodes."""

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

from kakehashi.export.files import NETWORK_FORMATS
from kakehashi.export.network import MEASURES, Edge, Network, Node
from kakehashi.web.pages import network as drawn
from kakehashi.web.view import View

FORMS: Mapping[str, str] = MappingProxyType(
    {"graphml": "graphml", "gexf": "gexf", "pajek.zip": "pajek", "vosviewer.zip": "vosviewer", "tables.zip": "csv"}
)
"""The ending of an address and its format of `kakehashi export`. Several files come as one archive."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def body(view: View, form: str) -> bytes | None:
    """Write what the network page shows in a form of `FORMS`; None where nothing is drawn."""
    found = _network(view)
    if not found.nodes:
        return None
    files = {}
    for ending, write in NETWORK_FORMATS[FORMS[form]].items():
        file = io.StringIO(newline="")
        write(found, file)
        files[f"network{ending}"] = file.getvalue().encode()
    if len(files) == 1:
        return next(iter(files.values()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, _EARLIEST), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _network(view: View) -> Network:
    level, field, year = drawn.asked(view)
    graph = drawn.graph(view, level, field, year)
    measures = {
        row[0]: dict(zip(MEASURES, row[1:], strict=True))
        for row in view.reader.rows(
            f"select n.entity, {', '.join(f'i.{name}' for name in MEASURES)} from layouts n "
            f"left join {view.indicators} i on i.level = n.level and i.field = ? and i.period = ? "
            "and i.entity = n.entity where n.level = ?",
            (field, year, level),
        )
    }
    nodes = tuple(
        Node(row[0], row[1], row[2] or None, row[6] if row[6] != "unplaced" else None, measures[row[0]])
        for row in graph.nodes
    )
    edges = tuple(
        Edge(a, b, works, fractional) for (a, b, works), fractional in zip(graph.edges, graph.fractional, strict=True)
    )
    return Network(level, field, year, nodes, edges)
