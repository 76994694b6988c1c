"""What every desk of the simulated Safaricom offers: endpoints, admin calls, and whether it is at rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hmis_pos.simulators.asgi import Handler


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of Safaricom's. `name` is what faults are asked for by; several paths may share it."""

    name: str
    method: str
    path: str
    handler: Handler


class Desk:
    """A part of Safaricom with endpoints of its own; `simulator.Daraja.desks` lists them, `app.py` serves them.

    A handler raises `errors.Refused` for a refusal. Whoever changes whether a desk is quiet records an event in the
    journal afterwards, for those who wait.
    """

    def endpoints(self) -> Sequence[Endpoint]:
        """Return the paths Safaricom serves; token check and body are the handler's own."""
        return ()

    def steering(self) -> Mapping[str, Handler]:
        """Return admin calls: `"GET /sim/…"` to a handler that raises `steering.Wrong` for a bad request."""
        return {}

    @property
    def quiet(self) -> bool:
        """Whether nothing more happens unless somebody acts."""
        return True

    def reset(self) -> None:
        """Forget everything."""
