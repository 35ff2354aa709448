"""Schemathesis over every route of the hub's API, with what fits its description and what does not.

No answer may be a server error, and every error has the one shape.

    python benchmarks/hub_fuzz.py sqlite:///fuzz.db 40

The database must be empty or new; it is filled with odd records first.
"""

import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any


def main(url: str, examples: int) -> None:
    """Ask every route `examples` times and count the answers by status."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "hub"))
    import hypothesis
    import schemathesis
    from asking import Asker
    from hub_records import fill

    from kakehashi.hub.access.doors import SingleUser
    from kakehashi.hub.api import make_app
    from kakehashi.hub.store.hub import Hub

    hub = Hub(url, create=True)
    fill(hub)
    app = make_app(hub, SingleUser())
    asker = Asker(app)
    answers: Counter[int] = Counter()

    def ask(case: Any) -> None:
        sent = {name: value for name, value in case.as_transport_kwargs(base_url="http://127.0.0.1").items() if value}
        sent.pop("cookies", None)
        answer = asker(sent.pop("method"), sent.pop("url"), **sent)
        answers[answer.status] += 1
        if answer.status >= 500 or (
            answer.status >= 400 and set(answer.body["error"]) != {"code", "message", "fields"}
        ):
            raise AssertionError(f"{case}: {answer.status} {answer.body}")

    settings = hypothesis.settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    start, failures, operations = time.process_time(), [], 0
    for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        operations += 1
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            try:
                settings(hypothesis.given(case=operation.as_strategy(generation_mode=mode))(ask))()
            except AssertionError as error:
                failures.append(f"{operation.method} {operation.path}: {str(error)[:300]}")
            except (hypothesis.errors.Unsatisfiable, schemathesis.errors.InvalidSchema):
                continue  # nothing about the route can be wrong
    print(f"{operations} operations, {sum(answers.values())} requests, {time.process_time() - start:.0f} s of CPU")
    print("by status:", dict(sorted(answers.items())))
    print("failures:", failures or "none")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40)
