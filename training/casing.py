"""Learn which words are written with a capital, for text that has none: `src/marsad/claims/data/casing.json`.

`python training/casing.py --data ../shared/corpora/hrdsattack` reads the articles of HRDsAttack's train part (MIT) and
of the project's own fictional corpus, takes each word that stands inside a sentence at least twice, and fits a logistic
regression of 'mostly capital' on its vector in the parser's model. The file holds 300 weights, a bias and a threshold;
no word of an article. Prints how many running words of the dev part it cases as their authors did.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.claims._parser import pipeline

OUT = Path(__file__).parents[1] / "src/marsad/claims/data/casing.json"
WORD = re.compile(r"[^\W\d_]+")
TAG = re.compile(r"<[^>]+>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    words = counts(
        [
            *texts(given.data / "train.json"),
            *(p.read_text("utf-8") for p in sorted((Path(__file__).parent / "corpus/by_hand").glob("*.txt"))),
        ]
    )
    kept = [w for w, (upper, lower) in words.items() if upper + lower >= 2 and has_vector(w)]
    x = np.stack([vector(w) for w in kept])
    y = np.array([words[w][0] > words[w][1] for w in kept], dtype=np.float64)
    weight = np.log1p(np.array([sum(words[w]) for w in kept]))
    fitted, bias = fit(x, y, weight)
    dev = counts(texts(given.data / "dev.json"))
    best = max((score(dev, fitted, bias, t / 20), t / 20) for t in range(-20, 41))
    OUT.write_text(
        json.dumps({"weights": [round(float(v), 4) for v in fitted], "bias": round(bias, 4), "threshold": best[1]})
        + "\n",
        encoding="utf-8",
    )
    right = total = 0
    for word, (upper, lower) in dev.items():
        if has_vector(word):
            right += upper if vector(word) @ fitted + bias > best[1] else lower
            total += upper + lower
    print(f"{len(kept)} words learnt; dev: {right / total:.4f} of running words cased right, F1 {best[0]:.3f}")


def texts(path: Path) -> list[str]:
    return [TAG.sub(" ", row["html"]) for row in json.loads(path.read_text(encoding="utf-8"))]


def counts(found: list[str]) -> dict[str, tuple[int, int]]:
    """Lower-cased word → (how often with a capital, how often without), inside sentences."""
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in found:
        for m in WORD.finditer(text):
            before = text[max(0, m.start() - 2) : m.start()]
            if not re.fullmatch(r"[\w,;] ", before) or len(m.group()) < 2:
                continue
            (lower if m.group().islower() else upper)[m.group().lower()] += 1
    return {w: (upper[w], lower[w]) for w in upper.keys() | lower.keys()}


def has_vector(word: str) -> bool:
    return bool(pipeline().vocab[word].has_vector)


def vector(word: str) -> NDArray[np.float64]:
    v = np.asarray(pipeline().vocab[word].vector, dtype=np.float64)
    return v / (np.linalg.norm(v) or 1.0)


def fit(
    x: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Weighted logistic regression with a little ridge, by Newton's method."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x.shape[1])
    ridge = np.eye(x.shape[1]) * 0.3
    ridge[-1, -1] = 0
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ w))
        g = x.T @ (weight * (p - y)) + ridge @ w
        h = (x * (weight * p * (1 - p))[:, None]).T @ x + ridge
        w -= np.linalg.solve(h, g)
    return w[:-1], float(w[-1])


def score(dev: dict[str, tuple[int, int]], fitted: NDArray[np.float64], bias: float, threshold: float) -> float:
    """F1 of the capitals of running words."""
    hit = said = wanted = 0.0
    for word, (upper, lower) in dev.items():
        if not has_vector(word):
            continue
        capital = float(vector(word) @ fitted + bias > threshold)
        hit += upper * capital
        said += (upper + lower) * capital
        wanted += upper
    return 2 * hit / (said + wanted) if hit else 0.0


if __name__ == "__main__":
    main()
