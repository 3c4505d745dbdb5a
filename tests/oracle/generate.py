"""Random rules and texts that meet often: both are made of the few words that a rule set draws.

    maker = Maker(random.Random(7))
    maker.query()        # a Node; render(node) is what an analyst would write
    maker.article("0")   # {"id": "0", "title": ..., "lead": ..., "body": ..., "language": ...}
"""

import unicodedata
from dataclasses import dataclass, field

import regex

from text import fold

HYPHENS = "---\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
APOSTROPHES = "'\u2019\u2018\u02bc"
NO_ABBREVIATION_BEHIND = regex.compile(r"[\p{Ll}\p{Lo}\p{Mc}\p{Mn}]{3}$")


@dataclass
class Pack:
    """A script's words; none is an abbreviation, behind which a full stop ends no sentence."""
    languages: tuple
    words: tuple
    spaced: bool = True
    wildcards: bool = True
    question: bool = True
    stops: tuple = (". ", "! ", "? ", ".\n", "! \u201c", "?\u201d ", ".\" ")


PACKS = {
    "english": Pack(("en", "en-GB", "EN_us"), tuple(
        "ceasefire truce treaty pipeline sanctions embargo harbour refinery turkey Moscow Geneva talks "
        "envoys cease fire fires long-range U.S. G7 F16 state house horse tanker crude naïve élite".split())),
    "latin": Pack(("fr", "de", "es", "tr", "pl", "ro"), tuple(
        "trêve âgé âme cessez feu Waffenruhe Straße Großmacht Öl Übereinkunft tregua sanción oleoducto niño "
        "ateşkes yaptırım ığdır İzmir çözüm rozejm łódź żołnierz pace înțelegere d'accord Malmö Ærø".split())),
    "cyrillic": Pack(("ru", "uk", "bg"), tuple(
        "перемирие санкции нефтепровод газ договор ещё ёлка мирный край Київ перемир'я п'ять їжак йод "
        "угода Москва примирие огня прекращение переговоры Берлин".split())),
    "arabic": Pack(("ar", "fa"), tuple(
        "هدنة وقف إطلاق النار عقوبات أنبوب نفط مفاوضات روسيا إيران آمال السلام اتفاق على مدرسة خط "
        "غزة مُؤتمر قوى يوم می\u200cخواهم آتش\u200cبس".split()), stops=(". ", "! ", "؟ ", ".\n")),
    "han": Pack(("zh", "ja", "zh-TW"), tuple(
        "停火 制裁 管道 协议 谈判 俄罗斯 石油 停战 ガザ カサ パイプライン がざ 休戦 OPEC G7 Gazprom 和平 油 火".split()),
        spaced=False, wildcards=False, stops=("。", "！", "？", "。\n", "。」", "。")),
    "devanagari": Pack(("hi", "mr"), tuple(
        "युद्धविराम समझौता प्रतिबंध पाइपलाइन शांति वार्ता तेल रूस सेना दिल्ली क़ानून सड़क".split()),
        question=False, stops=("। ", "! ", "? ", "।\n")),
    "greek": Pack(("el",), tuple(
        "εκεχειρία κυρώσεις αγωγός ειρήνη συμφωνία πετρέλαιο Ρωσία λόγος ναός Αθήνα μαΐου πόλεμος".split())),
    "hebrew": Pack(("he",), tuple(
        "הפסקת אש סנקציות צינור שלום הסכם נפט רוסיה עזה מלחמה שָׁלוֹם ירושלים".split())),
    "thai": Pack(("th",), tuple("หยุดยิง เชื้อเพลิง สันติภาพ ท่อ ก๊าซ รัสเซีย น้ำมัน น้\u0e4d\u0e32 กาซา OPEC".split()),
                 spaced=False, wildcards=False, stops=("! ", "? ")),
}

