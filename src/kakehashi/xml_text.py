"""Which characters a text may hold in an XML file: one that it forbids makes the whole file unreadable."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """Replace each character that XML 1.0 forbids by the sign for an unknown one."""
    return _FORBIDDEN.sub("\ufffd", text)
