"""What is said without asking anything: greetings, thanks, "are you a robot?", "I want to talk to a person"."""

from collections.abc import Sequence

from chatsession.bots.knowledge.language import Language, forms

PERSON_WORDS_MAX = 14
BY_RANK = ("person", "robot", "bye", "thanks", "about", "how_are_you", "greeting", "dissent", "assent")
"""Where one message holds several, the first of these is answered."""


def small_talk_in(text: str, speech: Language, *, human_was_offered: bool) -> str | None:
    """The kind of small talk that a message is and nothing more; None where it asks something."""
    said = forms(text)
    if _asks_for_person(said, speech):
        return "person"
    kinds, rest = _read(said, speech)
    if rest or not kinds:
        return None
    kind = next(kind for kind in BY_RANK if kind in kinds)
    return "person" if kind == "assent" and human_was_offered else kind


def _asks_for_person(said: Sequence[str], speech: Language) -> bool:
    """Whether a message asks for a human and, before any "about", for nothing else."""
    about = {word for (word,) in speech.small_talk["person_about"]}
    upto = next((at for at, word in enumerate(said) if at > 1 and word in about), len(said))
    asked = said[:upto]
    person = _find(asked, speech.small_talk["person_words"])
    if not person or len(said) > PERSON_WORDS_MAX + len(said) - upto:
        return False
    wanted = _find(asked, speech.small_talk["person_asked"])
    covered = set(person) | set(wanted)
    rest = [word for at, word in enumerate(asked) if at not in covered and word not in speech.stop_words]
    is_alone = len(asked) == len(person)
    return (bool(wanted) or is_alone) and not [word for word in rest if not _is_courtesy(word, speech)]


def _is_courtesy(word: str, speech: Language) -> bool:
    return (word,) in speech.small_talk["fillers"] or any((word,) in speech.small_talk[kind] for kind in BY_RANK[1:])


def _find(said: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> list[int]:
    return [
        at + offset
        for phrase in phrases
        for at in range(len(said) - len(phrase) + 1)
        if tuple(said[at : at + len(phrase)]) == phrase
        for offset in range(len(phrase))
    ]


def _read(said: Sequence[str], speech: Language) -> tuple[set[str], list[str]]:
    """Which kinds of small talk cover the words, and the words they do not cover."""
    kinds: set[str] = set()
    rest: list[str] = []
    at = 0
    while at < len(said):
        kind, length = _longest(said[at:], speech)
        if kind is not None:
            kinds.add(kind)
        elif (said[at],) not in speech.small_talk["fillers"]:
            rest.append(said[at])
        at += max(length, 1)
    return kinds, rest


def _longest(said: Sequence[str], speech: Language) -> tuple[str | None, int]:
    fitting = [
        (len(phrase), kind)
        for kind in BY_RANK[1:]
        for phrase in speech.small_talk[kind]
        if tuple(said[: len(phrase)]) == phrase
    ]
    length, kind = max(fitting, key=lambda each: each[0], default=(0, None))
    return kind, length
