"""What the oracle says of small texts, worked out by hand from DESIGN §4 and §5."""

import pytest

import query
import rules
from text import Text, fold

FOLDS = [
    ("case", "CeaseFire", "ceasefire"),
    ("latin_marks", "Waffenstillstände", "waffenstillstande"),
    ("decomposed_marks", "tre\u0302ve", "treve"),
    ("dotless_and_dotted_i", "ıİ", "ii"),
    ("strokes", "Łódź Ørsted Đurđević".replace(" ", ""), "lodzorsteddurdevic"),
    ("sharp_s", "Straße", "strasse"),
    ("short_i_stays", "перемирий", "перемирий"),
    ("yo_falls", "Ёлка", "елка"),
    ("ukrainian_yi_stays", "Київ", "київ"),
    ("kana_voicing_stays", "ガザ", "ガザ"),
    ("arabic_alef_and_teh_marbuta", "أهدنة", "اهدنه"),
    ("tatweel_and_harakat", "هُـدن", "هدن"),
    ("full_width", "Ｔｒｕｃｅ２", "truce2"),
    ("arabic_digits", "٢٠٢٦", "2026"),
    ("soft_hyphen", "cease\u00adfire", "ceasefire"),
]


@pytest.mark.parametrize("written, folded", [case[1:] for case in FOLDS],
                         ids=[case[0] for case in FOLDS])
def test_folds(written, folded):
    assert fold(written) == folded


TOKENS = [
    ("apostrophe_joins", "Ukraine\u2019s", ["ukraine", "s"]),
    ("superscript_is_boundary", "deal² now", ["deal", "now"]),
    ("han_one_each", "停火了", ["停", "火", "了"]),
    ("thai_vowel_taken_apart", "น้\u0e4d\u0e32มัน", ["น้ํา", "มั", "น"]),
    ("lao_vowel", "ນ້ຳ", ["ນ້ໍາ"]),
    ("thai_cluster", "น้ำมัน", ["น้ํา", "มั", "น"]),
    ("debris_is_boundary", "âceasefireâ and Putinâ€™s", ["ceasefire", "and", "putin", "s"]),
]


@pytest.mark.parametrize("written, tokens", [case[1:] for case in TOKENS],
                         ids=[case[0] for case in TOKENS])
def test_tokens(written, tokens):
    assert [token.folded for token in Text(written).tokens] == tokens


GAPS = [
    ("hyphen", "cease-fire", 0),
    ("initials", "U.S", 0),
    ("space", "cease fire", 1),
    ("line_break", "cease\nfire", 1),
    ("carriage_return", "cease\rfire", 1),
    ("nul", "cease\0fire", 2),
    ("comma", "cease, fire", 2),
    ("sentence", "ceased. Fire", 3),
    ("lower_case_goes_on", "ceased. fire", 2),
    ("after_one_letter", "S. Treasury", 2),
    ("after_one_digit", "5. Next", 3),
    ("exclamation_before_lower_case", "ceased! fire", 3),
    ("lower_case_behind_a_number", "ceased. 5 fires", 2),
    ("quote_behind_the_stop", "ceased.\u201d Fire", 3),
    ("ellipsis", "ceased\u2026 Fire", 2),
    ("debris", "ceaseâ\u20ac\u201cfire", 2),
    ("blank_line", "cease\n\nfire", 4),
    ("blank_line_of_no_break_spaces", "cease\n\u00a0\u3000\nfire", 4),
    ("line_of_a_hyphen", "cease\n-\nfire", 1),
    ("line_ends_sentence", "ceased.\nFire", 4),
    ("carriage_return_ends_sentence", "ceased.\rFire", 4),
    ("blank_line_of_carriage_returns", "cease\r\rfire", 4),
    ("full_width_stop", "停。火", 3),
]


@pytest.mark.parametrize("written, gap", [case[1:] for case in GAPS], ids=[case[0] for case in GAPS])
def test_gaps(written, gap):
    assert Text(written).gap(0, 1) == gap


