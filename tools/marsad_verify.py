#!/usr/bin/env python3
"""marsad-verify: checks an evidence package of Marsad. Needs Python 3.9 or later and the package 'cryptography'.

It needs neither Marsad nor a network, shares no code with Marsad, and trusts nothing that it can compute.

    python marsad_verify.py PACKAGE --key KEY

PACKAGE is a folder or a ZIP file. KEY is the public key of the case's log, as you got it from someone you trust and not
from the package: without it the package is only shown to agree with itself. Exit code 0: everything holds. 1: something
does not, and the first thing that does not is named. 2: it was called wrongly.
"""

import argparse
import base64
import datetime
import hashlib
import json
import os
import re
import stat
import sys
import zipfile
from pathlib import Path

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.x509.oid import ExtendedKeyUsageOID
except ImportError:
    sys.exit("marsad-verify needs the Python package 'cryptography': python -m pip install cryptography")

FORMAT = "marsad evidence 1"
HEX = re.compile(r"[0-9a-f]{64}")
SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
CASE_EVENTS = ("log_started", "log_key_rotated")
TAG_FILES = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Lie(Exception):
    """Something in the package is not so."""


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--key", help="public key of the log: NAME+ID+KEY, or a file that holds it")
    parser.add_argument(
        "--older",
        type=Path,
        action="append",
        default=[],
        help="an older checkpoint (or package) of the same log, to be shown consistent",
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        help="public key of a witness who must have countersigned: NAME+ID+KEY, or a file",
    )
    parser.add_argument(
        "--tsa-root",
        type=Path,
        help="root certificate (PEM) of a timestamp authority that you trust; at least one timestamp must lead to it",
    )
    parser.add_argument("--list", action="store_true", help="print the custody events, as they were verified")
    options = parser.parse_args(arguments)
    try:
        for line in check(options):
            print(f"ok   {line}")
    except Lie as lie:
        print(f"LIE  {lie}")
        return 1
    except FileNotFoundError as error:
        parser.error(str(error))
    except Exception as error:  # noqa: BLE001 - whatever cannot be read is not what it says it is
        print(f"LIE  the package cannot be read as what it says it is ({type(error).__name__}: {error}).")
        return 1
    print("ok   Everything holds.")
    return 0


def check(options):
    """Yield, in plain words, each thing that holds. Raises Lie at the first that does not."""
    package = open_package(options.package)
    digests = whole(package)
    yield f"The package is whole: {len(digests)} files, each with the SHA-256 that its manifest gives; nothing is missing or added."

    keys = [Key(line) for line in text_of(package, "data/log/vkeys").splitlines()]
    need(keys, "the package names no key of the log")
    origin = keys[0].name
    signed, size = package_signature(package, keys)
    yield f"The package was signed by '{signed.name}' when its log had {size} events; no file was changed since, nor the manifest made anew."
    if options.key:
        need(str(keys[0]) == str(Key(given(options.key))), "the log's first key is not the key that you gave")
        yield "The log's key is the one that you gave."
    else:
        yield f"NOT CHECKED: whose key this is. Compare it with the one that you were given by another way:\n     {keys[0]}"

    checkpoint = Checkpoint(package.read("data/log/checkpoint"), keys, origin)
    need(checkpoint.note.signed_by(keys[-1:]), "the checkpoint is not signed by the log's last key")
    need(checkpoint.size == size, "the checkpoint is not the one that the package was signed against")
    leaves = split(package.read("data/log/hashes"), 32)
    need(
        len(leaves) == size and root_of(leaves) == checkpoint.root,
        "the log's hashes do not give the root that was signed",
    )
    yield f"The log's {size} hashes give the root that was signed: none was changed, removed, added or moved."

    events = custody(package, leaves)
    yield f"Each of the {len(events)} custody events, word for word, is in the log at its number."
    follow_keys(events, keys)
    yield "The log began with its first key" + (
        f", and each of {len(keys) - 1} later keys was brought in by the one before." if len(keys) > 1 else "."
    )
    held = exhibits(package, events)
    yield f"Each of the {held} exhibits has the bytes that its custody names, and each name that custody gives."
    yield scope(package, events, size)

    for path in options.older:
        older = Checkpoint(
            open_package(path).read("data/log/checkpoint")
            if path.is_dir() or zipfile.is_zipfile(path)
            else path.read_bytes(),
            keys,
            origin,
        )
        need(
            older.size <= size and root_of(leaves[: older.size]) == older.root,
            f"{path}: the log as it was then (with {older.size} events) is not the beginning of the log as it is now: history was rewritten",
        )
        yield f"{path}: the log of {older.size} events is the beginning of this one: nothing in it was rewritten since."
    yield from attestations(package, options, keys, origin, leaves)
    yield "NOT CHECKED: custody.html and custody-*.pdf, which only repeat the events for reading. Use --list to see them as verified."
    if options.list:
        yield from map(in_words, events)


