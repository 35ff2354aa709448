"""Kakehashi: from bibliographic exports to decisions about international research collaboration."""

__version__ = "0.1.0"

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kakehashi.explaining import explain
    from kakehashi.study import Study

__all__ = ["Study", "__version__", "explain"]


def __getattr__(name: str) -> Any:
    """Load the public names when they are first asked for: importing the package does no work."""
    if name == "Study":
        from kakehashi.study import Study

        return Study
    if name == "explain":
        from kakehashi.explaining import explain

        return explain
    raise AttributeError(f"module 'kakehashi' has no attribute {name!r}")
