"""Rule files, and which of their rules hold for an article, with the evidence, by brute force.

    rules = load(["tests/broker/rules"])
    for match in matches(rules, {"title": "Truce holds", "body": "", "language": "en"}):
        match.topic, match.rule, match.hits, match.evidence

A span is (field, start, end) in code points of the field; evidence is in reading order, every span once.
"""

import pathlib
from typing import NamedTuple

import yaml

import query
from text import Text

FIELDS = ("title", "lead", "body")
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
    rules = []
    for path in map(pathlib.Path, paths):
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            with open(file, encoding="utf-8") as stream:
                content = yaml.safe_load(stream)
            named = {name: query.parse(text) for name, text in content.get("queries", {}).items()}
            for rule in content["rules"]:
                if rule.get("status", "stable") == "stable":
                    rules.append(Rule(content["topic"], rule["id"], query.parse(rule["query"]),
                                      tuple(rule.get("languages", ())), named))
    return sorted(rules, key=lambda rule: (rule.topic, rule.rule))


def matches(rules, article):
    texts = [Text(article.get(field) or "") for field in FIELDS]
    language = (article.get("language") or "").split("-")[0].lower()
    found = []
    for rule in rules:
        if rule.languages and language and language not in rule.languages:
            continue
        holds, occurrences = _Evaluation(texts, rule.named).evaluate(rule.tree)
        if holds:
            spans = sorted({(one.field, one.start, one.end) for one in occurrences})
            evidence = [(FIELDS[field], start, end) for field, start, end in spans]
            found.append(Match(rule.topic, rule.rule, len(spans), evidence[:EVIDENCE_MAX]))
    return found


class _Evaluation:
    def __init__(self, texts, named, fields=range(len(FIELDS))):
        self.texts = texts
        self.named = named
        self.fields = fields

    def evaluate(self, tree):
        """Whether the tree holds for the article, and the occurrences that show it."""
        if isinstance(tree, query.And):
            parts = [self.evaluate(operand) for operand in tree.operands]
            holds = all(part[0] for part in parts)
            return holds, [one for part in parts for one in part[1]] if holds else []
        if isinstance(tree, query.Or):
            parts = [self.evaluate(operand) for operand in tree.operands]
            return any(part[0] for part in parts), [one for part in parts for one in part[1]]
        if isinstance(tree, query.Not):
            return not self.evaluate(tree.operand)[0], []
        if isinstance(tree, query.Scope):
            only = _Evaluation(self.texts, self.named, [FIELDS.index(tree.field)])
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
        return [one for field in self.fields for one in find[type(tree)](tree, field)]

    def _words(self, tree, field):
        text = self.texts[field]
        width = len(tree.words)
        for first in _candidates(text, tree.words[0]):
            last = first + width - 1
            if last < len(text.tokens) and all(
                    _is(word, text.tokens[first + place].folded)
                    for place, word in enumerate(tree.words)):
                if text.gap(first, last) <= tree.largest_gap:
                    yield Occurrence(field, first, last, text.tokens[first].start,
                                     text.tokens[last].end)

    def _cased(self, tree, field):
        for one in self._words(query.Words(tree.words, tree.largest_gap), field):
            if self.texts[field].source[one.start:one.end] == tree.exact:
                yield one

    def _regex(self, tree, field):
        text = self.texts[field]
        for found in tree.pattern.finditer(text.source):
            start, end = found.span()
            covered = [index for index, token in enumerate(text.tokens)
                       if token.start < end and token.end > start]
            if end > start:
                yield Occurrence(field, covered[0] if covered else -1,
                                 covered[-1] if covered else -1, start, end)

    def _near(self, tree):
        lefts, rights = self.occurrences(tree.left), self.occurrences(tree.right)
        if tree.negated:
            return [left for left in lefts
                    if not any(self._is_near(tree, left, right) for right in rights)]
        return [_cover(left, right) for left in lefts for right in rights
                if self._is_near(tree, left, right)]

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
        return self.texts[left.field].gap(left.first, right.last) <= tree.largest_gap

    def _distinct(self, occurrences):
        lead, body = self.texts[1].source, self.texts[2].source
        repeated = bool(lead) and lead in body
        count, field, end = 0, -1, 0
        for one in sorted(occurrences, key=lambda one: (one.field, one.end)):
            if repeated and one.field == 1:
                continue
            if one.field != field or one.start >= end:
                count, field, end = count + 1, one.field, one.end
        return count


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