HOLDS = [
    ("word", "ceasefire", "The CEASEFIRE holds", [(4, 13)]),
    ("no_part_of_a_word", "cease", "ceasefire", None),
    ("hyphened_is_phrase_or_joined", "cease-fire", "cease fire, cease-fire and ceasefire",
     [(0, 10), (12, 22), (27, 36)]),
    ("hyphened_not_over_comma", "cease-fire", "cease, fire", None),
    ("phrase_over_comma", '"cease fire"', "cease, fire", [(0, 11)]),
    ("phrase_not_over_sentence", '"cease fire"', "They cease. Fire goes on", None),
    ("wildcard", "truce*", "truces and Truce", [(0, 6), (11, 16)]),
    ("wildcard_before", "*pipeline", "gaspipeline", [(0, 11)]),
    ("one_letter", "hou?e", "house, houe", [(0, 5)]),
    ("and_gathers", "gas AND pipeline", "pipeline of gas", [(0, 8), (12, 15)]),
    ("and_fails", "gas AND pipeline", "pipeline", None),
    ("not", "gas NOT pipeline", "gas", [(0, 3)]),
    ("not_fails", "gas NOT pipeline", "gas pipeline", None),
    ("and_over_or", "oil OR gas AND pipeline", "oil", [(0, 3)]),
    ("parentheses", "(oil OR gas) AND pipeline", "oil", None),
    ("regex_is_cased", r"/\bSDN\s+list\b/", "sdn list SDN  list", [(9, 18)]),
    ("han_phrase", "停火", "宣布停火。", [(2, 4)]),
    ("apostrophe_in_query", "ukraine's", "Ukraine’s", [(0, 9)]),
    ("near", "sanctions NEAR/3 russia", "Russia faces new sanctions", [(0, 26)]),
    ("near_too_far", "sanctions NEAR/2 russia", "Russia faces new sanctions", None),
    ("onear_order", "sanctions ONEAR/3 russia", "Russia faces sanctions", None),
    ("not_near", "pipeline NOT NEAR/2 sales", "sales pipeline. But the gas pipeline",
     [(28, 36)]),
    ("near_s", "gas NEAR/S oil", "Gas here. Oil there", None),
    ("atleast", "ATLEAST/2(gas)", "gas gas", [(0, 3), (4, 7)]),
    ("phrase_of_hyphened_words", '"cease-fire talks"', "ceasefire talks, cease fire talks",
     [(0, 15), (17, 33)]),
    ("joined_but_for_the_apostrophe", "peace-keeper's", "peacekeepers, peacekeeper's", [(14, 27)]),
    ("near_is_minimal", "gas NEAR/5 oil", "gas oil oil", [(0, 7)]),
    ("near_of_near", "(gas NEAR/5 oil) NEAR/1 coal", "gas oil oil coal", None),
    ("near_overlaps_nothing", 'gas NEAR/5 "gas field"', "gas field", None),
    ("not_onear", "pipeline NOT ONEAR/1 sales", "sales pipeline. A pipeline sales", [(6, 14)]),
    ("first_paragraph_is_lead", "lead:gas", "the gas.\n\nMore gas", [(4, 7)]),
    ("regex_in_first_paragraph", r"lead:/gas\./", "the gas.\n\nMore gas.", [(4, 8)]),
    ("curly_quotes", "\u201ccease fire\u201d", "cease fire", [(0, 10)]),
    ("persian_joiner", "می\u200cخواهم", "می\u200cخواهم می خواهم میخواهم", [(0, 8), (9, 17), (18, 25)]),
    ("cased_with_a_soft_hyphen", "{Turkey}", "tur\u00adkey Tur\u00adkey", [(8, 15)]),
    ("cased", "{Turkey}", "turkey Turkey", [(7, 13)]),
]


@pytest.mark.parametrize("written, body, spans", [case[1:] for case in HOLDS],
                         ids=[case[0] for case in HOLDS])
def test_holds(written, body, spans):
    rule = rules.Rule("t", "t.r", query.parse(written), (), {})
    found = rules.matches([rule], {"title": "", "body": body})
    assert [one.evidence for one in found] == (
        [] if spans is None else [[("body", *span) for span in spans]])


def test_language_null_or_listed():
    rule = rules.Rule("t", "t.r", query.parse("tregua"), ("es",), {})
    article = {"title": "Tregua", "body": ""}
    assert rules.matches([rule], {**article, "language": None})
    for tag in ["es-AR", "ES", "es_AR", "es_ES.UTF-8"]:
        assert rules.matches([rule], {**article, "language": tag})
    assert not rules.matches([rule], {**article, "language": "it"})


def test_scope_and_fields():
    rule = rules.Rule("t", "t.r", query.parse("title:gas AND oil"), (), {})
    assert rules.matches([rule], {"title": "Gas", "body": "oil"})[0].evidence == [
        ("title", 0, 3), ("body", 0, 3)]
    assert not rules.matches([rule], {"title": "Oil", "body": "gas"})


def test_lead_repeated_in_the_body_counts_once():
    rule = rules.Rule("t", "t.r", query.parse("ATLEAST/2(gas)"), (), {})
    article = {"title": "", "lead": "Gas, here", "body": "GAS here."}
    assert not rules.matches([rule], article)
    assert rules.matches([rule], {**article, "lead": "Gas there"})


DEBRIS_BY_LANGUAGE = [
    ("english", "en", "âge", ["ge"]),
    ("unlabelled", "", "âge", ["ge"]),
    ("french", "fr", "âge âgé", ["age", "age"]),
    ("french_with_other_debris", "fr", "âgeâ", ["ge"]),
    ("taken_apart", "en", "a\u0302truce", ["truce"]),
    ("soft_hyphen_in_the_word", "fr", "théâ\u00adtre", ["theatre"]),
    ("between_han", "zh", "停â火", ["停", "火"]),
]


@pytest.mark.parametrize("language, written, tokens", [case[1:] for case in DEBRIS_BY_LANGUAGE],
                         ids=[case[0] for case in DEBRIS_BY_LANGUAGE])
def test_lone_debris(language, written, tokens):
    assert Text(written, language).words == tokens


@pytest.mark.parametrize("written", ["cease fire", "(a", "a AND", "a OR )"])
def test_refuses(written):
    with pytest.raises(ValueError):
        query.parse(written)
