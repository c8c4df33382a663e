"""Windows of calendar circulars, holidays and ministry policies (``domain.md`` §4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.windows import Scope, Stage, WindowKind
from storage.tables.base import Base, FiscalYear, Key, QuarterNumber, enum_column


class CalendarWindow(Base):
    """A row of a calendar circular. Rows are added, never overwritten by a later letter, so that history is kept.

    ``issued_on`` and ``letter_no`` are part of the key: the same letter imported again corrects its own row.
    From ``withdrawn_on`` on, the date of a letter that withdrew it, a row counts no more and is history.
    """

    __tablename__ = "calendar_windows"
    __table_args__ = (
        UniqueConstraint(
            "kind",
            "fiscal_year",
            "quarter",
            "stage",
            "scope",
            "unit_id",
            "letter_no",
            "issued_on",
            name="uq_calendar_windows_row",
        ),
        Index(None, "kind", "fiscal_year", "quarter"),
    )

    id: Mapped[Key]
    kind: Mapped[WindowKind] = mapped_column(enum_column(WindowKind))
    fiscal_year: Mapped[FiscalYear]
    quarter: Mapped[QuarterNumber]
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    scope: Mapped[Scope] = mapped_column(enum_column(Scope))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date]
    letter_no: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]


class Holiday(Base):
    """A day that the office's list declares a holiday, or a working day although the public list has it."""

    __tablename__ = "holidays"

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    is_working: Mapped[bool] = mapped_column(default=False)


class MinistryPolicy(Base):
    """One policy value that a ministry set; what is not here has its default."""

    __tablename__ = "ministry_policies"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
