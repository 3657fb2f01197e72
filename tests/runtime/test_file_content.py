"""What a file is, what it may be called, and what a picture must not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server.widget.pictures import JFIF, NEEDLE, PICTURE, exif, gif, gif_block, jpeg, png, segment, webp

from chatsession.core.refusals import Refusal
from chatsession.runtime.files.kinds import ENDINGS, kind_refused, kinds_of
from chatsession.runtime.files.names import NAME_CHARS_MAX, clean_name
from chatsession.runtime.files.stripping import stripped

PDF = b"%PDF-1.7\n1 0 obj\n"
CONTENTS = {
    "image/png": png(),
    "image/jpeg": jpeg(),
    "image/gif": gif(),
    "image/webp": webp((b"VP8 ", b"picture")),
    "application/pdf": PDF,
    "text/plain": "Grüße\r\n\tAna".encode(),
    "text/csv": b"a,b\n1,2\n",
}
NAMES = {kind: f"file{endings[0]}" for kind, endings in ENDINGS.items()}


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_file_is_what_name_type_and_content_say(kind):
    assert kind_refused(NAMES[kind], kind, CONTENTS[kind]) is None
    assert kind_refused(NAMES[kind].upper(), kind, CONTENTS[kind]) is None


@pytest.mark.parametrize("content", [kind for kind in CONTENTS if not kind.startswith("text/")])
@pytest.mark.parametrize("declared", CONTENTS)
def test_where_they_do_not_agree_it_is_refused(declared, content):
    refusal = kind_refused(NAMES[declared], declared, CONTENTS[content])

    assert (refusal is None) == (declared == content)


@pytest.mark.parametrize(
    ("name", "declared"),
    [("photo.png", "image/jpeg"), ("photo", "image/png"), (".png", "image/png"), ("photo.png.exe", "image/png")],
)
def test_a_name_has_the_ending_of_its_type(name, declared):
    refusal = kind_refused(name, declared, CONTENTS[declared])

    assert refusal is not None
    assert refusal.status == 415


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0 this is a program", b"PK\3\4 an archive", b"\x7fELF", b"half \xff of a letter", b"a\0b", b"  \n ",
        b"\x1b[2J", b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"\x01",
    ],
)  # fmt: skip
def test_what_is_none_of_ours_is_nothing(content):
    assert kinds_of(content) == ()


def test_a_page_that_calls_itself_text_stays_text():
    assert kinds_of(b"<script>alert(1)</script>") == ("text/plain", "text/csv")


@given(st.binary(max_size=300))
def test_whatever_comes_is_looked_at_without_a_mishap(content):
    assert set(kinds_of(content)) <= set(ENDINGS)
    for kind, start in CONTENTS.items():
        for made in (content, start[: len(content)], start + content, start[: len(start) // 2] + content):
            assert isinstance(stripped(kind, made), bytes | Refusal)


@pytest.mark.parametrize("name", ["photo.png", "Grüße 2.txt", "写真.jpg", "a.b.c.pdf", "x" * 116 + ".png", "حديث.txt"])
def test_a_name_is_kept_as_it_is(name):
    assert clean_name(f" {name} ") == name


def test_a_name_is_written_in_its_usual_form():
    assert clean_name("e\u0301.png") == "\u00e9.png"


@pytest.mark.parametrize(
    "name",
    [
        "", "   ", "x" * (NAME_CHARS_MAX + 1), "写" * 100, "../up.png", "a/b.png", "a\\b.png", "C:evil.png", "a\0.png",
        "a\nb.png", "exe.\u202egnp", "a\u200b.png", "\u2066a.png", "a\x7f.png", ".htaccess", "..", "photo.png.", "con",
        "NUL.txt", "com1.png", 'a"b.png', "a<b.png", "a|b", "a?b", "a*b", "\ud800.png", "flag\U000e0067.png",
        "\ufeffa.png",
    ],
)  # fmt: skip
def test_what_is_more_than_a_name_or_not_all_of_it_to_be_seen_is_refused(name):
    assert isinstance(clean_name(name), Refusal)


def test_a_png_keeps_its_picture_and_nothing_that_was_written_beside_it():
    colours = (b"gAMA", b"\0\0\xb1\x8f")
    beside = [(b"eXIf", NEEDLE), (b"tEXt", b"Author\0" + NEEDLE), (b"tIME", bytes(7)), (b"iTXt", NEEDLE), colours]

    assert stripped("image/png", png(*beside) + NEEDLE) == png(colours)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_keeps_its_picture_and_how_it_is_turned(orientation, order):
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1 profile")
    photo = jpeg(
        segment(0xE1, exif(orientation, order)), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + NEEDLE), profile,
        segment(0xED, b"Photoshop 3.0\0" + NEEDLE), segment(0xFE, NEEDLE), segment(0xE0, b"JFXX\0" + NEEDLE),
        segment(0xE2, b"MPF\0" + NEEDLE), after=jpeg(segment(0xFE, NEEDLE)),
    )  # fmt: skip

    bare = stripped("image/jpeg", photo)

    kept = {1: b""}.get(orientation, b"Exif\0\0")
    assert NEEDLE not in bare
    assert kept in bare
    assert bare.endswith(JFIF + profile + PICTURE + b"\xff\xd9")
    assert stripped("image/jpeg", bare) == bare
    if orientation > 1:
        assert bare[2:].startswith(segment(0xE1, exif(orientation)[:14] + b"\0\1" + bare[22:34] + bytes(4)))


@pytest.mark.parametrize(
    "tiff", [b"", b"XX", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\x05\0", b"MM\0*\0\0\0\x08\0\0"]
)
def test_what_says_nothing_of_turning_turns_nothing(tiff):
    assert stripped("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + tiff))) == jpeg()


def test_gaps_between_segments_are_no_damage():
    assert stripped("image/jpeg", jpeg(b"\xff\xff\xff")) == jpeg()


def test_a_webp_keeps_its_picture_and_says_that_nothing_else_is_there():
    head, bare_head = (b"VP8X", b"\x3c" + bytes(9)), (b"VP8X", b"\x30" + bytes(9))
    picture, profile = (b"VP8L", b"picture"), (b"ICCP", b"p")

    full = webp(head, profile, picture, (b"EXIF", NEEDLE), (b"XMP ", NEEDLE))

    assert stripped("image/webp", full + NEEDLE) == webp(bare_head, profile, picture)


def test_a_gif_keeps_its_picture_its_timing_and_that_it_repeats():
    timing, repeats = gif_block(0xF9, b"\0\1\0\0"), gif_block(0xFF, b"NETSCAPE2.0", b"\1\0\0")

    full = gif(gif_block(0xFE, NEEDLE), timing, gif_block(0xFF, b"XMP DataXMP", NEEDLE), repeats)

    assert stripped("image/gif", full + NEEDLE) == gif(timing, repeats)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        *[(kind, CONTENTS[kind][:-cut]) for kind in ("image/png", "image/jpeg", "image/gif") for cut in (1, 3, 9)],
        ("image/webp", CONTENTS["image/webp"][:-2]),
        ("image/webp", CONTENTS["image/webp"][:9]),
        ("image/webp", webp((b"VP8 ", b""))[:-4] + b"\xff\xff\xff\x7f"),
        ("image/jpeg", b"\xff\xd8\x00\x00"),
        ("image/jpeg", b"\xff\xd8\xff\xe0\x00\x01"),
        ("image/gif", gif()[:19] + b"\x99" + gif()[20:]),
    ],
)
def test_a_picture_that_is_damaged_is_refused_in_words(kind, content):
    refusal = stripped(kind, content)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_request"


def test_other_kinds_are_left_as_they_are():
    assert stripped("application/pdf", PDF) == PDF
