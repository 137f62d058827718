"""What there is of each register, for those who keep it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.actor import Actor

from .models import Connector, Holding
from .models.holdings import keeps_registers


@dataclass(frozen=True)
class Held:
    """A register with how many records it holds, when the last of them changed, and what was last imported."""

    register: Register
    count: int | None
    changed_at: datetime | None
    imported: Import | None
    connector: Connector | None


def of(actor: Actor) -> list[Held]:
    """Every register; the figures only for those who may see records."""
    rows = Holding.objects.visible_to(actor).order_by().values("register")
    counts: dict[str, Any] = {row["register"]: row for row in rows.annotate(n=Count("pk"), last=Max("updated_at"))}
    connectors = {row.register: row for row in Connector.objects.visible_to(actor)}
    done = Import.objects.visible_to(actor).filter(state=ImportState.DONE, table__in=REGISTERS)
    imports = {row.table: row for row in done.order_by("table", "-created_at").distinct("table")}
    return [
        Held(
            register,
            counts.get(name, {}).get("n", 0) if keeps_registers(actor) else None,
            counts.get(name, {}).get("last"),
            imports.get(name),
            connectors.get(name),
        )
        for name, register in REGISTERS.items()
    ]
