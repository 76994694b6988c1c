"""What M-Pesa takes of the hospital, by the tables it named or ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from hmis_pos.domain import fees
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.fees import Tariff
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.tariffs import Payer, Service, load_tariffs
from hmis_pos.relay.settings.reader import Reader


def read_tariffs(read: Reader, *, is_till: bool) -> tuple[Tariff, ...]:
    """``HMIS_MPESA_TARIFF`` and ``HMIS_MPESA_FEE``: the tables of how money comes in here. At a till the business always pays."""
    payer = Payer(read.one_of("HMIS_MPESA_FEE", Payer.CUSTOMER, Payer.BUSINESS, Payer.SHARED))
    named = read.text("HMIS_MPESA_TARIFF")
    try:
        tariffs = load_tariffs(Path(named) if named else None)
    except Misconfigured as e:
        read.wrong("HMIS_MPESA_TARIFF", f"{e.message}. {e.cure}")
        return ()
    if is_till:
        return tariffs.of(Service.BUY_GOODS, Payer.BUSINESS)
    return tariffs.of(Service.PAYBILL, payer)


class FeeOf:
    """``Policy.fee_of`` by tables of one service: what the hospital pays, None where nobody can tell."""

    def __init__(self, tariffs: Sequence[Tariff]) -> None:
        self._tariffs = tariffs

    def __call__(self, _channel: str, amount: Money, at: datetime) -> Money | None:
        found = fees.fee(amount, at, self._tariffs)
        return None if found is None else found.business
