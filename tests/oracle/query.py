"""The query language (DESIGN §5) as a tree.

    parse('cease-fire AND ("peace talks" OR truce*) NOT /sport/')

Every operator of the design is read here, also those that the engine may not take yet.
"""

from typing import NamedTuple, Optional

import regex

from text import APOSTROPHES, HYPHENS, JOINER, PUNCTUATION, SPACE, fold, tokenize


class Words(NamedTuple):
    """Tokens in a row; each is a folded word, or a compiled pattern where it has wildcards."""
    words: tuple
    largest_gap: int


class Cased(NamedTuple):
    exact: str
    words: tuple
    largest_gap: int


class Regex(NamedTuple):
    pattern: object


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


LEXEMES = regex.compile(
    r"""\s*(?:
    (?P<near>(?P<not>NOT\s+)?(?P<order>O?)NEAR/(?P<reach>\d+|S|P))(?!\w)
    |(?P<operator>AND|OR|NOT)(?![\w-])
    |(?P<atleast>ATLEAST/(?P<count>\d+))\s*(?=\()
    |(?P<paren>[()])
    |"(?P<phrase>[^"]*)"
    |\{(?P<cased>[^}]*)\}
    |/(?P<regex>(?:[^/\\]|\\.)*)/
    |\$(?P<name>[\w.-]+)
    |(?P<field>title|lead|body):
    |(?P<word>[^\s()"{}]+)
    )""", regex.VERBOSE)


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
    if reader.peek("operator", "NOT"):
        reader.take()
        return Not(_near(reader))
    operands = [_near(reader)]
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
        return Words(tuple(_words(lexeme["phrase"])), PUNCTUATION)
    if lexeme["cased"] is not None:
        words = tuple(token.folded for token in tokenize(lexeme["cased"]))
        return Cased(lexeme["cased"], words, PUNCTUATION)
    if lexeme["regex"] is not None:
        return Regex(regex.compile(lexeme["regex"].replace(r"\/", "/")))
    if lexeme["name"]:
        return Named(lexeme["name"])
    if lexeme["field"]:
        return Scope(lexeme["field"], _operand(reader))
    if lexeme["word"]:
        return _bare(lexeme["word"])
    raise ValueError(f"unexpected {lexeme[0]!r}")


def _bare(word):
    words = tuple(_words(word))
    if not words:
        raise ValueError(f"{word!r} has no letters")
    row = Words(words, SPACE)
    parts = regex.split("[" + regex.escape(HYPHENS) + "]", word)
    if len(parts) == 1 or not all(isinstance(one, str) for one in words):
        return row
    return Or((row, Words(("".join(words),), JOINER)))


def _words(written):
    for piece in regex.split(r"[\s" + regex.escape(HYPHENS + APOSTROPHES) + "]+", written):
        if "*" in piece or "?" in piece:
            yield _wildcard(piece)
        else:
            yield from (token.folded for token in tokenize(piece))


def _wildcard(piece):
    """`*` at an end stands for any letters, `?` for one."""
    pattern = "".join(
        r"\w*" if char == "*" else r"\w" if char == "?" else regex.escape(char)
        for char in fold(piece.replace("*", "\ue000").replace("?", "\ue001"))
        .replace("\ue000", "*").replace("\ue001", "?"))
    return regex.compile(pattern)
