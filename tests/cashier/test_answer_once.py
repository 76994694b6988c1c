import pytest

from hmis_pos.cashier.answer_once import once
from hmis_pos.domain.errors import CashierMistake, Conflict


class Work:
    def __init__(self, status=201, fails=None):
        self.runs = 0
        self.status, self.fails = status, fails

    async def __call__(self):
        self.runs += 1
        if self.fails is not None:
            raise self.fails
        return self.status, b'{"n":%d}' % self.runs


async def run(ctx, actor, work, key="k", body="hash"):
    return await once(ctx, key, "/api/x", actor, body, work)


async def test_the_stored_answer_is_given_again(ctx, actor):
    work = Work()
    answers = [await run(ctx, actor, work) for _ in range(3)]
    assert work.runs == 1
    assert {(a.status, a.body) for a in answers} == {(201, b'{"n":1}')}


async def test_another_body_is_a_mistake(ctx, actor):
    await run(ctx, actor, Work())
    with pytest.raises(Conflict) as caught:
        await run(ctx, actor, Work(), body="other")
    assert caught.value.code == "idempotency-mismatch"


async def test_a_running_twin_says_come_back(ctx, actor):
    async def outer():
        with pytest.raises(Conflict) as caught:
            await run(ctx, actor, Work())
        assert caught.value.code == "idempotency-running"
        assert caught.value.retry_at
        return 200, b"{}"

    await once(ctx, "k", "/api/x", actor, "hash", outer)


@pytest.mark.parametrize("fails", [CashierMistake("no"), KeyboardInterrupt()])
async def test_what_was_refused_or_broken_may_be_tried_again(ctx, actor, fails):
    with pytest.raises(type(fails)):
        await run(ctx, actor, Work(fails=fails))
    assert (await run(ctx, actor, Work())).status == 201


async def test_a_server_error_is_not_kept(ctx, actor):
    await run(ctx, actor, Work(status=503))
    assert (await run(ctx, actor, Work())).status == 201


async def test_the_key_of_a_dead_holder_is_free_after_its_lease(ctx, actor, clock):
    async def killed():
        clock.forward(seconds=121)
        return (await run(ctx, actor, Work())).status, b"{}"

    assert (await once(ctx, "k", "/api/x", actor, "hash", killed)).status == 201
