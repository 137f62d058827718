"""Names of organs, by how they end."""

import re

ORGAN = re.compile(
    r"(?:委员会|人民政府|政府|办公厅|办公室|[厅局部委院会署办联协]|总局|银行|法院|检察院|中央|总工会|联合会|领导小组|指挥部|大学|学院|"
    r"中心|管委会|集团|公司|国务院)"
)
_LONGEST = 160
ORGAN_TAIL = re.compile(ORGAN.pattern + r"(?:[(（][^()（）]{1,12}[)）])?$")


def organs(text: str) -> tuple[str, ...]:
    """The names on a line of a signature; empty if the line is none."""
    if "：" in text or ":" in text or len(text) > _LONGEST:
        return ()
    names = [name for name in re.split(r"[\s、，,]+", text.strip()) if name]
    merged: list[str] = []
    for name in names:
        if merged and not ORGAN_TAIL.search(merged[-1]):
            merged[-1] += name
        else:
            merged.append(name)
    good = merged and all(ORGAN_TAIL.search(name) and 2 <= len(name) <= 30 and "。" not in name for name in merged)
    return tuple(merged) if good else ()
