import pytest

from hmis_pos.cashier.sign_in import FREE_TRIES, SignInRefused, login, refresh


async def test_a_right_password_opens_a_session(ctx):
    signed = await login(ctx, "cashier", "demo-only", "127.0.0.1")
    assert signed.user.role == "billing"
    assert signed.refresh_token.startswith(str(signed.session))


@pytest.mark.parametrize(
    ("user", "password"), [("cashier", "wrong"), ("nobody", "demo-only"), ("", ""), ("cashier' --", "x")]
)
async def test_user_and_password_are_refused_with_the_same_words(ctx, user, password):
    with pytest.raises(SignInRefused) as caught:
        await login(ctx, user, password, "127.0.0.1")
    assert caught.value.code == "sign-in-refused"
    assert caught.value.message == "user or password is wrong"


async def test_too_many_wrong_passwords_rest_the_account_even_for_the_right_one(ctx, clock):
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInRefused):
            await login(ctx, "cashier", "wrong", "127.0.0.1")
    with pytest.raises(SignInRefused) as caught:
        await login(ctx, "cashier", "demo-only", "127.0.0.1")
    assert caught.value.code == "account-locked"
    clock.forward(minutes=14)
    with pytest.raises(SignInRefused):
        await login(ctx, "cashier", "demo-only", "127.0.0.1")
    clock.forward(minutes=2)
    assert (await login(ctx, "cashier", "demo-only", "127.0.0.1")).user.username == "cashier"


async def test_a_success_forgets_earlier_failures(ctx):
    for _ in range(FREE_TRIES - 1):
        with pytest.raises(SignInRefused):
            await login(ctx, "cashier", "wrong", "127.0.0.1")
    await login(ctx, "cashier", "demo-only", "127.0.0.1")
    with pytest.raises(SignInRefused) as caught:
        await login(ctx, "cashier", "wrong", "127.0.0.1")
    assert caught.value.code == "sign-in-refused"


async def test_a_refresh_token_works_once_and_its_second_use_ends_the_session(ctx):
    """T14: reuse detection."""
    first = (await login(ctx, "cashier", "demo-only", "127.0.0.1")).refresh_token
    second = (await refresh(ctx, first, "127.0.0.1")).refresh_token
    assert second != first
    for spent in (first, second):
        with pytest.raises(SignInRefused) as caught:
            await refresh(ctx, spent, "127.0.0.1")
        assert caught.value.code == "session-ended"


async def test_a_session_ends_by_itself(ctx, clock):
    token = (await login(ctx, "cashier", "demo-only", "127.0.0.1")).refresh_token
    clock.forward(hours=17)
    with pytest.raises(SignInRefused):
        await refresh(ctx, token, "127.0.0.1")


@pytest.mark.parametrize("junk", ["", ".", "abc", "00000000-0000-7000-8000-000000000000.x", "'; drop table session"])
async def test_junk_is_no_session(ctx, junk):
    with pytest.raises(SignInRefused):
        await refresh(ctx, junk, "127.0.0.1")