# The package and its files


class Folder:
    """A package in a folder."""

    def __init__(self, path):
        self.path = path
        self.names = []
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                full = Path(folder) / name
                mode = full.lstat().st_mode
                need(stat.S_ISREG(mode) or stat.S_ISDIR(mode), f"{full} is neither a file nor a folder")
                if stat.S_ISREG(mode):
                    self.names.append(full.relative_to(path).as_posix())

    def open(self, name):
        return open(self.path / name, "rb")

    def read(self, name):
        need(name in self.names, f"{name} is missing")
        with self.open(name) as file:
            return file.read()


class Zip(Folder):
    """A package in a ZIP file."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.names = [info.filename for info in self.zip.infolist()]
        need(len(set(self.names)) == len(self.names), "the ZIP file holds two files of one name")
        need(
            all(info.compress_type == zipfile.ZIP_STORED for info in self.zip.infolist()),
            "the ZIP file is compressed, which Marsad does not do",
        )

    def open(self, name):
        return self.zip.open(name)


def open_package(path):
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder")
    need(zipfile.is_zipfile(path), f"{path} is neither a folder nor a ZIP file")
    return Zip(path)


def whole(package):
    """Every file is in a manifest with its digest, and the other way round. Returns the digests by name."""
    need(package.read("bagit.txt") == BAGIT, "bagit.txt is not that of a BagIt 1.0 package")
    tags = manifest(package, "tagmanifest-sha256.txt")
    need(set(tags) == TAG_FILES, "tagmanifest-sha256.txt does not list the package's own files")
    payload = manifest(package, "manifest-sha256.txt")
    need(all(name.startswith("data/") for name in payload), "manifest-sha256.txt lists a file outside data/")
    listed = {**tags, **payload}
    extra = set(package.names) - set(listed) - {"tagmanifest-sha256.txt", "signature"}
    need(not extra, f"{min(extra, default='')} is in the package and in no manifest")
    total = 0
    for name, digest in listed.items():
        need(name in package.names, f"{name} is missing")
        found, length = hash_file(package, name)
        need(found == digest, f"{name} was changed: its SHA-256 is {found}, the manifest says {digest}")
        total += length if name in payload else 0
    oxum = re.search(r"^Payload-Oxum: (\d+)\.(\d+)$", text_of(package, "bag-info.txt"), re.MULTILINE)
    need(
        oxum and (int(oxum[1]), int(oxum[2])) == (total, len(payload)),
        "bag-info.txt gives another number of files or bytes",
    )
    return listed


def manifest(package, name):
    found = {}
    lines = text_of(package, name).split("\n")
    need(lines.pop() == "", f"{name} is cut off")
    for line in lines:
        digest, gap, path = line[:64], line[64:66], line[66:]
        need(
            HEX.fullmatch(digest) and gap == "  " and path and ".." not in path.split("/") and path not in found,
            f"{name} is malformed at {line[:80]!r}",
        )
        found[path] = digest
    need(list(found) == sorted(found), f"{name} is not in order")
    return found


def hash_file(package, name):
    digest, length = hashlib.sha256(), 0
    with package.open(name) as file:
        while True:
            chunk = file.read(1 << 20)
            if not chunk:
                return digest.hexdigest(), length
            digest.update(chunk)
            length += len(chunk)


# Keys, notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature)


class Key:
    """A public key, `name+id+base64(kind, key)`."""

    def __init__(self, text):
        self.text = text.strip()
        self.name, _, rest = self.text.partition("+")
        key_id, _, encoded = rest.partition("+")
        data = decode(encoded)
        need(len(data) == 33 and data[0] in (1, 4), f"{self.text[:100]!r} is not a public key")
        self.kind, self.public = data[0], data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        need(self.id.hex() == key_id, f"{self.text[:100]!r} is not a public key: its id does not fit")

    def __str__(self):
        return self.text

    def verify(self, text, signature):
        message = text.encode()
        if self.kind == 4:
            need(len(signature) == 72, f"the countersignature of '{self.name}' is malformed")
            message = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n".encode() + message
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise Lie(f"a signature of '{self.name}' is false: it was forged, or what it signs was changed") from None


class Note:
    """Text with signature lines."""

    def __init__(self, data):
        text, blank, tail = data.decode("utf-8").rpartition("\n\n")
        lines = tail.split("\n")
        need(blank and lines.pop() == "" and lines, "a signed note is cut off or malformed")
        self.text = text + "\n"
        self.signatures = []
        for line in lines:
            match = SIGNATURE.fullmatch(line)
            raw = decode(match[2]) if match else b""
            need(match and len(raw) > 4, "a signed note has a malformed signature")
            self.signatures.append((match[1], raw[:4], raw[4:]))

    def signed_by(self, keys):
        """The first of `keys` that signed, with its signature; every signature of theirs must be true."""
        found = None
        for name, key_id, signature in self.signatures:
            for key in keys:
                if (key.name, key.id) == (name, key_id):
                    key.verify(self.text, signature)
                    found = found or (key, signature)
        return found


class Checkpoint:
    """What the log signed: how many events, and the root of their hashes."""

    def __init__(self, data, keys, origin):
        note = Note(data)
        need(note.signed_by(keys), "a checkpoint is not signed by the log's key")
        known = {(key.name, key.id) for key in keys}
        strange = [name for name, key_id, _ in note.signatures if (name, key_id) not in known]
        need(not strange, "a checkpoint carries a signature of a key that is not in the package")
        lines = note.text.split("\n")
        need(
            len(lines) == 4 and lines[0] == origin and re.fullmatch(r"0|[1-9]\d{0,18}", lines[1]),
            "a checkpoint is malformed or of another log",
        )
        self.note, self.size, self.root = note, int(lines[1]), decode(lines[2])
        need(len(self.root) == 32, "a checkpoint is malformed")


def package_signature(package, keys):
    note = Note(package.read("signature"))
    by = note.signed_by(keys[-1:])
    need(by and len(note.signatures) == 1, "the package is not signed by the log's key")
    lines = note.text.split("\n")
    digest = hash_file(package, "tagmanifest-sha256.txt")[0]
    need(
        len(lines) == 5 and lines[0] == FORMAT and lines[1] == keys[0].name,
        "the signature is of something else than this package",
    )
    need(lines[3] == f"tagmanifest-sha256 {digest}", "the manifest was changed after the package was signed")
    return by[0], int(lines[2])


def root_of(leaves):
    """The Merkle root of RFC 6962, from leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    peaks = []
    for leaf in leaves:
        height = 0
        while peaks and peaks[-1][0] == height:
            leaf = hashlib.sha256(b"\1" + peaks.pop()[1] + leaf).digest()
            height += 1
        peaks.append((height, leaf))
    found = peaks.pop()[1]
    while peaks:
        found = hashlib.sha256(b"\1" + peaks.pop()[1] + found).digest()
    return found


