"""Labels as each format can hold them. What a format forbids is replaced by the sign nearest to it, never dropped."""

import re

from kakehashi.xml_text import allowed

_SPACES = re.compile("[\\s\x00-\x1f\x7f\x85\u2028\u2029]+")


def for_xml(label: str) -> str:
    """Replace characters that XML 1.0 forbids; a line break is one space, as readers of attributes make it anyway."""
    return _SPACES.sub(" ", allowed(label))


def on_one_line(label: str) -> str:
    """Set a label on one line, for formats in which a line is a row and a tab ends a cell."""
    return _SPACES.sub(" ", allowed(label)).strip()


def for_pajek(label: str) -> str:
    """Set a label on one line, without straight quotes, which end a Pajek label, and backslashes, which readers eat."""
    return on_one_line(label).replace('"', "\u201d").replace("\\", "\uff3c")
