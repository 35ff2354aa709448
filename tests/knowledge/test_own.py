"""A user's folder: a file whose name we do not read is told, not passed over."""

import pytest

from kakehashi.errors import DataError
from kakehashi.knowledge.cases import cases
from kakehashi.knowledge.own import check_names
from kakehashi.knowledge.programmes import programmes


def test_files_that_are_read_and_files_of_other_kinds_pass(tmp_path):
    for name in ("cases.csv", "programmes.csv", "findings.toml", "README.md"):
        (tmp_path / name).write_text("", encoding="utf-8")
    check_names(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("case.csv", r"case\.csv: no such file is read; did you mean 'cases\.csv'"),
        ("programs.csv", r"did you mean 'programmes\.csv'"),
        ("finding.toml", r"did you mean 'findings\.toml'"),
        ("survey.csv", r"survey\.csv: ours cannot be added to; take the file away"),
    ],
)
def test_a_name_that_is_not_read_is_answered_with_the_nearest(tmp_path, name, message):
    (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        check_names(tmp_path)


@pytest.mark.parametrize("reader", [cases, programmes, check_names])
def test_a_folder_that_is_none_is_refused(tmp_path, reader):
    with pytest.raises(DataError, match="is no folder"):
        reader(tmp_path / "none")
