"""Small cells stay small secrets, whatever a reader subtracts."""

from hypothesis import given
from hypothesis import strategies as st

from marsad.publish._suppress import hide

K = 3
exact = st.integers(min_value=0, max_value=30).map(lambda n: (n, n))


def possible(cells: list[tuple[int, int]], hidden: frozenset[int], i: int) -> set[int]:
    """Every value of cell i that fits what a reader sees: hidden cells are at least 1 and add up to the rest."""
    rest = sum(cells[j][0] for j in hidden)
    return set(range(1, rest - (len(hidden) - 1) + 1))


@given(st.lists(exact, max_size=8))
def test_a_reader_with_the_total_cannot_tell_that_a_hidden_cell_is_small(cells: list[tuple[int, int]]) -> None:
    result = hide(cells, K)
    small = {i for i, (n, _) in enumerate(cells) if 0 < n < K}
    assert small <= result.cells
    if not result.total:
        for i in result.cells:
            assert max(possible(cells, result.cells, i)) >= K
            assert len(possible(cells, result.cells, i)) > 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda t: (min(t), max(t))), max_size=8))
def test_nothing_is_hidden_without_need(cells: list[tuple[int, int]]) -> None:
    result = hide(cells, K)
    if not any(0 < b < K for cell in cells for b in cell):
        assert result.cells == frozenset() and not result.total


def test_examples() -> None:
    assert hide([(5, 5), (4, 4)], K).cells == frozenset()
    assert hide([(1, 1), (4, 4), (9, 9)], K).cells == {0, 1}
    assert hide([(1, 1), (0, 0)], K).total
    assert hide([(1, None), (7, None), (9, 12)], K).cells >= {0, 1}
    assert hide([(1, 1), (9, 9)], K, total=False).cells == {0}
