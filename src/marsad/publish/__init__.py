"""Ledger and incidents to a folder that is safe to show. One door, `release`.

What may leave is decided once, in the view that a profile gives of the case; tables, map and page are made from that
view alone, and the leak check reads the finished files back before they are put in place.
"""

from ._gather import gather
from ._profile import PROFILES, Profile
from ._release import Release, release
from ._view import Figure, Material, Waiting, names_to_approve

__all__ = ["PROFILES", "Figure", "Material", "Profile", "Release", "Waiting", "gather", "names_to_approve", "release"]
