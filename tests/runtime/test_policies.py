"""Which policy an inbox begins with: the file's where the file was changed, else the one that was put in its place."""

from datetime import timedelta

from chatsession.core.policy import Policy
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.policies import Policies
from chatsession.stores.memory import MemoryStore

MINUTE = timedelta(minutes=1)


async def started(store, minutes: int) -> Policies:
    """What a process begins with whose file says after how many minutes a session is idle."""
    configured = Policy(idle_timeout=minutes * MINUTE, warn_before=MINUTE)
    policies = Policies(store, {"shop": Inbox(name="shop", policy=configured)})
    await policies.start()
    return policies


def idle_minutes(policies: Policies) -> float:
    return policies.current("shop")[1].idle_timeout / MINUTE


async def test_what_was_put_in_place_goes_on_after_a_restart():
    store = MemoryStore()
    policies = await started(store, minutes=5)
    await policies.replace("shop", {"idle_timeout": "20m", "warn_before": "1m"})

    again = await started(store, minutes=5)

    assert idle_minutes(again) == 20
    assert again.current("shop") == policies.current("shop")


async def test_a_changed_file_holds_again_and_so_does_one_that_is_changed_back():
    store = MemoryStore()
    policies = await started(store, minutes=5)
    await policies.replace("shop", {"idle_timeout": "20m", "warn_before": "1m"})

    changed = await started(store, minutes=6)
    back = await started(store, minutes=5)

    assert (idle_minutes(changed), idle_minutes(back)) == (6, 5)


async def test_a_policy_put_in_place_is_another_inboxes_no_business():
    store = MemoryStore()
    policies = await started(store, minutes=5)
    await policies.replace("shop", {"idle_timeout": "20m", "warn_before": "1m"})

    bank = Policies(store, {"bank": Inbox(name="bank")})
    await bank.start()

    assert bank.current("bank")[1] == Policy()
