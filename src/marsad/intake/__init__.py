"""Intake: a source (file, folder, address, standard input) to preserved exhibits and the reports read from them.

`receive` takes a batch in, `read_exhibit` reads preserved bytes again, `read_file` reads one file without a case,
`read_picture` gives a picture's or a video frame's pixels.
Formats other than plain text are parsed by a confined process; see docs/reference/intake.md.
"""

from ._decode import decode
from ._draft import Member
from ._limits import Limits
from ._picture import Picture, read_picture
from ._preview import Preview, read_preview
from ._read import read_exhibit
from ._receive import Deposit, Received, read_file, receive, resume

__all__ = [
    "Deposit",
    "Limits",
    "Member",
    "Picture",
    "Preview",
    "Received",
    "decode",
    "read_exhibit",
    "read_file",
    "read_picture",
    "read_preview",
    "receive",
    "resume",
]
