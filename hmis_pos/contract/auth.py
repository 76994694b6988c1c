"""Signing in."""

from __future__ import annotations

from msgspec import Struct

from hmis_pos.contract.fields import Name


class Login(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/auth/login``."""

    username: Name
    password: Name
    terminal: str = ""  #: series of the terminal, once enrolled


class Refresh(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/auth/refresh``. A refresh token works once; a second use revokes the session."""

    refresh_token: str


class Session(Struct, frozen=True, kw_only=True):
    """The answer of both. ``expires_in`` is seconds of the access token."""

    access_token: str
    refresh_token: str
    expires_in: int
    username: str
    display_name: str
    role: str
    facility_id: int
    facility_name: str
    server_time: str
    token_type: str = "Bearer"  # noqa: S105 - RFC 6750's word


class Enrol(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/terminals``: bind a receipt series to this install."""

    install_uid: str
    counter: Name


class Enrolled(Struct, frozen=True, kw_only=True):
    """The series, and the last number the relay has seen of it."""

    install_uid: str
    series: str
    counter: str
    facility_id: int
    facility_name: str
    last_number: int
