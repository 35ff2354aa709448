"""Stable ids where one answer holds the same part several times: each part's reasons are marked with what it is for."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from kakehashi.reasons import Reason

T = TypeVar("T")


def marked(value: T, mark: str) -> T:
    """Return a value of dataclasses, tuples and mappings with `@mark` behind the id of every reason in it."""
    found: Any = value
    if isinstance(value, Reason):
        return dataclasses.replace(value, id=f"{value.id}@{mark}")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        changed = {name: marked(part, mark) for name, part in parts.items()}
        return value if all(changed[name] is parts[name] for name in parts) else dataclasses.replace(value, **changed)
    if isinstance(value, tuple):
        each = tuple(marked(part, mark) for part in value)
        found = value if all(new is old for new, old in zip(each, value, strict=True)) else each
    elif isinstance(value, Mapping):
        found = MappingProxyType({key: marked(part, mark) for key, part in value.items()})
    return found  # type: ignore[no-any-return]
