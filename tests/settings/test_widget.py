"""Table `[inboxes.NAME.widget]`: what a page is told, and every mistake in it named by its line."""

from pathlib import Path

import pytest

from chatsession.settings import SettingsError, read_settings
from chatsession.settings.colours import FOLLOWS, WRITTEN_ON, contrast
from chatsession.widget import DARK, LIGHT, Colours, Consent, FilesAllowed, RatingAsk, Widget

PAGE = Path(__file__).parents[2] / "docs" / "widget-settings.md"
START = '[inboxes.support]\nbot = { kind = "echo" }\n\n'
WHOLE = """
[inboxes.support.widget]
bot_name = "Ada"
launcher_label = "Ask us"
privacy_link = "/privacy"
consent = { text = "We keep this chat for 30 days.", link = "https://shop.example/privacy" }
rating = { ask_on = ["visitor", "timeout"], comment = false }
starters = ["Where is my order?", "Do you ship abroad?"]
files = { types = ["image/png", "text/plain"], bytes_max = 1048576, per_session_max = 3 }

[inboxes.support.widget.theme]
scheme = "dark"
radius = 4
font = "Inter, 'Segoe UI', sans-serif"
primary = "#05F"

[inboxes.support.widget.theme.dark]
primary = "#9fc0ff"

[inboxes.support.widget.texts.de]
greeting = "Wie können wir helfen?"

[inboxes.support.widget.remember]
order = { en = "Your order", de = "Ihre Bestellung" }
name = "Your name"
"""


def read(tmp_path: Path, text: str) -> Widget:
    file = tmp_path / "chatsession.toml"
    file.write_text(START + text)
    return read_settings(file, {}).inboxes["support"].widget


def test_everything_that_can_be_said_is_read(tmp_path):
    widget = read(tmp_path, WHOLE)

    assert (widget.bot_name, widget.launcher_label, widget.privacy_link) == ("Ada", "Ask us", "/privacy")
    assert widget.consent == Consent(text="We keep this chat for 30 days.", link="https://shop.example/privacy")
    assert widget.starters == ("Where is my order?", "Do you ship abroad?")
    assert widget.rating == RatingAsk(ask_on=("visitor", "timeout"), comment=False)
    assert widget.files == FilesAllowed(types=("image/png", "text/plain"), bytes_max=1_048_576, per_session_max=3)
    assert (widget.theme.scheme, widget.theme.radius) == ("dark", 4)
    assert (widget.theme.light.primary, widget.theme.dark.primary) == ("#0055ff", "#9fc0ff")
    assert widget.texts == {"de": {"greeting": "Wie können wir helfen?"}}
    assert widget.remember == {"order": {"en": "Your order", "de": "Ihre Bestellung"}, "name": {"en": "Your name"}}


def test_without_a_table_nothing_is_asked_and_no_file_is_taken(tmp_path):
    widget = read(tmp_path, "")

    assert widget == Widget()
    assert (widget.consent, widget.files) == (None, None)


@pytest.mark.parametrize(
    ("said", "files", "rating"),
    [
        ("files = true", FilesAllowed(), RatingAsk()),
        ("files = false\nrating = false", None, None),
        ("rating = true", None, RatingAsk()),
        ("rating = {}\nconsent = false", None, RatingAsk()),
        ("files = {}", FilesAllowed(), RatingAsk()),
    ],
)
def test_a_word_is_enough_for_the_usual(tmp_path, said, files, rating):
    widget = read(tmp_path, f"[inboxes.support.widget]\n{said}\n")

    assert (widget.files, widget.rating) == (files, rating)


def test_what_is_written_on_a_chosen_colour_can_be_read(tmp_path):
    widget = read(tmp_path, '[inboxes.support.widget.theme]\nprimary = "#ffee00"\nme = "#101010"\n')

    assert (widget.theme.light.on_primary, widget.theme.light.on_me) == ("#000000", "#ffffff")


def test_what_is_not_chosen_is_left_to_the_widget(tmp_path):
    theme = read(tmp_path, '[inboxes.support.widget.theme.dark]\nprimary = "#ffee00"\n').theme

    assert theme.dark == Colours(primary="#ffee00", on_primary="#000000")
    assert theme.light == Colours()


def test_the_visitors_bubbles_are_judged_by_the_accent_they_follow(tmp_path):
    accent = '[inboxes.support.widget.theme]\nprimary = "#ffee00"\n'

    with pytest.raises(SettingsError, match="on_me #ffffff on me #ffee00"):
        read(tmp_path, accent + 'on_me = "#ffffff"\n')
    assert read(tmp_path, accent + 'on_me = "#000000"\n').theme.light.on_me == "#000000"


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_what_comes_along_can_be_read(colours):
    for ink, ground in WRITTEN_ON:
        assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5, (ink, ground)
    assert set(FOLLOWS) <= {ink for ink, _ in WRITTEN_ON}


