"""Take the README's picture from the demo's report: `kakehashi demo demo && python docs/picture.py demo`.

The picture is the report's own map, on white (GitHub may be dark) and with the word that its data are synthetic.
"""

import re
import sys
from pathlib import Path

TITLE = "Countries on the map (the 20 with most papers)"
TARGET = Path(__file__).parent / "assets" / "demo-map.svg"
_NOTE = '<text x="8" y="{y}" font-size="12" fill="#b00020">Synthetic data of the demo</text></svg>'


def picture(report: str) -> str:
    """Return the wide map of the report as a standalone SVG. Raises LookupError where the report has none."""
    for drawing in re.findall(r"<svg\b.*?</svg>", report, flags=re.DOTALL):
        size = re.match(r'<svg[^>]*? width="(\d+)" height="(\d+)"', drawing)
        if size and f">{TITLE}</title>" in drawing:
            opening, rest = drawing.split(">", 1)
            body = rest.removesuffix("</svg>")
            return f'{opening}><rect width="100%" height="100%" fill="#fff"/>{body}{_NOTE.format(y=int(size[2]) - 8)}'
    raise LookupError(f"the report has no figure {TITLE!r}")


if __name__ == "__main__":
    text = (Path(sys.argv[1]) / "report" / "report.en.html").read_text(encoding="utf-8")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(picture(text) + "\n", encoding="utf-8")
