"""Steps of a finished study timed one by one, each alone in this process: seconds by the clock and of processors.

    python benchmarks/single_steps.py STUDY [--memory 3GiB]

Edges of all fields and both levels: the whole of the networks' stage, nothing kept. Country indicators for every field
and year: works counted, and all networks of countries read and measured. Eigenvector: the network of all institutions,
once read. The study's tables are linked into a temporary folder beside it, and nothing of it is changed.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from kakehashi import Study
from kakehashi.engine.duckdb import DuckDB
from kakehashi.indicators import kept, stage, volume
from kakehashi.indicators.eigenvector import eigenvector
from kakehashi.networks import stage as networks
from kakehashi.progress import Silent

Found = TypeVar("Found")


def timed(what: str, step: Callable[[], Found]) -> Found:
    """Do a step and print what it took."""
    begin, spent = time.perf_counter(), time.process_time()
    found = step()
    clock, used = time.perf_counter() - begin, time.process_time() - spent
    print(f"{what:60} {clock:7.2f} s {used:7.2f} s of processors, load {os.getloadavg()[0]:.1f}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--memory", default="3GiB")
    args = parser.parse_args()
    settings = Study(args.study).settings
    with tempfile.TemporaryDirectory(dir=args.study.resolve().parent) as folder:
        for path in (args.study / "tables").glob("*.parquet"):
            (Path(folder) / path.name).symlink_to(path.resolve())
        engine = DuckDB(Path(folder), args.memory)
        fields = volume.number(engine)
        timed("volumes of all entities, fields and years", lambda: volume.count(engine, fields))
        scopes = stage._scopes(engine, fields)
        counting = settings.counting.counting
        nothing = stage.Former({}, {}, kept.names(engine))

        def countries() -> int:
            measured = 0
            of_level = [scope for scope in scopes if scope.level == "country"]
            for _, group in groupby(of_level, lambda scope: scope.fields):
                for scope, graph in stage._graphs(engine, list(group), counting):
                    stage.measure(scope, settings.networks, graph, nothing)
                    measured += len(scope.fields)
            return measured

        number = timed("country indicators for every field and year", countries)
        print(f"  {number} networks")
        whole = [scope for scope in scopes if (scope.level, scope.fields[0]) == ("institution", "all")]
        graphs = timed("all networks of institutions read", lambda: list(stage._graphs(engine, whole, counting)))
        graph = next(graph for scope, graph in graphs if scope.period == "all")
        timed(f"eigenvector of {graph.nodes:,} nodes, {graph.edges:,} edges", lambda: eigenvector(graph))
        engine.close()
        (Path(folder) / "edges.parquet").unlink()  # the link: the stage would remove what is there
        anew = DuckDB(Path(folder), args.memory)
        timed("edges of all fields and both levels", lambda: networks.run(anew, settings, Silent()))
        anew.close()


if __name__ == "__main__":
    main()
