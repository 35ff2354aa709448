"""Office files as bytes that depend on nothing but their content."""

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


def same_bytes(package: bytes) -> bytes:
    """Write the parts of a zip package again without the time of day, so that the same study gives the same file."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if info.filename.endswith(".png") else zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(info))
    return made.getvalue()
