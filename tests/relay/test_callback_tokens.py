"""A callback's token reaches the intake whatever its first digits are, and no log names it."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.relay.clock import SystemIds


@pytest.mark.parametrize("head", ["cb", "cbcb", "c", "bc", "0"])
async def test_a_token_may_begin_with_any_digits(
    hospital: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], head: str
) -> None:
    real = SystemIds.token
    monkeypatch.setattr(SystemIds, "token", lambda ids: head + real(ids)[len(head) :])
    assert (await hospital.initiate()).status_code == 200
    token = hospital.gateway.orders[0].callback_url.rpartition("/")[2]
    assert token.startswith(head)
    no = {"MerchantRequestID": "m", "CheckoutRequestID": "ws_CO_1", "ResultCode": 1032, "ResultDesc": "-"}
    for path in (f"/cb/{token}", f"/cb/{token}/"):
        assert (await hospital.http.post(path, json={"Body": {"stkCallback": no}})).status_code == 200
    assert await hospital.work_inbox() == 2
    assert token not in capsys.readouterr().out
