"""The committed map and boundaries: complete, gapless, and with labels inside."""

import gzip
import json
import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.core.reference_files import MAP, REFERENCE, counties_2026, divisions_2026, rows


def paths():
    """Path data of the map by id."""
    root = ElementTree.parse(MAP).getroot()
    found = list(root.iter("{http://www.w3.org/2000/svg}path"))
    assert not [path for path in found if {"fill", "stroke", "class", "style"} & set(path.keys())]
    assert len({path.get("id") for path in found}) == len(found)
    return {path.get("id"): path.get("d") for path in found}


def polygons(data):
    """Rings of points in tenths of a unit, from path data of the form M x y l dx dy … z."""
    for part in data.removesuffix("z").split("z"):
        start, steps = part.removeprefix("M").split("l")
        x, y = (round(float(number) * 10) for number in start.split())
        ring = [(x, y)]
        numbers = [round(float(number) * 10) for number in re.findall(r"-?(?:\d+\.\d|\.\d|\d+)", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        yield ring


def area(data):
    """Area inside all rings, holes taken off."""
    return sum(
        ax * by - bx * ay
        for ring in polygons(data)
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)
    )


def test_every_county_and_province_is_on_the_map():
    expected = {f"c{code}" for code in counties_2026()} | {"p500000", "p510000"}
    assert paths().keys() == expected


def test_the_map_fills_its_frame():
    width, height = next((float(row["x"]), float(row["y"])) for row in rows("map_points") if row["code"] == "viewbox")
    assert ElementTree.parse(MAP).getroot().get("viewBox") == f"0 0 {width:.0f} {height:.0f}"
    points = [point for data in paths().values() for ring in polygons(data) for point in ring]
    assert (min(x for x, _ in points), max(x for x, _ in points)) == (50, 10 * width - 50)
    assert min(y for _, y in points) == 50
    assert max(y for _, y in points) <= 10 * height - 40


def test_counties_fill_their_province():
    data = paths()
    for province in ("50", "51"):
        counties = sum(area(path) for name, path in data.items() if name.startswith(f"c{province}"))
        assert counties == pytest.approx(area(data[f"p{province}0000"]), rel=0.0005)
    assert area(data["p510000"]) / area(data["p500000"]) == pytest.approx(486_000 / 82_400, rel=0.04)


def test_neighbours_share_their_border():
    edges = Counter()
    for name, path in paths().items():
        if name.startswith("c"):
            for ring in polygons(path):
                edges.update(zip(ring, ring[1:] + ring[:1], strict=True))
    inner = {edge for edge in edges if edge[::-1] in edges}
    outline = {
        edge
        for name in ("p500000", "p510000")
        for ring in polygons(paths()[name])
        for edge in zip(ring, ring[1:] + ring[:1], strict=True)
    }
    assert max(edges.values()) == 1
    loose = edges.keys() - inner - outline
    assert len(loose) < 0.01 * len(edges), f"{len(loose)} of {len(edges)} edges belong to no neighbour"


def test_label_points():
    placed = {row["code"]: (float(row["x"]), float(row["y"])) for row in rows("map_points")}
    assert len(placed) == len(rows("map_points"))
    cities = {code for code, row in divisions_2026().items() if row["level"] == "city" and code.startswith("51")}
    assert placed.keys() == counties_2026() | cities | {"500000", "510000", "viewbox"}
    data = paths()
    for code in counties_2026():
        x, y = (10 * value for value in placed[code])
        crossings = 0
        for ring in polygons(data[f"c{code}"]):
            for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
                crossings += (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
        assert crossings % 2 == 1, f"the label of {code} is outside"


def test_boundaries():
    packed = (REFERENCE / "boundaries_county.geojson.gz").read_bytes()
    assert packed[4:8] == bytes(4), "the time of packing is in the file"
    features = json.loads(gzip.decompress(packed))["features"]
    assert {feature["properties"]["code"] for feature in features} == counties_2026()
    for feature in features:
        assert feature["properties"] == {
            "code": feature["properties"]["code"],
            "name": divisions_2026()[feature["properties"]["code"]]["name"],
        }
        for polygon in feature["geometry"]["coordinates"]:
            turns = [
                sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([(x - 104, y - 30) for x, y in ring]))
                for ring in polygon
            ]
            assert all(ring[0] == ring[-1] for ring in polygon)
            assert turns[0] < 0, "an outer ring is counter-clockwise"
            assert all(turn > 0 for turn in turns[1:])
