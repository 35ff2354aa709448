"""What is installed, what is missing, and what it would be needed for."""

import platform
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from kakehashi import __version__
from kakehashi.cli.words import say
from kakehashi.errors import MissingProgramError

_OPTIONAL = (
    ("pyspark", "spark"),
    ("pysail", "sail"),
    ("spacy", "spacy"),
    ("country_converter", "appendix1"),
    ("pandas", "pandas"),
    ("polars", "polars"),
    ("numba", "numba"),
    ("SQLAlchemy", "hub"),
    ("psycopg", "postgres"),
)


def findings() -> Iterator[str]:
    """Yield a line for each thing looked at."""
    yield f"kakehashi {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    missing = False
    for name in _base_packages():
        found = _version(name)
        missing = missing or found is None
        yield f"  {name} {found or 'MISSING: pip install --force-reinstall kakehashi'}"
    for name, purpose in _OPTIONAL:
        yield f"  {name} {_version(name) or say('doctor_missing', purpose=say(f'purpose_{purpose}'))}"
    yield f"  java {shutil.which('java') or say('doctor_missing', purpose=say('purpose_java'))}"
    yield f"  browser {_browser() or say('doctor_missing', purpose=say('purpose_browser'))}"
    yield from _registries()
    if not missing:
        yield say("doctor_ok")


def _browser() -> str | None:
    from kakehashi.report.documents.paper import browser

    try:
        return browser()
    except MissingProgramError:
        return None


def _registries() -> Iterator[str]:
    from kakehashi.affiliations.store import home, registries

    yield say("doctor_registries", folder=home())
    added = registries()
    for dump in added:
        yield f"  {dump.version}  {dump.date}  {dump.organisations:,}"
    if not added:
        yield "  " + say("registry_none")


def _base_packages() -> list[str]:
    try:
        wanted = [line for line in requires("kakehashi") or () if "extra ==" not in line]
    except PackageNotFoundError:  # run from a source tree that nobody installed
        return []
    return sorted(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in wanted)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
