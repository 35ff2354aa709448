"""How much changes when 1% of the works, drawn at random, are taken out: links of the keyword tree, fields of works.

python benchmarks/fields_stability.py CORPORA [FOLDER ...]
"""

import argparse
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kakehashi.corpus import stage as corpus
from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import stage
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, Settings, SourceSection
from kakehashi.tables import KEYWORDS, WORKS

DRAWS = 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpora", type=Path)
    arguments.add_argument("folders", nargs="*")
    arguments.add_argument("--method", default=FieldsSection().tree_method)
    given = arguments.parse_args()
    paths = [given.corpora / name for name in given.folders] or sorted(p for p in given.corpora.iterdir() if p.is_dir())
    with TemporaryDirectory() as folder:
        engine = DuckDB(Path(folder))
        corpus.run(engine, Settings(sources=tuple(SourceSection(path=str(path)) for path in paths)), Silent())
        works = engine.rows(f"select {', '.join(WORKS.columns)} from works order by work_id")
        keywords = engine.rows(f"select {', '.join(KEYWORDS.columns)} from keywords order by work_id, kind, keyword")
        section = FieldsSection(tree_method=given.method)
        whole = outcome(engine, section)
        for draw in range(DRAWS):
            out = {row[0] for row in works if taken(row[0], draw)}
            engine.load(WORKS, (row for row in works if row[0] not in out))
            engine.load(KEYWORDS, (row for row in keywords if row[0] not in out))
            links, fields = outcome(engine, section)
            both = whole[0].keys() & links.keys()
            moved = sum(whole[0][keyword] != links[keyword] for keyword in both)
            kept = [row[0] for row in works if row[0] not in out]
            changed = sum(whole[1].get(work) != fields.get(work) for work in kept)
            print(
                f"draw {draw + 1}: {len(out)} of {len(works)} works out; {moved} of {len(both)} links changed "
                f"({moved / len(both):.2%}); fields of {changed} works changed ({changed / len(kept):.2%})",
                flush=True,
            )
        engine.close()


def taken(work: str, draw: int) -> bool:
    return int(hashlib.sha256(f"{draw}:{work}".encode()).hexdigest(), 16) % 100 == 0


def outcome(engine: DuckDB, section: FieldsSection) -> tuple[dict[str, Any], dict[str, frozenset[str]]]:
    stage.run(engine, Settings(fields=section), Silent())
    links: dict[str, Any] = dict(engine.rows("select keyword, parent from keyword_tree order by keyword"))
    fields: dict[str, set[str]] = {}
    for work, field in engine.rows("select work_id, field from work_fields order by work_id, field"):
        fields.setdefault(work, set()).add(field)
    return links, {work: frozenset(found) for work, found in fields.items()}


if __name__ == "__main__":
    main()
