"""Intake: a source (file, folder, address, standard input) to preserved exhibits and the reports read from them.

`receive` takes a batch in, `read_exhibit` reads preserved bytes again, `read_file` reads one file without a case.
Formats other than plain text are parsed by a confined process; see docs/reference/intake.md.
"""

from ._draft import Member
from ._limits import Limits
from ._read import read_exhibit
from ._receive import Deposit, Received, read_file, receive, resume

__all__ = ["Deposit", "Limits", "Member", "Received", "read_exhibit", "read_file", "receive", "resume"]