# Custody and exhibits


def custody(package, leaves):
    """The custody events, each found in the log by the hash of its words."""
    events, before = [], 0
    lines = package.read("data/custody.jsonl").split(b"\n")
    need(lines.pop() == b"", "custody.jsonl is cut off")
    for line in lines:
        event = json.loads(line)
        seq = event["seq"]
        need(
            type(seq) is int and before < seq <= len(leaves),
            "the custody events are not in order, or later than the log",
        )
        sha256 = hashlib.sha256(line).hexdigest()
        leaf = hashlib.sha256(b'\0{"event":"' + sha256.encode() + b'","seq":%d}' % seq).digest()
        need(
            leaf == leaves[seq - 1],
            f"custody event {seq} is not what the log holds at that number: it was changed or made up",
        )
        if events and events[-1]["seq"] == seq - 1:
            need(event["previous"] == events[-1]["sha256"], f"custody event {seq} does not follow from the one before")
        event["sha256"] = sha256
        events.append(event)
        before = seq
    return events


def in_words(event):
    """One event on one line; what could move the cursor or turn the direction of writing is written out."""
    words = [f"{event['seq']:>7}", event["at"][:19], event["action"], "by", event["person"], "from", event["source"]]
    return printed(" ".join(words + ["exhibit", event["exhibit"] or "(none)"]))


