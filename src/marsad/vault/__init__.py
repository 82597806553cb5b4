"""The vault: keeps bytes as they were received, and proves it. One door, `Vault`.

vault = Vault(store, case / "vault", person="amal")
deposit = vault.deposit(Path("clip.mp4"), name="clip.mp4", source="/media/usb/clip.mp4", method="file")
with vault.open(deposit.exhibit.sha256, purpose="transcribe") as stream: ...
vault.verify().require()
vault.backup(depot_at("/media/backup"))
"""

from ._age import new_identity
from ._backup import Backup, check_backup
from ._depot import Depot, depot_at, shelf_at
from ._keeper import Deposit, Parcel
from ._report import Finding
from ._restore import RESTORED, restore
from ._timestamps import authority_at, calendar_at
from ._vault import Vault
from ._verify import Verification
from ._witness import Witness

__all__ = [
    "RESTORED",
    "Backup",
    "Deposit",
    "Depot",
    "Finding",
    "Parcel",
    "Vault",
    "Verification",
    "Witness",
    "authority_at",
    "calendar_at",
    "check_backup",
    "depot_at",
    "new_identity",
    "restore",
    "shelf_at",
]
