"""Run a study in a process of its own and die, as by kill -9, at the n-th moment at which something is put in place.

Called as `python crash.py STUDY N`; N = 0 never dies and prints how many such moments there are.
"""

import os
import sys
from pathlib import Path

from kakehashi import Study, manifest
from kakehashi.engine import duckdb

MOMENTS = 0


def counted(function, fatal):
    def wrapper(*arguments):
        global MOMENTS
        MOMENTS += 1
        if fatal == MOMENTS:
            os._exit(137)
        result = function(*arguments)
        MOMENTS += 1
        if fatal == MOMENTS:
            os._exit(137)
        return result

    return wrapper


def main(study: Path, fatal: int) -> None:
    duckdb.swap = counted(duckdb.swap, fatal)
    manifest.os.replace = counted(os.replace, fatal)
    Study(study).run()
    sys.stdout.write(str(MOMENTS))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
