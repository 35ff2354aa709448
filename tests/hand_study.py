"""The study counted by hand (tests/by_hand/README.md), made by those who need it."""

from pathlib import Path

from kakehashi import Study

EXPORTS = Path(__file__).parent / "by_hand" / "exports"


def create(folder: Path) -> Study:
    """Create the study of the hand-made exports, not yet run."""
    made = Study.create(folder, "JP", [EXPORTS])
    by_keywords(made.folder)
    return Study(made.folder)


def by_keywords(folder: Path) -> None:
    """Let keywords alone decide: what a model weighs nobody works out on paper."""
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count('# decide = "keywords"') == 1
    path.write_text(
        text.replace('# decide = "keywords"', 'tree_method = "plain"\ndecide = "keywords"'), encoding="utf-8"
    )
