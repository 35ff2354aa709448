"""The cells of a table of the report, which is kept as HTML: for its twins in other forms."""

from html.parser import HTMLParser


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heads: list[str] = []
        self.rows: list[list[str]] = []
        self._row: list[str] = []
        self._text: list[str] | None = None
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._text = []
        elif tag == "span" and self._text:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._text is not None:
            self._row.append(" ".join("".join(self._text).split()))
            self._text = None
        elif tag == "tr":
            if self._in_head:
                self.heads = self._row
            else:
                self.rows.append(self._row)
        elif tag == "thead":
            self._in_head = False

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def cells_of(html: str) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the rows of a table, as they are read."""
    found = _Cells()
    found.feed(html)
    return found.heads, found.rows
