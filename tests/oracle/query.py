"""The query language (DESIGN §5) as a tree.

    parse('cease-fire AND ("peace talks" OR truce*) NOT /sport/')

Every operator of the design is read here, also those that the engine may not take yet.
"""

import itertools
import unicodedata
from typing import NamedTuple, Optional

import regex

from pcre2 import Pattern
from text import APOSTROPHES, HYPHENS, IGNORABLE, PUNCTUATION, SENTENCE, SPACE, ZWNJ, ends_sentence, fold, tokenize


class Words(NamedTuple):
    """Forms, each of tokens in a row; a token is a folded word, or a pattern where it has wildcards."""
    forms: tuple
    largest_gap: int


class Cased(NamedTuple):
    written: tuple
    words: tuple
    largest_gap: int


class Regex(NamedTuple):
    pattern: Pattern


class And(NamedTuple):
    operands: tuple


class Or(NamedTuple):
    operands: tuple


class Not(NamedTuple):
    operand: object


class Near(NamedTuple):
    left: object
    right: object
    distance: Optional[int]
    ordered: bool
    largest_gap: int
    negated: bool


class Scope(NamedTuple):
    field: str
    operand: object


class AtLeast(NamedTuple):
    count: int
    operand: object


class Named(NamedTuple):
    name: str


class Listed(NamedTuple):
    """The names of a phrases_file."""
    operands: tuple


QUOTES = "\"“”„‟«»＂"
LEXEMES = regex.compile(
    r"""\s*(?:
    (?P<near>(?P<not>NOT\s+)?(?P<order>O?)NEAR/(?P<reach>\d+|S|P))(?!\w)
    |(?P<operator>AND|OR|NOT)(?![\w-])
    |(?P<atleast>ATLEAST/(?P<count>\d+))\s*(?=\()
    |(?P<paren>[()])
    |[QUOTES](?P<phrase>[^QUOTES]*)[QUOTES]
    |\{(?P<cased>[^}]*)\}
    |/(?P<regex>(?:[^/\\]|\\.)*)/
    |\$(?P<name>[\w.-]+)
    |(?P<field>title|lead|body):
    |(?P<word>[^\s(){}QUOTES]+)
    )""".replace("QUOTES", QUOTES), regex.VERBOSE)


class _Reader:
    def __init__(self, query):
        self.lexemes = []
        place = 0
        while query[place:].strip():
            found = LEXEMES.match(query, place)
            if not found:
                raise ValueError(f"cannot read {query[place:]!r}")
            self.lexemes.append(found)
            place = found.end()
        self.lexemes.append(None)

    def peek(self, kind, *values):
        lexeme = self.lexemes[0]
        if lexeme is None or lexeme[kind] is None:
            return False
        return not values or lexeme[kind] in values

    def take(self):
        return self.lexemes.pop(0)


def parse(query):
    reader = _Reader(query)
    tree = _or(reader)
    if reader.lexemes[0] is not None:
        raise ValueError(f"{query!r}: two operands side by side at {reader.lexemes[0][0]!r}")
    return tree


def listed(content):
    lines = (line.strip(" \t\r\v\f") for line in content.removeprefix("\ufeff").split("\n"))
    return Listed(tuple(_name(line) for line in lines if line and not line.startswith("#")))


def _name(line):
    if line.startswith("{") and line.endswith("}"):
        return _cased(line[1:-1])
    return _phrase(regex.sub("[*?]", " ", line), _gap_within(line))


def _or(reader):
    operands = [_and(reader)]
    while reader.peek("operator", "OR"):
        reader.take()
        operands.append(_and(reader))
    return operands[0] if len(operands) == 1 else Or(tuple(operands))


def _and(reader):
    operands = [_not(reader)]
    while reader.peek("operator", "AND"):
        reader.take()
        operands.append(_not(reader))
    return operands[0] if len(operands) == 1 else And(tuple(operands))


