"""Who is acting: a person with roles, a named part of the system, or the public."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from .terms import Role


@dataclass(frozen=True)
class Held:
    """A role held today, in an organisation and on a side."""

    role: Role
    organisation_id: UUID | None
    side: str


@dataclass(frozen=True)
class Actor:
    """Whoever acts. `door` says how they came in, `day` when; `scopes` narrows a token, None means no narrowing."""

    kind: str
    name: str
    door: str
    person_id: UUID | None = None
    account_id: UUID | None = None
    held: tuple[Held, ...] = ()
    scopes: frozenset[str] | None = field(default=None)
    day: date = date.min
    second_factor: bool = False
    """Whether a token was made by somebody who had signed in with a one-time password."""

    def has(self, *roles: Role) -> bool:
        """Whether any of `roles` is held anywhere."""
        return any(held.role in roles for held in self.held)

    def organisations(self, *roles: Role) -> list[UUID]:
        """The organisations in which one of `roles` (any role when none is named) is held."""
        return [h.organisation_id for h in self.held if h.organisation_id and (not roles or h.role in roles)]

    @property
    def side(self) -> str:
        """The side of an officer's authority, else of the first role, else none."""
        officers = [held.side for held in self.held if held.role == Role.OFFICER]
        return next(iter(officers or [held.side for held in self.held]), "")

    @property
    def is_officer(self) -> bool:
        """Whether it may see what the authorities see: an officer, the node's administrator or the system itself."""
        return self.kind == "system" or self.has(Role.OFFICER, Role.NODE_ADMIN)

    @property
    def signed_in(self) -> bool:
        """Whether it is known."""
        return self.kind != "public"


def public(*, door: str) -> Actor:
    """Somebody who has not signed in."""
    return Actor(kind="public", name="", door=door)


def system(name: str) -> Actor:
    """A named part of the system, such as the loader of reference data."""
    return Actor(kind="system", name=name, door="system")
