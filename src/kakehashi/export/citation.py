"""A citation file for a study, in the Citation File Format 1.2 that GitHub, Zenodo and Zotero read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi import __version__
from kakehashi.manifest import text_digest
from kakehashi.settings import Settings


def citation(settings: Settings, manifest: Mapping[str, Any], authors: Sequence[str]) -> str:
    """Write CITATION.cff: the study with a version that changes whenever its tables may, and the software it used.

    Args:
        settings: the study's settings.
        manifest: what was run; its digest is the version.
        authors: who made the study; where none is given, the study's name stands for them.
    """
    name = " ".join(settings.study.name.split())
    version = text_digest(json.dumps(manifest, sort_keys=True, default=str))[:12]
    years = [str(year) for year in (settings.study.first_year, settings.study.last_year) if year is not None]
    period = f", works of {'–'.join(dict.fromkeys(years))}" if years else ""
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this study, please cite it as below."',
        "type: dataset",
        f"title: {_text(f'{name}: international research collaboration{period}')}",
        "authors:",
        *(f"  - name: {_text(author)}" for author in authors or (f"The authors of the study {name}",)),
        f"version: {_text(version)}",
        "keywords:",
        *(f"  - {word}" for word in ("bibliometrics", "co-authorship", "international collaboration")),
        "references:",
        "  - type: software",
        "    title: Kakehashi",
        f"    version: {_text(str(manifest.get('kakehashi') or __version__))}",
        "    license: Apache-2.0",
        "    authors:",
        "      - name: The Kakehashi developers",
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """Quote a text: every JSON string without line breaks is a YAML string too."""
    return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=True)
