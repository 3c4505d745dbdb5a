"""Tocsin's text model (DESIGN §4) once more, slowly and from the words of the design alone.

    text = Text("The cease-fire holds.")
    [token.folded for token in text.tokens]      # ['the', 'cease', 'fire', 'holds']
    text.gap(1, 2)                               # 0: only a hyphen between "cease" and "fire"

It shares no code, no table and no library with the engine, so that the two can be compared.
"""

import unicodedata
from typing import NamedTuple

import regex

JOINER, SPACE, PUNCTUATION, SENTENCE, PARAGRAPH, FIELD = range(6)

APOSTROPHES = "'\u2018\u2019\u02b9\u02bc"
HYPHENS = "-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u058a\u05be"
ZWNJ = "\u200c"
SENTENCE_ENDS = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964"
FULL_WIDTH_ENDS = "\u3002\uff01\uff1f"
END_AND_SPACE = regex.compile(r"[.!?\u2026\u061f\u0964][\p{Pf}\p{Pe}\"']*\s")
BLANK_LINE = regex.compile(r"\n[ \t\r]*\n|\u2029")

# UTF-8 punctuation read as cp1252: its bytes E2 80 xx became these characters.
DEBRIS = regex.compile("â€[œ™˜“”¦\u009d]|â€")

WORD = regex.compile(
    r"(?:(?![\u02b9\u02bc\u200c])[\p{L}\p{M}\p{Nd}\p{Nl}])"
    r"(?:(?![\u02b9\u02bc\u200c])[\p{L}\p{M}\p{Nd}\p{Nl}\p{Default_Ignorable_Code_Point}])*"
)
PER_CLUSTER = regex.compile(
    r"(?=[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}])\X|"
    r"(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]).)+",
    regex.DOTALL,
)
IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
TRAILING_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+$")
MARKS_FALL_ON = regex.compile(r"[\p{Latin}\p{Greek}\p{Hebrew}\p{Arabic}\p{Cyrillic}]")
LETTERS = str.maketrans({
    "ı": "i", "ł": "l", "ø": "o", "đ": "d",
    "\u0640": None, "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647",
})
KEPT_MARKS = {("\u0438", "\u0306"), ("\u0456", "\u0308")}  # й and ї


class Token(NamedTuple):
    folded: str
    start: int  # code points of the text
    end: int


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
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in folded)


def tokenize(source):
    text = DEBRIS.sub(lambda found: " " * len(found[0]), source) if "â" in source else source
    tokens = []
    for run in WORD.finditer(text):
        start, end = run.span()
        word = run[0]
        if word.isascii():
            tokens.append(Token(word.lower(), start, end))
            continue
        for piece in PER_CLUSTER.finditer(word):
            exact = TRAILING_IGNORABLE.sub("", piece[0])
            begin, length = start + piece.start(), len(exact)
            while exact.endswith("â") or exact.startswith("â"):
                if exact.endswith("â"):
                    exact, length = exact[:-1], length - 1
                else:
                    exact, begin, length = exact[1:], begin + 1, length - 1
            folded = fold(exact)
            if folded:
                tokens.append(Token(folded, begin, begin + length))
    return tokens


class Text:
    """One field's tokens, where each folded word stands, and the gap class before each token."""

    def __init__(self, source):
        self.source = source
        self.tokens = tokenize(source)
        self.places = {}
        for index, token in enumerate(self.tokens):
            self.places.setdefault(token.folded, []).append(index)
        self._has_blank_line = bool(BLANK_LINE.search(source))
        self._gap_before = {}

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
        single_letters = len(left.folded) == 1 and len(right.folded) == 1
        if between == "." and single_letters and (left.folded + right.folded).isalpha():
            return JOINER
        largest = max((_class_of(char) for char in between), default=JOINER)
        ends = self._ends_sentence(left, between, right)
        if BLANK_LINE.search(between):
            return PARAGRAPH
        if ends:
            return PARAGRAPH if "\n" in between and not self._has_blank_line else SENTENCE
        return largest

    def _ends_sentence(self, left, between, right):
        if not any(char in SENTENCE_ENDS for char in between):
            return False
        if any(char in FULL_WIDTH_ENDS for char in between):
            return True
        if len(left.folded) == 1 or self.source[right.start].islower():
            return False
        return bool(END_AND_SPACE.search(between))


def _class_of(char):
    if char in APOSTROPHES or char in HYPHENS or char == ZWNJ or IGNORABLE.match(char):
        return JOINER
    return SPACE if char.isspace() else PUNCTUATION
