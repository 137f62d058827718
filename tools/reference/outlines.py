"""The map of both provinces as SVG paths, its label points, and the boundaries as GeoJSON."""

import gzip
import io
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reference import rings
from reference.rings import Point, Ring

BOUNDARIES = "boundaries_county_cq_sc_2026.geojson"
POINTS_HEADER = ("code", "x", "y")

WIDTH = 1000  # units of the viewBox
MARGIN = 5
GRID = 10  # grid steps in one unit: one decimal in the file
SMALLEST = 0.4 * GRID**2  # about half a square kilometre: enclaves below it cannot be seen
GEOJSON_GRID = 1000
GEOJSON_SMALLEST = 40.0

# A city is labelled at its seat: the middle of its area may be far from where its people and schools are.
SEATS = {
    "510100": "510105",
    "510300": "510302",
    "510400": "510402",
    "510500": "510502",
    "510600": "510603",
    "510700": "510703",
    "510800": "510802",
    "510900": "510903",
    "511000": "511002",
    "511100": "511102",
    "511300": "511302",
    "511400": "511402",
    "511500": "511502",
    "511600": "511602",
    "511700": "511702",
    "511800": "511802",
    "511900": "511902",
    "512000": "512002",
    "513200": "513201",
    "513300": "513301",
    "513400": "513401",
}

Lines = list[list[list[list[float]]]]  # polygons of rings of positions


@dataclass(frozen=True, kw_only=True)
class Map:
    """Outlines by code on the grid of the map, and the height of the viewBox."""

    counties: dict[str, list[Ring]]
    provinces: dict[str, list[Ring]]
    height: int


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Equirectangular: x grows by the cosine of the middle latitude, y downwards."""

    west: float
    north: float
    scale: float  # units per degree of latitude
    stretch: float

    def __call__(self, position: list[float]) -> Point:
        """Longitude and latitude to a point of the grid."""
        x = MARGIN + (position[0] - self.west) * self.scale * self.stretch
        y = MARGIN + (self.north - position[1]) * self.scale
        return round(x * GRID), round(y * GRID)


def _counties(source: Path) -> dict[str, Lines]:
    features = json.loads((source / BOUNDARIES).read_text(encoding="utf-8"))["features"]
    found = {}
    for feature in sorted(features, key=lambda feature: str(feature["properties"]["code"])):
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        found[feature["properties"]["code"]] = polygons
    return found


def _on_grid(polygons: Lines, *, place: Callable[[list[float]], Point], smallest: float) -> list[Ring]:
    return [
        ring
        for parts in polygons
        for ring in rings.polygon(([place(position) for position in part] for part in parts), smallest=smallest)
    ]


def projection(counties: Iterable[Lines]) -> tuple[Projection, int]:
    """Return the projection that fits all counties into the width, and the height that it needs."""
    positions = [position for polygons in counties for parts in polygons for part in parts for position in part]
    west, east = min(p[0] for p in positions), max(p[0] for p in positions)
    south, north = min(p[1] for p in positions), max(p[1] for p in positions)
    stretch = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * stretch)
    height = math.ceil((north - south) * scale) + 2 * MARGIN
    return Projection(west=west, north=north, scale=scale, stretch=stretch), height


def draw(source: Path) -> Map:
    """Project the counties and join them into provinces along the same points."""
    lines = _counties(source)
    place, height = projection(lines.values())
    counties = {code: _on_grid(polygons, place=place, smallest=SMALLEST) for code, polygons in lines.items()}
    members: defaultdict[str, list[Ring]] = defaultdict(list)
    for code, outline in counties.items():
        members[code[:2] + "0000"] += outline
    provinces = {code: rings.joined(parts, smallest=SMALLEST) for code, parts in sorted(members.items())}
    return Map(counties=counties, provinces=provinces, height=height)


def _number(steps: int) -> str:
    """Grid steps in units, as short as SVG allows: 0.5 is .5 and 2.0 is 2."""
    whole, tenths = divmod(abs(steps), GRID)
    text = f"{whole or ''}.{tenths}" if tenths else str(whole)
    return "-" + text if steps < 0 else text


def _path(outline: list[Ring]) -> str:
    """Path data with relative steps and no separator that SVG can do without."""
    parts = []
    for ring in outline:
        (x, y), *rest = ring
        parts.append(f"M{_number(x)} {_number(y)}l")
        previous = "."
        for point in rest:
            for step in (point[0] - x, point[1] - y):
                number = _number(step)
                joins = number.startswith("-") or (number.startswith(".") and "." in previous) or previous == "."
                parts.append(number if joins else " " + number)
                previous = number
            x, y = point
        parts.append("z")
    return "".join(parts)


def svg(drawn: Map) -> str:
    """Return one file of path definitions to be used by code; colours are for the page to set."""
    paths = [
        f'<path id="{letter}{code}" fill-rule="evenodd" vector-effect="non-scaling-stroke" d="{_path(outline)}"/>'
        for letter, outlines in (("c", drawn.counties), ("p", drawn.provinces))
        for code, outline in outlines.items()
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawn.height}"><defs>'
    return "\n".join([head, *paths, "</defs></svg>", ""])


def points(drawn: Map) -> list[list[str]]:
    """Return the size of the viewBox and a label point for every county, city and province."""
    placed = {}
    for code, outline in {**drawn.counties, **drawn.provinces}.items():
        x, y = rings.label_point(outline, precision=GRID / 2)
        placed[code] = [f"{x / GRID:.1f}", f"{y / GRID:.1f}"]
    for city, seat in SEATS.items():
        placed[city] = placed[seat]
    return [["viewbox", str(WIDTH), str(drawn.height)], *([code, *placed[code]] for code in sorted(placed))]


def _whole_degrees(position: list[float]) -> Point:
    return round(position[0] * GEOJSON_GRID), round(position[1] * GEOJSON_GRID)


def geojson(source: Path, *, names: dict[str, str]) -> bytes:
    """Return the boundaries with three decimals, outer rings clockwise as map libraries on a sphere want them."""
    features = []
    for code, polygons in _counties(source).items():
        coordinates = []
        for parts in polygons:
            placed = ([_whole_degrees(position) for position in part] for part in parts)
            kept = rings.polygon(placed, smallest=GEOJSON_SMALLEST)
            closed = [[[x / GEOJSON_GRID, y / GEOJSON_GRID] for x, y in [*ring, ring[0]]][::-1] for ring in kept]
            if closed:
                coordinates.append(closed)
        feature = {
            "type": "Feature",
            "properties": {"code": code, "name": names[code]},
            "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
        }
        features.append(feature)
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as stream:
        stream.write(text.encode())
    return packed.getvalue()
