"""Everything that can grow has a limit with a name; these are the limits of one session."""

from datetime import timedelta

TEXT_CHARS_MAX = 16_000
CLIENT_ID_CHARS_MAX = 256
NAME_CHARS_MAX = 200
METADATA_BYTES_MAX = 8 * 1024
METADATA_KEYS_MAX = 32
CONTEXT_KEYS_MAX = 64
CONTEXT_VALUE_BYTES_MAX = 8 * 1024
CONTEXT_BYTES_MAX = 32 * 1024
KEY_CHARS_MAX = 64
JSON_DEPTH_MAX = 32
"""Of values people and programs hand over: what is read once, close to the recursion limit, may not be read again."""
PARTS_MAX = 16
PARTS_BYTES_MAX = 16 * 1024
LABEL_CHARS_MAX = 200
QUICK_REPLIES_MAX = 12
FORM_FIELDS_MAX = 20
FORM_OPTIONS_MAX = 50
FORM_SHORT_CHARS_MAX = 200
"""Of what is written into one line of a form."""
FORM_LONG_CHARS_MAX = 4_000
SOURCES_MAX = 10
SOURCES_BYTES_MAX = 16 * 1024
THREADS_MAX = 32
NOTE_CHARS_MAX = 4_000
COMMENT_CHARS_MAX = 4_000

TURN_SILENCES_MAX = 2
"""How often the bot may stay silent in one turn before the visitor gets an apology."""
TURN_ATTEMPTS_MAX = 5
"""How often one turn is begun in all, ends of our own process included."""

TICK_FRESH_FOR = timedelta(seconds=5)
"""A tick that is answered later than this knows too little: the process may have been frozen in between."""
ACTIVITY_EVERY_MAX = timedelta(seconds=20)
SNAPSHOT_EVERY_EVENTS = 64
