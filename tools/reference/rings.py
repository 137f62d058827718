"""Rings on an integer grid: cleaned, joined along shared borders, with a point inside for a label."""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable

Point = tuple[int, int]
Ring = list[Point]  # closed in the mind: the first point is not repeated


def area(ring: Ring) -> float:
    """Signed area in grid units squared: positive when x turns towards y."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2


def cleaned(ring: Iterable[Point]) -> Ring:
    """Drop repeated points and spikes that rounding to the grid has made."""
    kept: Ring = []
    for point in ring:
        if len(kept) > 1 and kept[-2] == point:
            kept.pop()
        elif not kept or kept[-1] != point:
            kept.append(point)
    while len(kept) > 2:
        if kept[1] == kept[-1]:
            kept = kept[1:]
        elif kept[0] in kept[-2:]:
            kept = kept[:-1]
        else:
            break
    return kept


def polygon(parts: Iterable[Ring], *, smallest: float) -> list[Ring]:
    """Turn an outer ring and its holes so that outside is positive and holes are negative; drop specks."""
    rings = []
    for position, part in enumerate(parts):
        ring = cleaned(part)
        size = area(ring)
        if abs(size) < smallest:
            continue
        rings.append(ring if (size > 0) == (position == 0) else ring[::-1])
    return rings


def joined(rings: Iterable[Ring], *, smallest: float) -> list[Ring]:
    """Return the outline of neighbours: an edge that two of them walk in opposite directions vanishes."""
    edges: Counter[tuple[Point, Point]] = Counter()
    for ring in rings:
        for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
            if edges[end, start]:
                edges[end, start] -= 1
            else:
                edges[start, end] += 1
    leaving: defaultdict[Point, list[Point]] = defaultdict(list)
    for start, end in sorted(edges.elements()):
        leaving[start].append(end)
    outline = [cleaned(ring) for start in sorted(leaving) for ring in _walks(start, leaving=leaving)]
    return [ring for ring in outline if abs(area(ring)) >= smallest]


def _walks(start: Point, *, leaving: dict[Point, list[Point]]) -> Iterable[Ring]:
    """Follow the edges that leave a point and cut off a ring whenever the walk meets itself."""
    while leaving[start]:
        path = [start]
        while path and leaving[path[-1]]:
            point = leaving[path[-1]].pop()
            if point in path:
                since = path.index(point)
                yield path[since:]
                path = path[:since]
            path.append(point)


def _inside(x: float, y: float, *, rings: list[Ring]) -> float:
    """Distance to the nearest border, negative outside."""
    inside, nearest = False, math.inf
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
            dx, dy = bx - ax, by - ay
            along = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
            nearest = min(nearest, (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2)
    return math.sqrt(nearest) if inside else -math.sqrt(nearest)


def label_point(rings: list[Ring], *, precision: float) -> tuple[float, float]:
    """Return the point farthest from any border, by quartering the most promising square first."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2
    squares: list[tuple[float, float, float, float]] = []

    def consider(x: float, y: float, *, half: float) -> tuple[float, float, float]:
        distance = _inside(x, y, rings=rings)
        heapq.heappush(squares, (-(distance + half * math.sqrt(2)), x, y, half))
        return distance, x, y

    best = consider((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, half=half)
    while squares:
        bound, x, y, half = heapq.heappop(squares)
        if -bound - best[0] <= precision:
            break
        half /= 2
        for sx, sy in ((-half, -half), (-half, half), (half, -half), (half, half)):
            best = max(best, consider(x + sx, y + sy, half=half))
    return best[1], best[2]
