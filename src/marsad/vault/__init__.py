"""The vault: keeps bytes as they were received, and proves it. One door, `Vault`.

vault = Vault(store, case / "vault", person="amal")
deposit = vault.deposit(Path("clip.mp4"), name="clip.mp4", source="/media/usb/clip.mp4", method="file")
with vault.open(deposit.exhibit.sha256, purpose="transcribe") as stream: ...
vault.verify().require()
"""

from ._age import new_identity
from ._keeper import Deposit, Parcel
from ._report import Finding
from ._timestamps import authority_at
from ._vault import Vault
from ._verify import Verification
from ._witness import Witness

__all__ = ["Deposit", "Finding", "Parcel", "Vault", "Verification", "Witness", "authority_at", "new_identity"]
