"""The errors Kakehashi raises on purpose. Each message names what is wrong, where, and what to do.

KakehashiError
├── SettingsError        study.toml or an option is not as it should be
├── StudyError           the study folder cannot be used as asked
│   └── StudyLockedError     another run holds it
├── SourceError          an input path cannot be read at all
├── DataError            a file under data/ (or the user's own policy file) breaks its rules
├── ContractError        a stage produced a table that is not the one it declared
├── EngineError          the engine that runs the study was lost, or lacks memory or disk
├── MissingExtraError    an optional dependency is not installed
└── MissingProgramError  a program that is not Python's is not installed
"""


class KakehashiError(Exception):
    """Root of all errors raised on purpose."""


class SettingsError(KakehashiError):
    """A setting is unknown, missing or out of range."""


class StudyError(KakehashiError):
    """A study folder cannot be used as asked."""


class StudyLockedError(StudyError):
    """Another run is working on the study."""


class SourceError(KakehashiError):
    """An input path cannot be read at all."""


class DataError(KakehashiError):
    """A policy or knowledge file breaks its own rules."""


class ContractError(KakehashiError):
    """A stage produced a table that is not the one it declared."""


class EngineError(KakehashiError):
    """The engine that runs the study was lost, or lacks memory or disk."""


class MissingExtraError(KakehashiError):
    """An optional dependency is needed and not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an optional part: pip install 'kakehashi[{extra}]'")


class MissingProgramError(KakehashiError):
    """A program outside Python is needed and not found."""
