"""Tagged articles for `tocsin alert`, and which alerts must come of them.

    story = stories.body(random, 7)                     # a text like no other story's
    value = stories.tagged("a1", story)                 # as tocsin publishes it
    expected = stories.first_tellers(sent)              # naively: the first article of each story

The texts are words drawn at random: two stories have next to none of them in common, copies have all.
"""

import json

SYLLABLES = ["ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "zu", "dar", "fel", "gom", "hin", "jul"]
WORDS_A_STORY = 60


def word(random):
    return "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4)))


def body(random):
    words = [word(random) for _ in range(WORDS_A_STORY)]
    return "Mediators announced a ceasefire. " + " ".join(words) + "."


def tagged(article_id, text, topic="ceasefire", tags=None, **article):
    """The value of a published record."""
    start = text.find("ceasefire")
    evidence = [{"field": "body", "start": start, "end": start + 9, "exact": "ceasefire", "prefix": "",
                 "suffix": ""}]
    return json.dumps({
        "tocsin": {"schema_version": 1, "topic": topic, "codes": {}, "ruleset": "0" * 16,
                   "rules": [{"id": f"{topic}.mention", "hits": 1, "evidence": evidence}], **(tags or {})},
        "article": {"id": article_id, "title": f"Report {article_id}", "body": text, **article}})


def first_tellers(sent):
    """By story: the article ids of whom any may be its alert, as partitions are read in no order."""
    tellers = {}
    for story, partition, article_id in sent:
        tellers.setdefault(story, {}).setdefault(partition, article_id)
    return {story: set(by_partition.values()) for story, by_partition in tellers.items()}
