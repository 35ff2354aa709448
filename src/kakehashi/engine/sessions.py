"""Sessions of Spark: on this machine, on a cluster, or by Spark Connect. PySpark is loaded when one is asked for."""

import os
import re
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kakehashi.errors import MissingExtraError
from kakehashi.pool import workers

CONNECT = "sc://"
MASTER = re.compile(r"local(\[(\d+|\*)\])?|local-cluster\[\d+,\d+,\d+\]|spark://.+")
"""What Spark itself calls a master, of those that need nothing but PySpark."""

RETRIES = 6
"""How often a server that does not answer is asked again, at growing intervals: about a minute. PySpark waits ten."""

_COMMON = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_LOOPBACK = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


def is_spark(name: str) -> bool:
    """Tell whether an engine's name is `spark`, a master, or the address of a server."""
    return name == "spark" or name.startswith(CONNECT) or MASTER.fullmatch(name) is not None


def session_of(name: str, memory: str | None = None) -> Any:
    """Return the session of an engine by its name. Raises MissingExtraError.

    `memory` is the Java machine's here, such as `4GiB`; workers elsewhere have what their cluster gives them.
    """
    if name.startswith(CONNECT):
        return connect_session(name)
    options = {"spark.driver.memory": f"{mebibytes(memory)}m"} if memory else {}
    return local_session(options=options) if name == "spark" else master_session(name, options)


def local_session(cores: int | None = None, options: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Start Spark on this machine, without a web page and bound to loopback. Raises MissingExtraError.

    `options` are Spark's own, such as `spark.driver.memory`. A session that runs already is returned as it is.
    """
    found = cores or workers()
    return master_session(f"local[{found}]", {"spark.sql.shuffle.partitions": str(2 * found), **options})


def master_session(master: str, options: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Start Spark's driver here and its work where the master is. Raises MissingExtraError."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("The Spark engine", "spark") from error
    here = master.startswith("local")
    if here:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else the workers take the first python3 of the path
    builder = SparkSession.builder.master(master).appName("kakehashi")
    for name, value in {**_COMMON, **(_LOOPBACK if here else {}), **options}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def connect_session(address: str, extra: str = "spark") -> Any:
    """Connect to a server that speaks Spark Connect, `sc://host:port`. Raises MissingExtraError.

    Not by `pyspark.sql.SparkSession`, which refuses in a process that has a session of the other kind.
    """
    try:
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError as error:
        raise MissingExtraError("The Spark engine", extra) from error
    session = SparkSession.builder.remote(address).create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return session


def mebibytes(size: str) -> int:
    """Return a size such as `4GiB` or `500MB` in MiB, as Java has no other units."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT])(i?)B", size, re.IGNORECASE)
    if found is None:
        raise ValueError(size)
    number, unit, binary = found.groups()
    base = 1024 if binary else 1000
    return max(1, int(float(number) * base ** (1 + "KMGT".index(unit.upper())) / 2**20))
