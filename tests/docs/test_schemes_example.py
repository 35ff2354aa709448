"""The examples of the guide to schemes, run as they stand; and the worked change, applied and read."""

import contextlib
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kakehashi.advice.schemes.advise import advise_schemes
from kakehashi.advice.schemes.wish import Wish
from kakehashi.knowledge.derive import derive
from kakehashi.knowledge.patterns import patterns

ROOT = Path(__file__).parents[2]
KNOWLEDGE = "src/kakehashi/data/knowledge"


@pytest.mark.parametrize("page", ["guide/schemes.md", "ja/guide/schemes.md"])
def test_the_examples_print_what_the_page_says(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    printed = re.findall(r"```text\n(.*?)```", text, flags=re.DOTALL)
    assert len(code) == len(printed) == 2
    names: dict[str, object] = {}
    for example, wanted in zip(code, printed, strict=True):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(example, names)  # noqa: S102
        assert said.getvalue() == wanted


@pytest.mark.skipif(shutil.which("patch") is None, reason="the program patch is not installed")
def test_the_worked_change_is_taken_by_patch_and_can_be_read(tmp_path):
    for path in (ROOT / KNOWLEDGE).glob("*.toml"):
        (tmp_path / KNOWLEDGE).mkdir(parents=True, exist_ok=True)
        (tmp_path / KNOWLEDGE / path.name).write_bytes(path.read_bytes())
    page = (ROOT / "docs/adding/knowledge.md").read_text(encoding="utf-8")
    diff = re.findall(r"```diff\n(.*?)```", page, flags=re.DOTALL)[0]
    subprocess.run(["patch", "-p1", "--quiet"], input=diff, cwd=tmp_path, text=True, check=True)
    changed = tmp_path / KNOWLEDGE
    wish = Wish("JP", "VN", "lower_left", goals=("test_beds",))
    advice = advise_schemes(wish, changed)
    assert [choice.value for choice in advice.axes["funding"] if choice.chosen] == ["home"]
    assert advice.forms[0].serves == ("test_beds",)
    assert derive({**patterns()[5].on, "funding": "both"}, changed).pattern == 13


def test_the_files_of_ones_own_that_the_page_shows_change_the_advice(tmp_path):
    page = (ROOT / "docs/adding/knowledge.md").read_text(encoding="utf-8")
    shown = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)[0]
    axes, choices = shown.split("\n\n")
    (tmp_path / "axes.toml").write_text(axes, encoding="utf-8")
    (tmp_path / "regions.toml").write_text(choices, encoding="utf-8")
    advice = advise_schemes(Wish("JP", "CN", "upper_right"), tmp_path)
    assert [choice.value for choice in advice.axes["agency"]] == ["both"]
    # No joint agency is offered and agencies weigh 2: patterns 1, 10 and 5 each lack 1 of 8.5.
    assert [(one.number, one.fit) for one in advice.by_axes[:3]] == [(1, 0.882353), (10, 0.882353), (5, 0.882353)]
