"""Train the learned layer: `python -m training.train --recipe shipped --out FOLDER` (see training/README.md)."""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from marsad.claims.learned._labels import labels
from training import corpora
from training.encode import UNKNOWN, Item, batches, encode, tensors
from training.network import Network

PADDING, MASK = 0, 103
CHANNEL = 0.6
"""What the tags of one channel count in the loss, whatever other channels are known of the same window."""
RECIPES = Path(__file__).parent / "recipes.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", required=True, help="name in training/recipes.json")
    parser.add_argument("--base", type=Path, required=True, help="folder with model.safetensors and tokenizer.json")
    parser.add_argument("--data", type=Path, required=True, help="folder of the shared corpora")
    parser.add_argument("--own", type=Path, help="the corpus of our own, as JSON lines")
    parser.add_argument("--silver", type=Path, help="weak labels, as training.silver writes them")
    parser.add_argument("--without", action="append", default=[], help="a corpus of the recipe to leave out")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="a network.pt to go on from, instead of the base")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    recipe = json.loads(RECIPES.read_text(encoding="utf-8"))[given.recipe]
    for name in given.without:
        del recipe["corpora"][name]
    tokenizer = plain_tokenizer(given.base / "tokenizer.json")
    items = load(recipe["corpora"], given.data, given.own, given.silver, tokenizer)
    network = Network()
    network.load_base(given.base / "model.safetensors")
    if given.start:
        network.load_state_dict(torch.load(given.start, weights_only=True))
    given.out.mkdir(parents=True, exist_ok=True)
    train(network, items, recipe, given.out, random.Random(given.seed))


def plain_tokenizer(path: Path) -> Tokenizer:
    """The base's tokenizer, without its truncation and padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def load(
    wanted: dict[str, dict[str, float]], data: Path, own: Path | None, silver: Path | None, tokenizer: Tokenizer
) -> list[Item]:
    """The windows of the corpora that a recipe names, each repeated `times` in an epoch."""
    readers = {
        "muc4": lambda: corpora.weakly(corpora.muc4(data / "muc4/role_fillers/train.json"), weak),
        "polnear": lambda: corpora.polnear(data / "polnear/train"),
        "factuality": lambda: corpora.weakly(corpora.factuality(data / "factuality_uw/train.jsonl"), weak),
        "hrdsattack": lambda: corpora.weakly(corpora.hrdsattack(data / "hrdsattack/train.json"), weak),
        "own": lambda: corpora.own(own),
        "articles": lambda: corpora.articles(data / "hrdsattack/train.json", weak),
    }
    weak = corpora.silver(silver) if silver else {}
    items: list[Item] = []
    for name, options in wanted.items():
        reader = readers[name.removesuffix("_wide")]
        pieces = int(options.get("pieces", labels().max_pieces))
        part = encode(name, reader(), tokenizer, int(options.get("most_windows", 0)), pieces)
        times = options.get("times", 1)
        whole = int(times)
        items += part * whole + random.Random(1).sample(part, int(len(part) * (times - whole)))
        print(f"{name}: {len(part)} windows, {sum(i.empty for i in part)} empty, {times} times an epoch", flush=True)
    return items


def train(network: Network, items: list[Item], recipe: dict, out: Path, rng: random.Random) -> None:
    """AdamW with warm-up and linear decay in bfloat16; writes `network.pt` every hundred steps and after each epoch.

    With `average` in the recipe what is written is the running mean of the weights (that share of the old mean is kept
    at each step), and the weights themselves go to `last.pt`. With `hide` that share of the pieces is masked.
    """
    network.freeze(recipe.get("freeze", 0))
    heads = [p for n, p in network.named_parameters() if "head" in n]
    body = [p for n, p in network.named_parameters() if "head" not in n and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": recipe["rate"]}, {"params": heads, "lr": recipe["head_rate"]}],
        weight_decay=0.01,
        fused=True,
    )
    drop = {name: options.get("drop_empty", 0.0) for name, options in recipe["corpora"].items()}
    weights = {name: options.get("weight", 1.0) for name, options in recipe["corpora"].items()}
    steps = sum(1 for _ in batches(items, recipe["budget"], random.Random(1), drop)) * recipe["epochs"]
    warm = max(1, int(0.06 * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / max(1, steps - warm)))
    )
    print(f"{steps} steps", flush=True)
    mean = copy.deepcopy(network).eval() if "average" in recipe else None
    step, began, losses = 0, time.time(), {}
    for epoch in range(recipe.get("stop_after", recipe["epochs"])):
        network.train()
        for batch in batches(items, recipe["budget"], rng, drop):
            given = tensors(batch)
            if recipe.get("hide"):
                hide(given["pieces"], recipe["hide"])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = objective(network, given) * weights[batch[0].corpus]
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if mean is not None:
                drift(mean, network, min(recipe["average"], (step + 1) / (step + 10)))
            old = losses.get(batch[0].corpus, loss.item())
            losses[batch[0].corpus] = 0.97 * old + 0.03 * loss.item()
            if step % 25 == 0:
                shown = " ".join(f"{name} {value:.3f}" for name, value in sorted(losses.items()))
                print(f"epoch {epoch} step {step}/{steps} {time.time() - began:.0f} s  {shown}", flush=True)
            if step % 100 == 0:
                save(network, mean, out)
        save(network, mean, out)
    (out / "trained.json").write_text(
        json.dumps({"recipe": recipe, "steps": step, "seconds": round(time.time() - began)}, indent=1) + "\n"
    )


def save(network: Network, mean: Network | None, out: Path) -> None:
    """Write `network.pt` (and `last.pt` beside a mean), each whole or not at all."""
    for name, one in (("network", mean or network), ("last", network if mean else None)):
        if one is not None:
            torch.save(one.state_dict(), out / f"{name}.pt.tmp")
            (out / f"{name}.pt.tmp").replace(out / f"{name}.pt")


@torch.no_grad()
def drift(mean: Network, network: Network, keep: float) -> None:
    """Move the running mean towards the weights."""
    for old, new in zip(mean.parameters(), network.parameters()):
        if new.requires_grad:
            old.lerp_(new, 1 - keep)


def hide(pieces: torch.Tensor, share: float) -> None:
    """Mask that share of the pieces, never the first (the document's) or padding."""
    drawn = torch.rand(pieces.shape) < share
    drawn[:, 0] = False
    pieces[drawn & (pieces != PADDING)] = MASK


def objective(network: Network, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Cross-entropy over the known tags, smooth L1 over factuality, binary cross-entropy over pooled names."""
    tokens, pooled = network(batch["pieces"], batch["mask"])
    tokens, pooled = tokens.float(), pooled.float()
    total = tokens.new_zeros(())
    tags = batch["tags"]
    known = tags != UNKNOWN
    if known.any():
        logits = tokens[..., :-1].reshape(*tags.shape, 3)
        words = known.any(-1).sum()
        summed = F.cross_entropy(logits[known], tags[known], reduction="sum")
        total = total + CHANNEL * summed / words
    values = batch["values"]
    told = ~torch.isnan(values)
    if told.any():
        total = total + 0.5 * F.smooth_l1_loss(tokens[..., -1][told], values[told], beta=0.5)
    asked = ~torch.isnan(batch["pooled"])
    if asked.any():
        total = total + 0.3 * F.binary_cross_entropy_with_logits(pooled[asked], batch["pooled"][asked])
    if not math.isfinite(total.item()):
        raise FloatingPointError("the loss is no longer a number: lower the learning rate")
    return total


if __name__ == "__main__":
    main()
