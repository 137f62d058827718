"""How a figure is told."""

import json
from collections.abc import Sequence


def tell(
    name: str,
    value: float,
    unit: str,
    *,
    peer: str = "",
    peer_value: float | None = None,
    less_is_better: bool = False,
    **more: object,
) -> None:
    """Print one figure as a JSON line; a ratio above 1 means that we are better than the peer."""
    ratio = None
    if peer_value:
        ratio = round(peer_value / value if less_is_better else value / peer_value, 2)
    figure = {"name": name, "value": round(value, 2), "unit": unit, "peer": peer or None}
    figure |= {"peer_value": None if peer_value is None else round(peer_value, 2), "ratio": ratio, **more}
    print(json.dumps(figure, ensure_ascii=False), flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
