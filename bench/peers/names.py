#!/usr/bin/python3
"""Two-word names, and rule files of a name each.

    names.py 10000 > people.yaml
    names.write_rules(stream, names.names(10_000))

Common given names with surnames that are seldom the same twice, as those of real people are: search engines for many
strings live by how different these are. They look random and are always the same.
"""

import itertools
import random
import re
import sys

GIVEN = """
Aaron Abigail Adam Adriana Ahmed Aisha Alan Albert Alejandro Alexander Alice Amanda Amelia Amina Amir Amy Ana Andrea Andrew
Angela Anita Anna Anne Anthony Antonio Arthur Barbara Benjamin Bernard Beth Brian Bruno Camila Carl Carla Carlos Carol
Caroline Catherine Cecilia Charles Chloe Christina Christopher Claire Clara Claudia Craig Daniel Daniela David Deborah Denis
Diana Diego Dmitri Donald Dorothy Douglas Edward Elena Elias Elizabeth Ella Emily Emma Eric Erik Ethan Eva Fatima Felix
Fernando Fiona Frances Francis Frank Gabriel Gary George Gerald Gloria Grace Graham Gregory Hanna Harold Harry Hassan Heather
Helen Henry Hugo Ian Ibrahim Igor Irene Isaac Isabel Ivan Jack Jacob James Jane Janet Jason Javier Jean Jennifer Jessica Joan
John Jonathan Jorge Joseph Joshua Juan Judith Julia Julian Karen Karl Katherine Keith Kenneth Kevin Kim Larry Laura Lauren
Leila Leo Leonard Liam Linda Lisa Louis Lucas Lucia Lucy Luis Magda Manuel Marco Margaret Maria Marie Mark Martha Martin Mary
Matthew Maya Megan Michael Miguel Mohammed Monica Nadia Nancy Natalia Natasha Nathan Nicholas Nicole Nina Noah Nora Oliver
Olivia Omar Oscar Pablo Pamela Patricia Patrick Paul Paula Pedro Peter Philip Rachel Ralph Raymond Rebecca Ricardo Richard
Robert Roberto Roger Ronald Rosa Rose Ruth Ryan Samuel Sandra Sara Scott Sergei Sharon Silvia Simon Sofia Sonia Sophie
Stephen Steven Susan Tatiana Teresa Thomas Timothy Tomas Valerie Vanessa Vera Veronica Victor Vincent Vladimir Walter Wendy
William Yasmin Yuri Yusuf Zoe
""".split()
SURNAMES = """
Abbott Adams Adler Aguilar Ahmad Alexander Ali Allen Alvarez Andersen Anderson Andrews Archer Armstrong Arnold Atkinson Bailey
Baker Baldwin Banks Barker Barnes Barrett Barton Bauer Becker Bell Bennett Berg Bernard Bishop Black Blake Bond Bowman Boyd
Bradley Brandt Brennan Brooks Brown Bryant Burke Burns Burton Butler Byrne Cameron Campbell Carey Carlson Carpenter Carr
Carroll Carter Castillo Castro Chan Chandler Chang Chapman Chavez Chen Clark Clarke Cohen Cole Coleman Collins Connor Cook
Cooper Costa Cox Craig Crawford Cruz Cunningham Curtis Dalton Daniels Davies Davis Dawson Day Delgado Diaz Dixon Doyle Duncan
Dunn Edwards Elliott Ellis Evans Farrell Ferguson Fernandez Ferreira Fischer Fisher Fleming Fletcher Flores Ford Foster Fowler
Fox Francis Franklin Fraser Freeman Friedman Fuller Garcia Gardner Gibson Gilbert Gomez Gonzalez Goodman Gordon Graham Grant
Gray Green Greene Griffin Gross Gupta Gutierrez Hall Hamilton Hansen Harper Harris Harrison Hart Harvey Hassan Hayes Henderson
Herman Hernandez Herrera Hicks Hill Hoffman Holland Holmes Hoover Horn Howard Howell Huang Hudson Hughes Hunt Hunter Hussein
Ivanov Jackson Jacobs James Jansen Jenkins Jensen Johansson Johnson Johnston Jones Jordan Joseph Kane Kaplan Kaufman Kelly
Kennedy Khan Kim King Klein Knight Kovacs Kowalski Kramer Krause Kumar Lambert Lane Larsen Lawrence Lawson Lee Lehmann Levine
Levy Lewis Lin Lindberg Little Liu Lloyd Logan Long Lopez Lynch Maier Malone Manning Marino Marsh Marshall Martin Martinez
Mason Matthews Maxwell May McBride McDonald McKenzie Medina Meier Mendoza Meyer Miller Mills Mitchell Molina Moore Morales
Moran Moreno Morgan Morris Morrison Mueller Murphy Murray Myers Nagy Nash Navarro Nelson Newman Nguyen Nichols Nielsen Novak
Nowak Nunez Oliver Olsen Olson Ortega Ortiz Osborne Owens Page Palmer Park Parker Patel Paterson Patterson Payne Pearson
Pereira Perez Perkins Perry Peters Petersen Peterson Petrov Phillips Pierce Popov Porter Potter Powell Price Quinn Ramirez
Ramos Reed Reid Reyes Reynolds Rice Richards Richardson Richter Riley Rivera Roberts Robertson Robinson Rodriguez Rogers Romero
Rose Ross Rossi Roth Rubin Ruiz Russell Russo Ryan Salazar Sanchez Sanders Santiago Santos Sato Saunders Schmidt Schneider
Schroeder Schultz Schwartz Scott Shaw Sharma Shapiro Silva Simmons Simpson Singh Smith Snyder Sokolov Soto Spencer Stanley
Stein Stephens Stevens Stewart Stone Sullivan Suzuki Svensson Tanaka Taylor Thompson Torres Tran Tucker Turner Vargas Vasquez
Vega Volkov Wagner Walker Wallace Walsh Wang Ward Warren Watkins Watson Weaver Webb Weber Weiss Wells West Wheeler White
Williams Willis Wilson Winter Wolf Wong Wood Woods Wright Wu Yang Yates Young Zhang Zimmerman
""".split()


