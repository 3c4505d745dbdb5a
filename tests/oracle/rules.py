"""Rule files, and which of their rules hold for an article, with the evidence, by brute force.

    rules = load(["tests/broker/rules"])
    for match in matches(rules, {"title": "Truce holds", "body": "", "language": "en"}):
        match.topic, match.rule, match.hits, match.evidence

A span is (field, start, end) in code points of the field; evidence is in reading order, every span once.
"""

import pathlib
from typing import NamedTuple

import regex
import yaml

import query
from text import PUNCTUATION, Text

FIELDS = ("title", "lead", "body")
TITLE, LEAD, BODY = range(3)
EVIDENCE_MAX = 32


class Rule(NamedTuple):
    topic: str
    rule: str
    tree: object
    languages: tuple
    named: dict


class Match(NamedTuple):
    topic: str
    rule: str
    hits: int
    evidence: list


class Occurrence(NamedTuple):
    """Tokens first to last (both included) of a field, and the code points that they cover."""
    field: int
    first: int
    last: int
    start: int
    end: int


def load(paths):
    loaded = []
    for path in map(pathlib.Path, paths):
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            with open(file, encoding="utf-8") as stream:
                loaded += load_content(yaml.safe_load(stream), lambda name, by=file: _read(by.parent / name))
    return sorted(loaded, key=lambda rule: (rule.topic, rule.rule))


