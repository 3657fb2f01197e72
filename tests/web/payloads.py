"""What somebody who means harm writes where text is expected; the front end's own tests have the same list."""

import json
from pathlib import Path

LISTS = json.loads((Path(__file__).parents[2] / "web" / "tests" / "hostile.json").read_text())
LINKS = [way.replace("{}", address) for address in LISTS["addresses"] for way in LISTS["links"]]
PAYLOADS: list[str] = [*LISTS["markup"], *LINKS, *LISTS["breaks"]]
