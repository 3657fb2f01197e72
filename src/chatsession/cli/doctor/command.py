"""The command itself."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from msgspec.structs import replace

from chatsession.cli.doctor.bots import bot
from chatsession.cli.doctor.data import data as look_at_data
from chatsession.cli.doctor.data import server_of
from chatsession.cli.doctor.finding import Finding, Level, ok, problem, warning
from chatsession.cli.doctor.machine import machine, rights
from chatsession.cli.doctor.policies import LOOPBACK, inbox
from chatsession.cli.doctor.widget import widget
from chatsession.cli.failing import FOUND
from chatsession.cli.finding import USUAL_FOLDERS
from chatsession.cli.folder import DataFolder
from chatsession.cli.running import base_url_of
from chatsession.cli.screen import out, write_json
from chatsession.cli.serve import CONFIG, CONFIG_FILE
from chatsession.settings import Settings, SettingsError, read_settings

MARKS: dict[Level, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "warning": ("warning", "yellow"),
    "problem": ("problem", "bold red"),
}

doctor = App(
    name="doctor",
    help="Check the machine, the settings, the policies, the bots and the data.",
    help_epilogue="""\
Examples:

  chatsession doctor
  chatsession doctor --config shop.toml --deep
  chatsession doctor --data demo-data --json

Each line is ok, a warning or a problem, with what to do. It changes nothing. Exit code 1: there is a problem.""",
)


@doctor.default
async def _doctor(
    *,
    config: Annotated[Path | None, Parameter(help="The settings file.", show_default=lambda _: CONFIG_FILE)] = None,
    data: Annotated[Path | None, Parameter(help="The data folder, in place of the settings'.")] = None,
    deep: Annotated[bool, Parameter(help="Read every page of the data.", show_default=False)] = False,
    json: Annotated[bool, Parameter(help="Print each finding as one line of JSON.", show_default=False)] = False,
) -> int:
    findings = await _findings(config or Path(os.environ.get(CONFIG, CONFIG_FILE)), data, deep=deep)
    if json:
        for finding in findings:
            write_json(finding)
    else:
        _tell(findings)
    return FOUND if any(finding.level == "problem" for finding in findings) else 0


async def _findings(config: Path, data: Path | None, *, deep: bool) -> list[Finding]:
    settings, findings = _settings(config)
    data = data or _data_without_settings(config)
    server = settings.server if data is None else replace(settings.server, data=data)
    folder = DataFolder(server.data)
    address = await server_of(folder)
    findings.extend(machine(server, is_served=address is not None))
    findings.extend(rights(folder))
    findings.extend([each async for each in look_at_data(folder, address, deep=deep)])
    for each in settings.inboxes.values():
        findings.extend(inbox(each, is_public=server.host not in LOOPBACK))
        findings.extend([finding async for finding in bot(each)])
    base_url = address.base_url if address else base_url_of(server.host, server.port)
    findings.extend(widget(base_url, settings.inboxes or (address.inboxes if address else ())))
    return findings


def _data_without_settings(config: Path) -> Path | None:
    """Whoever has no settings has perhaps tried the demo, or served a bot named on the command line."""
    there = () if config.exists() else USUAL_FOLDERS
    return next((folder for folder in there if DataFolder(folder).database.exists()), None)


def _settings(config: Path) -> tuple[Settings, list[Finding]]:
    if not config.exists():
        says = f"there is no {config}"
        return Settings(), [warning("settings", says, "`chatsession init` writes one; the demo needs none")]
    try:
        settings = read_settings(config)
    except SettingsError as error:
        return Settings(), [
            problem("settings", str(error), "correct it; until then everything else is checked by its default")
        ]
    return settings, [ok("settings", f"{config}, with {', '.join(settings.inboxes)}")]


def _tell(findings: Sequence[Finding]) -> None:
    console = out()
    width = max(len(finding.about) for finding in findings)
    for finding in findings:
        mark, style = MARKS[finding.level]
        console.print(f"{mark:8}", end="", style=style)
        console.print(f"{finding.about:{width}}  {finding.says}")
        if finding.advice:
            console.print(f"{'':{width + 10}}{finding.advice}", style="dim")
        if finding.paste:
            # The terminal's own wrapping leaves it one line when it is copied.
            console.print(finding.paste, soft_wrap=True, style="cyan")
    bad = sum(finding.level == "problem" for finding in findings)
    mind = sum(finding.level == "warning" for finding in findings)
    console.print(f"\n{_count(bad, 'problem')}, {_count(mind, 'warning')}", style="bold red" if bad else "bold")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
