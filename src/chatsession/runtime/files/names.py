"""Names of files: what is only a name, without a path, and without characters that make it look like another."""

import re
import unicodedata

from chatsession.core.refusals import Refusal, invalid

NAME_CHARS_MAX = 120
NAME_BYTES_MAX = 255
"""What file systems take, when the file is saved elsewhere."""
FIELD = "name"
# Controls, separators of lines and paths, what no Windows name may have, and what turns the direction of text around.
_NOT_IN_NAMES = re.compile(
    '[\x00-\x1f\x7f-\x9f/\\\\<>:"|?*\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb'
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def clean_name(name: str) -> str | Refusal:
    """The name in its usual form; or why it is none."""
    name = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(name) <= NAME_CHARS_MAX or len(name.encode("utf-8", "replace")) > NAME_BYTES_MAX:
        return invalid(f"A file's name has 1 to {NAME_CHARS_MAX} characters.", field=FIELD)
    if _NOT_IN_NAMES.search(name):
        return invalid("The file's name has characters that names do not have, such as / or hidden ones.", field=FIELD)
    if name.startswith(".") or name.endswith(".") or _DEVICE.fullmatch(name):
        return invalid("This is no name of a file that can be saved everywhere; give it another one.", field=FIELD)
    return name


def ending_of(name: str) -> str:
    """The last ending of a name, in small letters, with its dot."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and dot else ""
