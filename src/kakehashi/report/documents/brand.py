"""The user's own look: template files for Word and PowerPoint, and a logo."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kakehashi.errors import SettingsError
from kakehashi.figures import theme

ACCENTS = (
    theme.ACCENT, theme.REGION_COLOURS["upper_left"], theme.REGION_COLOURS["lower_right"],
    theme.REGION_COLOURS["centre"], theme.HOME, theme.REGION_COLOURS["lower_left"],
)  # fmt: skip
"""The colours that our own documents offer in the program's palette: those of the figures."""

_KINDS: Mapping[str, str] = {".docx": "word/document.xml", ".pptx": "ppt/presentation.xml"}
_LOGOS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True)
class Brand:
    """Files that carry a user's look. What is None is ours."""

    word: Path | None = None
    slides: Path | None = None
    logo: Path | None = None


def read_brand(templates: Sequence[Path] = (), logo: Path | None = None) -> Brand:
    """Check template files and a logo before anything is written.

    Args:
        templates: a .docx and a .pptx at most, told apart by their ending.
        logo: a PNG or JPEG for the first page and the first slide.

    Raises:
        SettingsError: naming the file that cannot be used, and why.
    """
    found: dict[str, Path] = {}
    for path in templates:
        ending = path.suffix.lower()
        if ending not in _KINDS:
            raise SettingsError(f"--template {path}: a template is a .docx or a .pptx file")
        if ending in found:
            raise SettingsError(f"--template {path}: there is another {ending} template, {found[ending]}; give one")
        if _lacks(path, _KINDS[ending]):
            raise SettingsError(
                f"--template {path}: not a {ending} file that can be read; open it and save it once more as {ending}"
            )
        found[ending] = path
    if logo is not None and not _is_picture(logo):
        raise SettingsError(f"--logo {logo}: not a PNG or JPEG file; save the logo as one of these")
    return Brand(found.get(".docx"), found.get(".pptx"), logo)


def _lacks(path: Path, part: str) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return part not in package.namelist()
    except (OSError, zipfile.BadZipFile):
        return True


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(8).startswith(_LOGOS)
    except OSError:
        return False


def with_accents(theme_xml: bytes, accents: Sequence[str], latin: str, east_asian: str) -> bytes:
    """Put colours and fonts into the theme of an Office file, from which its palette and its styles take them."""
    text = theme_xml.decode("utf-8")
    for number, colour in enumerate(accents, 1):
        text = re.sub(
            rf"(<a:accent{number}>).*?(</a:accent{number}>)",
            rf'\g<1><a:srgbClr val="{colour.lstrip("#").upper()}"/>\g<2>', text, flags=re.DOTALL,
        )  # fmt: skip
    text = re.sub(r'(<a:latin typeface=")[^"+]*(")', rf"\g<1>{latin}\g<2>", text)
    text = re.sub(r'(<a:ea typeface=")[^"+]*(")', rf"\g<1>{east_asian}\g<2>", text)
    return re.sub(r'(<a:font script="Jpan" typeface=")[^"]*(")', rf"\g<1>{east_asian}\g<2>", text).encode("utf-8")
