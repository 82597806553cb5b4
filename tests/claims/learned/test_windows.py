"""Windows: every word of the segments, once, with its offsets in the text."""

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from marsad.claims.learned._windows import pack


def _tokenizer() -> Tokenizer:
    pieces = ["[UNK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"), ".", ","]
    tokenizer = Tokenizer(models.WordPiece({p: n for n, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


TOKENIZER = _tokenizer()


def test_offsets_are_code_points_of_the_text_not_of_the_segment() -> None:
    text = "𝒜bc 🙂. The bridge"
    at = text.index("The")
    (window,) = pack(TOKENIZER, text, [(at, len(text))], 64)
    assert [text[a:b] for a, b in zip(window.starts, window.ends)] == ["The", "bridge"]
    assert window.breaks == frozenset({0})


def test_whole_segments_are_kept_together_where_they_fit() -> None:
    text = "ab cd. ef gh."
    windows = pack(TOKENIZER, text, [(0, 7), (7, 13)], 2 + 8)
    assert [len(w.first) for w in windows] == [3, 3]


@given(st.text(max_size=200), st.integers(4, 40))
def test_every_word_stands_once_in_order_and_no_window_is_too_long(text: str, most: int) -> None:
    middle = len(text) // 2
    windows = pack(TOKENIZER, text, [(0, middle), (middle, len(text))], most)
    starts = [s for w in windows for s in w.starts]
    ends = [e for w in windows for e in w.ends]
    assert starts == sorted(starts)
    assert all(s < e for s, e in zip(starts, ends))
    for window in windows:
        assert len(window.pieces) <= most
        assert len(window.first) == len(window.starts) == len(window.ends)
        assert all(0 < f < len(window.pieces) - 1 for f in window.first)
    plain = [c for c in text if c.isascii() and c.isalpha()]
    assert len([c for s, e in zip(starts, ends) for c in text[s:e] if c.isascii() and c.isalpha()]) == len(plain)


@given(st.text(max_size=200), st.integers(6, 40))
def test_another_size_of_the_first_window_moves_the_cuts_but_loses_no_word(text: str, most: int) -> None:
    middle = len(text) // 2
    parts = [(0, middle), (middle, len(text))]
    plain = [s for w in pack(TOKENIZER, text, parts, most) for s in w.starts]
    moved = pack(TOKENIZER, text, parts, most, most // 2)
    assert [s for w in moved for s in w.starts] == plain
    assert all(len(w.pieces) <= most for w in moved)
