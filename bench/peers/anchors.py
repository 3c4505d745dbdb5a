#!/usr/bin/python3
"""The anchors of a rule set: phrases of which at least one stands in every article for which a rule holds.

    anchors.py [RULES...]                     # prints them, a line each; the shipped catalog by default
    for anchor in anchors.of([path], texts):  anchor.topic, anchor.forms, anchor.is_caseless

This is what a peer is given to search for: what our rules cannot hold without, without the conditions on it. Queries are
read by the independent matcher's parser (tests/oracle). Where a query demands several things (AND, NEAR), what other rules
need anyway is taken, else what is rarest in `texts`, so that the peer has few anchors, and few articles with one.
"""

import argparse
import collections
import itertools
import pathlib
import re
import sys
from typing import NamedTuple

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "oracle"), str(ROOT / "bench" / "peers")]

import query  # noqa: E402
from corpus import corpus, text_of  # noqa: E402
from text import tokenize  # noqa: E402

CATALOG = ROOT / "rules" / "catalog"
SAMPLE = 1_000
SWEEPS = 3  # the third changes nothing any more
TOKEN = re.compile(r"\w+")
SPACELESS = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def _as_written(source, language):
    return [token._replace(folded=source[token.start:token.end].lower()) for token in tokenize(source, language)]


# The peers do not fold: they are to look for words as they are written, accents and all.
query.tokenize, query.fold = _as_written, str.lower


class Anchor(NamedTuple):
    topic: str
    forms: tuple  # expressions that re and Hyperscan read alike
    is_caseless: bool


def of(paths, texts):
    """Every anchor once a topic, in the order of the rule files."""
    chooser = _Chooser(texts)
    rules = list(_queries(paths))
    chosen = [[] for _ in rules]
    for _ in range(SWEEPS):
        for number, (_, tree, named) in enumerate(rules):
            chosen[number] = chooser.choose(tree, named, instead_of=chosen[number])
    return list(dict.fromkeys(Anchor(topic, *_expressions(leaf))
                              for (topic, _, _), leaves in zip(rules, chosen) for leaf in leaves))


def _queries(paths):
    for path in map(pathlib.Path, paths):
        directory = path if path.is_dir() else path.parent
        common = _load(directory / "common.yaml").get("queries", {})
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            content = _load(file)
            named = {name: query.parse(text) for name, text in {**common, **content.get("queries", {})}.items()}
            for rule in content.get("rules", ()):
                if "query" in rule:
                    yield content["topic"], query.parse(rule["query"]), named


def _load(path):
    if not path.exists():
        return {}
    with open(path, encoding="utf-8") as stream:
        return yaml.load(stream, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class _Chooser:
    def __init__(self, texts):
        self.words, self.pairs = collections.Counter(), collections.Counter()
        for text in texts:
            words = TOKEN.findall(text.lower())
            self.words.update(words)
            self.pairs.update(itertools.pairwise(words))
        self.costs = {}
        self.used = collections.Counter()  # what other rules have chosen costs nothing more

    def choose(self, tree, named, instead_of):
        self.used.subtract(set(instead_of))
        leaves = self.leaves(tree, named)
        self.used.update(set(leaves))
        return leaves

    def leaves(self, tree, named):
        """What must be there: the leaves of the rarest of the operands that are all demanded."""
        if isinstance(tree, query.Named):
            return self.leaves(named[tree.name], named)
        if isinstance(tree, (query.Scope, query.AtLeast)):
            return self.leaves(tree.operand, named)
        if isinstance(tree, query.Or):
            return [leaf for operand in tree.operands for leaf in self.leaves(operand, named)]
        if isinstance(tree, query.And):
            demanded = [operand for operand in tree.operands if not isinstance(operand, query.Not)]
        elif isinstance(tree, query.Near):
            demanded = [tree.left] if tree.negated else [tree.left, tree.right]
        else:
            return [tree]
        return min((self.leaves(operand, named) for operand in demanded), key=self._cost)

    def _cost(self, leaves):
        more = [leaf for leaf in leaves if not self.used[leaf]]
        return sum(map(self._occurrences, more)), len(more)

    def _occurrences(self, leaf):
        if leaf not in self.costs:
            if isinstance(leaf, query.Regex):
                self.costs[leaf] = self.words.total()
            else:
                forms = leaf.forms if isinstance(leaf, query.Words) else (leaf.words,)
                self.costs[leaf] = sum(map(self._occurrences_of, forms))
        return self.costs[leaf]

    def _occurrences_of(self, form):
        """Of its rarest pair of words, the most that a phrase can have."""
        if len(form) > 1 and all(isinstance(word, str) for word in form):
            return min(self.pairs[pair] for pair in itertools.pairwise(form))
        return min(map(self._occurrences_of_word, form))

    def _occurrences_of_word(self, word):
        if isinstance(word, str):
            return self.words[word]
        return sum(count for each, count in self.words.items() if word.fullmatch(each))


def _expressions(leaf):
    """The forms as they are written, as whole words where Hyperscan can tell (of ASCII), and whether case is ignored."""
    if isinstance(leaf, query.Regex):
        raise ValueError("an anchor that is a regular expression: teach bench/peers/anchors.py to give it to the peers")
    if isinstance(leaf, query.Cased):
        return (whole_words(_joined(leaf.written, " ")),), False
    joiners = " " if leaf.largest_gap != query.SPACE else " -"
    return tuple(dict.fromkeys(whole_words(_joined(form, joiner)) for form in leaf.forms for joiner in joiners)), True


def _joined(form, joiner):
    joined = ""
    for word in form:
        expression = re.escape(word) if isinstance(word, str) else word.pattern
        spaceless = joined and SPACELESS.match(joined[-1]) and SPACELESS.match(expression)
        joined += expression if not joined or spaceless else joiner + expression
    return joined


def whole_words(expression):
    """A wildcard at an end, `.*` here, leaves that end open."""
    expression = re.sub(r"^([A-Za-z0-9])", r"\\b\1", expression)
    expression = re.sub(r"([A-Za-z0-9])$", r"\1\\b", expression)
    return expression.removeprefix(".*").removesuffix(".*")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", default=[CATALOG])
    parser.add_argument("--corpus", help="NDJSON, plain or .zst, or: generated")
    options = parser.parse_args()
    for anchor in of(options.rules, map(text_of, corpus(options.corpus)[:SAMPLE])):
        for form in anchor.forms:
            print(anchor.topic, "caseless" if anchor.is_caseless else "as written", form, sep="\t")


if __name__ == "__main__":
    main()
