"""Engines by their names, and what is said when one is lost."""

import pytest
from click.testing import CliRunner

from kakehashi import Study
from kakehashi.cli.main import main
from kakehashi.engine import failures, sessions
from kakehashi.engine.opening import checked_engine, open_engine
from kakehashi.errors import EngineError, SettingsError

JAVA = """An error occurred while calling o57.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times
\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:2844)
Caused by: org.apache.spark.SparkException: Python worker exited unexpectedly (crashed)
\t... 1 more
Caused by: java.io.IOException: No space left on device
"""
GRPC = """<_InactiveRpcError of RPC that terminated with:
\tstatus = StatusCode.UNAVAILABLE
\tdetails = "failed to connect to all addresses"
"""


@pytest.mark.parametrize(
    "name", ["duckdb", "sail", "spark", "local", "local[4]", "spark://host:7077", "sc://host:15002"]
)
def test_an_engine_is_known_by_its_name_or_its_address(name):
    assert checked_engine(name) == name


@pytest.mark.parametrize("name", ["", "Spark", "local[", "yarn", "http://host"])
def test_another_name_is_refused_with_those_there_are(name, tmp_path):
    with pytest.raises(SettingsError, match=r"duckdb, sail, spark.*sc://"):
        open_engine(name, tmp_path)


@pytest.mark.parametrize(("size", "mebibytes"), [("4GiB", 4096), ("500MB", 476), ("1.5 gib", 1536), ("1KB", 1)])
def test_a_size_is_told_to_java_in_its_units(size, mebibytes):
    assert sessions.mebibytes(size) == mebibytes


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (JAVA, "No space left on device"),
        (GRPC, "failed to connect to all addresses"),
        ("java.lang.OutOfMemoryError: Java heap space", "Java heap space"),
        ("", "no reason given"),
    ],
)
def test_the_innermost_cause_is_told_in_one_line(message, found):
    assert failures.reason(message) == found


def test_a_query_that_cannot_be_planned_is_a_defect_and_no_lost_engine(quick_engine):
    with pytest.raises(Exception, match="no_such_table") as caught:
        quick_engine.rows("select 1 from no_such_table")
    assert not isinstance(caught.value, EngineError)


def test_the_command_names_the_engines(study):
    told = CliRunner().invoke(main, ["run", str(study), "--engine", "flink"])
    assert told.exit_code == 2
    assert "'flink' is no engine; write duckdb, sail, spark" in told.output


LOST = {"en": "Error: Spark could not go on", "ja": "Spark が処理を続けられなくなりました"}


@pytest.mark.parametrize("language", LOST)
def test_the_command_says_in_the_readers_language_that_an_engine_was_lost(study, monkeypatch, language):
    def lost(*_arguments):
        with failures.told("Spark"):
            raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(Study, "run", lost)
    told = CliRunner().invoke(main, ["run", str(study)], env={"KAKEHASHI_LANG": language})
    assert told.exit_code == 1
    assert LOST[language] in told.output
    assert "could not go on ([Errno 111] Connection refused)" in told.output
