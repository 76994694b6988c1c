"""Where the files that are not code lie: icons, fonts, themes, translations, templates, sounds.

They are the folder `resources/` at the top of the checkout, and the folder of the same name inside the stand-alone
program (docs/decisions/0009). Nobody else needs to know which of the two is running.
"""

import sys
from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """Return the resources folder of the running program.

    Raises:
        FileNotFoundError: the package runs from neither a checkout nor the stand-alone program.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    folder = (Path(bundle) if bundle else Path(__file__).resolve().parent.parent) / "resources"
    if not folder.is_dir():
        message = f"{folder} is missing: run from a checkout (make demo) or the stand-alone program"
        raise FileNotFoundError(message)
    return folder


def path(*parts: str) -> Path:
    """Return the path of one resource, for example `path("icons", "clock.svg")`.

    Raises:
        FileNotFoundError: there is no such file or folder.
    """
    found = root().joinpath(*parts)
    if not found.exists():
        message = f"There is no resource {'/'.join(parts)} in {root()}"
        raise FileNotFoundError(message)
    return found
