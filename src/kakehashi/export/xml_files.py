"""GraphML and GEXF, as Gephi, yEd, Cytoscape, igraph and networkx read them."""

from collections.abc import Iterator
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from kakehashi.export.labels import for_xml
from kakehashi.export.network import MEASURES, Network, Node

_TEXTS = ("entity", "label", "country", "region")
_WHOLE = ("papers", "degree")


def write_graphml(network: Network, file: IO[str]) -> None:
    """Write GraphML. The weight of an edge is the number of joint works; an unknown value is left out."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    for name in _TEXTS:
        file.write(f'<key id="{name}" for="node" attr.name="{name}" attr.type="string"/>\n')
    for name in MEASURES:
        kind = "long" if name in _WHOLE else "double"
        file.write(f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n')
    file.write('<key id="weight" for="edge" attr.name="weight" attr.type="long"/>\n')
    file.write('<key id="fractional" for="edge" attr.name="fractional" attr.type="double"/>\n')
    file.write(f'<graph id={quoteattr(_name(network))} edgedefault="undirected">\n')
    for place, node in enumerate(network.nodes):
        data = "".join(f'<data key="{name}">{_escaped(value)}</data>' for name, value in _values(node))
        file.write(f'<node id="n{place}">{data}</node>\n')
    for edge in network.edges:
        file.write(
            f'<edge source="n{edge.a}" target="n{edge.b}"><data key="weight">{edge.works}</data>'
            f'<data key="fractional">{edge.fractional!r}</data></edge>\n'
        )
    file.write("</graph>\n</graphml>\n")


def write_gexf(network: Network, file: IO[str]) -> None:
    """Write GEXF 1.2. The weight of an edge is the number of joint works; an unknown value is left out."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
    file.write(f"<meta><creator>Kakehashi</creator><description>{_escaped(_name(network))}</description></meta>\n")
    file.write('<graph defaultedgetype="undirected" mode="static">\n<attributes class="node">\n')
    names = [name for name in (*_TEXTS, *MEASURES) if name != "label"]
    for name in names:
        kind = "string" if name in _TEXTS else "long" if name in _WHOLE else "double"
        file.write(f'<attribute id="{name}" title="{name}" type="{kind}"/>\n')
    file.write('</attributes>\n<attributes class="edge">\n')
    file.write('<attribute id="fractional" title="fractional" type="double"/>\n</attributes>\n<nodes>\n')
    for place, node in enumerate(network.nodes):
        values = "".join(
            f'<attvalue for="{name}" value={quoteattr(str(value))}/>'
            for name, value in _values(node)
            if name != "label"
        )
        label = quoteattr(for_xml(node.label))
        file.write(f'<node id="n{place}" label={label}><attvalues>{values}</attvalues></node>\n')
    file.write("</nodes>\n<edges>\n")
    for place, edge in enumerate(network.edges):
        file.write(
            f'<edge id="{place}" source="n{edge.a}" target="n{edge.b}" weight="{edge.works}"><attvalues>'
            f'<attvalue for="fractional" value="{edge.fractional!r}"/></attvalues></edge>\n'
        )
    file.write("</edges>\n</graph>\n</gexf>\n")


def _values(node: Node) -> Iterator[tuple[str, Any]]:
    """Yield what is known of a node, in the order in which the attributes are declared."""
    for name in _TEXTS:
        value = getattr(node, name)
        if value is not None:
            yield name, for_xml(value)
    for name in MEASURES:
        number = node.measures[name]
        if number is not None:
            yield name, int(number) if name in _WHOLE else repr(float(number))


def _escaped(value: Any) -> str:
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _name(network: Network) -> str:
    return for_xml(f"{network.level} {network.field} {network.period}")
