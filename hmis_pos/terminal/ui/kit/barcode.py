"""Telling a barcode scanner from a hand: a scanner types faster than anybody can.

A scanner behaves like a keyboard: some characters in quick succession, then Enter.
"""

from collections.abc import Callable

#: Seconds between two keys of a scanner at most. Slow ones need about 30 ms, quick hands 80 ms.
MAX_GAP = 0.05
#: Shorter codes are not printed; shorter bursts are rolled fingers.
MIN_LENGTH = 6


class Burst:
    """Collects characters and says at Enter whether a scanner typed them.

    Args:
        clock: seconds that only grow, for example `time.monotonic`.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._signs: list[str] = []
        self._last = 0.0

    def __len__(self) -> int:
        return len(self._signs)

    def key(self, sign: str) -> bool:
        """Take one printable character.

        Returns:
            Whether it is the first of a possible burst.
        """
        now = self._clock()
        fresh = not self._signs or now - self._last > MAX_GAP
        if fresh:
            self._signs.clear()
        self._signs.append(sign)
        self._last = now
        return fresh

    def enter(self) -> str:
        """End the burst.

        Returns:
            The scanned code, or nothing if a hand typed it.
        """
        quick = self._clock() - self._last <= MAX_GAP
        code = "".join(self._signs).strip()
        self._signs.clear()
        return code if quick and len(code) >= MIN_LENGTH else ""

    def forget(self) -> None:
        """Another key came between: this is no scanner."""
        self._signs.clear()
