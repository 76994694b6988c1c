"""Grouping a Kenyan phone number the way people read it: `0712 345 418`.

Only how it looks. Whether it is one is asked of a callable that the field is given.
"""

_COUNTRY = "254"
_LOCAL = 9  # digits behind the 0 or the country code


def digits_of(text: str) -> str:
    """The digits of a text."""
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())


def strange_signs(text: str) -> str:
    """What in the text belongs to no phone number; blanks, dashes, brackets and a first + do."""
    bare = text.strip().removeprefix("+")
    return "".join(sign for sign in bare if not (sign.isascii() and sign in "0123456789 -()"))


def local_digits(text: str) -> str:
    """The digits without 0 or country code, as far as they are typed."""
    digits = digits_of(text)
    if text.strip().startswith("+") or digits.startswith(_COUNTRY):
        return digits.removeprefix(_COUNTRY)
    return digits.removeprefix("0")


def is_whole(text: str) -> bool:
    """Whether there are as many digits as a Kenyan number has."""
    return len(local_digits(text)) == _LOCAL


def is_too_long(text: str) -> bool:
    return len(local_digits(text)) > _LOCAL


def grouped_phone(text: str) -> str:
    """A whole number as `0712 345 418`; anything else comes back as it is.

    Args:
        text: in any of the ways people write it (07…, +254…, 254…, 7…).
    """
    local = local_digits(text)
    if len(local) != _LOCAL:
        return text
    return f"0{local[:3]} {local[3:6]} {local[6:]}"
