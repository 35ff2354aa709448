"""The examples of the guide to advice and of the README, run as they stand."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.cli.main import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["guide/advise.md", "ja/guide/advise.md"])
def test_the_python_example_prints_what_the_page_says(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    printed = re.findall(r"```text\n(.*?)```", text, flags=re.DOTALL)[-1]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code, {})  # noqa: S102
    assert said.getvalue() == printed


def test_the_commands_of_the_guide_on_the_built_in_study_run():
    text = (ROOT / "docs/guide/advise.md").read_text(encoding="utf-8")
    commands = re.findall(r"^kakehashi ((?:advise|explain) .*mic2023.*)$", text, flags=re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        arguments = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', command)]
        result = CliRunner().invoke(main, arguments, env={"KAKEHASHI_LANG": "en"})
        assert result.exit_code == 0, result.output


def test_the_json_of_the_readme_is_what_the_command_prints():
    [shown] = re.findall(r"^    (\{.*\})$", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    wanted = json.loads(shown.replace("{...}", "{}").replace(", ...}", "}").replace(": ...", ": 0"))
    result = CliRunner().invoke(
        main, ["advise", "--study", "mic2023", "--home", "JP", "--partner", "CN", "--format", "json"]
    )
    answer = json.loads(result.stdout)
    assert {key: answer[key] for key in wanted if key != "axes"} == {k: v for k, v in wanted.items() if k != "axes"}
    assert "funding" in answer["axes"]
