"""Pictures: where faces are (`find_faces`), painting over parts for good (`cover`), and a covered copy of an exhibit
that somebody answers for (`propose`, `sign_off`).

Covered copies are made for release; the sealed original stays as it is. A machine misses faces: a person looks at
every covered picture, adds what was missed, and answers for it.
"""

from ._cover import Covered, cover
from ._faces import Box, NoDetector, find_faces
from ._sign_off import Proposal, propose, sign_off, signed_off

__all__ = ["Box", "Covered", "NoDetector", "Proposal", "cover", "find_faces", "propose", "sign_off", "signed_off"]
