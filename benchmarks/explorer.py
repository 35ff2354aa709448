# ruff: noqa: E501 -- SQL of made tables reads better unbroken
"""The explorer under many readers: 100 at once on an invented study of 500,000 institutions.

    python benchmarks/explorer.py --seconds 300 --think 1.0

Writes a study of the size asked for (tables only: nothing is computed), serves it in a process of its own, and lets
readers wander over its pages. Prints latency, errors and the server's memory.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from kakehashi import pipeline, tables
from kakehashi.engine.checks import casts
from kakehashi.knowledge.areas import country_codes
from kakehashi.settings import Settings
from kakehashi.template import study_toml

COUNTRIES = ["JP", *(code for code in sorted(country_codes()) if code != "JP")][:201]
FIELDS = ("all", "collected", "ai", "iot")
YEARS = range(2016, 2023)


def write_study(folder: Path, institutions: int, works: int, edges: int) -> None:
    """Write the tables of a finished study of invented numbers."""
    (folder / "tables").mkdir(parents=True)
    (folder / "study.toml").write_text(study_toml("large", "JP", ["."], synthetic=True), encoding="utf-8")
    con = duckdb.connect()
    con.execute("set threads = 2")
    country = "(['" + "','".join(COUNTRIES) + "'])[1 + {} % " + str(len(COUNTRIES)) + "]"
    con.execute(
        f"create table inst as select i, 'inst-' || lpad(cast(i as varchar), 7, '0') as id, "
        f"{country.format('i')} as cc from range({institutions}) t(i)"
    )
    con.execute(
        f"create table wk as select w, 'doi:10.1/' || lpad(cast(w as varchar), 8, '0') as id, "
        f"2016 + w % 7 as year from range({works}) t(w)"
    )
    # The square gives few institutions many works, as it is in life.
    con.execute(
        f"create table wi as select distinct w.id as work_id, cast(floor(power(random(), 3) * {institutions}) "
        f"as bigint) as i from wk w, range(3)"
    )
    values = {
        "works": "select id as work_id, id as doi, 'A work on subject ' || w as title, year, 'Venue' as venue, "
                 "'article' as doc_type, 'en' as language, null as abstract, w % 50 as citations, 'ieee' as database from wk",
        "institutions": "select id as institution_id, 'University of Place ' || i as name, cc as country_code, "
                        "null as ror_id, 1 as spellings, 10 as works from inst",
        "work_institutions": "select wi.work_id, inst.id as institution_id, 1.0/3 as fraction from wi join inst using (i)",
        "work_countries": "select distinct wi.work_id, inst.cc as country_code, 0.5 as fraction from wi join inst using (i)",
        "work_scopes": "select id as work_id, f as field, year from wk, (values ('all'), ('collected')) v(f) union all "
                       "select id, case when w % 2 = 0 then 'ai' else 'iot' end, year from wk",
        "edges": f"select 'institution' as level, f as field, 'all' as period, a.id as entity_a, b.id as entity_b, "
                 f"e.works, 1.0 as fractional from (select least(x, y) as a, greatest(x, y) as b, count(*) as works from "
                 f"(select cast(floor(power(random(), 3) * {institutions}) as bigint) as x, "
                 f"cast(floor(power(random(), 3) * {institutions}) as bigint) as y from range({edges})) where x <> y "
                 f"group by 1, 2) e join inst a on a.i = e.a join inst b on b.i = e.b, (values ('all'), ('ai')) v(f) "
                 f"union all select 'country', f, p, c1, c2, 10, 1.0 from (select unnest({COUNTRIES}) as c1) x, "
                 f"(select unnest({COUNTRIES}) as c2) y, (values ('all'), ('ai')) v(f), "
                 f"(select unnest({['all', *map(str, YEARS)]}) as p) z where c1 < c2",
        "indicators": f"select 'institution' as level, f as field, 'all' as period, id as entity, "
                      f"cast(1 + 1e6 / (i + 10) as bigint) as papers, 0.4e6 / (i + 10) as papers_fractional, 1 as international_papers, "
                      f"0.5 as international_share, 3 as degree, 0.1 as degree_normalised, 1e-5 as betweenness, "
                      f"null as betweenness_error, 1.0 / (i + 10) as eigenvector, 1.0 as activity_index from inst, "
                      f"(select unnest({list(FIELDS)}) as f) v union all "
                      f"select 'country', f, p, c, 1000 + hash(c || p || f) % 9000, 600 + hash(p || c || f) % 5000, 1, 0.3, 10, 0.1, 0.01, null, "
                      f"0.05 + (hash(c || f) % 900) / 1000.0, 1.0 from (select unnest({COUNTRIES}) as c) x, "
                      f"(select unnest({list(FIELDS)}) as f) v, (select unnest({['all', *map(str, YEARS)]}) as p) z",
        "totals": f"select f as field, p as period, 'all' as database, 1000 as works, 990 as works_resolved, "
                  f"300 as international_papers, 0.3 as international_share, 10 as without_country from "
                  f"(select unnest({list(FIELDS)}) as f) v, (select unnest({['all', *map(str, YEARS)]}) as p) z",
        "layouts": "select 'institution' as level, id as entity, i + 1 as place, sin(i) * sqrt(i / 3000.0) as x, "
                   "cos(i) * sqrt(i / 3000.0) as y from inst where i < 3000 union all "
                   f"select 'country', c, 1, (hash(c) % 100) / 100.0, (hash(c) % 97) / 97.0 from "
                   f"(select unnest({COUNTRIES}) as c) x",
        "positions": "select entity, level as kind, field, period, cast(papers as double) as papers, international_share, "
                     "degree, betweenness, eigenvector, case when entity = 'JP' then 'home' else 'lower_left' end as region, "
                     "0.1 as distance, null as reason from indicators",
    }  # fmt: skip
    for name, sql in values.items():
        table = tables.BY_NAME[name]
        con.execute(
            f"copy (select {casts(table)} from ({sql}) as t order by {', '.join(table.key)}) to "
            f"'{folder}/tables/{name}.parquet' (format parquet, compression zstd, row_group_size 100000)"
        )
        con.execute(f"create or replace view {name} as select * from '{folder}/tables/{name}.parquet'")
    stages = {stage.name: {"fingerprint": "made", "tables": {}} for stage in pipeline.STAGES}
    manifest = {"kakehashi": "", "home": "JP", "engine": "duckdb", "settings": Settings().model_dump(mode="json"),
                "inputs": [], "registry": {}, "packages": {}, "stages": stages}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def a_page(rng: random.Random, institutions: int) -> str:
    """Choose where a reader goes next."""
    one = f"inst-{int(rng.random() ** 3 * institutions):07d}"
    country, field = rng.choice(COUNTRIES), rng.choice(("all", "ai", "iot"))
    return rng.choice(
        (
            "", f"map?field={field}&year={rng.choice(['all', *YEARS])}", f"country?id={country}", f"institution?id={one}",
            f"works?level=institution&id={one}", f"number?level=institution&id={one}&indicator=papers&field={field}",
            f"institutions?country={country}&start={50 * rng.randrange(20)}", f"institutions?q=place+{rng.randrange(9999)}",
            f"number?level=country&id={country}&indicator=papers&field={field}", f"countries?field={field}",
            f"compare?id={country}&id=JP", f"network?field={field}",
        )
    )  # fmt: skip


async def reader(
    number: int, port: int, until: float, think: float, institutions: int, seen: list, faults: list
) -> None:
    """Read pages until the time is over."""
    rng = random.Random(number)
    while time.monotonic() < until:
        page = a_page(rng, institutions)
        begin = time.monotonic()
        try:
            incoming, out = await asyncio.open_connection("127.0.0.1", port)
            language = rng.choice(("ja", "en"))
            head = f"GET /{language}/s/large/{page} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
            out.write(head.encode())
            answer = await asyncio.wait_for(incoming.read(), 60)
            out.close()
            if not answer.startswith(b"HTTP/1.1 200"):
                faults.append((page, answer[:60]))
        except (OSError, TimeoutError) as error:
            faults.append((page, repr(error)))
        seen.append((time.monotonic() - begin, page.partition("?")[0]))
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think)


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (
        ("institutions", 500_000),
        ("works", 1_000_000),
        ("edges", 4_500_000),
        ("readers", 100),
        ("seconds", 300),
    ):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds between a reader's pages")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    root = given.folder or Path(tempfile.mkdtemp(prefix="explorer-"))
    study = root / "large"
    if not study.exists():
        begin = time.monotonic()
        write_study(study, given.institutions, given.works, given.edges)
        print(f"tables written in {time.monotonic() - begin:.0f} s")
    port = 18765
    server = subprocess.Popen([sys.executable, "-m", "kakehashi", "serve", str(root), "--port", str(port)])
    try:
        asyncio.run(measure(given, server.pid, port))
    finally:
        server.terminate()
        server.wait()


async def measure(given: argparse.Namespace, pid: int, port: int) -> None:
    """Let the readers read, and print what was measured."""
    for _ in range(100):
        try:
            (await asyncio.open_connection("127.0.0.1", port))[1].close()
            break
        except OSError:
            await asyncio.sleep(0.2)
    seen: list[tuple[float, str]] = []
    faults: list[tuple[str, object]] = []
    await reader(0, port, time.monotonic() + 1, 0, given.institutions, seen, faults)
    print(f"first page, the index made: {seen[0][0]:.1f} s; memory {memory(pid):.0f} MB; load {os.getloadavg()}")
    seen.clear()
    until = time.monotonic() + given.seconds
    task = asyncio.gather(
        *(reader(n, port, until, given.think, given.institutions, seen, faults) for n in range(1, given.readers + 1))
    )
    for part in range(4):
        await asyncio.sleep(given.seconds / 4)
        print(f"  after {(part + 1) * given.seconds / 4:.0f} s: {len(seen)} pages, memory {memory(pid):.0f} MB")
    await task
    times = sorted(one for one, _ in seen)
    print(
        f"{given.readers} readers, think {given.think} s, {given.seconds} s: {len(times)} pages, "
        f"{len(times) / given.seconds:.0f} a second, median {1000 * statistics.median(times):.0f} ms, "
        f"p95 {1000 * times[int(0.95 * len(times))]:.0f} ms, longest {1000 * times[-1]:.0f} ms, errors {len(faults)} {faults[:3]}; "
        f"load {os.getloadavg()}"
    )
    kinds: dict[str, list[float]] = {}
    for one, page in seen:
        kinds.setdefault(page or "overview", []).append(one)
    for page, found in sorted(kinds.items()):
        print(f"  {page}: median {1000 * statistics.median(found):.0f} ms of {len(found)}")


if __name__ == "__main__":
    main()
