"""Trouble of our own: the store is away, or something nobody expected."""

import pytest
from server.house import house, problem

from chatsession.store import StoreBusyError, StoreUnavailableError
from chatsession.stores.memory import MemoryStore


class FailingStore(MemoryStore):
    """A store that can be made to fail."""

    trouble: Exception | None = None

    async def append(self, *appends) -> None:
        if self.trouble is not None:
            raise self.trouble
        await super().append(*appends)

    async def visitor_of_token(self, token_hash, now):
        if self.trouble is not None:
            raise self.trouble
        return await super().visitor_of_token(token_hash, now)

    async def health(self):
        if self.trouble is not None:
            raise self.trouble
        return await super().health()


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(StoreUnavailableError("disk full at /var/lib"), "store_unavailable"), (StoreBusyError("queue"), "overloaded")],
)
async def test_a_store_in_trouble_answers_when_to_try_again_and_serves_on_afterwards(trouble, code):
    store = FailingStore()
    async with house(store=store) as served:
        ana, admin = await served.visitor(), await served.key()
        session = await ana.open(None)
        store.trouble = trouble

        for answer in (
            await ana.say(session, "Hello", client_id="m1"),
            await admin.post(f"/v1/sessions/{session}/close"),
            await served.nobody.get("/readyz"),
        ):
            assert int(answer.headers["retry-after"]) > 0
            assert "/var/lib" not in answer.text
            problem(answer, 503, code)
        assert (await served.nobody.get("/healthz")).status_code == 200

        store.trouble = None
        assert (await ana.say(session, "Hello", client_id="m1")).status_code == 201
        assert (await served.nobody.get("/readyz")).status_code == 200


async def test_what_nobody_expected_says_nothing_but_an_id_that_is_in_the_log(caplog):
    store = FailingStore()
    async with house(store=store) as served:
        ana = await served.visitor()
        store.trouble = ZeroDivisionError("a secret of the house")

        answer = await ana.get("/v1/visitors/me/sessions")

        document = problem(answer, 500, "internal_error")
        assert "secret" not in answer.text
        assert document["instance"] in {getattr(record, "instance", None) for record in caplog.records}
