"""Write a trained network as int8 ONNX: `python -m training.export --network out/network.pt --out FOLDER`."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tokenizers import Tokenizer
from torch import Tensor, nn

from marsad.claims.learned import rough_sentences
from marsad.claims.learned._labels import labels
from marsad.claims.learned._windows import pack
from training.corpus.generate import reports
from training.network import Network
from training.train import plain_tokenizer

OPERATORS = ["MatMul", "Gather", "Gemm"]
MOST_BYTES = 30_000_000
LEAST_AGREEMENT = 0.98


class Plain(nn.Module):
    """The network as it is run: one window at a time, without padding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """Pieces (1, length) to token and pooled outputs."""
        return self.network.plain(pieces)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", type=Path, required=True, help="network.pt")
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--name", required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    network = Network()
    network.load_state_dict(torch.load(given.network, weights_only=True))
    given.out.mkdir(parents=True, exist_ok=True)
    export(network.eval(), given.out / "network.onnx")
    shutil.copy(given.base / "tokenizer.json", given.out / "tokenizer.json")
    tokenizer = plain_tokenizer(given.out / "tokenizer.json")
    print(json.dumps(parity(network, given.out / "network.onnx", tokenizer), indent=1))
    seal(given.out, {"name": given.name})


def export(network: Network, path: Path) -> None:
    """Write float ONNX, then int8 weights (each column its own scale) and int8 embeddings, to `path`."""
    with tempfile.TemporaryDirectory() as scratch:
        full, tidy = Path(scratch, "full.onnx"), Path(scratch, "tidy.onnx")
        torch.onnx.export(
            Plain(network),
            (torch.randint(1000, 2000, (1, 17)),),
            str(full),
            input_names=["pieces"],
            output_names=["tokens", "pooled"],
            dynamic_shapes={"pieces": {1: torch.export.Dim("length", min=3, max=512)}},
            opset_version=18,
            dynamo=True,
            external_data=False,
        )
        quant_pre_process(str(full), str(tidy), skip_symbolic_shape=True)
        quantize_dynamic(
            str(tidy), str(path), op_types_to_quantize=OPERATORS, per_channel=True, weight_type=QuantType.QInt8
        )
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path}: {path.stat().st_size} bytes, more than {MOST_BYTES}")


def parity(network: Network, path: Path, tokenizer: Tokenizer, how_many: int = 40) -> dict[str, float]:
    """How well int8 agrees with float on fictional reports: equal tags, and the correlation of factuality.

    Raises ValueError below LEAST_AGREEMENT.
    """
    session = InferenceSession(str(path))
    equal, tags, ours, theirs = 0, 0, [], []
    for report in reports(how_many, seed=99):
        text = str(report["text"])
        for window in pack(tokenizer, text, rough_sentences(text), labels().max_pieces):
            pieces = np.array([window.pieces])
            with torch.no_grad():
                tokens, _ = network.plain(torch.from_numpy(pieces))
            quick, _ = session.run(None, {"pieces": pieces})
            a = tokens[0, :, :-1].reshape(-1, 3).argmax(-1).numpy()
            b = quick[0, :, :-1].reshape(-1, 3).argmax(-1)
            equal, tags = equal + int((a == b).sum()), tags + len(a)
            ours.append(tokens[0, :, -1].numpy())
            theirs.append(quick[0, :, -1])
    found = {
        "equal_tags": equal / tags,
        "factuality_r": float(np.corrcoef(np.concatenate(ours), np.concatenate(theirs))[0, 1]),
    }
    if min(found.values()) < LEAST_AGREEMENT:
        raise ValueError(f"int8 does not agree with float: {found}")
    return found


def seal(folder: Path, settings: dict[str, object]) -> None:
    """Write `settings.json` with the digests of the files beside it; tuning is kept where there was one."""
    path = folder / "settings.json"
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("network.onnx", "tokenizer.json")
    }
    sealed = {"tuning": {}, **old, **settings, "sha256": digests}
    path.write_text(json.dumps(sealed, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
