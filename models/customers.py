"""Customers: who owes, and how they are reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import identity, instant
from rules.refusals import Refusal


class CustomerNotFound(Refusal):
    message = "Este cliente não existe."


class Customer(SQLModel, table=True):
    """A person or company served by the provider. `code` is the customer's key in other systems."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_name", "name", "id"),)

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=160)
    document: str = Field(max_length=14, index=True, description="CPF or CNPJ, bare, upper case")
    email: str | None = Field(default=None, max_length=200)
    mobile: str | None = Field(default=None, max_length=20, description="E.164")
    street: str | None = Field(default=None, max_length=200)
    city: str = Field(default="", max_length=80)
    uf: str = Field(default="", max_length=2)
    postal_code: str | None = Field(default=None, max_length=9)
    created_at: datetime = instant()