def _read(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return stream.read()


def load_content(content, read=None):
    """The stable rules of one file; read(name) is the content of another one."""
    named = {name: query.parse(text) for name, text in content.get("queries", {}).items()}
    return [Rule(content["topic"], rule["id"],
                 query.parse(rule["query"]) if "query" in rule else query.listed(read(rule["phrases_file"])),
                 tuple(rule.get("languages", ())), named)
            for rule in content["rules"] if rule.get("status", "stable") == "stable"]


def matches(rules, article, note=None):
    """The rules that hold; note(tree, article, holds) is told of every part of their queries."""
    language = primary_subtag(article.get("language") or "")
    texts = [Text(article.get(field) or "", language) for field in FIELDS]
    found = []
    for rule in rules:
        if not speaks(rule, language):
            continue
        holds, occurrences = _Evaluation(texts, rule.named, note).evaluate(rule.tree)
        if holds:
            spans = sorted({(one.field, one.start, one.end) for one in occurrences})
            evidence = [(FIELDS[field], start, end) for field, start, end in spans]
            found.append(Match(rule.topic, rule.rule, len(spans), evidence[:EVIDENCE_MAX]))
    return found


def speaks(rule, language):
    """language: a primary subtag."""
    return not rule.languages or not language or language in map(primary_subtag, rule.languages)


def primary_subtag(tag):
    return regex.split("[-_.@]", tag.lower())[0]


class Part(NamedTuple):
    """What a query may look at: a field, or no more of it than its first paragraph."""
    field: int
    last: int
    end: int


class _Evaluation:
    def __init__(self, texts, named, note=None, parts=None):
        self.texts = texts
        self.named = named
        self.note = note
        self.parts = parts or [_whole(texts, field) for field in range(len(FIELDS))]

    def evaluate(self, tree):
        """Whether the tree holds for the article, and the occurrences that show it."""
        answer = self._evaluate(tree)
        if self.note:
            self.note(tree, self.texts, answer[0])
        return answer

    def _evaluate(self, tree):
        if isinstance(tree, query.And):
            parts = [self.evaluate(operand) for operand in tree.operands]
            holds = all(part[0] for part in parts)
            return holds, [one for part in parts for one in part[1]] if holds else []
        if isinstance(tree, (query.Or, query.Listed)):
            parts = [self.evaluate(operand) for operand in tree.operands]
            return any(part[0] for part in parts), [one for part in parts for one in part[1]]
        if isinstance(tree, query.Not):
            return not self.evaluate(tree.operand)[0], []
        if isinstance(tree, query.Scope):
            only = _Evaluation(self.texts, self.named, self.note, [_scope(self.texts, tree.field)])
            return only.evaluate(tree.operand)
        if isinstance(tree, query.Named):
            return self.evaluate(self.named[tree.name])
        if isinstance(tree, query.AtLeast):
            occurrences = self.evaluate(tree.operand)[1]
            enough = self._distinct(occurrences) >= tree.count
            return enough, occurrences if enough else []
        occurrences = self.occurrences(tree)
        return bool(occurrences), occurrences

    def occurrences(self, tree):
        if isinstance(tree, query.Or):
            return [one for operand in tree.operands for one in self.occurrences(operand)]
        if isinstance(tree, query.Named):
            return self.occurrences(self.named[tree.name])
        if isinstance(tree, query.Near):
            return self._near(tree)
        find = {query.Words: self._words, query.Cased: self._cased, query.Regex: self._regex}
        return [one for part in self.parts for one in find[type(tree)](tree, part)]

    def _words(self, tree, part):
        text = self.texts[part.field]
        for form in tree.forms:
            for first in _candidates(text, form[0]):
                last = first + len(form) - 1
                if last <= part.last and all(map(_is, form[1:], text.words[first + 1:])):
                    if text.gap(first, last) <= tree.largest_gap:
                        yield Occurrence(part.field, first, last, text.tokens[first].start,
                                         text.tokens[last].end)

    def _cased(self, tree, part):
        text = self.texts[part.field]
        for one in self._words(query.Words((tree.words,), tree.largest_gap), part):
            tokens = text.tokens[one.first:one.last + 1]
            if tree.written == tuple(
                    query.as_written(text.source[token.start:token.end]) for token in tokens):
                yield one

    def _regex(self, tree, part):
        for start, end in tree.pattern.find_all(self.texts[part.field].source):
            if end <= part.end:
                yield Occurrence(part.field, -1, -1, start, end)

    def _near(self, tree):
        lefts, rights = self.occurrences(tree.left), self.occurrences(tree.right)
        if tree.negated:
            return [left for left in lefts
                    if not any(self._is_near(tree, left, right) for right in rights)]
        return _minimal({_cover(left, right) for left in lefts for right in rights
                         if self._is_near(tree, left, right)})

    def _is_near(self, tree, left, right):
        if left.field != right.field:
            return False
        if left.first > right.first:
            if tree.ordered:
                return False
            left, right = right, left
        distance = right.first - left.last
        if distance < 1 or (tree.distance is not None and distance > tree.distance):
            return False
        return self.texts[left.field].gap(left.first, max(left.last, right.last)) <= tree.largest_gap

    def _distinct(self, occurrences):
        in_body = any(one.field == BODY for one in occurrences)
        repeated = in_body and _holds_row(self.texts[BODY].words, self.texts[LEAD].words)
        count, field, end = 0, -1, 0
        for one in sorted(occurrences, key=lambda one: (one.field, one.end)):
            if repeated and one.field == LEAD:
                continue
            if one.field != field or one.start >= end:
                count, field, end = count + 1, one.field, one.end
        return count


def _whole(texts, field):
    return Part(field, len(texts[field].tokens) - 1, len(texts[field].source))


def _scope(texts, name):
    if name == "lead" and not texts[LEAD].source:
        return Part(BODY, *texts[BODY].first_paragraph)
    return _whole(texts, FIELDS.index(name))


def _holds_row(words, row):
    return any(words[first:first + len(row)] == row for first in range(len(words) - len(row) + 1))


def _minimal(covers):
    """Those that cover no other."""
    return [one for one in covers if not any(
        other != one and other.field == one.field and one.first <= other.first and
        other.last <= one.last for other in covers)]


def _candidates(text, word):
    if isinstance(word, str):
        return text.places.get(word, ())
    return [index for folded, places in text.places.items() if word.fullmatch(folded)
            for index in places]


def _is(word, folded):
    return word == folded if isinstance(word, str) else bool(word.fullmatch(folded))


def _cover(left, right):
    return Occurrence(left.field, min(left.first, right.first), max(left.last, right.last),
                      min(left.start, right.start), max(left.end, right.end))
