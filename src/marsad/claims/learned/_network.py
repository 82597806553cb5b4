"""The weights on disk, checked and opened with ONNX Runtime on one thread."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from marsad.claims.learned._decode import Array, Tuning
from marsad.claims.learned._labels import labels
from marsad.claims.learned._windows import Window
from marsad.errors import ModelMissing

SHIPPED = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Network:
    """An open network with the tokenizer and the tuning that belong to it."""

    name: str
    tokenizer: Any
    session: Any
    tuning: tuple[Tuning, ...]
    settings: dict[str, Any]

    def run(self, window: Window) -> tuple[Array, Array, Array]:
        """Tag logits (words, channels, 3), factuality (words) and document logits of one window."""
        pieces = np.array([window.pieces], dtype=np.int64)
        tokens, pooled = self.session.run(None, {"pieces": pieces})
        words = tokens[0, list(window.first)]
        return words[:, :-1].reshape(len(words), -1, 3), words[:, -1], pooled[0]


def open_network(folder: Path) -> Network:
    """Open `settings.json`, `network.onnx` and `tokenizer.json` in a folder.

    Raises ModelMissing where a file is absent, is not the one that `settings.json` was written for, or where ONNX
    Runtime or tokenizers are not installed.
    """
    try:
        import onnxruntime
        import tokenizers
    except ImportError as lacking:
        raise ModelMissing(f"the learned layer needs {lacking.name}: pip install 'marsad[learned]'") from lacking
    try:
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        files = {name: (folder / name).read_bytes() for name in settings["sha256"]}
    except OSError as lacking:
        raise ModelMissing(f"{lacking.filename}: no weights of the learned layer there") from lacking
    for name, raw in files.items():
        if hashlib.sha256(raw).hexdigest() != settings["sha256"][name]:
            raise ModelMissing(f"{folder / name}: not the file that settings.json names; install the weights anew")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(files["network.onnx"], options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_buffer(files["tokenizer.json"])
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tuning = tuple(Tuning(**settings["tuning"].get(channel, {})) for channel in labels().channels)
    return Network(settings["name"], tokenizer, session, tuning, settings)
