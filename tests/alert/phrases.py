"""Words that edits.py puts into articles: invented lines in the manner of agencies, and synonyms."""

NAMES = ["Ada Novak", "Tomas Reyes", "Lena Fischer", "Omar Haddad", "Mei Tanaka", "John Whitfield", "Ines Duarte",
         "Piotr Zielinski", "Sofia Marin", "Kwame Mensah"]
CITIES = ["London", "Washington", "Brussels", "Geneva", "Cairo", "New Delhi", "Kyiv", "Nairobi", "Tokyo", "Brasilia"]
AGENCIES = ["Agency", "Northern Wire", "Press Union", "NWS", "Continental News"]
MONTHS = ["Jan", "March", "April", "June", "Sept", "October", "Nov", "December"]

HEADLINES = ["What we know so far", "Five things to know today", "Live updates from around the world",
             "Officials respond as pressure grows", "Markets and leaders wait for the next step",
             "A long day ends without an answer", "Here is why it matters", "The story behind the numbers",
             "Experts weigh in on the latest turn", "Morning briefing: the news in short"]
HEADLINE_STARTS = ["UPDATE 1-", "UPDATE 3-", "BREAKING:", "Exclusive:", "WRAPUP 2-", "Analysis:", "(LEAD)", "Watch:",
                   "Correction:", "REFILE-"]

BYLINES = ["By {name}", "By {name}, {agency} correspondent", "{name} in {city} and {other} in {city}",
           "By {name} | {day} {month} 2026 | {hour}:{minute} GMT", "Written by {name} for {agency}",
           "{name}\nSenior political correspondent\n@{agency}", "By {name} and {other}, {city}"]
HEADERS = ["Published {day} {month} 2026, updated {number} minutes ago",
           "{agency} | World | Politics | Business | Sport | Culture | Opinion",
           "Share this article on social media, by e-mail or copy the link",
           "This story is part of our continuing coverage. Subscribers can comment below.",
           "Listen to this article: {number} seconds"]
BETWEEN = ["Read more: {headline}", "ALSO READ | {headline}", "Advertisement", "Story continues below advertisement",
           "Related: {headline} ({number} comments)", "Sign up for our newsletter to get the day's news in your inbox",
           "Photo: {name} / {agency}", "[Video: {headline}]", "SEE ALSO: {headline}"]
FOOTERS = ["(Reporting by {name} in {city}; Additional reporting by {other}; Editing by {name})",
           "Our standards: the {agency} principles of trust.",
           "Copyright 2026 {agency}. All rights reserved. This material may not be published, broadcast, rewritten or "
           "redistributed without permission.",
           "Subscribe now for unlimited access to every story, from {number} cents a week. Cancel any time.",
           "Follow us for the latest news, and download our app for alerts on the stories that matter to you.",
           "This article was automatically generated from a feed of {agency} and has not been edited by our staff.",
           "The writer can be reached at desk@example.com. {name} contributed to this report from {city}.",
           "More on this story: {headline}; {headline}; {headline}", "© {agency} {number}", "ENDS {agency}/{number}",
           "Support independent journalism. If you can, consider giving a small amount every month. It takes a minute."]
DATELINES = ["{city}, {month} {day} ({agency}) -", "{city} ({agency}) —", "({agency}) -", "{city}: ",
             "{city}, {day} {month} 2026 /{agency}/ --", "{city}, {month} {day}, {agency}.-", "{city}/{city} |"]

FILLERS = ["also", "meanwhile", "reportedly", "however", "now", "still", "recently", "already", "in turn", "again",
           "largely", "apparently", "at the time", "on the other hand"]

_PAIRS = """
said:stated,told reporters,noted | says:states,notes | told:informed | added:went on | announced:declared,made known
officials:authorities | official:authority | government:administration | president:head of state | leader:chief
people:persons,residents | killed:slain | died:perished | attack:assault | attacks:assaults | war:conflict
big:large | large:big,sizeable | small:little | new:fresh | old:former | many:numerous | several:a number of
about:around,roughly | nearly:almost | almost:nearly | after:following | before:ahead of,prior to | during:in the course of
because:since,as | but:yet,though | however:still | while:whereas | also:too,as well | including:among them
start:begin | started:began | begin:start | began:started | end:finish | ended:finished | show:reveal | showed:revealed
help:aid,assist | helped:assisted | need:require | needs:requires | get:obtain | got:received | give:hand | gave:handed
make:produce | made:produced | take:seize | took:seized | use:employ | used:employed | find:discover | found:discovered
think:believe | thought:believed | want:wish | wanted:wished | ask:request | asked:requested | try:attempt | tried:attempted
keep:retain | kept:retained | buy:purchase | bought:purchased | sell:offload | sold:offloaded | company:firm,business
companies:firms | shares:stock | profit:earnings | loss:deficit | growth:expansion | increase:rise | increased:rose
rose:climbed,went up | fell:dropped,declined | decline:drop | cut:reduction | plan:scheme,proposal | plans:schemes
deal:agreement,accord | agreement:deal | talks:negotiations | meeting:gathering | vote:ballot | election:poll
country:nation | countries:nations | world:globe | city:town | area:region,zone | region:area | border:frontier
money:funds,cash | million:mln | percent:per cent,% | year:twelve months | month:four weeks | week:seven days
important:key,vital | major:main,leading | main:principal | likely:probable | difficult:hard | hard:tough
quickly:rapidly | soon:shortly | recently:lately | often:frequently | today:on this day | children:kids | child:kid
police:officers | court:tribunal | law:legislation | case:matter | report:account | reported:recounted
house:home | home:residence | job:post | jobs:posts | work:labor | workers:employees | support:backing
supported:backed | oppose:resist | against:opposed to | very:highly | only:just | just:only | first:initial
last:final | next:coming | next:following | former:ex | group:band | groups:bands | problem:issue | issue:question
"""
SYNONYMS = {word.strip(): others.split(",")
            for line in _PAIRS.strip().splitlines() for pair in line.split("|")
            for word, others in [pair.strip().split(":")]}
