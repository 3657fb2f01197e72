import tomllib

from hypothesis import given
from hypothesis import strategies as st

from chatsession.settings.places import line_of

TEXT = '''\
# a comment = "not a key"
title = """
port = 1
"""

[server]
hosts = [
  "a",  # port = 2
  "b",
]
port = 3
limits.turns = 4

[server.deep]
"odd key" = { inner = 5 }
'''


def test_each_key_is_found_where_it_begins():
    places = {
        ("title",): 2,
        ("server",): 6,
        ("server", "hosts"): 7,
        ("server", "port"): 11,
        ("server", "limits", "turns"): 12,
        ("server", "deep"): 14,
        ("server", "deep", "odd key", "inner"): 15,
    }

    assert {path: line_of(TEXT, path) for path in places} == places


def test_a_key_that_is_not_there_is_where_its_table_is():
    assert line_of(TEXT, ("server", "deep", "missing")) == 14
    assert line_of(TEXT, ("nothing", "of", "it")) is None


KEYS = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=1, max_size=12, unique=True)
VALUES = ["1", "'text'", "[\n1,\n# two\n2,\n]", '"""\nx = 1\n\n"""', "{ a = 1 }"]


@given(keys=KEYS, data=st.data())
def test_any_key_is_found_wherever_it_is_written(keys, data):
    text, begins = "", {}
    for key in keys:
        text += data.draw(st.sampled_from(["", "\n", "# note\n\n"]))
        begins[key] = text.count("\n") + 1
        text += f"{key} = {data.draw(st.sampled_from(VALUES))}\n"
    tomllib.loads(text)

    assert {key: line_of(text, (key,)) for key in keys} == begins
