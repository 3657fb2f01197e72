"""What a page is told before anybody has said a word."""

from server.house import House, house, problem

from chatsession.core.policy import Policy
from chatsession.widget import FilesAllowed, Widget

PATH = "/v1/inboxes/shop/widget"
SHOP, ELSEWHERE = {"Origin": "https://shop.example"}, {"Origin": "https://elsewhere.example"}


async def test_a_page_of_the_inbox_reads_everything_it_needs_to_draw_the_widget(served: House):
    answer = await served.nobody.get(PATH, headers=SHOP)

    config = answer.json()
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert (config["inbox"], config["title"], config["bot_name"]) == ("shop", "Help desk", "Ada")
    assert config["consent"] == {"text": "We keep this chat for 30 days.", "link": None}
    assert config["starters"] == ["Where is my order?"]
    assert config["rating"] == {"ask_on": ["visitor"], "comment": False}
    assert config["files"]["bytes_max"] == 65_536
    assert (config["threads"], config["require_identity"]) == ("manual", False)
    assert config["theme"]["light"]["primary"] is None
    assert config["texts"] == {"de": {"greeting": "Grüß Gott"}}
    assert config["remember"] == {"order": {"en": "Your order"}}


async def test_it_may_be_kept_for_a_minute_and_asked_after(served: House):
    first = await served.nobody.get(PATH, headers=SHOP)

    again = await served.nobody.get(PATH, headers={**SHOP, "If-None-Match": first.headers["etag"]})
    other = await served.nobody.get(PATH, headers={**SHOP, "If-None-Match": '"something else"'})

    assert first.headers["cache-control"] == "public, max-age=60"
    assert "origin" in first.headers["vary"].lower()
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.content) == (200, first.content)


async def test_pages_of_other_origins_are_told_nothing(served: House):
    problem(await served.nobody.get(PATH, headers=ELSEWHERE), 403, "forbidden")


async def test_an_inbox_that_is_not_there_has_no_widget(served: House):
    problem(await served.nobody.get("/v1/inboxes/nowhere/widget"), 404, "not_found")


async def test_an_inbox_without_settings_asks_for_nothing(served: House):
    config = (await served.nobody.get("/v1/inboxes/bank/widget")).json()

    assert (config["title"], config["consent"], config["files"], config["remember"]) == ("bank", None, None, {})


async def test_without_a_place_for_files_none_are_offered():
    async with house(widget=Widget(files=FilesAllowed())) as one:
        assert (await one.nobody.get(PATH)).json()["files"] is None


async def test_the_policy_that_is_in_force_now_says_whether_there_are_threads_and_where_a_return_leads():
    async with house(policy=Policy(threads="off")) as one:
        admin = await one.key("admin")
        before = (await one.nobody.get(PATH)).json()

        await admin.put("/v1/inboxes/shop/policy", {"threads": "manual", "on_return": "new"})

        after = (await one.nobody.get(PATH)).json()
        assert (before["threads"], before["on_return"]) == ("off", "resume")
        assert (after["threads"], after["on_return"]) == ("manual", "new")
