"""The engine against the oracle: random rule sets and texts, every rule's answer, hits and evidence compared; and the
engine's plain scanner, which says no more than which rules hold.

    TOCSIN=build/release/tocsin PLAIN_MATCH=build/release/tests/oracle/plain_match differential.py --seed 1 --pairs 5000

A pair is a rule set and a text. On the first difference it prints the smallest case that it finds and ends with 1.
"""

import argparse
import collections
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import generate
import query
import rules
from text import PUNCTUATION

TEXTS_A_SET = 100
RULES_A_SET = (10, 20)
OPERATORS = ["word", "hyphenated", "phrase", "*", "?", "{}", "//", "AND", "OR", "NOT", "NEAR/n", "ONEAR/n", "NEAR/S",
             "NEAR/P", "ONEAR/S", "ONEAR/P", "NOT NEAR/n", "NOT ONEAR/n", "NOT NEAR/S", "NOT ONEAR/S", "NOT NEAR/P",
             "NOT ONEAR/P", "title:", "lead: mapped", "lead: first paragraph", "body:", "ATLEAST/n", "$named",
             "languages:", "phrases_file:"]


class Rule:
    """Of a query, or of the lines of a phrases_file."""
    def __init__(self, node, languages=(), lines=()):
        self.node = node
        self.languages = tuple(languages)
        self.lines = tuple(lines)

    def smaller(self):
        yield from (Rule(self.node, (), self.lines) for _ in range(bool(self.languages)))
        for index in range(len(self.lines)):
            lines = self.lines[:index] + self.lines[index + 1:]
            if query.listed("\n".join(lines)).operands:
                yield Rule(None, self.languages, lines)
        for node in _smaller(self.node) if self.node else ():
            if not generate.holds_for_nothing(node):
                yield Rule(node, self.languages)


def phrases_files(rule_list):
    return {f"r{number:02}.txt": "\n".join(rule.lines) for number, rule in enumerate(rule_list) if rule.lines}


def rule_file(rule_list):
    """As JSON, which YAML reads."""
    queries, listed = {}, []
    for number, rule in enumerate(rule_list):
        entry = {"id": f"random.r{number:02}"}
        if rule.lines:
            entry["phrases_file"] = f"r{number:02}.txt"
        else:
            queries.update(generate.names(rule.node))
            entry["query"] = generate.render(rule.node)
        if rule.languages:
            entry["languages"] = list(rule.languages)
        listed.append(entry)
    content = {"topic": "random", "title": "Random", "rules": listed}
    if queries:
        content["queries"] = queries
    return json.dumps(content, ensure_ascii=False, indent=1)


class Engine:
    """Where its plain scanner says otherwise, its answer is one that the oracle never gives."""
    def __init__(self, executable, plain_match, directory):
        self.executable, self.plain_match = executable, plain_match
        self.path = pathlib.Path(directory) / "rules.yaml"

    def answers(self, rule_list, articles):
        """By article and rule: (hits, evidence)."""
        self.path.write_text(rule_file(rule_list), encoding="utf-8")
        for name, content in phrases_files(rule_list).items():
            (self.path.parent / name).write_text(content, encoding="utf-8", newline="")
        lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
        found = {}
        for line in self._lines([self.executable, "match", "--rules", self.path], lines):
            record = json.loads(line)
            for rule in record["tocsin"]["rules"]:
                evidence = [(one["field"], one["start"], one["end"], one["exact"])
                            for one in rule["evidence"]]
                found[record["article"]["id"], rule["id"]] = (rule["hits"], evidence)
        plain = {tuple(line.split()) for line in self._lines([self.plain_match, self.path], lines)}
        return found | {key: (found.get(key), "plain scanner:", key in plain) for key in plain ^ found.keys()}

    def _lines(self, command, articles):
        run = subprocess.run(command, input=articles.encode(), capture_output=True, check=False)
        if run.returncode != 0:
            raise RuntimeError(f"{run.stderr.decode()}\n{self.path.read_text(encoding='utf-8')}")
        return run.stdout.decode().split("\n")[:-1]


