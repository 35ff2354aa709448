"""Fixtures shared by all tests: the same stage test runs on each engine."""

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from kakehashi.engine.duckdb import DuckDB

# For tables of a dozen rows Spark's time goes into compiling plans: simpler compilers and one partition help.
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
SOURCE_ROOT = Path(__file__).parents[1] / "src"

# How long an example takes says how busy the machine is, and nothing about the code.
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")


# What takes longest, most of it first: what begins last would leave the other processes without work.
LONG = (
    "spark", "tests/browser/test_explorer_journey.py", "tests/test_resume.py", "tests/report/test_documents.py",
    "tests/web/test_server_killed.py", "tests/browser/test_explorer.py", "tests/browser/test_hub_in_browser.py",
    "tests/faults/test_fault_folder.py", "tests/api/test_incremental.py", "tests/report/test_small_studies.py",
    "tests/web/test_two_people.py", "tests/linking/test_same_everywhere.py", "tests/matching/test_match_index.py",
)  # fmt: skip


def _scope(nodeid: str) -> str:
    """Return what a test shares something dear with: all Spark tests one JVM, the tests of a file their fixtures."""
    return "spark" if "spark" in nodeid or "both_engines" in nodeid else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {scope: number for number, scope in enumerate(LONG)}
    items.sort(key=lambda item: place.get(_scope(item.nodeid), len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep scopes together, in the order of the tests.

    By names, as `--dist loadgroup` does nothing with pytest 9.2: xdist 3.8 sets a name that pytest no longer reads.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _scope(nodeid)

    config.option.loadscopereorder = False  # it would put the scopes of many tests first, and they are the quick ones
    return Together(config, log)


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java was not found: the Spark half of the tests needs it")
    pytest.importorskip("pyspark", reason="the spark extra is not installed")
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable, PYTHONPATH=str(SOURCE_ROOT))
    from kakehashi.engine.sessions import local_session

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark and the JVM gateway warn about their own internals at start
        session = local_session(options=SMALL)
    yield session
    session.stop()


@pytest.fixture(scope="session")
def sail_server() -> Iterator[Any]:
    pytest.importorskip("pysail", reason="the sail extra is not installed")
    from kakehashi.engine.sail import start_server

    server = start_server()
    yield server
    server.stop()


@pytest.fixture(
    params=[
        "duckdb",
        "sail",
        pytest.param("spark", marks=pytest.mark.spark),
    ]
)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    chosen = _opened(request, tmp_path / "tables")
    yield chosen
    chosen.close()


@pytest.fixture(params=["duckdb", "sail"])
def quick_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """For further cases of what another test of the file runs on Spark too, where each takes 15 s."""
    chosen = _opened(request, tmp_path / "tables")
    yield chosen
    chosen.close()


def _opened(request: pytest.FixtureRequest, folder: Path) -> Any:
    from kakehashi.engine.sail import Sail
    from kakehashi.engine.spark import Spark

    if request.param == "spark":
        return Spark(request.getfixturevalue("spark_session"), folder)
    if request.param == "sail":
        return Sail(folder, request.getfixturevalue("sail_server"))
    return DuckDB(folder)


@pytest.fixture
def one_engine(tmp_path: Path) -> Iterator[Any]:
    """DuckDB alone: for further cases of SQL that another test of the file runs on Spark, where each takes 15 s."""
    chosen = DuckDB(tmp_path / "tables")
    yield chosen
    chosen.close()


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `exports` and the finished study `study` over them. Do not change it: ask for `study`."""
    from kakehashi import Study
    from kakehashi.demo.generate import write_demo

    root = tmp_path_factory.mktemp("finished")
    (root / "exports").mkdir()
    write_demo(root / "exports", 120)
    Study.create(root / "study", "JP", [root / "exports"]).run()
    return root


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A finished study of one's own, with its exports beside it as in `finished`."""
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy" / "study"
