"""Units, people, their roles with dates, and approval routes (``domain.md`` §1, §3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.fiscal import YearBasis
from domain.organisation import Capacity, UnitLevel
from domain.roles import Role
from domain.windows import Stage
from storage.tables.base import Base, Key, enum_column


class Unit(Base):
    """An office at any level; ``year_basis`` None means as its parent."""

    __tablename__ = "units"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    level: Mapped[UnitLevel] = mapped_column(enum_column(UnitLevel))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    year_basis: Mapped[YearBasis | None] = mapped_column(enum_column(YearBasis))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))


class GroupMember(Base):
    """An agency that belongs to a group of agencies under one cluster head."""

    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)


class Person(Base):
    """A person; a LINE account belongs to one person. ``unreachable_since``: the account blocked the bot.

    ``privacy_version`` and ``consented_at`` (real time) are the notice that the person agreed to when linking,
    ``menu_id`` LINE's id of the rich menu that the account was last given (None: to be given anew).
    """

    __tablename__ = "people"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    line_user_id: Mapped[str | None] = mapped_column(unique=True)
    linked_at: Mapped[datetime | None]
    unreachable_since: Mapped[datetime | None]
    privacy_version: Mapped[str] = mapped_column(default="", server_default="")
    consented_at: Mapped[datetime | None]
    menu_id: Mapped[str | None]


class RoleAssignment(Base):
    """A role of a person in a unit for inclusive days; a missing day leaves that end open.

    A post may be held for several periods: one row each. ``acting_for_id`` makes it a deputy's, in ``capacity``.
    """

    __tablename__ = "role_assignments"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "unit_id", "role", "acting_for_id", "valid_from", name="uq_role_assignments_period"
        ),
        Index(None, "role", "unit_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    position: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[Capacity | None] = mapped_column(enum_column(Capacity))


class RouteStep(Base):
    """One person who may decide at step ``order`` of a unit's route; two rows with one order: either may."""

    __tablename__ = "route_steps"
    __table_args__ = (UniqueConstraint("unit_id", "order", "approver_id"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    order: Mapped[int] = mapped_column(SmallInteger)
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    approver_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
