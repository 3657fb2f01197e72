import shutil
import sqlite3
import stat

import pytest


@pytest.fixture
def copied(demo, run_here, tmp_path):
    """A backup of the demo, made while it serves."""
    done = run_here("backup", "copy.db", "--data", demo.data)
    assert done.returncode == 0, done.stderr
    return tmp_path / "copy.db"


def test_a_backup_made_while_serving_is_whole_and_its_owners_alone(demo, opened, run_here, tmp_path):
    client, session = opened(demo)

    done = run_here("backup", "copy.db", "--data", demo.data)
    run_here("restore", "copy.db", "--data", "restored")
    shown = run_here("sessions", "show", session, "--data", "restored", "--json")

    assert "copy.db: " in done.stdout
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert '"text":"Hello"' in shown.stdout
    assert client.get("/healthz").status_code == 200


def test_a_backup_never_overwrites(copied, demo, run_here):
    before = copied.read_bytes()

    done = run_here("backup", copied, "--data", demo.data)

    assert done.returncode == 3
    assert "exists already" in done.stderr
    assert copied.read_bytes() == before


def test_data_is_replaced_only_when_that_is_said(copied, run_here):
    first = run_here("restore", copied, "--data", "there")
    refused = run_here("restore", copied, "--data", "there")
    replaced = run_here("restore", copied, "--data", "there", "--replace")

    assert (first.returncode, refused.returncode, replaced.returncode) == (0, 3, 0)
    assert refused.stderr.endswith("(data_exists)\n")


def test_data_that_is_served_is_neither_replaced_nor_migrated(copied, demo, run_here):
    replaced = run_here("restore", copied, "--data", demo.data, "--replace")
    migrated = run_here("migrate", "--data", demo.data)

    assert replaced.stderr.endswith("(data_in_use)\n")
    assert migrated.stderr.endswith("(data_in_use)\n")


def test_what_is_no_backup_is_not_put_in_place(copied, run_here, tmp_path):
    run_here("restore", copied, "--data", "there")
    before = (tmp_path / "there" / "chatsession.db").read_bytes()
    half = tmp_path / "half.db"
    half.write_bytes(copied.read_bytes()[: copied.stat().st_size // 2])
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as database:
        database.execute("create table recipes (name text)")

    for wrong in (half, foreign, tmp_path / "none.db"):
        done = run_here("restore", wrong, "--data", "there", "--replace")
        assert done.returncode == 3, wrong
        assert done.stderr.endswith("(not_copied)\n")
    assert (tmp_path / "there" / "chatsession.db").read_bytes() == before


def test_data_of_this_version_needs_no_migration_and_newer_data_is_refused(copied, run_here, tmp_path):
    run_here("restore", copied, "--data", "there")
    current = run_here("migrate", "--data", "there")
    file = tmp_path / "there" / "chatsession.db"
    shutil.copy(file, copied)
    with sqlite3.connect(file) as database:
        database.execute("pragma user_version = 99")

    newer = run_here("migrate", "--data", "there")

    assert "already" in current.stdout
    assert newer.returncode == 3
    assert newer.stderr.endswith("(newer_version)\n")
