# The screens of the Taalhuis
place-learners = Deelnemers
place-buddies = Taalmaatjes
place-buddies-short = Maatjes
place-groups = Groepen
new-learner = Nieuwe deelnemer
search-learners = Zoek naam, telefoon of plaats
search-buddies = Zoek een naam
choose-learner = Kies een deelnemer
choose-buddy = Kies een taalmaatje
learner-late = Wacht te lang
learner-helped = Heeft hulp
learner-gone = Deze deelnemer staat niet (meer) op dit toestel.
learner-hidden = Deelnemer
learner-hidden-text = De deelnemer wil nu niets delen. Bel je coördinator.
learner-more = Meer over deze deelnemer
pairing-gone = Deze koppeling staat niet (meer) op dit toestel.
no-pairing-title = Nog niemand om mee af te spreken
no-pairing-text = Hier komt de deelnemer met wie je afspreekt. Je coördinator belt je eerst.
no-session-yet = Nog niet afgesproken
intro-on = Kennismaking: { $day }
last-session = Laatste keer: { $day }
session-held = Afspraak geweest
session-with = Afspraak met { $name }
session-minutes = Hoe lang? In minuten
session-place = Waar?
session-subject = Waarover?
session-mood = Hoe ging het?
session-note-hint = De coördinator leest dit ook.
session-kept = Bewaard: { $name }
sessions-so-far = Afspraken
take-session-back = Haal weg
minutes-short = { $minutes } minuten
meeting-told = Van vandaag is al opgeschreven wie er was. Je past het nu aan.
who-helped = Wie hielp er?
who-was-there = Wie was er?
roll-call = Groep geweest
card-title = Kaart voor het volgende taalmaatje
card-text = Wat werkt goed? Geen persoonlijke verhalen.
card-works = Wat werkt
card-material = Materiaal
card-goal = Doel
not-answered = Niet ingevuld
do-not-know = Weet ik niet
answered-apart = Iemand anders vulde in: { $answer }
take-away = { $what } weghalen
add-language = Taal toevoegen
looks-like = Is dit iemand die al staat ingeschreven?
way-in-label = Hoe komt deze deelnemer bij ons?
do-intake = Intake doen
intake-answers = Antwoorden
intake-of = Intake van { $name }
intake-text = Elk antwoord wordt meteen bewaard. Je kunt stoppen en later verder gaan, ook op een ander toestel.
answered-of = { $done } van { $all }
finish-intake = Intake is klaar
intake-on = Dag van de intake
next-block = Volgende
block-before = Vorige
to-overview = Naar het overzicht
summary = Samenvatting
print = Afdrukken of PDF
find-buddy = Zoek taalmaatje
no-consent-text = De deelnemer gaf nog geen toestemming om te delen met een taalmaatje. Het taalmaatje krijgt dan niets te zien.
pairings-title = Koppelingen
no-pairings = Nog geen koppeling.
sessions-since = { $count ->
    [one] { $count } afspraak, sinds { $day }
   *[other] { $count } afspraken, sinds { $day }
}
joined-into = Dit is dezelfde persoon als { $name }
double-title = Staat deze persoon er twee keer in?
double-text = Deze aanmeldingen lijken op elkaar. Bij samenvoegen blijft alles bewaard.
double-same = Dezelfde persoon
double-apart = Iemand anders
double-apart-again = Toch iemand anders
consents-title = Toestemming
consent-text-buddy = Uw taalmaatje mag uw naam, telefoonnummer en e-mailadres zien. Ook wat u wilt leren, wanneer u kunt en wat u leuk vindt. Uw dossier ziet het taalmaatje niet.
consent-text-providers = Wij mogen uw gegevens delen met een school of cursus als wij u daarheen verwijzen.
consent-text-library = De bibliotheek mag uw naam en adres krijgen, bijvoorbeeld voor een pas.
consent-text-news = De bibliotheek mag u mail of post sturen over cursussen en activiteiten.
consent-text-signed = U hebt het formulier op papier getekend.
consent-free = U mag nee zeggen. U mag ook later stoppen. Wij helpen u dan net zo goed.
read-aloud = Lees voor
double-open = Bekijk de ander
double-registered = Aangemeld op
double-intake = Intake op
pairings-end-too = { $count ->
    [one] De koppeling stopt ook.
   *[other] De { $count } koppelingen stoppen ook.
}
consent-since = Gegeven op { $day }
consent-withdrawn = Ingetrokken op { $day }
consent-not-asked = Nog niet gevraagd
consent-give = Toestemming geven
consent-is-signed = Het is getekend
consent-take-back = Intrekken
why-waiting = Waarom wacht deze deelnemer?
learner-ends = Deelnemer stopt
learner-back = Deelnemer is terug
why-ends = Waarom?
what-then = Wat gaat de deelnemer hierna doen?
erase-learner = Deelnemer wissen
erase-learner-text = Alles over deze deelnemer gaat weg, ook het dossier. Dit kan niet terug.
requests-title = Leervragen
add-request = Leervraag toevoegen
request-wish = De wens, in de woorden van de deelnemer
request-topic = Onderwerp
request-application = Waarvoor?
request-goal = Wat kan de deelnemer straks?
request-desired = Gevraagde hulp
request-agreed = Afspraken
request-agreed-hint = Bijvoorbeeld: elke dinsdag een uur in de bibliotheek.
agreed-told = Afspraken: { $agreed }
request-advised = Advies
request-difference = Waarom is het advies anders?
goal-told = Doel: { $goal }
advised-told = Gevraagd: { $desired }. Advies: { $advised }. { $why }
does-it-work = Lukt het nu?
used-where = Waar gebruikt de deelnemer het?
what-next = Hoe nu verder?
in-own-words = In eigen woorden
levels-title = Niveaus
add-level = Niveau toevoegen
level-how = Hoe gemeten?
level-scale = Schaal
level-skill = Onderdeel
level-level = Niveau
taalmeter-right = Hoeveel van de eerste 14 vragen goed?
taalmeter-hint = Bij 11 of meer goed volgt het tweede deel.
taalmeter-second = Tweede deel: niveau 2F gehaald
contacts-title = Contact
contacts-text = Alleen coördinatoren lezen dit.
add-contact = Contact noteren
contact-kind = Soort contact
referrals-title = Doorverwijzingen
referral-no-consent = De deelnemer gaf nog geen toestemming om gegevens te delen met een school of cursus. Vraag dat eerst.
add-referral = Doorverwijzen
referral-partner = Naar wie?
referral-what = Waarvoor?
has-arrived = Aangekomen
has-not-arrived = Niet aangekomen
participation-begin = Is begonnen
participation-begin-text = Is de deelnemer begonnen met wat deze partner aanbiedt? Dan wacht de deelnemer niet meer.
participation-offer = Wat leert de deelnemer daar?
participation-form = Groep of individueel
participation-formal = Leidt tot een erkend diploma (formeel)
participation-end = Is gestopt of klaar
participation-certificate = Heeft een certificaat gekregen
participation-runs = { $offer }, begonnen { $day }
participation-ended = { $offer }, tot { $day }. { $why }
participation-is-formal = Formeel
participation-is-certified = Certificaat
norm-texts = Toelichting
norm-text = Toelichting bij deze norm
norm-text-hint = Wat deed het Taalhuis hiervoor? Bijvoorbeeld projecten, gesprekken met partners, en plannen om beter te worden. Geen namen van deelnemers.
buddy-for = Taalmaatje voor { $name }
no-match = Er past nu niemand. Hieronder staat waarom niet.
why-not = Waarom niet deze?
suits = Past voor { $score } van 100
suits-less = Kan, maar past minder: { $score } van 100
propose-pairing = Stel voor
propose-anyway = Stel toch voor
never-together-kept = Deze twee worden niet meer voorgesteld
together-again = Mag weer
fact-withdrawn = Dit staat er niet meer
never-together = Nooit samen
proposed-kept = Voorgesteld. Bel nu beide mensen.
others = Anderen
proposal-title = Voorstel voor iedereen
proposal-text = Wie het langst wacht gaat voor. Jij beslist: er gebeurt niets vanzelf.
proposal-left = Voor hen past nu niemand
proposal-for = { $count ->
    [one] Voorstel voor { $count } wachtende
   *[other] Voorstel voor { $count } wachtenden
}
match-time = Beiden: { $when }
match-time-unknown = Tijd nog niet gevraagd
match-apart = { $distance } km uit elkaar
match-apart-about = Ongeveer { $distance } km uit elkaar
match-home-unknown = Afstand niet bekend
match-by-video = Afspreken via video
match-helps = Helpt met { $subjects }
match-helps-nothing = Onderwerpen nog niet gevraagd of anders
match-knows = kent de doelgroep
match-trained = heeft de basistraining
match-not-trained = nog geen basistraining
match-languages = Spreken allebei { $languages }
match-no-language = Geen andere taal samen
match-dutch-is-enough = Nederlands is genoeg
match-languages-unknown = Talen nog niet gevraagd
match-interests = Houden allebei van { $interests }
match-no-interests = Geen interesses samen
match-interests-unknown = Interesses nog niet gevraagd
match-places = Willen allebei: { $places }
match-place-unknown = Plek nog niet gevraagd
match-waits = Wacht { $days } dagen
block-no-buddy = Is geen taalmaatje hier
block-no-vog = VOG niet in orde
block-away = Weg tot en met { $day }
block-full = Heeft geen tijd over
block-no-room = Heeft { $left } minuten over, nodig is { $needed }
block-gender = Gevraagd is een ander geslacht
block-never = Nooit samen
block-meets = Spreken al af
block-no-time = Geen tijd samen
block-no-place = Geen plek samen
block-too-far = Te ver: { $distance } km
two-people = { $learner } en { $buddy }
both-may = Beide mogen
has-several = Deze deelnemer heeft bewust meer dan één taalmaatje.
two-pairings = Deze deelnemer heeft twee koppelingen
plan-intro = Kennismaking plannen
move-intro = Kennismaking verzetten
begin-trial = Proef begint
goes-on = Ze gaan door
end-pairing = Koppeling stopt
step-note-hint = Bijvoorbeeld waar de kennismaking is. Het taalmaatje leest dit ook.
check-ins = Hoe gaat het?
after-weeks = Na { $weeks } weken
ask-how-it-goes = Vraag hoe het gaat, na { $weeks } weken
how-it-goes = Hoe gaat het?
sessions-total = { $count ->
    [one] { $count } afspraak, { $hours } uur
   *[other] { $count } afspraken, { $hours } uur
}
days-ago = { $count ->
    [0] vandaag
    [one] 1 dag
   *[other] { $count } dagen
}
learners-found = { $count ->
    [one] { $count } deelnemer
   *[other] { $count } deelnemers
}
buddies-found = { $count ->
    [one] { $count } taalmaatje
   *[other] { $count } taalmaatjes
}
buddy-free = { $count ->
    [0] Heeft tijd, nog geen koppeling
    [one] Heeft tijd, 1 koppeling
   *[other] Heeft tijd, { $count } koppelingen
}
buddy-full = { $count ->
    [0] Geen tijd
    [one] Geen tijd over, 1 koppeling
   *[other] Geen tijd over, { $count } koppelingen
}
buddy-paused = Pauze of vakantie
no-groups = Nog geen groep. Begin met een Taalcafé of een cursus.
new-group = Nieuwe groep
group-name = Naam van de groep
group-when = Wanneer en waar?
group-kind = Wat voor groep is het?
group-kind-hint = Wie in een cursus zit, heeft hulp. Wie naar een Taalcafé of inloop gaat en geen taalmaatje heeft, wacht nog.
change-group = Verander de groep
group-count = { $members } deelnemers, { $meetings } keer
group-ended = Gestopt op { $day }
add-member = Deelnemer erbij
add-buddy = Taalmaatje erbij
take-out = Haal eruit
was-there = { $count } van { $all } keer
were-there = { $count ->
    [one] { $count } aanwezig
   *[other] { $count } aanwezig
}
meetings = Bijeenkomsten
end-group = Groep stopt
waiting-title = Hoelang wachten mensen op een taalmaatje?
waiting-target = { $count ->
    [0] Niemand wacht langer dan jullie willen.
    [one] 1 deelnemer wacht langer dan jullie willen.
   *[other] { $count } deelnemers wachten langer dan jullie willen.
}
waits-4 = Tot 4 weken
waits-8 = 4 tot 8 weken
waits-13 = 8 tot 13 weken
waits-more = Langer
figures-from = Van
figures-until = Tot en met
figures-by-month = Kies hele maanden: van de eerste tot en met de laatste dag.
show-figures = Toon de cijfers
house-title = Zo werkt ons Taalhuis
house-change = Instellingen
house-page = Aanmelden kan op { $address }
house-target = Binnen hoeveel dagen hulp?
house-vog = Taalmaatjes hebben een VOG nodig
house-vog-years = Na hoeveel jaar een nieuwe VOG? 0 is nooit
house-open = Mensen kunnen zich aanmelden op de openbare pagina
house-weights = Wat telt hoe zwaar bij het zoeken? 0 tot 10
house-sections = Wat vragen we bij de intake?
weight-time = Tijd samen
weight-distance = Afstand
weight-level = Niveau en ervaring
weight-language = Taal samen
weight-interests = Interesses
weight-place = Plek
weight-waiting = Hoelang iemand wacht
look = Bekijk
ask = Vraag het
task-intake = Nieuwe aanmelding
task-find-buddy = Wacht te lang op een taalmaatje
task-proposed = Voorgesteld, nog geen antwoord
task-met = Hoe was de kennismaking?
task-trial-over = De proef is voorbij. Gaan ze door?
task-attention = Het gaat niet goed tussen deze twee
task-silent = Lang geen afspraak
task-no-vog = De VOG van het taalmaatje is niet in orde
task-no-consent = Geen toestemming om te delen
task-learner-ended = De deelnemer is gestopt. Stopt de koppeling ook?
task-buddy-left = Het taalmaatje werkt hier niet meer
task-quiet = Al een jaar niets genoteerd. Gaat de hulp door?
task-nudge = Is de deelnemer aangekomen?
day-whole = { $day } { $month } { $year }
hours-of-sessions = { $count ->
    [one] { $count } afspraak, samen { $hours } uur
   *[other] { $count } afspraken, samen { $hours } uur
}


# The public page: u, B1
request-aim = Niveau waar het naartoe gaat (NLQF)
aim-told = Doel: { $level }
not-decided = Nog niet bepaald
contact-on = laatste contact { $day }
also-known-as = Wat bij { $name } staat
has-pairing = Let op: er loopt al een koppeling met { $name }
refer-title = Iemand aanmelden bij het Taalhuis
refer-text = Wil iemand beter lezen, schrijven, praten of met de computer werken? Geef een naam en een telefoonnummer door.
refer-ask = Vraag eerst of het mag. Een naam en een telefoonnummer zijn genoeg. Het Taalhuis belt.
refer-act = Meld aan
refer-done = { $name } is aangemeld. Het Taalhuis belt. Op dit toestel blijft niets staan.
position-find = Zoek op adres
position-off = Je bibliotheek heeft geen opzoekdienst voor adressen aangezet. Zet de plek met de hand, of laat hem leeg.
position-unknown = Dit adres is niet gevonden.
task-measure = Tijd om het niveau weer te meten
