"""Printed tables that lost their lines: rows whose cells stand between spaces, or each on a line of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADS = re.compile(r"序号|编号|指标|名称|单位|项目|属性|任务|类别|措施|内容")
_AHEAD = re.compile(r"20\d\d|目标|规划值|时限|时间|节点")
_CELL = re.compile(r"\S+")
_PROSE = re.compile(r"[。；！？]")
_LONGEST_LINE, _LONGEST_CELL, _MOST_COLUMNS = 120, 30, 10


@dataclass(frozen=True)
class Row:
    """A row of a table: each cell as its spans (line, start, end); `lines` are all that it takes."""

    lines: tuple[int, ...]
    cells: tuple[tuple[tuple[int, int, int], ...], ...]


def rows(lines: Sequence[str]) -> list[Row]:
    """The rows of printed tables, each with as many cells as the header over them."""
    full = [index for index, line in enumerate(lines) if line.strip()]
    found: list[Row] = []
    place = 0
    while place < len(full):
        made = _spaced(lines, full, place) or _stacked(lines, full, place)
        found += made
        place = place + 1 if not made else next(
            (p for p in range(place, len(full)) if full[p] > made[-1].lines[-1]), len(full)
        )  # fmt: skip
    return found


def _cells(line: str, index: int) -> list[tuple[int, int, int]]:
    if len(line) > _LONGEST_LINE or _PROSE.search(line):
        return []
    return [(index, match.start(), match.end()) for match in _CELL.finditer(line)]


def _is_header(words: Sequence[str]) -> bool:
    return (
        3 <= len(words) <= _MOST_COLUMNS
        and all(len(word) <= 16 for word in words)
        and sum(_HEADS.search(word) is not None for word in words) >= 1
        and any(_AHEAD.search(word) for word in words)
        and not any(re.fullmatch(r"[\d.]+", word) for word in words)
    )


def _spaced(lines: Sequence[str], full: Sequence[int], place: int) -> list[Row]:
    """A header on one line and rows with as many cells below; a lone cell between two rows ends the name before it."""
    header = _cells(lines[full[place]], full[place])
    if "\t" in lines[full[place]] or "|" in lines[full[place]]:
        return []
    if not _is_header([lines[i][a:b] for i, a, b in header]):
        return []
    made = [Row((full[place],), tuple((cell,) for cell in header))]
    for index, following in zip(full[place + 1 :], [*full[place + 2 :], None], strict=True):
        cells = _cells(lines[index], index)
        if len(cells) == len(header):
            made.append(Row((index,), tuple((cell,) for cell in cells)))
        elif len(cells) == 1 and len(made) > 1 and following is not None and _fits(lines, following, len(header)):
            made[-1] = _longer(made[-1], _name_at(lines, made[0]), cells[0])
        else:
            break
    return made if len(made) > 1 else []


def _fits(lines: Sequence[str], index: int, columns: int) -> bool:
    return len(_cells(lines[index], index)) == columns


def _name_at(lines: Sequence[str], header: Row) -> int:
    """The column of names: the first that is not one of serial numbers."""
    words = ["".join(lines[i][a:b] for i, a, b in cell) for cell in header.cells]
    return next((at for at, word in enumerate(words) if not re.search(r"序号|编号", word)), 0)


def _longer(row: Row, name: int, more: tuple[int, int, int]) -> Row:
    cells = tuple((*cell, more) if at == name else cell for at, cell in enumerate(row.cells))
    return Row((*row.lines, more[0]), cells)


def _stacked(lines: Sequence[str], full: Sequence[int], place: int) -> list[Row]:
    """A header of one cell a line, then rows that begin with their serial numbers."""
    first = re.sub(r"\s", "", lines[full[place]])
    if first not in ("序号", "编号"):
        return []
    start = next(
        (p for p in range(place + 3, min(place + _MOST_COLUMNS + 1, len(full))) if lines[full[p]].strip() == "1"), None
    )
    if start is None or not _is_header([lines[full[p]].strip() for p in range(place, start)]):
        return []
    header = tuple(_whole(lines, full[p]) for p in range(place, start))
    made = [Row(tuple(full[place:start]), header)]
    for row in _by_serial(lines, full, start, len(header)):
        cells = [_whole(lines, index) for index in row]
        name, extra = _name_at(lines, made[0]), len(row) - len(header)
        if extra < 0:
            continue
        merged = tuple(span for cell in cells[name : name + extra + 1] for span in cell)
        made.append(Row(tuple(row), (*cells[:name], merged, *cells[name + extra + 1 :])))
    return made


def _by_serial(lines: Sequence[str], full: Sequence[int], start: int, columns: int) -> Iterator[list[int]]:
    """The lines of each row: from its serial number to the next; the last has its kind or as many as columns."""
    serial, place = 1, start
    while place < len(full) and lines[full[place]].strip() == str(serial):
        end = place + 1
        while end < min(place + 3 * columns, len(full)) and _is_cell(lines[full[end]]):
            if end - place >= columns - 1 and lines[full[end]].strip() == str(serial + 1):
                break
            end += 1
            if end - place >= columns and re.search(r"预期性|约束性", lines[full[end - 1]]):
                break
        last = end >= len(full) or lines[full[end]].strip() != str(serial + 1)
        kind = re.search(r"预期性|约束性", lines[full[end - 1]])
        yield list(full[place : place + columns if last and not kind else end])
        serial, place = serial + 1, end


def _is_cell(line: str) -> bool:
    return len(line.strip()) <= _LONGEST_CELL and not _PROSE.search(line)


def _whole(lines: Sequence[str], index: int) -> tuple[tuple[int, int, int], ...]:
    line = lines[index]
    begin = len(line) - len(line.lstrip())
    return ((index, begin, len(line.rstrip())),)
