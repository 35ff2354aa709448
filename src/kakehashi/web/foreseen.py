"""What the pages of advice and of partners ask before anything is chosen, answered once and kept beside the index.

They rank all countries and institutions, for which they put some sixty SELECTs to the tables. Nobody should wait for
the same answers again after each start of the server.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import msgspec

from kakehashi.advice.answer import advise
from kakehashi.advice.partners import rank_partners
from kakehashi.advice.partners.practices import recorded
from kakehashi.advice.question import Question
from kakehashi.errors import KakehashiError
from kakehashi.report.advised.page import told
from kakehashi.settings import Settings
from kakehashi.texts import texts
from kakehashi.web.reader import ANSWERS, Reader, Rows, answer_name, read_answer


def is_foreseen(folder: Path) -> bool:
    """Tell whether the answers stand beside the tables of a snapshot."""
    return (folder / ANSWERS).is_dir()


def foresee(folder: Path, settings: Settings) -> None:
    """Write the answers beside the tables of a snapshot.

    A study that cannot be advised on has none, or those until it was refused: its pages then ask and tell. Nor has one
    whose disk is full.
    """
    new = folder / f".{ANSWERS}.{os.getpid()}"
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        for sql, rows in _asked(folder, settings).items():
            data = msgspec.msgpack.encode(rows)
            if read_answer(data) == rows:  # not what such a file cannot hold, such as decimals
                (new / answer_name(sql)).write_bytes(data)
        os.replace(new, folder / ANSWERS)
    except (OSError, TypeError, OverflowError):  # another process was faster, the disk is full, or numbers too large
        shutil.rmtree(new, ignore_errors=True)


def _asked(folder: Path, settings: Settings) -> Mapping[str, Rows]:
    found: dict[str, Rows] = {}
    reader = Reader(folder)

    def rows(sql: str) -> Rows:
        found[sql] = reader.rows(sql)
        return found[sql]

    home = settings.study.home
    try:
        told(advise(rows, settings, Question(home, resampled=False)), texts("en"), rows)
        rank_partners(rows, settings, home=home, practices=recorded(home), resampled=False)
    except (KakehashiError, duckdb.Error):
        pass
    return found