def test_contrast_is_what_wcag_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#777777", "#777777") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


W, T = "[inboxes.support.widget]\n", "[inboxes.support.widget.theme]\n"
MISTAKES = [
    (W + 'bot_nam = "Ada"', 5, "bot_nam", 'did you mean "bot_name"?'),
    (W + 'bot_name = ""', 5, "bot_name", "one line"),
    (W + 'bot_name = "a\\nb"', 5, "bot_name", "one line"),
    (W + f'launcher_label = "{"x" * 81}"', 5, "launcher_label", "80 characters"),
    (W + 'privacy_link = "javascript:alert(1)"', 5, "privacy_link", "must be an address"),
    (W + 'privacy_link = "//evil.example"', 5, "privacy_link", "must be an address"),
    (W + "consent = {}", 5, "consent", '"text" is missing'),
    (W + 'consent = { text = "ok", link = "ftp://x" }', 5, "consent.link", "must be an address"),
    (W + 'consent = "yes"', 5, "consent", "must be a table"),
    (W + 'starters = ["a", "b", "c", "d", "e"]', 5, "starters", "the limit is 4"),
    (W + 'starters = [""]', 5, "starters", "1 to 80 characters"),
    (W + 'rating = { ask_on = ["closed"] }', 5, "rating.ask_on", '"closed" is none of'),
    (W + "rating = { ask_on = [] }", 5, "rating.ask_on", "names none"),
    (W + 'files = { types = ["image/svg+xml"] }', 5, "files.types", '"image/svg+xml" is none of'),
    (W + 'files = { types = ["image/jpg"] }', 5, "files.types", 'did you mean "image/jpeg"?'),
    (W + "files = { bytes_max = 10485761 }", 5, "files.bytes_max", "from 1024 to 10485760"),
    (W + "files = { per_session_max = 0 }", 5, "files.per_session_max", "from 1 to 200"),
    (T + 'primary = "blue"', 5, "theme.primary", 'such as "#1f4fd8"'),
    (T + 'primary = "#12"', 5, "theme.primary", 'such as "#1f4fd8"'),
    (T + 'text = "#cccccc"', 5, "theme.text", "contrast of 1.6 in the light scheme"),
    (T + 'primary = "#777777"\non_primary = "#888888"', 6, "theme.on_primary", "4.5 is needed"),
    (T[:-2] + '.dark]\nsurface = "#ffffff"', 5, "theme.dark.surface", "in the dark scheme"),
    (T + 'font = "x; } body { display: none"', 5, "theme.font", "names of font families"),
    (T + 'font = "url(https://evil.example/f.woff2)"', 5, "theme.font", "names of font families"),
    (T + "radius = 33", 5, "theme.radius", "from 0 to 32"),
    (T + 'scheme = "night"', 5, "theme.scheme", "must be one of"),
    ("[inboxes.support.widget.texts.german]\na = 'b'", 4, "texts.german", "no language tag"),
    ("[inboxes.support.widget.texts.de]\n'a b' = 'b'", 5, "texts.de.a b", "is not the name of a text"),
    ("[inboxes.support.widget.texts.de]\na = 7", 5, "texts.de.a", "must be text in quotes"),
    (
        "[inboxes.support.widget.texts.de]\n" + "\n".join(f"t{n} = 'x'" for n in range(201)),
        4,
        "texts.de",
        "the limit is 200",
    ),
    ("[inboxes.support.widget.remember]\norder = {}", 5, "remember.order", "needs a label"),
    ("[inboxes.support.widget.remember]\norder = { english = 'x' }", 5, "remember.order.english", "no language tag"),
    (
        (
            "[inboxes.support.context_keys.tier]\nvisitor_may_set = false\n"
            "[inboxes.support.widget.remember]\ntier = 'Tier'"
        ),
        7,
        "remember.tier",
        "could not make us forget it",
    ),
]


@pytest.mark.parametrize(("text", "line", "key", "says"), MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path, text, line, key, says):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)

    told = str(caught.value)
    assert told.startswith(f"{tmp_path / 'chatsession.toml'}:{line}: inboxes.support.widget.{key}: "), told
    assert says in told


def test_joiners_of_scripts_are_letters_like_others(tmp_path):
    label = "می\u200cخواهم"

    assert read(tmp_path, f'{W}launcher_label = "{label}"').launcher_label == label


def test_the_example_of_the_page_is_right_and_every_key_is_on_it(tmp_path):
    page = PAGE.read_text()
    example = page.split("```toml\n")[1].split("```")[0]

    widget = read(tmp_path, example)

    assert widget.remember["order"]["de"] == "Ihre Bestellung"
    for name in (*Widget.__struct_fields__, *FilesAllowed.__struct_fields__, *type(LIGHT).__struct_fields__):
        assert f"`{name}`" in page, name
