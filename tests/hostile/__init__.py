"""Hostile and broken inputs, made at run time, for whoever takes files in: intake, the command line, the desk.

for hostile in INPUTS:
    source = hostile.make(folder)      # a path or an address to hand to `marsad add`
    ...                                # expect `hostile.outcome`, and one line that matches `hostile.words`
"""

from .inputs import INPUTS, MARKUP, Hostile

__all__ = ["INPUTS", "MARKUP", "Hostile"]
