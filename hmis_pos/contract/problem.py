"""How every error looks: problem details (RFC 9457) with the fields at fault."""

from __future__ import annotations

from msgspec import Struct

MEDIA_TYPE = "application/problem+json"


class FieldError(Struct, frozen=True, kw_only=True):
    """One field, what is wrong with it, what would be right."""

    field: str
    message: str
    cure: str = ""


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``type`` is ``about:blank`` or ``urn:hmis-pos:<code>``; ``code`` is what programs look at.

    ``retry_at`` (ISO 8601, UTC) says from when asking again makes sense; ``uid`` names the payment it is about.
    """

    title: str
    status: int
    code: str
    type: str = "about:blank"
    detail: str = ""
    cure: str = ""
    errors: list[FieldError] = []
    retry_at: str = ""
    uid: str = ""