CAPITALIZED = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
STEMS = """
Ab Ald Alm And Ar Ash Bal Bar Beck Bel Ber Bir Blom Bor Bran Bri Bur Cal Cas Chal Char Clar Con Cor Crom Dal Dar Del Der Dom
Dor Dun Ed El Em Er Es Fal Far Fel Fer Fir For Gal Gar Ger Gil Gol Gor Gran Gus Hal Ham Han Har Hav Hel Her Hol Hor Hul Ib
Il Ing Is Jac Jan Jar Kal Kar Kel Ker Kin Kol Kor Kras Lam Lan Lar Led Len Lev Lin Lor Lud Mac Mal Man Mar Mel Mer Mil Mon
Mor Nav Nel Nik Nor Ol Or Os Pal Par Pas Pel Per Pol Por Quen Rad Ram Ras Red Ren Ric Rom Ros Rud Sal Sam San Sar Sel Ser
Sil Sol Som Stan Ste Stol Sul Tal Tam Tar Tel Ter Til Tom Tor Ul Val Van Var Ver Vik Vol Wal War Wel Wes Wil Win Yar Zal Zim
""".split()
ENDINGS = """
aby adze aki ales alla ander anov arez aro asek aste ata auer avic berg bek bova bridge bury by chuk coff combe court da dahl den
der dez do don dorf dottir dson ek ella elli enko er eros escu essen etti eva evich feld ford gaard gan gate ges ham hard hart
heim hoff holm hurst iak ian idis iev igan ikova ila ingh inski ison ito izadeh kamp kar kin kis kov land lein ley lin lock lund
man mann mark mont more nacci nes ngton nik now oglu oli oni opoulos ora oshi osta ova ovic owski quist rell rick rup sby sen
shaw sky son stad stein sted stone strom thal thorpe tin ton towicz tzer uchi ulin umba unga urov ussen vale vall vic ville wald
way well wen wick wood worth yama yan yev zadeh zak zewski zic zolo
""".split()


def names(count):
    chance = random.Random(1)
    surnames = [stem + ending for stem, ending in itertools.product(STEMS, ENDINGS)]
    chance.shuffle(surnames)
    # Every tenth is of a name that many bear.
    pool = itertools.cycle(surnames)
    found = {}
    while len(found) < count:
        surname = chance.choice(SURNAMES) if chance.random() < 0.1 else next(pool)
        found[f"{chance.choice(GIVEN)} {surname}"] = None
    return list(found)


def pairs(count, texts):
    """Capitalized words side by side in the texts: harder to search for, as most articles have some of them."""
    found = sorted({pair for text in texts for pair in CAPITALIZED.findall(text)})
    if count > len(found):
        raise ValueError(f"{count} pairs wanted, {len(found)} to be had")
    return random.Random(1).sample(found, count)


def write_rules(stream, phrases):
    stream.write("topic: people\nrules:\n")
    for number, phrase in enumerate(phrases):
        stream.write(f"  - id: people.n{number}\n    query: '\"{phrase}\"'\n")


if __name__ == "__main__":
    write_rules(sys.stdout, names(int(sys.argv[1])))
