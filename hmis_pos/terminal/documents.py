"""The local store's documents are the contract's messages: what is kept is what is sent, byte for byte."""

from __future__ import annotations

import msgspec

from hmis_pos.contract import receipts
from hmis_pos.contract.mapping import receipt_from, receipt_message
from hmis_pos.db.local.records import Documents
from hmis_pos.domain.receipt import Receipt


def encode_receipt(receipt: Receipt) -> bytes:
    return msgspec.json.encode(receipt_message(receipt))


def decode_receipt(document: bytes) -> Receipt:
    return receipt_from(msgspec.json.decode(document, type=receipts.Receipt))


#: For :meth:`hmis_pos.db.local.store.LocalStore.open`.
RECEIPTS = Documents(encode=encode_receipt, decode=decode_receipt)
