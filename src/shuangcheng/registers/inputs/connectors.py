"""What a node administrator enters about the system that keeps a register."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shuangcheng.core.manifest import safe_address
from shuangcheng.core.outcome import refusal
from shuangcheng.core.register import Register
from shuangcheng.core.schema import Input, Line, OptionalLine, title_of
from shuangcheng.core.text import _


def _url(value: str) -> str:
    try:
        return safe_address(value)
    except ValueError:
        text = _("接口地址应以 https:// 开头，不带用户名、参数和末尾的斜杠。")
        raise refusal("address", text, where="url") from None


class ConnectorInput(Input):
    """The system that answers for a register 上游接口."""

    url: Annotated[Line, AfterValidator(_url)] = Field(
        title=_("接口地址"), description=_("查询条件用 POST 以 JSON 发送，不写进地址。")
    )
    names: Annotated[str, Field(max_length=2000)] = Field(
        "", title=_("数据项对照"), description=_("每行一项：本登记簿的数据项=对方的名称；相同的不必写。"),
        json_schema_extra={"widget": "prose"},
    )  # fmt: skip
    within: Annotated[OptionalLine, Field(pattern=r"^[\w.]*$")] = Field(
        "", title=_("记录所在位置"), description=_("对方回答中记录所在的层次，如 data.records；就在最外层的留空。")
    )
    header: Annotated[OptionalLine, Field(pattern=r"^[A-Za-z0-9-]*$", max_length=60)] = Field(
        "", title=_("凭据请求头"), description=_("如 Authorization；不需要凭据的留空。")
    )
    secret: OptionalLine = Field("", title=_("凭据"), description=_("加密保存，不再显示；留空则不改动已保存的凭据。"))
    seconds: Annotated[int, Field(ge=1, le=10)] = Field(3, title=_("等候秒数"))
    enabled: bool = Field(False, title=_("启用"), description=_("启用后查询直接问对方系统，不再查本节点导入的记录。"))


def names_of(register: Register, text: str) -> dict[str, str]:
    """Field of the register to the other system's name, from what was typed; or `Refused`."""
    names = {name: name for name in register.fields}
    known = names | {str(title_of(register.record, name)): name for name in names}
    for line in filter(None, map(str.strip, text.splitlines())):
        ours, equals, theirs = (part.strip() for part in line.replace("＝", "=").partition("="))
        if not equals or not theirs or ours not in known:
            wrong = _("“%(line)s”读不懂。请写成“数据项=对方的名称”，数据项可以写：%(names)s。")
            titles = "、".join(str(title_of(register.record, name)) for name in names)
            raise refusal("names", wrong, where="names", line=line[:60], names=titles)
        names[ours if ours in names else known[ours]] = theirs
    return names
