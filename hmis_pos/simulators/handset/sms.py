"""The messages M-PESA sends to a customer."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

EAT = timezone(timedelta(hours=3), "EAT")


def paid(receipt: str, amount: Decimal, to: str, account: str, at: datetime, balance: Decimal) -> str:
    """Return the confirmation of a payment; without an account it went to a till. KES."""
    local = at.astimezone(EAT)
    purpose = f" for account {account}" if account else ""
    return (
        f"{receipt} Confirmed. KES {amount:,.2f} paid to {to}{purpose} on {local:%d/%m/%Y} at "
        f"{local:%H:%M}. New M-PESA balance is KES {balance:,.2f}."
    )


def received(receipt: str, amount: Decimal, sender: str, at: datetime, balance: Decimal) -> str:
    """Return the message about money from a business. KES."""
    local = at.astimezone(EAT)
    return (
        f"{receipt} Confirmed. You have received KES {amount:,.2f} from {sender} on {local:%d/%m/%Y} at "
        f"{local:%H:%M}. New M-PESA balance is KES {balance:,.2f}."
    )


def given_back(receipt: str, amount: Decimal, original: str, at: datetime, balance: Decimal) -> str:
    """Return the message about a payment that was reversed; `original` is its receipt. KES."""
    local = at.astimezone(EAT)
    return (
        f"{receipt} Confirmed. Transaction {original} has been reversed on {local:%d/%m/%Y} at {local:%H:%M} and "
        f"KES {amount:,.2f} is credited to your M-PESA account. New M-PESA balance is KES {balance:,.2f}."
    )


def refused(amount: Decimal, to: str, why: str) -> str:
    """Return the message about a payment that was not made. KES."""
    return f"Failed. KES {amount:,.2f} was not paid to {to}. {why}"
