"""Graduates' destinations in numbers."""

from django.conf import settings

from shuangcheng.core.suppression import LEAST
from shuangcheng.registers import asking, employment
from shuangcheng.registers.actions import counting
from shuangcheng.registers.inputs.employment import CountInput

from ..asked import Asked
from ..outputs.registers import CellOut, CountsOut
from ..section import REGISTERS_READ, REGISTERS_WRITE, Section

section = Section(
    "Employment",
    "How many graduates went where 毕业生去向统计, without any person.",
    read=REGISTERS_READ,
    write=REGISTERS_WRITE,
)


@section.writes("/employment-counts", CountsOut)
def count_employment(request: Asked, data: CountInput) -> CountsOut:
    """Count graduates by where they went.

    In the own register, or at another node under an agreement. Small cells are withheld, and others from which they
    could be computed. `state` is waiting while the other node is away: ask again later.
    """
    by, at = request.actor, request.at
    if data.node == settings.SHUANGCHENG.node:
        cells = [CellOut.each(cell) for cell in counting.count(data=data, by=by, at=at)]
        return CountsOut(state="answered", by=["year", *data.by], cells=cells, least=LEAST, reasons=[])
    letter = asking.ask_counts(data=data, by=by, at=at)
    told = employment.told_in(letter)
    if told is None:
        state = "waiting" if letter.state == "waiting" else "refused"
        return CountsOut(state=state, by=["year", *data.by], cells=[], least=LEAST, reasons=letter.reasons)
    cells = [CellOut(ref=cell.ref, values=list(cell.values), count=cell.count) for cell in told.cells]
    return CountsOut(state="answered", by=list(told.by), cells=cells, least=told.least, reasons=[])
