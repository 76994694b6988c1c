"""How results print organisations, customers and accounts."""

from decimal import Decimal

from hmis_pos.simulators.daraja.ledger import UTILITY, Movement
from hmis_pos.simulators.daraja.state import State


def organisation(state: State, shortcode: str) -> str:
    return f"{shortcode} - {state.config.shop_name}"


def customer(state: State, movement: Movement) -> str:
    """Return the other side of a movement: phone and name, or the business that paid."""
    if not movement.msisdn:
        return movement.other_party or movement.payer
    return f"{movement.msisdn} - {movement.payer or state.phones.get(movement.msisdn).name}"


def account_line(state: State, account: str, org: str) -> str:
    """Return `Name|KES|current|available|reserved|uncleared`; the last two change places by setting."""
    current = state.ledger.balance(account, org)
    reserved = state.config.utility_reserved if account == UTILITY else Decimal(0)
    tail = [reserved, Decimal(0)]
    if state.config.balance_tail == "uncleared_reserved":
        tail.reverse()
    figures = "|".join(f"{figure:.2f}" for figure in (current, current - reserved, *tail))
    return f"{account}|KES|{figures}"
