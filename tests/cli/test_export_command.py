"""`kakehashi report` and `kakehashi export` from the command line: what they write and how they answer a slip."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.cli.main import main


def invoke(*words: str):
    return CliRunner().invoke(main, words, env={"KAKEHASHI_LANG": "en"})


def test_export_names_each_file_it_wrote(finished: Path, tmp_path: Path):
    result = invoke("export", str(finished / "study"), "--format", "gexf,citation", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["CITATION.cff", "country-all.gexf"]
    assert "country-all.gexf" in result.stdout


def test_report_writes_documents_beside_one_another(finished: Path, tmp_path: Path):
    words = ("report", str(finished / "study"), "--format", "html,xlsx", "--lang", "ja", "--out", str(tmp_path))
    result = invoke(*words)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.ja.html", "report.ja.xlsx"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "mic2023", "--format", "doc"), "doc; did you mean docx?"),
        (("report", "mic2023", "--format", "html,xls"), "xls; did you mean xlsx?"),
        (("report", "mic2023", "--format", "docx", "--template", __file__), "a template is a .docx or a .pptx file"),
        (("export", "mic2023", "--format", "gefx"), "gefx; did you mean gexf?"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest(words: tuple[str, ...], said: str):
    result = invoke(*words)
    assert result.exit_code != 0
    assert said in " ".join(result.output.split())
