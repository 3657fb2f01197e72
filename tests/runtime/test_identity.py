"""Who somebody is: tokens, tickets, keys, and identities the website signed."""

from datetime import timedelta

import jwt
import pytest
from stage import SECRET, admin, stage

from chatsession.core import commands as c
from chatsession.core.policy import Policy
from chatsession.runtime.refused import RefusedError


def signed(
    on, subject="customer-7", *, secret=SECRET, inbox="shop", lives=timedelta(minutes=5), algorithm="HS256", **more
):
    claims = {"sub": subject, "aud": inbox, "exp": (on.clock.now() + lives).timestamp(), **more}
    return jwt.encode(claims, secret, algorithm=algorithm)


async def refusal_of(work) -> str:
    with pytest.raises(RefusedError) as refused:
        await work
    return refused.value.refusal.code


async def test_a_token_is_stored_as_a_hash_only():
    async with stage() as on:
        grant = await on.service.identity.new_visitor("shop")

        assert len(grant.token) >= 43
        assert grant.token not in repr(vars(on.service.store))


async def test_the_same_subject_is_the_same_visitor():
    async with stage() as on:
        first = await on.service.identity.new_visitor("shop", jwt=signed(on))
        await on.clock.advance("1s")
        second = await on.service.identity.new_visitor("shop", jwt=signed(on, name="Ana"))

        assert first.visitor.id == second.visitor.id
        assert first.token != second.token


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another-secret-that-is-long-enough-too"},
        {"inbox": "bank"},
        {"lives": timedelta(seconds=-1)},
        {"lives": timedelta(days=2)},
        {"subject": ""},
        {"algorithm": "HS512"},
    ],
)
async def test_an_identity_that_is_not_sound_is_refused(wrong):
    async with stage() as on:
        assert await refusal_of(on.service.identity.new_visitor("shop", jwt=signed(on, **wrong))) == "unauthorized"


async def test_an_unsigned_identity_is_refused():
    async with stage() as on:
        claims = {"sub": "customer-7", "aud": "shop", "exp": (on.clock.now() + timedelta(minutes=5)).timestamp()}
        unsigned = jwt.encode(claims, None, algorithm="none")

        assert await refusal_of(on.service.identity.new_visitor("shop", jwt=unsigned)) == "unauthorized"


async def test_a_signed_identity_works_once():
    async with stage() as on:
        identity = signed(on)
        await on.service.identity.new_visitor("shop", jwt=identity)

        assert await refusal_of(on.service.identity.new_visitor("shop", jwt=identity)) == "unauthorized"


async def test_an_inbox_may_refuse_anonymous_visitors():
    async with stage(require_identity=True) as on:
        assert await refusal_of(on.service.identity.new_visitor("shop")) == "unauthorized"
        assert (await on.service.identity.new_visitor("shop", jwt=signed(on))).visitor.subject == "customer-7"


async def test_identifying_takes_the_current_session_along_and_rotates_the_token():
    async with stage("Hi!") as on:
        anonymous = await on.service.identity.new_visitor("shop")
        ana = await on.service.identity.of_token(anonymous.token)
        session = (await on.open(ana)).session.id
        await on.clock.settle()

        known = await on.service.identity.new_visitor("shop", jwt=signed(on), token=anonymous.token)
        now = await on.service.identity.of_token(known.token)

        assert (await on.view(now, session)).visitor == known.visitor.id
        assert now.verified
        assert await refusal_of(on.service.identity.of_token(anonymous.token)) == "unauthorized"
        assert await refusal_of(on.service.door.state(ana, session)) == "not_found"


async def test_another_open_session_of_the_identified_visitor_closes_as_merged():
    async with stage("Hi!", "Hi!") as on:
        phone = await on.service.identity.new_visitor("shop", jwt=signed(on))
        on_phone = await on.service.identity.of_token(phone.token)
        older = (await on.open(on_phone)).session.id
        desk = await on.service.identity.new_visitor("shop")
        newer = (await on.open(await on.service.identity.of_token(desk.token))).session.id
        await on.clock.advance("1s")

        known = await on.service.identity.new_visitor("shop", jwt=signed(on), token=desk.token)

        now = await on.service.identity.of_token(known.token)
        old, new = await on.view(now, older), await on.view(now, newer)
        assert (old.close_reason, old.merged_into, old.phase) == ("merged", newer, "archived")
        assert (new.phase, new.visitor) == ("open", phone.visitor.id)


async def test_a_policy_may_leave_anonymous_chats_alone():
    async with stage("Hi!", policy=Policy(claim_anonymous="never")) as on:
        anonymous = await on.service.identity.new_visitor("shop")
        session = (await on.open(await on.service.identity.of_token(anonymous.token))).session.id

        known = await on.service.identity.new_visitor("shop", jwt=signed(on), token=anonymous.token)

        assert (
            await refusal_of(on.service.door.state(await on.service.identity.of_token(known.token), session))
            == "not_found"
        )


async def test_a_ticket_works_once_for_thirty_seconds_and_for_one_session():
    async with stage("Hi!") as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id
        good, late, elsewhere = [await on.service.identity.new_ticket(ana, session) for _ in range(3)]

        assert (await on.service.identity.of_ticket(good, session)).id == ana.id
        assert await refusal_of(on.service.identity.of_ticket(good, session)) == "unauthorized"
        assert await refusal_of(on.service.identity.of_ticket(elsewhere, "ses_another")) == "unauthorized"
        await on.clock.advance("31s")
        assert await refusal_of(on.service.identity.of_ticket(late, session)) == "unauthorized"


async def test_logging_out_revokes_every_token():
    async with stage() as on:
        grant = await on.service.identity.new_visitor("shop")
        principal = await on.service.identity.of_token(grant.token)

        await on.service.identity.log_out(principal)

        assert await refusal_of(on.service.identity.of_token(grant.token)) == "unauthorized"


async def test_a_key_made_anew_replaces_the_older_one():
    async with stage() as on:
        old = await on.service.identity.new_key("console", "agent", "Carl", ("shop",))
        new = await on.service.identity.new_key("console", "agent", "Carl", ("shop",))

        assert await refusal_of(on.service.identity.of_key(old)) == "unauthorized"
        assert (await on.service.identity.of_key(new)).kind == "agent"


async def test_erasing_a_visitor_leaves_nothing_and_a_receipt_that_names_nobody():
    async with stage("Hi!") as on:
        ana = await on.visitor()
        session = (await on.open(ana, "needle-in-the-hay")).session.id
        await on.clock.settle()

        receipt = await on.service.erasing.erase_visitor(admin(), ana.id)

        assert receipt.sessions == 1
        assert ana.id not in repr(receipt)
        assert "needle-in-the-hay" not in repr(vars(on.service.store))
        assert await refusal_of(on.service.door.state(admin(), session)) == "not_found"
        late = on.service.door.submit(admin(), session, c.PostMessage(actor=c.BOT, text="late"))
        assert await refusal_of(late) == "not_found"
        assert await refusal_of(on.service.erasing.erase_visitor(ana, ana.id)) == "forbidden"


async def test_no_secret_is_in_what_a_log_would_show():
    async with stage() as on:
        grant = await on.service.identity.new_visitor("shop")

        assert grant.token not in repr(grant)
        assert SECRET not in repr(on.service.inboxes)
