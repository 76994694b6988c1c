"""Types of single fields, with their bounds; msgspec checks them and OpenAPI shows them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

#: A decimal string in shillings with at most two decimals; never a JSON number, which may have been a float.
Amount = Annotated[
    str,
    Meta(pattern=r"^\d{1,8}(\.\d{1,2})?$", max_length=11, description="decimal string", examples=["1250.50"]),
]
#: The same, where zero or a negative may occur in answers.
SignedAmount = Annotated[str, Meta(pattern=r"^-?\d{1,10}(\.\d{1,2})?$", examples=["-150.00"])]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$", examples=["KES"])]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Text = Annotated[str, Meta(max_length=500)]
Phone = Annotated[str, Meta(min_length=7, max_length=20, examples=["0712345678"])]
Series = Annotated[str, Meta(pattern=r"^[A-Z]\d{2,3}[A-Z]{1,2}$", examples=["T03A"])]
RowId = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
