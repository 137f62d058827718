"""Writes the reference files of the product: python tools/make_reference.py SOURCE_DIR.

The source is a folder of collected tables that is not part of the project; what was made from it is committed, with
its origin in src/shuangcheng/site/reference/SOURCES.md. The same source gives the same bytes.
"""

import argparse
from pathlib import Path

from reference import catalogues, divisions, outlines, table, universities

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "shuangcheng"
REFERENCE = PACKAGE / "site" / "reference"
MAP = PACKAGE / "web" / "static" / "map" / "counties.svg"


def main() -> None:
    """Make every file; stop at the first contradiction in the source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder with the collected tables")
    source: Path = parser.parse_args().source
    REFERENCE.mkdir(parents=True, exist_ok=True)
    MAP.parent.mkdir(parents=True, exist_ok=True)

    tree = divisions.make(source)
    drawn = outlines.draw(source)
    tables = (
        ("divisions.csv", divisions.HEADER, [division.row() for division in tree]),
        ("universities.csv", universities.HEADER, universities.make(source)),
        ("university_names.csv", universities.NAMES_HEADER, universities.former_names(source)),
        ("designations.csv", universities.DESIGNATIONS_HEADER, universities.designations(source)),
        ("key_disciplines.csv", universities.DISCIPLINES_HEADER, universities.key_disciplines(source)),
        ("catalogues.csv", catalogues.HEADER, catalogues.make(source)),
        ("map_points.csv", outlines.POINTS_HEADER, outlines.points(drawn)),
    )
    for name, header, rows in tables:
        table.write(REFERENCE / name, header=header, rows=rows)
        print(f"{name}: {len(rows)} rows")
    MAP.write_text(outlines.svg(drawn), encoding="utf-8", newline="\n")
    names = {division.code: division.name for division in tree if not division.valid_until}
    boundaries = REFERENCE / "boundaries_county.geojson.gz"
    boundaries.write_bytes(outlines.geojson(source, names=names))
    for file in (MAP, boundaries):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
