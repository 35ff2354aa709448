"""Pajek: a network (.net), its regions as a partition (.clu), its papers as a vector (.vec)."""

from typing import IO

from kakehashi.export.labels import for_pajek
from kakehashi.export.network import Network


def write_net(network: Network, file: IO[str]) -> None:
    """Write vertices with their labels and edges with the number of joint works."""
    file.write(f"*Vertices {len(network.nodes)}\n")
    for number, node in enumerate(network.nodes, 1):
        file.write(f'{number} "{for_pajek(node.label)}"\n')
    file.write("*Edges\n")
    for edge in network.edges:
        file.write(f"{edge.a + 1} {edge.b + 1} {edge.works}\n")


def write_clu(network: Network, file: IO[str]) -> None:
    """Write the number of each vertex's region, 0 for none."""
    file.write(f"*Vertices {len(network.nodes)}\n")
    file.writelines(f"{node.cluster}\n" for node in network.nodes)


def write_vec(network: Network, file: IO[str]) -> None:
    """Write the papers of each vertex. Every vertex of an edge has one, so nothing is missing."""
    file.write(f"*Vertices {len(network.nodes)}\n")
    file.writelines(f"{node.measures['papers'] or 0}\n" for node in network.nodes)
