"""The check both engines make on every table before it takes its place."""

from kakehashi.engine.base import Row
from kakehashi.errors import ContractError
from kakehashi.tables import Table


def casts(table: Table) -> str:
    """Return the select list that gives each declared column its declared type."""
    return ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in table.columns.items())


def key_faults(table: Table, relation: str) -> str:
    """Return the query whose rows are the keys of `relation` that are null or repeated: none, if all is well."""
    key = ", ".join(table.key)
    missing = " or ".join(f"{column} is null" for column in table.key)
    return f"select {key}, count(*) as n from {relation} group by {key} having count(*) > 1 or {missing} limit 3"


def refuse(table: Table, faults: list[Row]) -> None:
    """Raise ContractError if `faults`, the result of `key_faults`, has rows."""
    if faults:
        raise ContractError(f"{table.name}: key ({', '.join(table.key)}) is repeated or null, for example {faults}")