def _not(reader):
    operands = [] if reader.peek("operator", "NOT") else [_near(reader)]
    while reader.peek("operator", "NOT"):
        reader.take()
        operands.append(Not(_near(reader)))
    return operands[0] if len(operands) == 1 else And(tuple(operands))


def _near(reader):
    tree = _operand(reader)
    while reader.peek("near"):
        lexeme = reader.take()
        reach = lexeme["reach"]
        distance = int(reach) if reach.isdigit() else None
        largest_gap = {"S": PUNCTUATION, "P": 3}.get(reach, 4)
        tree = Near(tree, _operand(reader), distance, bool(lexeme["order"]), largest_gap,
                    bool(lexeme["not"]))
    return tree


def _operand(reader):
    lexeme = reader.take()
    if lexeme is None:
        raise ValueError("an operand is missing at the end")
    if lexeme["paren"] == "(":
        tree = _or(reader)
        if not reader.peek("paren", ")"):
            raise ValueError("a closing parenthesis is missing")
        reader.take()
        return tree
    if lexeme["atleast"]:
        return AtLeast(int(lexeme["count"]), _operand(reader))
    if lexeme["phrase"] is not None:
        return _phrase(lexeme["phrase"], _gap_within(lexeme["phrase"].replace("?", "_")))
    if lexeme["cased"] is not None:
        return _cased(lexeme["cased"])
    if lexeme["regex"] is not None:
        return Regex(Pattern(lexeme["regex"]))
    if lexeme["name"]:
        return Named(lexeme["name"])
    if lexeme["field"]:
        return Scope(lexeme["field"], _operand(reader))
    if lexeme["word"]:
        return _bare(lexeme["word"])
    raise ValueError(f"unexpected {lexeme[0]!r}")


def _bare(word):
    forms = _forms(word)
    if not forms:
        raise ValueError(f"{word!r} has no letters")
    return Words(tuple(forms), SPACE)


def _gap_within(written):
    """A phrase that is itself written like the end of a sentence reaches over one."""
    tokens = tokenize(written, "und")
    ends = (ends_sentence(left, written[left.end:right.start]) for left, right in itertools.pairwise(tokens))
    return SENTENCE if any(ends) else PUNCTUATION


def _phrase(written, largest_gap):
    forms = [forms for forms in map(_forms, written.split()) if forms]
    if not forms:
        raise ValueError(f"{written!r} has no letters")
    rows = itertools.product(*forms)
    return Words(tuple(tuple(itertools.chain(*row)) for row in rows), largest_gap)


def _cased(written):
    tokens = tokenize(written, "und")
    return Cased(tuple(as_written(written[token.start:token.end]) for token in tokens),
                 tuple(token.folded for token in tokens), _gap_within(written))


def as_written(source):
    """What {} compares: the source, whatever its composition and whatever the fold drops."""
    return unicodedata.normalize("NFC", IGNORABLE.sub("", source))


def _forms(word):
    """The word's tokens; of a hyphenated one, or one with a ZWNJ, also those of the joined word."""
    apart = tuple(_tokens(word))
    if not apart:
        return []
    joined = regex.sub("[" + regex.escape(HYPHENS) + ZWNJ + "]", "", word)
    return [apart] if joined == word or len(apart) == 1 else [apart, tuple(_tokens(joined))]


def _tokens(word):
    for piece in regex.split("[" + regex.escape(HYPHENS + APOSTROPHES) + "]+", word):
        if "*" in piece or "?" in piece:
            yield _wildcard(piece)
        else:
            yield from (token.folded for token in tokenize(piece, "und"))


def _wildcard(piece):
    """`*` at an end stands for any letters, `?` for one."""
    parts = regex.split("([*?])", piece)
    pattern = "".join(
        ".*" if part == "*" else "." if part == "?" else regex.escape(fold(part)) for part in parts)
    return regex.compile(pattern, regex.DOTALL)
