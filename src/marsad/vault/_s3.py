"""Bytes in an S3-compatible object store, locked there where it offers that, through boto3 (the extra 's3').

Put means: the store has confirmed the object with its length and SHA-256. A store that does not check the SHA-256 that
it is given, which is tried once with a false one, is made to hand each object back instead.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import CustodyBroken, VaultError
from ._blobs import digest_of

PART = 64 << 20
"""Larger objects are put in parts of this size; as much is in memory."""
WINDOW = 8 << 20
"""What is fetched at once when an object is read."""
_LOCK = re.compile(r"(governance|compliance):([1-9]\d{0,4})")


class ObjectShelf:
    """A shelf at `s3://bucket/prefix`. Whose credentials, and which region, is boto3's to find in its usual places.

    `endpoint` is the address of a store that is not Amazon's; `lock` ('governance:365' or 'compliance:3650') has each
    object locked for so many days from when it is put. Raises VaultError for an address or a lock that is none.
    """

    workers = 8

    def __init__(self, address: str, *, endpoint: str = "", lock: str = "") -> None:
        bucket, _, prefix = address.removeprefix("s3://").strip("/").partition("/")
        match = _LOCK.fullmatch(lock)
        if not address.startswith("s3://") or not bucket:
            raise VaultError(f"'{address}' is no address of an object store: write s3://bucket/prefix.")
        if lock and not match:
            raise VaultError(f"'{lock}' is no lock: write governance:DAYS or compliance:DAYS.")
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self._endpoint = endpoint or None
        self._lock = (match[1].upper(), timedelta(days=int(match[2]))) if match else None

    def prepare(self) -> None:
        """See that the bucket is there and, where objects are to be locked, that it can lock them."""
        with self._asking("reach the bucket"):
            self._client.head_bucket(Bucket=self._bucket)
        if self._lock:
            with self._asking("see whether the bucket locks objects"):
                found = self._client.get_object_lock_configuration(Bucket=self._bucket)
            if found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
                raise VaultError(f"s3://{self._bucket}: this bucket was not made to lock objects; make one that does.")

    def size(self, name: str) -> int | None:
        """See `Shelf`."""
        found = self._head(self.key(name))
        return int(found["ContentLength"]) if found else None

    def open(self, name: str) -> BinaryIO:
        """See `Shelf`; fetched in windows as it is read, all of one object."""
        return self.open_key(self.key(name), f"exhibit {name[:64]}")

    def open_key(self, key: str, what: str) -> BinaryIO:
        """The object under a key. Raises CustodyBroken if it is not there."""
        found = self._head(key)
        if found is None:
            raise CustodyBroken(f"{what}: its bytes are not in the object store ({key}).")

        def fetch(start: int, end: int) -> bytes:
            with self._asking(f"read {key}"):
                wanted = {"Bucket": self._bucket, "Key": key, "Range": f"bytes={start}-{end - 1}"}
                answer = self._client.get_object(**wanted, IfMatch=found["ETag"])
                data: bytes = answer["Body"].read()
                return data

        return io.BufferedReader(_Remote(int(found["ContentLength"]), fetch), 1 << 20)

    def put(self, source: Path, name: str) -> None:
        """See `Shelf`; on return the store has confirmed it."""
        self.put_key(source, self.key(name))
        source.unlink()

    def put_key(self, source: Path, key: str) -> None:
        """Put a file under a key, and return once the store has confirmed its length, its SHA-256 and its lock."""
        size = source.stat().st_size
        with source.open("rb") as file:
            digest = digest_of(file)
        lock = self._lock_until()
        with source.open("rb") as file:
            if size <= PART:
                checksum = base64.b64encode(bytes.fromhex(digest)).decode()
                with self._asking(f"put {key}"):
                    wanted = {"Bucket": self._bucket, "Key": key, "Body": file, "ContentLength": size}
                    said = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum}
                    self._client.put_object(**wanted, **said, **lock)
            else:
                checksum = self._put_parts(file, key, lock)
        found = self._head(key)
        if found is None or found["ContentLength"] != size:
            raise VaultError(f"{key}: the object store said that it had taken it, and does not have it.")
        if found.get("ChecksumSHA256") != checksum or not self._checks:
            with self.open_key(key, key) as back:
                if digest_of(back) != digest:
                    raise VaultError(f"{key}: the object store holds other bytes than it was given.")
        if lock and found.get("ObjectLockMode") != lock["ObjectLockMode"]:
            raise VaultError(f"{key}: the object store was asked to lock it, and did not.")

    def settle(self, names: Iterable[str]) -> None:
        """Nothing: what was put has been confirmed."""

    def set_aside(self, name: str) -> None:
        """See `Shelf`: a copy below `damaged/`."""
        source = {"Bucket": self._bucket, "Key": self.key(name)}
        with self._asking(f"set {self.key(name)} aside"):
            aside = f"{self._prefix}damaged/{name}.{secrets.token_hex(4)}"
            self._client.copy_object(Bucket=self._bucket, Key=aside, CopySource=source)
            self._client.delete_object(**source)

    def remove(self, name: str) -> None:
        """See `Shelf`: every version of it, not the newest alone."""
        if why := self.immovable(name):
            raise VaultError(why)
        for key in (self.key(name), *self._keys(f"{self._prefix}damaged/{name}.")):
            self.remove_key(key)

    def remove_key(self, key: str) -> None:
        """Destroy every version of an object."""
        with self._asking(f"destroy {key}"):
            for which in [{"VersionId": v} for v in self._versions(key)] or [{}]:
                self._client.delete_object(Bucket=self._bucket, Key=key, **which)

    def immovable(self, name: str) -> str:
        """Why the bytes under a name cannot be destroyed now: a lock of the store; or ''."""
        for version in self._versions(self.key(name)):
            found = self._head(self.key(name), version) or {}
            until = found.get("ObjectLockRetainUntilDate")
            if found.get("ObjectLockLegalHoldStatus") == "ON" or (until and until > datetime.now(UTC)):
                when = f"until {until:%Y-%m-%d %H:%M} UTC" if until else "by a legal hold of the store"
                return f"exhibit {name[:64]}: the object store keeps it locked {when}; nothing was destroyed."
        return ""

    def walk(self) -> Iterator[tuple[str | None, str]]:
        """See `Shelf`."""
        for key in self._keys(f"{self._prefix}blobs/"):
            name = key.rpartition("/")[2]
            yield name if self.key(name) == key else None, f"s3://{self._bucket}/{key}"

    def where(self, name: str) -> str:
        """See `Shelf`."""
        return f"s3://{self._bucket}/{self.key(name)}"

    def key(self, name: str) -> str:
        """The key of a name."""
        return f"{self._prefix}blobs/sha256/{name[:2]}/{name}"

    def named(self, part: str) -> list[str]:
        """The keys that begin with the prefix and `part`, without the prefix."""
        return [key.removeprefix(self._prefix) for key in self._keys(self._prefix + part)]

    def at(self, part: str) -> str:
        """The key of something that is no exhibit."""
        return self._prefix + part

    def _put_parts(self, file: BinaryIO, key: str, lock: dict[str, Any]) -> str:
        where = {"Bucket": self._bucket, "Key": key}
        with self._asking(f"put {key}"):
            begun = self._client.create_multipart_upload(**where, ChecksumAlgorithm="SHA256", **lock)
            upload = {**where, "UploadId": begun["UploadId"]}
            try:
                parts: list[dict[str, Any]] = []
                raw = b""
                while piece := file.read(PART):
                    digest = hashlib.sha256(piece).digest()
                    part = {"PartNumber": len(parts) + 1, "ChecksumSHA256": base64.b64encode(digest).decode()}
                    answer = self._client.upload_part(**upload, **part, Body=piece)
                    parts.append({**part, "ETag": answer["ETag"]})
                    raw += digest
                self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            except BaseException:
                self._client.abort_multipart_upload(**upload)
                raise
        return f"{base64.b64encode(hashlib.sha256(raw).digest()).decode()}-{len(parts)}"

    def _lock_until(self) -> dict[str, Any]:
        if self._lock is None:
            return {}
        mode, days = self._lock
        return {"ObjectLockMode": mode, "ObjectLockRetainUntilDate": datetime.now(UTC) + days}

    def _head(self, key: str, version: str | None = None) -> dict[str, Any] | None:
        from botocore.exceptions import ClientError

        which = {"VersionId": version} if version else {}
        with self._asking(f"look for {key}"):
            try:
                found: dict[str, Any] = self._client.head_object(
                    Bucket=self._bucket, Key=key, ChecksumMode="ENABLED", **which
                )
            except ClientError as error:
                if error.response["ResponseMetadata"].get("HTTPStatusCode") == 404:
                    return None
                raise
            return found

    def _versions(self, key: str) -> list[str]:
        from botocore.exceptions import ClientError

        try:
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
            found = [v for page in pages for v in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))]
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NotImplemented", "MethodNotAllowed"):
                return []
            raise VaultError(f"s3://{self._bucket}: could not list the versions of {key} ({error}).") from error
        return [v["VersionId"] for v in found if v["Key"] == key and v["VersionId"] != "null"]

    def _keys(self, prefix: str) -> Iterator[str]:
        with self._asking(f"list {prefix}"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield found["Key"]

    @cached_property
    def _checks(self) -> bool:
        """Whether the store refuses what does not hash to the SHA-256 that it is given."""
        from botocore.exceptions import ClientError

        probe = {"Bucket": self._bucket, "Key": f"{self._prefix}probe-{secrets.token_hex(8)}"}
        false = base64.b64encode(bytes(32)).decode()
        try:
            self._client.put_object(**probe, Body=b"Does this store check?", ChecksumSHA256=false)
        except ClientError:
            return True
        self._client.delete_object(**probe)
        return False

    @cached_property
    def _client(self) -> Any:
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise VaultError("an object store needs the extra 's3': pip install 'marsad[s3]'.") from error
        config = Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=2 * self.workers,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"} if self._endpoint else {},
        )
        # A session of its own: the one that boto3 shares is not safe to make from several threads.
        return boto3.session.Session().client("s3", endpoint_url=self._endpoint, config=config)

    @contextmanager
    def _asking(self, to: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError, OSError) as error:
            raise VaultError(
                f"s3://{self._bucket}: could not {to} ({error}). Nothing of it is acknowledged; check the network and "
                "the credentials, and run it again."
            ) from error


class _Remote(io.RawIOBase):
    def __init__(self, size: int, fetch: Callable[[int, int], bytes]) -> None:
        self._size, self._fetch = size, fetch
        self._at, self._start, self._window = 0, 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size or not len(buffer):
            return 0
        if not self._start <= self._at < self._start + len(self._window):
            self._window = self._fetch(self._at, min(self._size, self._at + WINDOW))
            self._start = self._at
        offset = self._at - self._start
        piece = self._window[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
