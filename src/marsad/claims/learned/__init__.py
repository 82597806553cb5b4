"""The learned layer: proposals of role fillers, attributions and event certainty, from a small network.

It proposes; the structure grounds, joins and types. Nothing here is needed for the engine to work: where the weights
or the packages of `marsad[learned]` are absent, `available()` says why and the engine goes on without.
"""

from marsad.claims.learned._fillers import Filler, fillers
from marsad.claims.learned._join import join
from marsad.claims.learned._network import SHIPPED
from marsad.claims.learned._propose import available, propose, rough_sentences, weights
from marsad.claims.learned._records import Proposal, Proposals, Said

__all__ = [
    "SHIPPED",
    "Filler",
    "Proposal",
    "Proposals",
    "Said",
    "available",
    "fillers",
    "join",
    "propose",
    "rough_sentences",
    "weights",
]
