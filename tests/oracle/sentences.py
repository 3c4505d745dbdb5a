"""Where sentences start: the rules SB4 to SB998 of UAX #29, read one after the other.

    sentence_starts("It holds. Both sides agree.")      # [10]

Line breaks count as spaces: articles wrap their lines.
"""

import functools

import regex

CLASSES = ("CR", "LF", "Extend", "Sep", "Format", "Sp", "Lower", "Upper", "OLetter", "Numeric", "ATerm",
           "SContinue", "STerm", "Close")
PROPERTY = regex.compile("|".join(rf"(?P<{name}>\p{{SB={name}}})" for name in CLASSES))
TERMINATORS = ("ATerm", "STerm")


@functools.lru_cache(maxsize=None)
def _property(char):
    if char in "\n\r":
        return "Sp"
    found = PROPERTY.match(char)
    return found.lastgroup if found else "Other"


def sentence_starts(text):
    chars = []  # (place, class), without what SB5 looks through
    for place, char in enumerate(text):
        kind = _property(char)
        if kind not in ("Extend", "Format") or not chars or chars[-1][1] == "Sep":
            chars.append((place, kind))
    kinds = [kind for _, kind in chars]
    return [chars[index][0] for index in range(1, len(chars)) if _breaks(kinds, index)]


def _breaks(kinds, index):
    """Whether a sentence starts at `index`."""
    if kinds[index - 1] == "Sep":
        return True  # SB4
    end = index
    while end > 0 and kinds[end - 1] == "Sp":
        end -= 1
    has_spaces = end < index
    while end > 0 and kinds[end - 1] == "Close":
        end -= 1
    if end == 0 or kinds[end - 1] not in TERMINATORS:
        return False  # SB998
    is_full_stop = kinds[end - 1] == "ATerm"
    if is_full_stop and end == index:
        if kinds[index] == "Numeric":
            return False  # SB6
        if kinds[index] == "Upper" and end > 1 and kinds[end - 2] in ("Upper", "Lower"):
            return False  # SB7
    if is_full_stop and _goes_on_in_lower_case(kinds, index):
        return False  # SB8
    if kinds[index] in ("SContinue", *TERMINATORS, "Sp", "Sep"):
        return False  # SB8a, SB9, SB10
    return has_spaces or kinds[index] != "Close"  # SB9, SB11


def _goes_on_in_lower_case(kinds, index):
    for kind in kinds[index:]:
        if kind in ("OLetter", "Upper", "Lower", "Sep", *TERMINATORS):
            return kind == "Lower"
    return False
