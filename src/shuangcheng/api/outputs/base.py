"""What all answers share."""

from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Output(BaseModel):
    """Base of all answers: exactly the fields that are written down."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Output, Generic[T]):
    """Some of a list, and the way to the rest."""

    items: list[T] = Field(description="The things on this page, in the order of the list.")
    next: str | None = Field(
        description="Address of the next page, relative to the server; null on the last page.",
        examples=["/api/v1/organisations?limit=50&cursor=…"],
    )


class Ref(Output):
    """A thing that is pointed at."""

    id: UUID = Field(description="Its id, a UUIDv7.")
    name: str = Field(description="Its name or title.")


class Figure(Output):
    """A figure that a source reports, with the source."""

    text: str = Field(description="What is counted.")
    value: str = Field(description="The figure as the source writes it.")
    source: str = Field(description="The source, with its date.")
