"""SQL that rounds alike in every engine."""


def nine_places(total: str) -> str:
    """Return SQL for a sum of whole numbers of 1e-12 as a double with nine places, at which three thirds make one.

    Shares of works are added as such numbers, so that no order of adding matters. They are not rounded by `round`: of
    a sum that lies half way between two values DuckDB and Spark take another.
    """
    return f"floor(cast({total} as double) / 1e3 + 0.5) / 1e9"
