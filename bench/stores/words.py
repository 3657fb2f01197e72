"""What is said in the benchmark: sentences of about 200 characters, the same for every store."""

import random

WORDS = (
    "parcel order refund address invoice voucher size colour return label courier delay receipt the a to is and in my "
    "it for not with on please can when where have this you your be are update change cancel confirm number tomorrow "
    "yesterday morning Zürich café 4711 29.90 #B-20391 €45"
)
VOCABULARY = WORDS.split()
CHARS_MEAN, CHARS_SPREAD = 200, 70
SENTENCES = 4_096


def sentence(dice: random.Random) -> str:
    """One utterance."""
    length = max(20, int(dice.gauss(CHARS_MEAN, CHARS_SPREAD)))
    words: list[str] = []
    while length > 0:
        words.append(dice.choice(VOCABULARY))
        length -= len(words[-1]) + 1
    return " ".join(words).capitalize() + "."


_dice = random.Random(7)
_sentences = [sentence(_dice) for _ in range(SENTENCES)]


def said(place: int) -> str:
    """The sentence that belongs at a place, so that whoever reads can check what is read."""
    return _sentences[place * 2_654_435_761 % SENTENCES]


def state_after(turn: int) -> dict[str, object]:
    """What a bot knows after a turn."""
    return {"turn": turn, "intent": "order_status", "order": "B-20391", "city": "Lyon", "step": turn % 7}