def printed(line):
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


def follow_keys(events, keys):
    need(
        events and events[0]["seq"] == 1 and events[0]["action"] == "log_started", "the beginning of the log is missing"
    )
    need(
        events[0]["detail"]["verifier"] == str(keys[0]),
        "the log did not begin with the key that the package names first",
    )
    changes = [event["detail"] for event in events if event["action"] == "log_key_rotated"]
    need(len(changes) == len(keys) - 1, "the package names keys that the log does not know")
    for old, new, change in zip(keys, keys[1:], changes):
        need(change["verifier"] == str(new), "the package names a key that the log does not know")
        statement = Note(change["statement"].encode())
        need(
            statement.signed_by([old]) and statement.text == f"marsad log key\n{keys[0].name}\n{new}\n",
            "a key of the log was not brought in by the one before",
        )


def exhibits(package, events):
    first, erased = {}, set()
    for event in events:
        if event["action"] in ("deposited", "deposited_again"):
            first.setdefault(event["exhibit"], event)
        if event["action"] == "erased":
            erased.add(event["exhibit"])
    held = {name[len("data/exhibits/") :] for name in package.names if name.startswith("data/exhibits/")}
    about = {event["exhibit"] for event in events if event["exhibit"]}
    need(held <= about, f"exhibit {min(held - about, default='')} has no custody")
    need(not held & erased, f"exhibit {min(held & erased, default='')} is said to be destroyed, and is here")
    gone = about - held - erased
    need(not gone, f"exhibit {min(gone, default='')} is named by custody, and its bytes are not here")
    for sha256 in held:
        found, length = hash_file(package, f"data/exhibits/{sha256}")
        need(found == sha256, f"exhibit {sha256} was changed")
        if sha256 in first:
            need(first[sha256]["detail"]["size"] == length, f"exhibit {sha256} is not as long as its custody says")
    return len(held)


def scope(package, events, size):
    """Whether all that was asked for is there."""
    asked = json.loads(package.read("data/scope.json"))
    need(asked["format"] == FORMAT, "the package is of a format that this program does not know")
    numbers = {event["seq"] for event in events}
    if "events" in asked:
        low, high = asked["events"]
        need(1 <= low <= high <= size, "the range that was asked for is not in the log")
        missing = set(range(low, high + 1)) - numbers
        need(
            not missing, f"custody event {min(missing, default=0)} is in the range that was asked for, and is left out"
        )
        return f"Nothing is left out: every custody event from {low} to {high} is here, and every exhibit that they are about."
    about = {event["exhibit"] for event in events if event["action"] not in CASE_EVENTS}
    wanted = set(asked["exhibits"])
    need(wanted == about, "the exhibits that were asked for are not those that are here")
    return f"All {len(wanted)} exhibits that were asked for are here. NOT CHECKED: whether the log holds other events about them; only a package of a range can show that."


# What others attest


