"""How a register is asked on a page: what the agreement, the purpose and the reader's standing leave to choose."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as t

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.register import Register
from shuangcheng.core.schema import read
from shuangcheng.registers import agreements, asking, standing
from shuangcheng.registers.inputs.lookups import AskInput, LookUpInput
from shuangcheng.registers.models import LookUp

from .forms import Form
from .registers import field_pairs, field_title, member_pairs, node_names
from .request import Request

PLACE: dict[str, Any] = {"section": "registers", "tab": "lookups"}


@dataclass
class Way:
    """How a register is asked: where, what for and by which fields, as far as the address says; the rest is chosen."""

    request: Request
    register: Register

    def _chosen(self, name: str, among: list[str]) -> str:
        sent = self.request.POST.get(name) or self.request.GET.get(name, "")
        return sent if sent in among else next(iter(among), "")

    @cached_property
    def agreed(self) -> dict[str, Any]:
        """The agreement under which each other node is asked."""
        return agreements.asked_under(self.register.name, at=self.request.at)

    @cached_property
    def node(self) -> str:
        """Who is asked."""
        return self._chosen("node", [*self.agreed, settings.SHUANGCHENG.node])

    @cached_property
    def terms(self) -> Any:
        """What is agreed with who is asked; None for the own register."""
        row = self.agreed.get(self.node)
        return agreements.terms_of(row) if row else None

    @cached_property
    def askers(self) -> set[str]:
        """What sorts of asker the reader may be."""
        return {one.asker for one in standing.standings(self.request.actor)}

    @cached_property
    def purposes(self) -> list[Purpose]:
        """What the reader may ask for."""
        agreed = self.terms.purposes if self.terms else self.register.purposes
        askers = self.askers & set(self.terms.askers) if self.terms else self.askers
        return [one for one, grant in self.register.purposes.items() if one in agreed and askers & set(grant.askers)]

    @cached_property
    def purpose(self) -> Purpose | None:
        """What for."""
        chosen = self._chosen("purpose", [one.value for one in self.purposes])
        return Purpose(chosen) if chosen else None

    @cached_property
    def place(self) -> int:
        """By which set of fields."""
        return int(self._chosen("by", [str(number) for number in range(len(self.register.questions))]))

    @cached_property
    def form(self) -> "Form[AskInput]":
        """The form, with what the agreement and the purpose leave to choose; the fields needed are ticked."""
        grant = self.register.purposes[self.purpose] if self.purpose else None
        fields = [name for name in (grant.fields if grant else ()) if not self.terms or name in self.terms.fields]
        bases = [one for one in (grant.bases if grant else ()) if not self.terms or one in self.terms.bases]
        whos = standing.standings(self.request.actor)
        initial = {"fields": fields, "basis": bases[0] if bases else "", "node": self.node, "purpose": self.purpose}
        form = Form(AskInput, initial, hide=("node", "purpose"))
        form.boxes["basis"].choices = member_pairs(bases)
        form.boxes["fields"].choices = field_pairs(self.register, fields)
        form.boxes["organisation"].choices = [(str(one.organisation), one.name) for one in whos]
        if len(whos) == 1:
            del form.boxes["organisation"]
        return form

    @property
    def context(self) -> dict[str, Any]:
        """What the templates of asking share."""
        names = node_names()
        return {
            "register": self.register, "title": t(self.register.title), "way": self,
            "nodes": [(name, names.get(name, name)) for name in (*self.agreed, settings.SHUANGCHENG.node)],
            "purposes": member_pairs(self.purposes),
            "ways": [
                (str(number), "＋".join(field_title(self.register, name) for name in fields))
                for number, fields in enumerate(self.register.questions)
            ],
            "others": [name for each, name in names.items() if each not in (*self.agreed, settings.SHUANGCHENG.node)],
            "consenting": [basis.value for basis in LegalBasis if basis.needs_consent],
            **PLACE,
        }  # fmt: skip

    def ask(self, rows: list[dict[str, Any]]) -> LookUp:
        """Ask; what is refused is in the form."""
        fixed = {"node": self.node, "purpose": self.purpose}
        data = self.form.read(self.request, **fixed)
        whole = read(LookUpInput, data.model_dump() | {"register_name": self.register.name, "rows": rows})
        return asking.ask(data=whole, by=self.request.actor, at=self.request.at)
