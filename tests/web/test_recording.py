"""The session that the client's tests replay is one that the service would have today."""

import json

from web.record import RECORDED, record


async def test_the_recording_shows_what_the_service_does_today():
    recorded = [frame for frame in json.loads(RECORDED.read_text()) if "at" in frame]

    events = [frame for frame in await record() if "at" in frame]

    assert [(each["type"], sorted(each)) for each in recorded] == [(each["type"], sorted(each)) for each in events]