SEPARATORS = [  # (weight, texts)
    (55, (" ",)),
    (9, tuple(HYPHENS)),
    (3, tuple(APOSTROPHES)),
    (3, ("", "\u00ad", "\u200b")),
    (5, ("\n", "\r\n", "\r", " \n", "\u00a0", "  ", "\u3000")),
    (4, ("\n\n", "\n \n", "\r\n\r\n", "\r\r", ".\r", ".\r\n", ".\n\n", "\n\u00a0\n", ".\n\u3000\r\n", "\n\u200b\n", "\n-\n")),
    (8, (", ", ": ", " \u2014 ", " (", ") ", "/", "\u2026 ", " \u201c", "\u201d ", " * ", "_", ", \"")),
    (2, ("\u200c", " - ", " \u2013 ", "\u00ad-", ".")),
    (2, (" 5 ", " \u0665 ", " 2026 ", "\u00b2 ", "\0", " \uff12 ", " \u2460 ", " $5 ")),
    (2, (" â\u20acœ", "â\u20ac\u2122", "â ", " â", " â ", "â\u20ac\u201c", "\u00c2\u00a0", " \u0102\u2026 ")),
]


@dataclass
class Node:
    """A query in parts: `op` is leaf, or, and, not, andnot, near, scope, atleast or named; `text` is
    what is written for it: a leaf itself, a proximity, `title:`, `ATLEAST/2` or a name."""
    op: str
    text: str = ""
    children: list = field(default_factory=list)


LEVELS = {"or": 0, "and": 1, "not": 2, "andnot": 2, "near": 3}


def render(node):
    inner = [render(child) for child in node.children]

    def at_least(level, index):
        child = node.children[index]
        return inner[index] if LEVELS.get(child.op, 4) >= level else f"({inner[index]})"

    if node.op in ("or", "and"):
        level = LEVELS[node.op] + 1
        return f" {node.op.upper()} ".join(at_least(level, i) for i in range(len(inner)))
    if node.op == "not":
        return "NOT " + at_least(3, 0)
    if node.op == "andnot":
        return f"{at_least(3, 0)} NOT {at_least(3, 1)}"
    if node.op == "near":
        return f"{at_least(3, 0)} {node.text} {at_least(4, 1)}"
    if node.op == "scope":
        return node.text + at_least(4, 0)
    if node.op == "atleast":
        return f"{node.text}({inner[0]})"
    return "$" + node.text if node.op == "named" else node.text


def names(node):
    """The named queries that it uses."""
    found = {node.text: render(node.children[0])} if node.op == "named" else {}
    for child in node.children:
        found.update(names(child))
    return found


def holds_for_nothing(node):
    """Such a query is refused."""
    holds = [holds_for_nothing(child) for child in node.children]
    if node.op == "not":
        return not holds[0]
    if node.op == "andnot":
        return holds[0] and not holds[1]
    if node.op in ("or", "and"):
        return (any if node.op == "or" else all)(holds)
    return node.op in ("scope", "named") and holds[0]


