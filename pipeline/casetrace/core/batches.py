"""The cases of a corpus parted into batches, so that work on them takes the same memory however many there are."""

from collections.abc import Callable, Iterable, Sequence

#: Wraps a list as the work on it goes on, for a progress bar.
Batches = Sequence[Sequence[str]]
Progress = Callable[[Batches], Iterable[Sequence[str]]]


def in_batches(sizes: Iterable[tuple[str, int]], most_cases: int, most_rows: int) -> list[list[str]]:
    """Case ids in their order, parted so that no batch has more cases or rows than allowed.

    A case of more rows than that is a batch of its own; without cases there is one empty batch.

    Args:
        sizes: Case id and number of rows of each case, in the order wanted.
        most_cases: Most cases of a batch.
        most_rows: Most rows of a batch.
    """
    parts: list[list[str]] = [[]]
    rows = 0
    for case_id, n in sizes:
        if parts[-1] and (len(parts[-1]) >= most_cases or rows + n > most_rows):
            parts.append([])
            rows = 0
        parts[-1].append(case_id)
        rows += n
    return parts
