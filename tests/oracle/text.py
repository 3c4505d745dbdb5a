"""Tocsin's text model (DESIGN §4) once more, slowly and from the words of the design alone.

    text = Text("The cease-fire holds.", "en")
    [token.folded for token in text.tokens]      # ['the', 'cease', 'fire', 'holds']
    text.gap(1, 2)                               # 0: only a hyphen between "cease" and "fire"

It shares no code, no table and no library with the engine, so that the two can be compared. One thing it does not
know: the abbreviations behind which a language ends no sentence.
"""

import bisect
import functools
import unicodedata
from typing import NamedTuple

import regex

from sentences import sentence_starts

JOINER, SPACE, PUNCTUATION, SENTENCE, PARAGRAPH, FIELD = range(6)

APOSTROPHES = "'\u2018\u2019\u02b9\u02bc\uff07"  # U+FF07 is U+0027 by NFKC
HYPHENS = "-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u058a\u05be"
ZWNJ = "\u200c"
TATWEEL = "\u0640"
IGNORABLE_CLASS = r"\p{Default_Ignorable_Code_Point}\u0640"
LINE_BREAKS = r"\n\r\x85\u2028"
LINE_BREAK = regex.compile(f"[{LINE_BREAKS}]")
BLANK_LINE = regex.compile(rf"(?>\r\n|[{LINE_BREAKS}])(?:[^\S{LINE_BREAKS}]|(?!\u200c)[{IGNORABLE_CLASS}])*"
                           rf"[{LINE_BREAKS}]|\u2029")
LETTER = r"(?:(?![\u02b9\u02bc" + IGNORABLE_CLASS + r"])[\p{L}\p{M}\p{Nd}\p{Nl}])"
WORD = regex.compile(LETTER + "(?:" + LETTER + "|(?!\u200c)[" + IGNORABLE_CLASS + "])*")
CLUSTER_CLASS = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70\p{Thai}\p{Lao}\p{Khmer}"
CLUSTER = regex.compile("[" + CLUSTER_CLASS + "]")
# NFKC takes these vowels apart; the halves are one cluster all the same.
SARA_AM = (rf"(?:(?:(?<=\u0e4d)[{IGNORABLE_CLASS}]*\u0e32|(?<=\u0ecd)[{IGNORABLE_CLASS}]*\u0eb2)"
           r"[\p{M}\u0e33\u0eb3]*)")
PER_CLUSTER = regex.compile(
    rf"(?!\p{{M}})(?=[{CLUSTER_CLASS}])\X{SARA_AM}?|(?:\p{{M}}|(?![{CLUSTER_CLASS}]).)+", regex.DOTALL)
IGNORABLE = regex.compile("[" + IGNORABLE_CLASS + "]+")
SHOWN = regex.compile("[^" + IGNORABLE_CLASS + "](?:.*[^" + IGNORABLE_CLASS + "])?", regex.DOTALL)
MARKS_FALL_ON = regex.compile(r"[\p{Latin}\p{Greek}\p{Hebrew}\p{Arabic}\p{Cyrillic}]")
LETTERS = str.maketrans({
    "ı": "i", "ł": "l", "ø": "o", "đ": "d",
    "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647",
})
KEPT_MARKS = {("\u0438", "\u0306"), ("\u0456", "\u0308")}  # й and ї

# UTF-8 punctuation is E2 80 xx; what cp1252, Latin-1 and cp1250 made of it, and of a few others.
_BYTES = bytes(range(0x80, 0xc0))
_THIRD = "".join(_BYTES.decode(codec, "ignore") for codec in ("cp1252", "cp1250", "latin-1"))
_A = "(?:â|a\u0302)"
QUOTE_DEBRIS = regex.compile(_A + "[€\u0080][" + regex.escape(_THIRD) + "]?")
OTHER_DEBRIS = regex.compile(
    "(?:Ă|A\u0306)(?=[\u2026\u02d8])|(?:Ĺ|L\u0301)(?=[“”])|(?:Â|A\u0302)(?=[\u00a0-\u00b4\u00b6-\u00bf])")
_SPACED = r"(?![\u02b9\u02bc" + CLUSTER_CLASS + r"])[\p{L}\p{M}\p{Nd}\p{Nl}]"  # each Han character is a word by itself
_VANISHING = "(?:(?!\u200c)[" + IGNORABLE_CLASS + "])*"
LONE_BEHIND = regex.compile(_A + "+(?!" + _VANISHING + _SPACED + ")")
LONE_BEFORE = regex.compile("(?<!" + _SPACED + _VANISHING + ")" + _A + "+(?=" + _SPACED + ")")
MAY_BE_DEBRIS = regex.compile("[âĂĹÂ\u0301\u0302\u0306]")


