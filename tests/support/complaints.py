"""What the regression tests of other systems' complaints share: their threads as test ids, and a patient who is asked."""

import pytest

from tests.support.house import House

#: Grace Wanjiku's phone; invoice INV-20931, of 4,850, is hers.
PHONE = "0712345418"
PAYER = "254722000111"


def threads(*names: str) -> pytest.MarkDecorator:
    """Run the test once for each thread, under its name: what they complain of is one thing."""
    return pytest.mark.parametrize("thread", names, ids=names)


async def asked(house: House, number: str = "INV-20931", amount: str = "4850", phone: str = PHONE) -> str:
    """A prompt for an invoice, accepted; returns the payment's uid once all callbacks of the moment are read."""
    invoice = await house.invoice(number)
    answer = await house.ask_phone(invoice["id"], amount, phone)
    assert answer.status_code in (200, 201), answer.text
    await house.settle()
    return str(answer.json()["transaction_id"])


async def open_tasks(house: House, kind: str) -> list[str]:
    """The words of all open tasks of a kind."""
    found = await house.get("/api/tasks", limit=500)
    return [task["text"] for task in found["tasks"] if task["kind"] == kind]


async def new_unmatched(house: House) -> list[dict[str, object]]:
    """What came to wait since the test began."""
    return [one for one in await house.unmatched() if one not in house.seeded_unmatched]


async def answer_phone(house: House, outcome: str = "pay") -> None:
    """The owner of the phone that rings does this; its result comes and is read."""
    house.daraja.prompts.decide(house.daraja.open_prompts()[0], outcome)
    await all_told(house)


async def release(house: House) -> None:
    """What Safaricom held back comes after all."""
    house.daraja.courier.release()
    await all_told(house)


async def all_told(house: House) -> None:
    """Wait until Safaricom has told everything, and the relay has read it."""
    await house.daraja.wait_for(lambda daraja: not daraja.unreported())
    await house.settle()
