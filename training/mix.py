"""Half-way between two trainings: `python -m training.mix --old A.pt --new B.pt --share 0.65 --out C.pt`.

A network that went on from another forgets some of what that one knew. The mean of the two, weight by weight, keeps
most of both (Wortsman et al. 2022, 'Robust fine-tuning of zero-shot models'); `share` is how much of it is the new one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=Path, required=True)
    parser.add_argument("--new", type=Path, required=True)
    parser.add_argument("--share", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    old, new = (torch.load(path, weights_only=True) for path in (given.old, given.new))
    torch.save({name: (1 - given.share) * old[name] + given.share * new[name] for name in old}, given.out)


if __name__ == "__main__":
    main()
