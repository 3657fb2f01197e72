"""What is said over a socket reaches everybody, in order, once, and is acknowledged when it is durable."""

import asyncio


async def test_a_newcomer_is_told_where_it_is_and_everything_so_far(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat("Hello")

        async with h.talk(session, token) as ana:
            seqs = await ana.seqs(5)
            hello = ana.told[0]

        assert hello["epoch"] == h.service.epoch
        assert hello["durability"] == "none"
        assert hello["server_time"].startswith("2026-01-05T12:00")
        assert seqs == [1, 2, 3, 4, 5]


async def test_a_message_is_acknowledged_with_its_place_and_seen_by_the_other_tab(house):
    async with house("Hi!", "Of course.") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as one, h.talk(session, token) as two:
            await one.seqs(5)
            await two.seqs(5)

            await one.say("Can you help?", "m-1")
            ack = await one.until("ack")
            seen = await two.until("event", type="message_posted", client_id="m-1")

        assert ack["client_id"] == "m-1"
        assert ack["seq"] == seen["event"]["seq"]
        assert ack["message_id"] == seen["event"]["message_id"]
        assert ack["repeated"] is False


async def test_what_an_ack_speaks_of_is_in_the_store_already(house):
    async with house("Hi!", "Yes.") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.say("There?", "m-1")
            ack = await ana.until("ack")
            frames = await h.service.store.frames(session, ack["seq"] - 1, 1)

        assert b"There?" in frames[0]


async def test_a_message_that_is_sent_again_gets_its_first_answer_and_appears_once(house):
    async with house("Hi!", "Yes.") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.say("Once", "m-1")
            first = await ana.until("ack")
            await ana.say("Once", "m-1")
            second = await ana.until("ack")
            await ana.say("Not the same", "m-1")
            problem = await ana.until("problem")

        assert (second["seq"], second["message_id"]) == (first["seq"], first["message_id"])
        assert second["repeated"] is True
        assert (problem["code"], problem["client_id"]) == ("client_id_reused", "m-1")


async def test_pipelined_messages_keep_their_order(house):
    async with house(*["ok"] * 30, frames_burst=100) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            for number in range(25):
                await ana.say(f"message {number}", f"m-{number}")
            acks = [await ana.until("ack") for _ in range(25)]

        assert [ack["client_id"] for ack in acks] == [f"m-{number}" for number in range(25)]
        assert [ack["seq"] for ack in acks] == sorted(ack["seq"] for ack in acks)


async def test_frames_that_come_before_the_session_is_at_hand_keep_their_order_too(house):
    async with house(*["ok"] * 12) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.seqs(5)
            h.service.lanes.forget(session)

            for number in range(10):
                await ana.say(f"message {number}", f"m-{number}")
            acks = [await ana.until("ack") for _ in range(10)]

        assert [ack["client_id"] for ack in acks] == [f"m-{number}" for number in range(10)]


async def test_commands_are_carried_out_and_acknowledged(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.seqs(5)
            await ana.ask("change_context", set={"order": "17"}, client_id="c-1")
            await ana.until("ack", client_id="c-1")
            await ana.ask("give_feedback", score=5)
            await ana.until("ack")
            await ana.ask("close_session", client_id="c-2")
            await ana.until("ack", client_id="c-2")
            await ana.say("Too late", "m-9")
            problem = await ana.until("problem")
            await ana.ask("resume_session", message={"text": "I am back", "client_id": "m-10"})
            ack = await ana.until("ack", client_id=None)
            back = await h.service.reading.view((await h.service.identity.of_token(token)), session)

        assert (problem["code"], problem["allowed"]) == ("session_closed", ["resume", "new"])
        assert ack["message_id"] is not None
        assert (back.phase, back.period) == ("open", 2)


async def test_a_command_that_is_for_agents_is_refused_to_a_visitor(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.ask("claim_session", client_id="c-1")
            problem = await ana.until("problem")
            await ana.say("Still here?", "m-1")
            await ana.until("ack")

        assert (problem["code"], problem["client_id"]) == ("forbidden", "c-1")


async def test_an_agent_takes_over_and_both_see_it(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        key = await h.service.identity.new_key("carl", "agent", "Carl")
        async with h.talk(session, token) as ana, h.talk(session, key) as carl:
            await carl.ask("claim_session", client_id="c-1")
            await carl.until("ack", client_id="c-1")
            await carl.say("Carl here.", "m-1")
            await carl.until("ack", client_id="m-1")
            seen = await ana.until("event", type="message_posted", client_id="m-1")
            await carl.ask("post_note", text="Friendly.", client_id="c-2")
            await carl.until("event", type="note_posted")
            hidden = await ana.until("event", type="hidden")

        assert seen["event"]["author"] == {"kind": "agent", "id": "carl", "name": "Carl"}
        assert set(hidden["event"]) == {"seq", "at", "type"}


async def test_what_was_read_is_told_to_the_others(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as one, h.talk(session, token) as two:
            await two.seqs(5)
            for frame in ({"signal": "read", "seq": 9_999}, {"signal": "read"}, {"signal": "typing", "seq": 2}):
                await one.send({"type": "signal", **frame})
            await one.send({"type": "signal", "signal": "read", "seq": 2})
            told = await two.until("signal", type="read")
            await one.until("signal", type="read")

        assert told["signal"] == {"type": "read", "by": "visitor", "seq": 2, "name": None}
        assert one.problems() == ["invalid_request", "invalid_request"]


async def test_typing_is_told_to_the_others(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as one, h.talk(session, token) as two:
            await two.seqs(5)
            await one.send({"type": "signal", "signal": "typing"})
            signal = await two.until("signal", type="typing")

        assert signal["signal"]["by"] == "visitor"


async def test_an_answer_streams_and_a_newcomer_sees_what_there_is_of_it(house, held):
    answer = held("The answer ", "is long.")
    async with house(answer) as h:
        principal, token = await h.visitor()
        session = (await h.stage.open(principal, None)).session.id
        async with h.talk(session, token) as one:
            await one.say("Explain", "m-1")
            await answer.is_reached.wait()
            delta = await one.until("signal", type="delta")
            async with h.talk(session, token) as two:
                partial = await two.until("signal", type="partial")
                answer.release()
                final = await two.until("event", type="message_posted", text="The answer is long.")

        assert "The answer is long.".startswith(delta["signal"]["text"])
        assert partial["signal"]["offset"] == 0
        assert final["event"]["author"] == {"kind": "bot"}
        assert final["event"]["text"].startswith(partial["signal"]["text"])


async def test_many_talk_at_once_and_each_hears_its_own_session_alone(house):
    async with house(*["ok"] * 40) as h:
        chats = [await h.chat(f"I am {number}") for number in range(10)]

        async def one(number, session, token):
            async with h.talk(session, token) as caller:
                await caller.say(f"word of {number}", "m-1")
                await caller.until("event", type="message_posted", client_id="m-1")
                await caller.until("ack")
            return {frame["event"].get("text") for frame in caller.told if frame["type"] == "event"}

        heard = await asyncio.gather(*(one(n, session, token) for n, (session, token, _) in enumerate(chats)))

        for number, texts in enumerate(heard):
            assert {text for text in texts if text and "word of" in text} == {f"word of {number}"}
