"""Nodes and edges as CSV, with ids and names, for spreadsheets and for Gephi's import."""

import csv
from typing import IO

from kakehashi.export.network import MEASURES, Network


def write_nodes(network: Network, file: IO[str]) -> None:
    """Write one row a node. An unknown value is an empty cell."""
    out = csv.writer(file, lineterminator="\n")
    out.writerow(("Id", "Label", "country", "region", *MEASURES))
    for node in network.nodes:
        out.writerow((node.entity, node.label, node.country, node.region, *(node.measures[name] for name in MEASURES)))


def write_edges(network: Network, file: IO[str]) -> None:
    """Write one row an edge: both ids and names, joint works in full and in fractions."""
    out = csv.writer(file, lineterminator="\n")
    out.writerow(("Source", "Target", "Type", "Weight", "fractional", "source_label", "target_label"))
    for edge in network.edges:
        a, b = network.nodes[edge.a], network.nodes[edge.b]
        out.writerow((a.entity, b.entity, "Undirected", edge.works, edge.fractional, a.label, b.label))