class Oracle:
    def __init__(self, perturb=None):
        self.counts = collections.Counter()
        self.perturb = perturb

    def answers(self, rule_list, articles):
        loaded = self._load(rule_list)
        found = {}
        for article in articles:
            for match in rules.matches(loaded, article, self._note):
                evidence = [(field, start, end, article[field][start:end])
                            for field, start, end in match.evidence]
                found[article["id"], match.rule] = (match.hits, evidence)
            for rule in loaded:
                if rule.languages and article["language"]:
                    self.counts["languages:", rules.speaks(rule, rules.primary_subtag(article["language"]))] += 1
        return found

    def _load(self, rule_list):
        content = json.loads(rule_file(rule_list))
        if self.perturb:
            for rule in content["rules"]:
                if "query" in rule:
                    rule["query"] = rule["query"].replace(*self.perturb)
        return rules.load_content(content, phrases_files(rule_list).get)

    def _note(self, tree, texts, holds):
        for operator in _operators(tree, texts):
            self.counts[operator, holds] += 1


def _operators(tree, texts):
    if isinstance(tree, query.Words):
        yield ("phrase" if tree.largest_gap == PUNCTUATION else "hyphenated" if len(tree.forms) > 1 else "word")
        patterns = "".join(word.pattern for form in tree.forms for word in form if not isinstance(word, str))
        if ".*" in patterns:
            yield "*"
        if "." in patterns.replace(".*", ""):
            yield "?"
    elif isinstance(tree, query.Near):
        reach = "n" if tree.distance else "S" if tree.largest_gap == PUNCTUATION else "P"
        yield f"{'NOT ' * tree.negated}{'O' * tree.ordered}NEAR/{reach}"
    elif isinstance(tree, query.Scope):
        lead = " mapped" if texts[rules.LEAD].source else " first paragraph"
        yield tree.field + ":" + (lead if tree.field == "lead" else "")
    else:
        yield {query.Cased: "{}", query.Regex: "//", query.And: "AND", query.Or: "OR", query.Not: "NOT",
               query.AtLeast: "ATLEAST/n", query.Named: "$named", query.Listed: "phrases_file:"}[type(tree)]


def differences(engine, oracle, rule_list, articles):
    """(article, rule number, engine's answer, oracle's answer) of each that differs; the oracle's answers."""
    found, expected = engine.answers(rule_list, articles), oracle.answers(rule_list, articles)
    by_id = {article["id"]: article for article in articles}
    different = [key for key in sorted({*found, *expected}) if found.get(key) != expected.get(key)]
    return [(by_id[key[0]], int(key[1].removeprefix("random.r")), found.get(key), expected.get(key))
            for key in different], expected


class Shrinker:
    def __init__(self, engine, oracle, rule_list, article):
        self.engine, self.oracle = engine, oracle
        self.rules, self.article = rule_list, article

    def run(self, number):
        self._drop_rules(number)
        changed = True
        while changed:
            changed = self._shrink_text() | self._shrink_query()
        return differences(self.engine, self.oracle, self.rules, [self.article])[0][0]

    def _drop_rules(self, number):
        kept = [self.rules[number]]
        if differences(self.engine, self.oracle, kept, [self.article])[0]:
            self.rules = kept
            return
        index = 0
        while index < len(self.rules):
            fewer = self.rules[:index] + self.rules[index + 1:]
            if differences(self.engine, self.oracle, fewer, [self.article])[0]:
                self.rules = fewer
            else:
                index += 1

    def _shrink_text(self):
        shrunk = False
        while True:
            smaller = [{**one, "id": str(number)} for number, one in enumerate(self._smaller_texts())]
            different = differences(self.engine, self.oracle, self.rules, smaller)[0] if smaller else []
            if not different:
                return shrunk
            self.article = min((one[0] for one in different),
                               key=lambda one: sum(len(one[field] or "") for field in rules.FIELDS))
            shrunk = True

    def _smaller_texts(self):
        if self.article["language"]:
            yield {**self.article, "language": None}
        for field in rules.FIELDS:
            text = self.article[field] or ""
            length = len(text)
            while length > 0:
                for start in range(0, len(text), length):
                    one = {**self.article, field: text[:start] + text[start + length:]}
                    if (one["title"] or one["body"] or "").strip():
                        yield one
                length //= 2

    def _shrink_query(self):
        shrunk = False
        while True:
            for candidate in self._smaller_rules():
                if differences(self.engine, self.oracle, candidate, [self.article])[0]:
                    self.rules, shrunk = candidate, True
                    break
            else:
                return shrunk

    def _smaller_rules(self):
        for index, rule in enumerate(self.rules):
            for one in rule.smaller():
                yield self.rules[:index] + [one] + self.rules[index + 1:]


