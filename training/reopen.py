"""Go on from exported weights: int8 ONNX back to a float network, for `training.train --start`.

`python -m training.reopen --folder EXPORTED --base BASE --out network.pt`. Each matrix is its whole numbers times its
scales, so that nothing but the rounding is lost; the word embeddings, which no recipe moves, are the base's own. Raises
ValueError where the float network does not agree with the one that it was read from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from training.export import parity
from training.network import Network
from training.train import plain_tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="what training.export wrote")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    network = reopened(given.folder / "network.onnx", given.base)
    print(parity(network.eval(), given.folder / "network.onnx", plain_tokenizer(given.folder / "tokenizer.json")))
    torch.save(network.state_dict(), given.out)


def reopened(path: Path, base: Path) -> Network:
    """The network of an int8 ONNX file that `training.export` wrote."""
    network = Network()
    network.load_base(base / "model.safetensors")
    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer}
    state = network.state_dict()
    for name in state:
        if (key := f"network.{name}") in stored:
            state[name] = torch.from_numpy(stored[key].copy())
    for name, matrix in zip(_matrices(network), _dequantised(stored), strict=True):
        if state[name].shape != matrix.T.shape:
            raise ValueError(f"{path}: {name} is {state[name].shape}, not {matrix.T.shape}")
        state[name] = torch.from_numpy(np.ascontiguousarray(matrix.T))
    network.load_state_dict(state)
    return network


def _matrices(network: Network) -> list[str]:
    """The weights that are quantised by columns, in the order in which the file holds them."""
    parts = ("qkv", "out", "up", "down")
    layers = [f"layers.{n}.{part}.weight" for n in range(len(network.layers)) for part in parts]
    return [*layers, "pooled_head.weight", "token_head.weight"]


def _dequantised(stored: dict[str, np.ndarray]) -> list[np.ndarray]:
    names = [n.removesuffix("_quantized") for n in stored if n.endswith("_quantized") and "words" not in n]
    return [
        (stored[f"{n}_quantized"].astype(np.float32) - stored[f"{n}_zero_point"]) * stored[f"{n}_scale"] for n in names
    ]


if __name__ == "__main__":
    main()
