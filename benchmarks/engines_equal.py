"""One study on every engine: are the tables equal, row for row? Counts and texts exactly, doubles to 1e-9.

    python benchmarks/engines_equal.py --works 20000 [--engines duckdb,spark,sail] [--python sail=PATH]

The export files are those of corpus.py. Spark runs in this machine's Java, Sail (`pip install pysail`) in its own
process without any; both are told the same SQL as DuckDB. Where they need different releases of pyspark, --python names
the interpreter of one. Prints the seconds of each engine's stages, then what differs from the first engine: nothing, if
all is well. The last line is JSON.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

import corpus
from bench_study import machine, stages, versions
from kakehashi import pipeline, tables
from kakehashi.engine.duckdb import DuckDB
from kakehashi.engine.spark import Spark, local_session
from kakehashi.progress import Unwatched
from kakehashi.study import Study
from kakehashi.tables import Table

ENGINES = ("duckdb", "spark", "sail")
TOLERANCE = 1e-9


_SERVERS: list[Any] = []
"""Sail stops when nothing holds its server any more, and whoever is connected then waits for ever."""


def sail_session() -> Any:
    """Start Sail in this process and connect to it."""
    from pysail.spark import SparkConnectServer  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from pyspark.sql import SparkSession

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _SERVERS.append(server)
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return session


def run(engine: str, study: Path) -> None:
    """Run every stage of a study on one engine, in this process."""
    folder = study / "tables"
    folder.mkdir(exist_ok=True)
    chosen: Any
    if engine == "duckdb":
        chosen = DuckDB(folder)
    elif engine == "spark":
        chosen = Spark(local_session(options={"spark.driver.memory": "8g"}), folder)
    else:
        chosen = Spark(sail_session(), folder)
    pipeline.run(study, Study(study).settings, chosen, engine, Unwatched())
    chosen.close()


def differences(table: Table, one: Path, other: Path) -> dict[str, int]:
    """Count the rows that one study has and the other has not, and the values that differ, by column."""
    paths = [folder / "tables" / f"{table.name}.parquet" for folder in (one, other)]
    sources = [str(path / "*.parquet" if path.is_dir() else path) for path in paths]
    rest = [column for column in table.columns if column not in table.key]
    same = " and ".join(f"a.{column} = b.{column}" for column in table.key)
    counts = [f"count(*) filter (where a.{table.key[0]} is null or b.{table.key[0]} is null) as rows"]
    for column in rest:
        differs = f"a.{column} is distinct from b.{column}"
        if table.columns[column] == "double":
            differs += f" and coalesce(abs(a.{column} - b.{column}) > {TOLERANCE}, true)"
        both = f"a.{table.key[0]} is not null and b.{table.key[0]} is not null"
        counts.append(f"count(*) filter (where {both} and {differs}) as {column}")
    query = (
        f"select {', '.join(counts)} from read_parquet('{sources[0]}') a full join read_parquet('{sources[1]}') b "
        f"on {same}"
    )
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchall()[0]
    return {name: count for name, count in zip(("rows", *rest), found, strict=True) if count}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=20_000)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--python", action="append", default=[], metavar="ENGINE=PATH")
    parser.add_argument("--folder", type=Path, default=Path("build/engines-equal"))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        run(args.one[0], Path(args.one[1]))
        return
    chosen = args.engines.split(",")
    interpreters = dict(each.split("=", 1) for each in args.python)
    shutil.rmtree(args.folder, ignore_errors=True)
    corpus.write_corpus(args.folder / "exports", args.works)
    seconds: dict[str, Any] = {}
    for engine in chosen:
        study = args.folder / engine
        Study.create(study, "JP", [args.folder / "exports"])
        begin = time.perf_counter()
        command = [interpreters.get(engine, sys.executable), __file__, "--one", engine, str(study)]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(f"{engine} did not finish")
        seconds[engine] = {**stages(study, 0), "total": round(time.perf_counter() - begin, 1)}
        print(engine, seconds[engine], flush=True)
    first = args.folder / chosen[0]
    unequal = {
        engine: {
            table.name: found for table in tables.ALL if (found := differences(table, first, args.folder / engine))
        }
        for engine in chosen[1:]
    }
    rows = sum(
        duckdb.read_parquet(str(path)).count("*").fetchall()[0][0] for path in (first / "tables").glob("*.parquet")
    )
    print(json.dumps({"works": args.works, "tables": len(tables.ALL), "rows": rows, "seconds": seconds,
                      "unequal": unequal, "machine": machine(), "versions": versions()}))  # fmt: skip
    shutil.rmtree(args.folder, ignore_errors=True)
    if any(unequal.values()):
        raise SystemExit("the engines differ")


if __name__ == "__main__":
    main()