def attestations(package, options, keys, origin, leaves):
    witnesses = [Key(given(text)) for text in options.witness]
    rooted, seen = False, set()
    for name in sorted(n for n in package.names if n.startswith("data/log/attested/")):
        folder, _, leaf = name.rpartition("/")
        data = package.read(name)
        if leaf == "checkpoint" or leaf.startswith("cosigned-"):
            note = Note(data)
            stamped = Checkpoint(data if leaf == "checkpoint" else first_signature(data), keys, origin)
            need(
                stamped.size <= len(leaves) and root_of(leaves[: stamped.size]) == stamped.root,
                f"{name}: this checkpoint is not of the same history",
            )
            if leaf != "checkpoint":
                by = note.signed_by(witnesses)
                who = note.signatures[-1][0]
                if by:
                    seen.add(str(by[0]))
                    at = f" on {utc(int.from_bytes(by[1][:8], 'big'))}" if by[0].kind == 4 else ""
                    yield f"'{who}' countersigned the log of {stamped.size} events{at}."
                else:
                    yield f"NOT CHECKED: '{who}' is said to have countersigned the log of {stamped.size} events; give the key with --witness."
        elif leaf.endswith(".ots"):
            size = folder.rpartition("/")[2]
            for kind, payload, message in opentimestamps(data, package.read(f"{folder}/checkpoint")):
                if kind == OTS_BITCOIN:
                    height = Varied(payload).number()
                    yield f"NOT CHECKED: the log of {size} events is in Bitcoin's block {height} if its Merkle root is {message[::-1].hex()}. A Bitcoin node, or somebody's copy of the block headers, tells that, and the time."
                elif kind == OTS_PENDING:
                    yield f"NOT CHECKED: {printed(Varied(payload).string().decode('utf-8', 'replace'))} promised the log of {size} events a place in Bitcoin's chain; that is a promise and no proof."
        elif leaf.endswith(".tsr"):
            chain = package.read(f"{folder}/{leaf[:-4]}.pem")
            at, authority, root = timestamp(data, package.read(f"{folder}/checkpoint"), chain)
            trusted = options.tsa_root and root.fingerprint(hashes.SHA256()) == x509.load_pem_x509_certificate(
                options.tsa_root.read_bytes()
            ).fingerprint(hashes.SHA256())
            rooted = rooted or bool(trusted)
            yield f"'{authority}' saw the log of {folder.rpartition('/')[2]} events on {at}: every event up to that number is older."
            if not trusted:
                yield f"NOT CHECKED: whether '{authority}' can be trusted. SHA-256 of its root certificate: {root.fingerprint(hashes.SHA256()).hex()}"
    unseen = [key.name for key in witnesses if str(key) not in seen]
    need(not unseen, f"'{unseen[0] if unseen else ''}' did not countersign")
    need(rooted or not options.tsa_root, "no timestamp leads to the root certificate that you gave")


def first_signature(data):
    text, _, tail = data.decode("utf-8").rpartition("\n\n")
    return f"{text}\n\n{tail.split(chr(10))[0]}\n".encode()


def timestamp(response, stamped, chain):
    """RFC 3161: when, by whom, and under which root `stamped` was timestamped. Raises Lie if the answer is false."""
    answer = elements(single(response))
    status = elements(answer[0][1])[0][1]
    need(int.from_bytes(status, "big") in (0, 1), "a timestamp was refused by its authority")
    # ContentInfo, SignedData and SignerInfo of RFC 5652, TSTInfo of RFC 3161.
    signed = elements(single(elements(answer[1][1])[1][1]))
    content_type, content = elements(signed[2][1])
    info_bytes = single(content[1])
    info = elements(single(info_bytes))
    algorithm, imprint = elements(info[2][1])
    need(hashed(elements(algorithm[1])[0][1], stamped) == imprint[1], "a timestamp is of another checkpoint")
    signer = elements(single(signed[-1][1]))
    at = next(n for n, (tag, _) in enumerate(signer) if tag == 0xA0)
    attributes = {}
    for _, attribute in elements(signer[at][1]):
        kind, values = elements(attribute)
        attributes[kind[1]] = single(values[1])
    hash_id = elements(signer[at - 1][1])[0][1]
    need(attributes.get(MESSAGE_DIGEST) == hashed(hash_id, info_bytes), "a timestamp was changed")
    need(attributes.get(CONTENT_TYPE) == TIMESTAMP == content_type[1], "a timestamp is of another kind")
    certificates = x509.load_pem_x509_certificates(chain)
    message, signature = element(0x31, signer[at][1]), signer[at + 2][1]
    leaf = next((c for c in certificates if verifies(c.public_key(), signature, message, hash_id)), None)
    need(leaf is not None, "the signature of a timestamp is false, or its certificate is not there")
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    need(
        usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING],
        "a timestamp was signed with a certificate for something else",
    )
    seconds = info[4][1].decode("ascii").rstrip("Z").split(".")[0]
    when = datetime.datetime.strptime(seconds, "%Y%m%d%H%M%S").replace(tzinfo=datetime.timezone.utc)
    return when.strftime("%Y-%m-%d %H:%M:%S UTC"), leaf.subject.rfc4514_string(), follow(leaf, certificates, when)


