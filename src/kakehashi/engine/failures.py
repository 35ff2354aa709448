"""What Spark and Sail say when they cannot go on, told as one error of ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

from kakehashi.errors import EngineError

_CAUSE = re.compile(r"^\s*Caused by: (?:[\w.$]+: )?(.+)$", re.MULTILINE)
_CLASS = re.compile(r"^(?:[a-z]\w*\.)+[\w$]+: ")
_LONGEST = 200


@contextmanager
def told(engine: str) -> Iterator[None]:
    """Turn the loss of a driver, worker or server, or of what it needs, into an EngineError.

    A query that Spark refuses to plan is a defect of ours and stays what it is.
    """
    try:
        yield
    except _lost() as error:
        if isinstance(error, _defects()):
            raise
        raise EngineError(
            f"{engine} could not go on ({reason(str(error))}). If memory or disk ran out, give it more; then run the "
            "same command again: what was finished is kept"
        ) from error


def reason(message: str) -> str:
    """Return the innermost cause of a message that holds traces of Java or Python, as one line."""
    causes = _CAUSE.findall(message)
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    details = [line.partition("=")[2].strip(' "') for line in lines if line.startswith("details =")]
    found = (causes or details or lines or ["no reason given"])[-1 if causes else 0]
    return _CLASS.sub("", found)[:_LONGEST].rstrip(".")


@cache
def _lost() -> tuple[type[BaseException], ...]:
    """Return what may be raised: which packages there are depends on the extra."""
    found: list[type[BaseException]] = [ConnectionError]
    with suppress(ImportError):
        from pyspark.errors import PySparkException

        found.append(PySparkException)
    with suppress(ImportError):
        from py4j.protocol import Py4JError

        found.append(Py4JError)
    with suppress(ImportError):
        from grpc import RpcError

        found.append(RpcError)
    return tuple(found)


@cache
def _defects() -> tuple[type[BaseException], ...]:
    from pyspark.errors import AnalysisException

    return (AnalysisException,)
