"""What a collection costs the house, where it bears the fee."""

from hmis_pos.simulators.daraja.ledger import Movement
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.tariffs import paybill_fee


def take_fee(state: State, movement: Movement) -> None:
    """Charge the house for a collection, where the settings say that it bears the fee; the receipt is shared."""
    fee = paybill_fee(movement.amount)
    if state.config.c2b_fee != "business" or not fee:
        return
    state.ledger.move(
        movement.cause,
        receipt=movement.receipt,
        msisdn="",
        amount=fee,
        account="",
        shortcode=movement.shortcode,
        at=movement.at,
        kind="charge",
        direction="out",
        org_account=state.config.charges_account,
        initiated_at=movement.initiated_at,
    )
