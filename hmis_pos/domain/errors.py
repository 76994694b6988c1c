"""Every error the product raises on purpose, in one tree.

::

    PosError                 code, words for a log; the screen maps the code to its own words
    ├── CashierMistake       the request cannot be met as given; names the field and the cure
    │   ├── NotFound         no such invoice, payment, user
    │   └── Conflict         true a moment ago: paid meanwhile, at another counter, already ringing
    ├── NotAllowed           this person may not do this
    ├── Unavailable          a service is away; nothing was asked of it, trying again is safe
    ├── OutcomeUnknown       asked, and nobody can tell what happened; never repeat it blindly
    └── Misconfigured        a setting is missing or wrong; people in IT mend it
"""

from __future__ import annotations


class PosError(Exception):
    """Root of our errors.

    ``code`` is a stable lower-case word for machines, ``field`` the field at fault where there is one,
    ``cure`` the sentence that says what to do.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.cure = cure


class CashierMistake(PosError):
    """The request cannot be met as it was given; nothing was changed."""

    code = "invalid"


class NotFound(CashierMistake):
    """There is no such thing."""

    code = "not-found"


class Conflict(CashierMistake):
    """The world moved: what was asked is no longer, or not yet, possible.

    ``retry_at`` is an ISO 8601 instant in UTC from which asking again makes sense, where one is known.
    """

    code = "conflict"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        field: str | None = None,
        cure: str = "",
        retry_at: str | None = None,
    ) -> None:
        super().__init__(message, code=code, field=field, cure=cure)
        self.retry_at = retry_at


class NotAllowed(PosError):
    """This person may not do this."""

    code = "not-allowed"


class Unavailable(PosError):
    """A service is away and nothing was asked of it: trying again is safe."""

    code = "unavailable"


class OutcomeUnknown(PosError):
    """A service was asked and nobody can tell what it did. Look it up; never ask again blindly."""

    code = "outcome-unknown"


class Misconfigured(PosError):
    """A setting is missing or wrong."""

    code = "misconfigured"
