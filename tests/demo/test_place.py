from pathlib import Path

import pytest

from chatsession.demo.place import restart_command

USUAL = Path("demo-data")


@pytest.mark.parametrize(
    ("folder", "by_make", "command"),
    [
        (USUAL.absolute(), False, "chatsession demo --port 8081"),
        (USUAL.absolute(), True, "make demo PORT=8081"),
        (Path("/srv/shop"), False, "chatsession demo --port 8081 --data /srv/shop"),
        (Path("/srv/shop"), True, "make demo PORT=8081 DATA=/srv/shop"),
        (Path("/srv/my shop"), False, "chatsession demo --port 8081 --data '/srv/my shop'"),
    ],
)
def test_the_demo_is_started_again_the_way_it_was_started(folder, by_make, command):
    assert restart_command(8081, folder, USUAL, by_make=by_make) == command