class Maker:
    def __init__(self, random):
        self.random = random
        names_of_packs = random.sample(sorted(PACKS), 1 if random.random() < 0.8 else 2)
        self.packs = [PACKS[name] for name in names_of_packs]
        words = [(word, pack) for pack in self.packs for word in pack.words]
        self.hot = random.sample(words, min(len(words), random.randint(5, 9)))
        self.cold = words
        self.rows = []  # what phrases look for

    def _chance(self, percent):
        return self.random.random() * 100 < percent

    def _pick(self, weighted):
        weights, values = zip(*weighted)
        return self.random.choices(values, weights)[0]

    # Queries.

    def query(self):
        while True:
            node = self._condition(self._pick([(3, 1), (5, 2), (4, 3), (2, 5)]))
            if not holds_for_nothing(node):
                return node

    def listing(self):
        """The lines of a phrases_file."""
        return [self._name() for _ in range(self._pick([(2, 1), (4, 5), (2, 12)]))] + ["# " + self.hot[0][0], " \t"]

    def _name(self):
        row = [self.random.choice(self.hot)[0] for _ in range(self._pick([(3, 1), (4, 2), (2, 3)]))]
        self.rows.append(row)
        text = row[0] + "".join(self._pick([(10, " "), (2, "-"), (1, ", "), (1, ". "), (1, "*"), (1, "? "), (1, " \""), (1, " {")])
                                + word for word in row[1:])
        text = self._recased(text) if self._chance(20) else text
        text = self._pick([(12, text), (2, "{" + text + "}"), (1, f'"{text}"'), (1, text + "*"), (1, "?" + text)])
        return self._pick([(8, text), (1, "  " + text), (1, text + "\t"), (1, text + "\r")])

    def _condition(self, size):
        """Any query of about `size` leaves."""
        kind = self._pick([(25, "span"), (6, "regex"), (20, "or"), (16, "and"), (12, "andnot"), (4, "not"),
                           (14, "scope"), (9, "atleast"), (5, "named")])
        if kind == "regex":
            return Node("leaf", f"/{self._regex()}/")
        if kind == "scope":
            return Node("scope", self.random.choice(["title:", "lead:", "lead:", "body:"]),
                        [self._without_scope(size)])
        if kind == "atleast":
            return Node("atleast", f"ATLEAST/{self._pick([(1, 1), (4, 2), (3, 3)])}", [self._span(size)])
        if kind == "named":
            return self._named(self._condition(size))
        if kind == "span" or size < 2:
            return self._span(size)
        if kind == "not":
            return Node("and", "", [self._condition(size - 1), Node("not", "", [self._condition(1)])])
        left = self._condition((size + 1) // 2)
        return Node(kind, "", [left, self._condition(size // 2)])

    def _without_scope(self, size):
        while True:
            node = self._condition(size)
            if "scope" not in _ops(node):
                return node

    def _named(self, node):
        return Node("named", f"q{self.random.randrange(10**6)}", [node])

    def _span(self, size):
        """What has occurrences: a leaf, an OR of such, a proximity."""
        if size < 2:
            return Node("leaf", self._leaf())
        if self._chance(8):
            return self._named(self._span(size))
        left, right = self._span((size + 1) // 2), self._span(size // 2)
        if self._chance(30):
            return Node("or", "", [left, right])
        reach = self._pick([(5, str(self._pick([(3, 1), (3, 2), (3, 3), (2, 5), (1, 9)]))), (2, "S"), (1, "P")])
        kind = self._pick([(4, "NEAR"), (3, "ONEAR"), (3, "NOT NEAR"), (2, "NOT ONEAR")])
        if kind.startswith("NOT") and self._chance(40):  # what is looked for may itself cross the gap that ends the look
            far = self.random.choice(["NEAR/9", "ONEAR/9", "NEAR/P", "ONEAR/P"])
            left = Node("near", far, [self._span(1), self._span(1)])
        return Node("near", f"{kind}/{reach}", [left, right])

    def _leaf(self):
        word, pack = self.random.choice(self.hot)
        kind = self._pick([(8, "word"), (4, "hyphenated"), (5, "phrase"), (3, "*"), (2, "?"), (3, "cased")])
        plain = word.isalpha() or (word.replace("\u094d", "").isidentifier() and "\u200c" not in word)
        if kind == "*" and pack.wildcards and plain and len(word) > 4:
            return self._starred(word)
        if kind == "?" and pack.question and (pack.spaced or word.isascii()) and word.isalpha() and len(word) > 3:
            at = self.random.randrange(len(word))
            return word[:at] + "?" + word[at + 1:]
        if kind == "hyphenated":
            row = [word, self.random.choice(self.hot)[0]]
            self.rows.append(row)
            joined = self.random.choice(HYPHENS).join(row)
            return f'"{joined}"' if "." in word else joined  # a period inside breaks a bare word
        if kind == "phrase":
            return self._phrase(word)
        if kind == "cased":
            return "{" + self._recased(word) + "}"
        return self._recased(word) if self._chance(20) else word

    def _starred(self, word):
        cut = self.random.randint(3, len(word) - 1)
        head, tail = word[:cut], word[-cut:]
        if len(fold(head)) < 3 or len(fold(tail)) < 3:
            return word
        if unicodedata.category(tail[0])[0] == "M":
            return head + "*"
        return self.random.choice([head + "*", "*" + tail, "*" + head + "*"])

    def _phrase(self, word):
        row = [word] + [self.random.choice(self.hot)[0] for _ in range(self._pick([(4, 1), (2, 2)]))]
        self.rows.append(row)
        written = list(row)
        separators = [self._pick([(12, " "), (2, "-"), (1, ", "), (1, "! "), (1, ". ")]) for _ in row]
        if self._chance(10) and row[0].isascii() and row[0].isalpha() and len(row[0]) > 3:
            written[0], separators[0] = row[0][:3] + "*", " "
        text = "".join(word + gap for word, gap in zip(written, separators))[:-len(separators[-1])]
        return self._pick([(8, f'"{text}"'), (1, f"\u201c{text}\u201d"), (1, f"\u201e{text}\u201c")])

    def _regex(self):
        first, second = (regex.escape(self.random.choice(self.hot)[0]) for _ in "12")
        return self.random.choice([
            rf"\b{first}\b", rf"(?i){first}", rf"{first}\s+{second}", rf"(?i)({first}|{second})\S*",
            rf"{first}(?!\s+{second})", rf"(?<!{second} ){first}", rf"\b(\w+)\W+\1\b", rf"{first}$", rf"^{first}",
            rf"{first}[.!,]", rf"(?i)\b{first[:2]}\w+\b", rf"\d{{1,4}}\s{first}", rf"\p{{Lu}}\w+\s{first}",
            rf"{first}[^.]{{0,20}}{second}", rf"(?s){first}.+?{second}", rf"[{first[0]}{second[0]}]\w\w"])

    # Texts.

    def article(self, number):
        article = {"id": number, "language": self._language()}
        lead = self._text(self.random.randint(1, 12)) if self._chance(45) else ""
        body = self._text(self._pick([(6, 4), (8, 10), (6, 25), (2, 60), (1, 160)])) if self._chance(92) else ""
        if lead and self._chance(35):
            body = f"{lead}\n\n{body}" if self._chance(70) else f"{body} {lead.upper()} "
        article["title"] = self._text(self.random.randint(1, 7)) if self._chance(60) or not body else ""
        article["lead"] = lead if lead or self._chance(50) else None
        article["body"] = body
        return article

    def _language(self):
        if self._chance(25):
            return None
        return self.random.choice(self.random.choice(self.packs).languages)

    def _text(self, size):
        text, capital, spaced = "", True, True
        while size > 0:
            row = self.random.choice(self.rows) if self.rows and self._chance(22) else [None]
            for word in row:
                chosen, pack = self.random.choice(self.hot if self._chance(70) else self.cold)
                text += self._written(word or chosen, capital and self._chance(85))
                spaced = pack.spaced
                separator = self._separator(text, pack, spaced)
                capital = separator in pack.stops
                text += separator
                size -= 1
        return text if self._chance(30) else text.rstrip() + self.random.choice(["", ".", "!", "\u201d"])

    def _separator(self, text, pack, spaced):
        if self._chance(11):
            stop = self.random.choice(pack.stops)
            if not stop.startswith(".") or NO_ABBREVIATION_BEHIND.search(text):
                return stop
        if not spaced and self._chance(60):
            return ""
        separator = self.random.choice(self._pick(SEPARATORS))
        if separator.startswith(".") and not NO_ABBREVIATION_BEHIND.search(text):
            return " "
        return separator

    def _written(self, word, capital):
        if capital:
            word = word[:1].upper() + word[1:]
        elif self._chance(15):
            word = self._recased(word)
        if self._chance(8):
            word = unicodedata.normalize("NFD", word)
        if self._chance(2) and len(word) > 3 and word.isalpha():
            word = word[:2] + "\u00ad" + word[2:]
        if self._chance(2) and word.isascii():
            word = "".join(chr(ord(char) + 0xfee0) for char in word)
        if self._chance(2):
            word += self.random.choice(["\u2019s", "'s", "2", "\u00ad"])
        return word

    def _recased(self, word):
        return self.random.choice([word.lower(), word.upper(), word.title(), word.swapcase()])


def _ops(node):
    return {node.op}.union(*map(_ops, node.children))
