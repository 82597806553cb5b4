"""Writing a BagIt package (RFC 8493), as a folder or a ZIP file, whose manifest can be signed."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from ..errors import CustodyBroken, VaultError
from ._blobs import CHUNK
from ._durable import refusing, sync, sync_folder


class Bag:
    """A package that grows beside `target` and takes its place when `finish` is called; `abandon` removes it."""

    def __init__(self, target: Path) -> None:
        if os.path.lexists(target):
            raise VaultError(f"{target}: is there already. Name a new file or folder.")
        self._target = target
        self._aside = target.with_name(f".{target.name}.{os.getpid()}.partial")
        self._payload: dict[str, str] = {}
        self._bytes = 0
        self._zip: zipfile.ZipFile | None = None
        with refusing(target, "make the package"):
            if target.suffix.lower() == ".zip":
                self._zip = zipfile.ZipFile(self._aside, "w", zipfile.ZIP_STORED, allowZip64=True)
            else:
                self._aside.mkdir()

    def add(self, name: str, content: bytes | BinaryIO, *, sha256: str | None = None) -> None:
        """Add `data/<name>`. With `sha256` the bytes must hash to it; raises CustodyBroken if they do not."""
        digest, size = self._write(f"data/{name}", content)
        if sha256 and digest != sha256:
            raise CustodyBroken(f"exhibit {sha256}: its bytes were altered; the package was not made.")
        self._payload[f"data/{name}"] = digest
        self._bytes += size

    def finish(self, info: Mapping[str, str], sign: Callable[[str], bytes]) -> Path:
        """Write manifests, and what `sign` makes of the tag manifest's SHA-256; put the package in its place."""
        oxum = f"{self._bytes}.{len(self._payload)}"
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{k}: {v}\n" for k, v in {**info, "Payload-Oxum": oxum}.items()),
            "manifest-sha256.txt": _manifest(self._payload),
        }
        digests = {name: self._write(name, text.encode())[0] for name, text in tags.items()}
        manifest = _manifest(digests).encode()
        digest, _ = self._write("tagmanifest-sha256.txt", manifest)
        self._write("signature", sign(digest))
        with refusing(self._target, "make the package"):
            if self._zip is not None:
                self._zip.close()
                with self._aside.open("rb") as whole:
                    sync(whole.fileno(), self._aside)
            else:
                for folder, _, _ in os.walk(self._aside):
                    sync_folder(Path(folder))
            self._aside.rename(self._target)
        sync_folder(self._target.absolute().parent)
        return self._target

    def abandon(self) -> None:
        """Remove what was written."""
        if self._zip is not None:
            self._zip.close()
            self._aside.unlink(missing_ok=True)
        else:
            shutil.rmtree(self._aside, ignore_errors=True)

    def _write(self, name: str, content: bytes | BinaryIO) -> tuple[str, int]:
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        digest, size = hashlib.sha256(), 0
        with refusing(self._aside / name, "write the package"), self._open(name) as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            if self._zip is None:
                out.flush()
                sync(out.fileno(), self._aside / name)
        return digest.hexdigest(), size

    def _open(self, name: str) -> BinaryIO:
        if self._zip is not None:
            return self._zip.open(zipfile.ZipInfo(name), "w", force_zip64=True)  # type: ignore[return-value]
        path = self._aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")


def _manifest(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