def follow(certificate, certificates, when):
    """The self-signed certificate that `certificate` leads to."""
    for _ in range(10):
        need(
            certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc,
            "a certificate of a timestamp was not valid at its time",
        )
        for issuer in certificates:
            try:
                certificate.verify_directly_issued_by(issuer)
            except (InvalidSignature, ValueError, TypeError):
                continue
            if issuer == certificate:
                return issuer
            certificate = issuer
            break
        else:
            raise Lie("the certificates of a timestamp do not lead to a root")
    raise Lie("the certificates of a timestamp do not lead to a root")


def verifies(public, signature, message, oid):
    need(oid in HASHES, "a timestamp uses a hash that this program does not know")
    algorithm = HASHES[oid]()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), algorithm)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


# OpenTimestamps

OTS_MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
OTS_PENDING, OTS_BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")


class Varied:
    """Bytes that are read as OpenTimestamps writes numbers and strings."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        need(self.at + count <= len(self.data), "an OpenTimestamps proof is cut off")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            need(shift < 70, "an OpenTimestamps proof is malformed")
            if byte < 0x80:
                return value

    def string(self):
        return self.take(self.number())


def opentimestamps(proof, stamped):
    """The (kind, payload, message) of each attestation at the end of a way that is computed from `stamped`."""
    need(proof.startswith(OTS_MAGIC), "an OpenTimestamps proof is malformed")
    data = Varied(proof[len(OTS_MAGIC) :])
    start = data.take(32)
    need(start == hashlib.sha256(stamped).digest(), "an OpenTimestamps proof is of another checkpoint")
    found, waiting = [], [start]
    # A fork says with 0xff that more follows from the same message; the last branch ends it.
    while waiting:
        message = waiting[-1]
        tag = data.take(1)[0]
        if tag == 0xFF:
            tag = data.take(1)[0]
        else:
            waiting.pop()
        need(len(waiting) < 300 and len(message) < 5000, "an OpenTimestamps proof is malformed")
        if tag == 0:
            found.append((data.take(8), data.string(), message))
        elif tag in (0xF0, 0xF1):
            given = data.string()
            waiting.append(message + given if tag == 0xF0 else given + message)
        elif tag in (2, 3, 8):
            waiting.append(hashlib.new({2: "sha1", 3: "ripemd160", 8: "sha256"}[tag], message).digest())
        elif tag in (0xF2, 0xF3):
            waiting.append(message[::-1] if tag == 0xF2 else message.hex().encode())
        else:
            raise Lie("an OpenTimestamps proof is malformed")
    need(data.at == len(data.data) and found, "an OpenTimestamps proof is malformed")
    return found


# The little of ASN.1 that a timestamp needs

MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
TIMESTAMP = bytes.fromhex("2a864886f70d0109100104")
HASHES = {
    bytes.fromhex("608648016503040201"): hashes.SHA256,
    bytes.fromhex("608648016503040202"): hashes.SHA384,
    bytes.fromhex("608648016503040203"): hashes.SHA512,
}


def hashed(oid, data):
    need(oid in HASHES, "a timestamp uses a hash that this program does not know")
    return hashlib.new(HASHES[oid].name, data).digest()


def elements(data):
    """The (tag, contents) of the DER elements in `data`."""
    found, at = [], 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            need(0 < count < 5, "a timestamp is malformed")
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        need(at + length <= len(data), "a timestamp is cut off")
        found.append((tag, data[at : at + length]))
        at += length
    return found


def single(data):
    """The contents of the one element in `data`."""
    found = elements(data)
    need(len(found) == 1, "a timestamp is malformed")
    return found[0][1]


def element(tag, content):
    """A DER element."""
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


# Small things


def need(holds, otherwise):
    if not holds:
        raise Lie(otherwise + ".")


def decode(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "a signature or key is written in an odd way")
    return data


def split(data, length):
    need(len(data) % length == 0, "the log's hashes are cut off")
    return [data[i : i + length] for i in range(0, len(data), length)]


def text_of(package, name):
    return package.read(name).decode("utf-8")


def given(text):
    return text if "+" in text and not os.path.exists(text) else Path(text).read_text(encoding="utf-8").splitlines()[0]


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


if __name__ == "__main__":
    sys.exit(main())
