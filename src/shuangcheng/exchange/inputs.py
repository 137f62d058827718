"""What an operator enters about other nodes."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shuangcheng.core.manifest import safe_address
from shuangcheng.core.outcome import refusal
from shuangcheng.core.schema import Input, Line
from shuangcheng.core.text import _


def _address(value: str) -> str:
    try:
        return safe_address(value.rstrip("/"))
    except ValueError:
        text = _("节点地址应以 https:// 开头，例如 https://node.example.cn，不带用户名、参数和末尾的斜杠。")
        raise refusal("address", text, where="base_url") from None


Address = Annotated[Line, AfterValidator(_address)]


class AddressInput(Input):
    """Where another node is."""

    base_url: Address = Field(title=_("对方节点地址"))


class IntroduceInput(AddressInput):
    """Where another node is, and the fingerprint that its operator has read out."""

    fingerprint: Annotated[str, Field(min_length=40, max_length=60)] = Field(
        title=_("对方念出的指纹"), description=_("八组五位数字。请在电话里听对方念，逐组填写，不要照抄本页。")
    )


class SuspendInput(Input):
    """Why nothing is exchanged with a node any more 暂停理由."""

    reason: Annotated[str, Field(min_length=1, max_length=300)] = Field(title=_("理由"))