def _smaller(node):
    yield from node.children
    for index, child in enumerate(node.children):
        for one in _smaller(child):
            copied = copy.copy(node)
            copied.children = node.children[:index] + [one] + node.children[index + 1:]
            yield copied


def make(seed):
    maker = generate.Maker(random.Random(seed))
    rule_list = []
    for _ in range(maker.random.randint(*RULES_A_SET)):
        languages = maker.random.choice(maker.packs).languages
        listed = [language for language in languages if maker.random.random() < 0.6]
        listed = listed if maker.random.random() < 0.15 else ()
        is_list = maker.random.random() < 0.1
        rule_list.append(Rule(None if is_list else maker.query(), listed, maker.listing() if is_list else ()))
    return rule_list, [maker.article(str(number)) for number in range(TEXTS_A_SET)]


def report(seed, engine, oracle, rule_list, different):
    article, number = different[0][:2]
    print(f"set seed {seed}: {len(different)} differences in a rule set; the first, shrunk:")
    shrinker = Shrinker(engine, oracle, rule_list, article)
    article, _, found, expected = shrinker.run(number)
    print(rule_file(shrinker.rules), phrases_files(shrinker.rules))
    print(json.dumps(article, ensure_ascii=False))
    print(json.dumps(article))
    print("engine:", found)
    print("oracle:", expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=5000)
    parser.add_argument("--keep-going", action="store_true", help="report every rule set that differs")
    parser.add_argument("--perturb", nargs=2, metavar=("OLD", "NEW"),
                        help="replace in the oracle's queries: to see this test fail")
    arguments = parser.parse_args()
    build = pathlib.Path(__file__).parents[2] / "build/release"
    executable = os.environ.get("TOCSIN") or build / "tocsin"
    plain_match = os.environ.get("PLAIN_MATCH") or build / "tests/oracle/plain_match"
    begin = time.monotonic()
    oracle = Oracle(arguments.perturb)
    tally = collections.Counter()
    with tempfile.TemporaryDirectory() as directory:
        engine = Engine(executable, plain_match, directory)
        for number in range(-(-arguments.pairs // TEXTS_A_SET)):
            seed = f"{arguments.seed}.{number}"
            rule_list, articles = make(seed)
            different, expected = differences(engine, oracle, rule_list, articles)
            tally.update(pairs=len(articles), pairs_matching=len({article for article, _ in expected}),
                         rules=len(articles) * len(rule_list), rules_matching=len(expected),
                         sets_that_differ=bool(different))
            if different:
                report(seed, engine, Oracle(arguments.perturb), rule_list, different)
                if not arguments.keep_going:
                    break
    print(f"seed {arguments.seed}: {time.monotonic() - begin:.0f} s; {dict(tally)}")
    for operator in OPERATORS:
        print(f"{operator:22} true {oracle.counts[operator, True]:8} false {oracle.counts[operator, False]:8}")
    sys.exit(bool(tally["sets_that_differ"]))


if __name__ == "__main__":
    main()
