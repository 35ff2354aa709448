"""The errors of the hub, each with the code by which the JSON API names it.

HubError                 the hub cannot do what was asked
├── UnavailableError     the database cannot be reached
├── NotFoundError        there is no such record
├── ConflictError        somebody else changed it first
├── ReferencedError      other records refer to it, or one that it refers to is not there
└── InvalidError         values break the rules of the record; `problems` by field
"""

from collections.abc import Mapping

from kakehashi.errors import KakehashiError


class HubError(KakehashiError):
    """The hub cannot do what was asked."""

    code = "refused"


class UnavailableError(HubError):
    """The database cannot be reached."""

    code = "unavailable"


class NotFoundError(HubError):
    """There is no such record."""

    code = "not_found"


class ConflictError(HubError):
    """Somebody else changed the record first."""

    code = "conflict"


class ReferencedError(HubError):
    """Other records refer to it, or one that it refers to is not there."""

    code = "referenced"


class InvalidError(HubError):
    """Values break the rules of a record."""

    code = "invalid"

    def __init__(self, where: str, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("\n".join(f"{where}: {field}: {told}" for field, told in self.problems.items()))
