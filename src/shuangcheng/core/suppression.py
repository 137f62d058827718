"""Counts of people without people: small cells are withheld, and enough others that nobody can compute them back.

A cell below the least count is withheld. In each line, which is all cells that differ in one dimension only, what is
withheld must add up to the least count at least and be of two cells, or its sum, known from elsewhere, would tell them:
the smallest others are withheld with it (complementary suppression; see Willenborg and de Waal, Elements of Statistical
Disclosure Control, 2001, ch. 6).
"""

from collections.abc import Mapping

LEAST = 10
"""The smallest count that is told."""

Cell = tuple[str, ...]


def suppressed(counts: Mapping[Cell, int], *, least: int = LEAST) -> dict[Cell, int | None]:
    """Each count, or None where it is withheld; cells without anybody are no cells and must not be given."""
    hidden = {cell for cell, count in counts.items() if count < least}
    lines = _lines(counts)
    while more := {cell for line in lines for cell in _more(line, counts, hidden, least)}:
        hidden |= more
    return {cell: None if cell in hidden else count for cell, count in counts.items()}


def _lines(counts: Mapping[Cell, int]) -> list[list[Cell]]:
    """The cells that differ in one dimension only, each line with its smallest cell first."""
    found: dict[tuple[int, Cell], list[Cell]] = {}
    for cell in sorted(counts, key=lambda cell: (counts[cell], cell)):
        for place in range(len(cell)):
            found.setdefault((place, cell[:place] + cell[place + 1 :]), []).append(cell)
    return list(found.values())


def _more(line: list[Cell], counts: Mapping[Cell, int], hidden: set[Cell], least: int) -> list[Cell]:
    """What a line must withhold besides."""
    here = [cell for cell in line if cell in hidden]
    if not here:
        return []
    others = [cell for cell in line if cell not in hidden]
    taken: list[Cell] = []
    while others and (len(here) < 2 or sum(counts[cell] for cell in here) < least):
        here.append(others[0])
        taken.append(others.pop(0))
    return taken