class Token(NamedTuple):
    folded: str
    start: int  # code points of the text
    end: int


def _decimal(char):
    return str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char


@functools.lru_cache(maxsize=1 << 16)
def fold(word):
    """One token's text, folded."""
    if word.isascii():
        return word.lower()
    word = IGNORABLE.sub("", word)
    before = None
    while word != before:
        before = word
        word = unicodedata.normalize("NFKC", word).casefold()
    kept = []
    base = ""
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.category(char) != "Mn":
            base = char
            kept.append(char)
        elif not base or not MARKS_FALL_ON.match(base) or (base, char) in KEPT_MARKS:
            kept.append(char)
    folded = unicodedata.normalize("NFC", "".join(kept)).translate(LETTERS)
    return "".join(map(_decimal, folded))


def _without_debris(source, language):
    if not MAY_BE_DEBRIS.search(source):
        return source
    blank = lambda found: " " * len(found[0])
    text = QUOTE_DEBRIS.sub(blank, source)
    has_debris = text != source
    text = OTHER_DEBRIS.sub(blank, text)
    behind = LONE_BEHIND.sub(blank, text)
    if language in ("", "en") or has_debris or behind != text:
        return LONE_BEFORE.sub(blank, behind)
    return behind


def tokenize(source, language=""):
    text = _without_debris(source, language)
    tokens = []
    for run in WORD.finditer(text):
        start, end = run.span()
        word = run[0]
        if word.isascii():
            tokens.append(Token(word.lower(), start, end))
            continue
        for piece in PER_CLUSTER.finditer(word):
            shown = SHOWN.search(piece[0])
            if shown:
                begin = start + piece.start()
                tokens.append(Token(fold(piece[0]), begin + shown.start(), begin + shown.end()))
    return tokens


class Text:
    """One field's tokens, where each folded word stands, and the gap class before each token."""

    def __init__(self, source, language=""):
        self.source = source
        self.tokens = tokenize(source, language)
        self.places = {}
        for index, token in enumerate(self.tokens):
            self.places.setdefault(token.folded, []).append(index)
        self._has_blank_line = bool(BLANK_LINE.search(source))
        self._gap_before = {}

    @functools.cached_property
    def words(self):
        return [token.folded for token in self.tokens]

    @functools.cached_property
    def first_paragraph(self):
        """Its last token, and where its text ends."""
        for index in range(1, len(self.tokens)):
            if self.gap(index - 1, index) >= PARAGRAPH:
                line_break = LINE_BREAK.search(self.source, self.tokens[index - 1].end, self.tokens[index].start)
                return index - 1, line_break.start() if line_break else self.tokens[index].start
        return len(self.tokens) - 1, len(self.source)

    def gap(self, first, last):
        """The largest gap class between neighbours from token `first` to token `last`."""
        return max((self._before(index) for index in range(first + 1, last + 1)), default=JOINER)

    def _before(self, index):
        if index not in self._gap_before:
            self._gap_before[index] = self._classify(index)
        return self._gap_before[index]

    def _classify(self, index):
        left, right = self.tokens[index - 1], self.tokens[index]
        between = self.source[left.end:right.start]
        if between == "." and _is_one_letter(left.folded) and _is_one_letter(right.folded):
            return JOINER
        if BLANK_LINE.search(between):
            return PARAGRAPH
        if self._ends_sentence(left, between, right):
            return PARAGRAPH if LINE_BREAK.search(between) and not self._has_blank_line else SENTENCE
        return max((_class_of(char) for char in between), default=JOINER)

    @functools.cached_property
    def _sentence_starts(self):
        return sentence_starts(self.source)

    def _ends_sentence(self, left, between, right):
        if _is_one_letter(left.folded) or not any(_ends(char) for char in between):
            return False
        place = bisect.bisect_right(self._sentence_starts, left.end)
        return place < len(self._sentence_starts) and self._sentence_starts[place] <= right.start


def ends_sentence(left, between):
    """Whether what stands behind a token looks like the end of a sentence: a stop, and then a space."""
    stop = next((place for place, char in enumerate(between) if _ends(char)), None)
    return not _is_one_letter(left.folded) and stop is not None and any(map(str.isspace, between[stop:]))


def _is_one_letter(folded):
    return len(folded) == 1 and folded.isalpha() and not CLUSTER.match(folded)


@functools.lru_cache(maxsize=None)
def _ends(char):
    return bool(regex.match(r"[\p{SB=ATerm}\p{SB=STerm}]", char))


@functools.lru_cache(maxsize=None)
def _class_of(char):
    if char in APOSTROPHES or char in HYPHENS or char == ZWNJ or IGNORABLE.match(char):
        return JOINER
    return SPACE if char.isspace() else PUNCTUATION
