"""Files that were sent lie beside the database: durable before they are acknowledged, and apart from backups."""

import stat

from commands import Server

SETTINGS = """
[inboxes.support]
bot = { kind = "echo" }

[inboxes.support.widget]
files = { types = ["text/plain"] }
"""


def sent(client, session) -> str:
    answer = client.post(
        f"/v1/sessions/{session}/files?name=order.txt", content=b"AB-1234", headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_a_file_that_was_acknowledged_survives_a_killed_server_and_is_its_owners_alone(shell, opened):
    (shell.folder / "chatsession.toml").write_text(SETTINGS)
    server = Server(shell, "serve")
    client, session = opened(server)
    file = sent(client, session)

    server.kill()
    server.start(port=server.port)

    folder = server.data / "files"
    assert client.get(f"/v1/files/{file}").text == "AB-1234"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / session).iterdir()} == {0o600}


def test_a_backup_says_what_is_not_in_it(shell, opened):
    (shell.folder / "chatsession.toml").write_text(SETTINGS)
    server = Server(shell, "serve")
    client, session = opened(server)
    before = shell.run("backup", "before.db", "--data", "data")
    sent(client, session)

    after = shell.run("backup", "after.db", "--data", "data")

    assert "copy this folder" not in before.stdout
    assert f"{server.data / 'files'}: not in it; copy this folder too" in after.stdout.replace("\n", " ")
