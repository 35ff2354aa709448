"""One explorer over the finished study for all tests of pages."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import client, served


@pytest.fixture(scope="session")
def address(finished: Path) -> Iterator[str]:
    """The address of an explorer over `finished`, whose study is called `study`."""
    with served(finished) as found:
        yield found


@pytest.fixture(scope="session")
def browser(address: str) -> Iterator[httpx.Client]:
    """A client of it."""
    with client(address) as found:
        yield found
