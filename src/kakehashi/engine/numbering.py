"""SQL for works as numbers: what is counted by the million is counted by these, not by texts."""

NUMBERED_WORKS = "select work_id, row_number() over (order by work_id nulls last) - 1 as work from works"
"""The works, numbered from 0 in the order of their ids: the same numbers as long as works are the same."""
