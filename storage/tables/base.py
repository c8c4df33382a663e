"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Enum, Integer, MetaData, Numeric, SmallInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

_SATANG = Decimal(100)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC.

    Raises:
        ValueError: a naive datetime is bound.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - inherited
        """Return the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - inherited
    ) -> datetime | None:
        """Return the instant in UTC, aware; SQLite hands it over without a zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Baht(TypeDecorator[Decimal]):
    """Money in baht with two decimals: Numeric(18,2), on SQLite whole satang, which it sums exactly."""

    impl = Numeric(18, 2)
    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """What a value is in Python; a decorator does not say it by itself."""
        return Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return how the database keeps it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(18, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Return baht, or satang for SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value * _SATANG)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return baht."""
        if value is None or dialect.name != "sqlite":
            return None if value is None else Decimal(value)
        return Decimal(int(value)) / _SATANG


def enum_column(kind: type[StrEnum]) -> Enum:
    """Return a text column that holds the values of ``kind``; a new value needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda e: [member.value for member in e],
    )


Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
FiscalYear = Annotated[int, mapped_column(SmallInteger)]
QuarterNumber = Annotated[int, mapped_column(SmallInteger, default=0)]
"""1 to 4, the round for mid-year entry, 0 where there is none (so that unique keys hold)."""


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: Instant,
        Decimal: Baht,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }
