"""A study's tables in one connection: a Study opens its files anew for each question, which costs tests time."""

import duckdb
import pyarrow as pa

from kakehashi import tables


class Held:
    """The tables of a study, each with its rows in the order that `order` puts them."""

    def __init__(self, study, order=list):
        self.settings = study.settings
        self.connection = duckdb.connect()
        self.tables = getattr(study, "tables", None) or {
            name: study.table(name) for (name,) in study.rows("select view_name from duckdb_views() where not internal")
            if name in tables.BY_NAME
        }  # fmt: skip
        for name, table in self.tables.items():
            schema = pa.schema([(f.name, pa.string() if pa.types.is_null(f.type) else f.type) for f in table.schema])
            self.connection.register("incoming", pa.Table.from_pylist(order(table.to_pylist()), schema))
            self.connection.execute(f"create table {name} as select * from incoming")
            self.connection.unregister("incoming")

    def rows(self, sql):
        return self.connection.execute(sql).fetchall()
