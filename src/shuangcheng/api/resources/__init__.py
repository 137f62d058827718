"""The resources of the API, one file per kind of thing."""

from . import (
    agreements,
    alliances,
    ballots,
    desk,
    experts,
    imports,
    organisations,
    people,
    places,
    programmes,
    removals,
    verification,
    zones,
)

SECTIONS = (
    places.section,
    organisations.section,
    programmes.section,
    alliances.section,
    ballots.section,
    zones.section,
    agreements.section,
    removals.section,
    verification.section,
    experts.section,
    people.section,
    imports.section,
    desk.section,
)
"""In the order of the documentation."""
