"""The opt-in endpoint: candidate sentences to a language model at an address that the user chose, spans back.

Never used unless a case's settings name an address. What it proposes fills what the engine left empty, or stands as a
claim of its own, always with the model's name in `why`; a value that is not word for word in the report is dropped.
"""

from ._client import Client, notice
from ._proposer import Proposer

__all__ = ["Client", "Proposer", "notice"]
