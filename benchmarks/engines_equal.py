"""One study on every engine: are the tables equal, row for row? Counts and texts exactly, doubles to 1e-9.

    python benchmarks/engines_equal.py --works 200000 [--engines duckdb,spark,sail] [--exports FOLDER]

The export files are those of corpus.py, or a folder of them that is there already. Spark runs in this machine's Java,
Sail in its own process without any; both are told the same SQL as DuckDB. An environment with both has
`kakehashi[spark]` and the dependency group `engines`. Prints the seconds of each engine's stages and its peak memory,
then what differs from the first engine: nothing, if all is well. The last line is JSON.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

import corpus
from bench_study import command, machine, stages, versions
from kakehashi import tables
from kakehashi.study import Study
from kakehashi.tables import Table

ENGINES = ("duckdb", "spark", "sail")
MEMORY = {"duckdb": "3GiB", "spark": "6GiB"}
"""What an engine may take: DuckDB before it spills, Spark's Java machine. Sail asks for none."""
TOLERANCE = 1e-9
FINGERPRINTS = {
    "keyword_totals": {"reader"},
    "field_terms": {"reader"},
    "edge_scopes": {"digest"},
    "measured_graphs": {"reader", "edges"},
}
"""What tells a later run which rows still stand: of the bytes of tables, which engines write each in its own way."""


def run(engine: str, study: Path) -> dict[str, Any]:
    """Run every stage of a study on one engine, in a process of its own, and say what it took."""
    told = ["run", str(study), "--engine", engine]
    if engine in MEMORY:
        told += ["--memory", MEMORY[engine]]
    seconds, used, peak = command(*told)
    return {
        **stages(study, 0), "total": round(seconds, 1), "processors": round(used, 1),
        "peak_gib": round(peak, 2),
    }  # fmt: skip


def differences(table: Table, one: Path, other: Path) -> dict[str, int]:
    """Count the rows that one study has and the other has not, and the values that differ, by column."""
    paths = [folder / "tables" / f"{table.name}.parquet" for folder in (one, other)]
    sources = [str(path / "*.parquet" if path.is_dir() else path) for path in paths]
    rest = [
        column for column in table.columns if column not in table.key and column not in FINGERPRINTS.get(table.name, ())
    ]
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
    parser.add_argument("--exports", type=Path, help="export files that are there already, in place of new ones")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--folder", type=Path, default=Path("build/engines-equal"))
    parser.add_argument("--keep", action="store_true", help="leave exports and studies where they are")
    args = parser.parse_args()
    chosen = args.engines.split(",")
    shutil.rmtree(args.folder, ignore_errors=True)
    exports = args.exports or args.folder / "exports"
    if not args.exports:
        corpus.write_corpus(exports, args.works)
    took: dict[str, Any] = {}
    for engine in chosen:
        Study.create(args.folder / engine, "JP", [exports])
        took[engine] = run(engine, args.folder / engine)
        print(engine, took[engine], flush=True)
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
    [(works,)] = Study(first).rows("select count(*) from works")
    print(json.dumps({"works": works, "tables": len(tables.ALL), "rows": rows, "seconds": took,
                      "unequal": unequal, "machine": machine(), "versions": versions()}))  # fmt: skip
    if not args.keep:
        shutil.rmtree(args.folder, ignore_errors=True)
    if any(unequal.values()):
        raise SystemExit("the engines differ")


if __name__ == "__main__":
    main()
