"""The one shape of errors in JSON."""

import json


def error_body(code: str, message: str) -> bytes:
    """Write an error as `{"error": {"code": …, "message": …}}`."""
    return json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False).encode()
