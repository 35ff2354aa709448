"""`kakehashi run --dry-run`: what would be done, from the exports before a run and from the tables after it."""

import pytest
from click.testing import CliRunner

from kakehashi import Study, planning
from kakehashi.cli.main import main
from kakehashi.demo.generate import write_demo
from kakehashi.pipeline import STAGES


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    write_demo(folder / "exports", 150)
    return Study.create(folder / "study", "JP", [folder / "exports"])


def test_every_stage_has_a_model_and_no_other():
    assert set(planning._model()["stages"]) == {stage.name for stage in STAGES}


def test_a_larger_corpus_is_expected_to_take_more_of_everything():
    small, large = (planning._rows(records) for records in (1e5, 1e6))
    assert all(large[name] > 5 * small[name] for name in small)
    assert large["strings"] / small["strings"] < 10  # the same strings come again


# What docs/benchmarks/study.md says of whole studies on two cores: drivers, and the seconds of the stages together.
MEASURED = {
    20_000: ({"megabytes": 54, "strings": 21_619, "edges": 450_633, "indicators": 1e5}, 15.8),
    200_000: ({"megabytes": 543, "strings": 182_891, "edges": 4_715_929, "indicators": 1e6}, 65.1),
    2_150_000: ({"megabytes": 5_877, "strings": 1_670_027, "edges": 39_882_325, "indicators": 8.9e6}, 539.6),
}


@pytest.mark.parametrize("works", MEASURED)
def test_the_model_gives_what_was_measured_within_a_fifth(works):
    drivers, seconds = MEASURED[works]
    found = sum(planning._seconds({**drivers, "works": works, "constant": 1}, 2).values())
    assert found == pytest.approx(seconds, rel=0.2)


def test_a_compressed_file_holds_more_records_than_its_size_says():
    assert planning._records(".gz", 24_000) > planning._records(".csv", 24_000)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(study):
    before = sorted(path.name for path in study.folder.iterdir())
    told = CliRunner().invoke(main, ["run", str(study.folder), "--dry-run"], env={"KAKEHASHI_LANG": "en"})
    assert told.exit_code == 0
    assert sorted(path.name for path in study.folder.iterdir()) == before
    assert "9/9 Reading trade and GDP" in told.output
    assert "Nothing was done" in told.output
    assert all(one.to_do for one in study.plan().stages)


def test_after_a_run_counted_rows_stand_and_only_what_depends_on_a_change_is_to_do(study):
    study.run()
    plan = study.plan()
    assert not any(one.to_do for one in plan.stages)
    assert plan.seconds == 0
    assert plan.rows["works"] == study.rows("select count(*) from works")[0][0]
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('taxonomy = "ict8"', 'taxonomy = "none"'), encoding="utf-8")
    assert [one.stage for one in study.plan().stages if one.to_do] == [
        "fields", "networks", "indicators", "positioning", "layouts"]  # fmt: skip
    told = CliRunner().invoke(main, ["run", str(study.folder), "--dry-run"], env={"KAKEHASHI_LANG": "ja"})
    assert "最新です" in told.output


@pytest.mark.parametrize("size", ["4", "much", "-1GB"])
def test_a_memory_that_is_no_size_is_refused(study, size):
    told = CliRunner().invoke(main, ["run", str(study.folder), "--memory", size])
    assert told.exit_code == 2
    assert "4GiB" in told.output
