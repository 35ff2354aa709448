"""VOSviewer: one JSON file, or a map file and a network file. VOSviewer lays the network out itself."""

import json
from typing import IO, Any

from kakehashi.export.labels import on_one_line
from kakehashi.export.network import REGIONS, Network

_SCORES = {"international_share": "International share", "eigenvector": "Eigenvector", "betweenness": "Betweenness"}


def write_json(network: Network, file: IO[str]) -> None:
    """Write VOSviewer's JSON: papers and degree as weights, shares and centralities as scores, regions as clusters."""
    items = []
    for number, node in enumerate(network.nodes, 1):
        item: dict[str, Any] = {"id": number, "label": on_one_line(node.label), "description": node.entity}
        if node.cluster:
            item["cluster"] = node.cluster
        item["weights"] = {"Papers": node.measures["papers"] or 0, "Degree": node.measures["degree"] or 0}
        scores = {name: node.measures[key] for key, name in _SCORES.items() if node.measures[key] is not None}
        if scores:
            item["scores"] = scores
        items.append(item)
    links = [{"source_id": edge.a + 1, "target_id": edge.b + 1, "strength": edge.works} for edge in network.edges]
    met = sorted({node.cluster for node in network.nodes} - {0})
    content = {
        "network": {
            "items": items,
            "links": links,
            "clusters": [{"cluster": number, "label": REGIONS[number - 1]} for number in met],
        },
        "config": {"terminology": {"link_strength": "joint works"}},
    }
    json.dump(content, file, ensure_ascii=False, separators=(",", ":"))
    file.write("\n")


def write_map(network: Network, file: IO[str]) -> None:
    """Write VOSviewer's map file: tab-separated, one item a line."""
    file.write("id\tlabel\tcluster\tweight<Papers>\tweight<Degree>\tscore<Eigenvector>\n")
    for number, node in enumerate(network.nodes, 1):
        score = node.measures["eigenvector"]
        cells = (
            number, on_one_line(node.label), node.cluster or "", node.measures["papers"] or 0,
            node.measures["degree"] or 0, "" if score is None else repr(float(score)),
        )  # fmt: skip
        file.write("\t".join(str(cell) for cell in cells) + "\n")


def write_network(network: Network, file: IO[str]) -> None:
    """Write VOSviewer's network file: two ids and the number of joint works, tab-separated."""
    file.writelines(f"{edge.a + 1}\t{edge.b + 1}\t{edge.works}\n" for edge in network.edges)
