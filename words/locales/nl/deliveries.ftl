# Bibliotheek aan Huis
outcome-delivered = Bezorgd
outcome-delivered-to-other = Bezorgd aan huisgenoot of medewerker
outcome-left-at-place = Achtergelaten op afgesproken plek
outcome-only-collected = Alleen opgehaald
outcome-not-home = Niet thuis
outcome-wrong-address = Adres klopt niet
outcome-no-longer-wanted = Wil niet meer
outcome-items-not-ready = Boeken niet klaar
outcome-moved = Verzet naar een andere dag
outcome-lapsed = Vervallen
outcome-other = Anders
frequency-weekly = Elke week
frequency-two-weekly = Om de 2 weken
frequency-three-weekly = Om de 3 weken
frequency-four-weekly = Om de 4 weken
frequency-monthly = Elke maand
frequency-on-call = Op afroep
segment-morning = ochtend
segment-afternoon = middag
segment-evening = avond
status-for-good = Wil je “{ $status }” noteren? Dat kun je niet meer veranderen.
status-sure = Ja, { $status }
cancel-sure = De vrijwilliger ziet dan dat de ronde niet doorgaat. Je kunt dit niet terugdraaien.
cancel-for-good = Ja, afgelasten
status-registered = Aangemeld
status-introduction-planned = Kennismaking gepland
status-active = Actief
status-paused = Gepauzeerd
status-stopped-keep-contact = Gestopt, contact houden
status-stopped-no-contact = Gestopt, geen contact
status-deceased = Overleden

act-describe-branch = Vestiging beschrijven
act-enrol-member = Collega toevoegen
act-end-member = Collega beëindigen
act-register-reader = Nieuwe lezer
act-change-reader = Lezer wijzigen
act-set-reader-status = Status van lezer
act-erase-reader = Lezer wissen
act-plan-round = Ronde plannen
act-assign-round = Ronde toewijzen
act-move-round = Ronde verzetten
act-cancel-round = Ronde afgelasten
act-add-stop = Adres toevoegen
act-change-stop = Adres wijzigen
act-remove-stop = Adres weghalen
act-log-delivery = Bezorging
act-withdraw-delivery-log = Bezorging ongedaan maken
act-order-round = Eigen volgorde
act-record-kilometres = Kilometers
act-raise-signal = Bericht aan coördinator
act-settle-signal = Bericht afhandelen

# Vandaag
no-round-title = Geen ronde
no-round-text = Er staat nu geen ronde voor je klaar. Hier komt je volgende ronde met de adressen.
later = Hierna
addresses = { $count ->
    [one] { $count } adres
   *[other] { $count } adressen
}
round-name = Ronde { $name }
round-gone = Deze ronde staat niet (meer) op dit toestel.
stops-done = { $done } van { $total } klaar
done-of = { $done } van { $total }
together-with = Samen met { $names }
ready-on-phone = Staat klaar op deze telefoon
addresses-come-later = De adressen komen drie dagen van tevoren op je telefoon.
round-done = Klaar!
round-done-text = Alle adressen zijn gedaan. Dank je wel!
round-cancelled-text = Deze ronde is afgelast.
note-kilometres = Kilometers noteren
change-kilometres = Kilometers wijzigen
change-order = Volgorde
all-addresses = Alle adressen
two-answers = Twee antwoorden
two-answers-text = Twee mensen vulden iets anders in. Kies wat klopt.
this-is-right = Dit klopt
reader-unknown = Lezer
reader-unknown-text = De gegevens van deze lezer staan niet op dit toestel.
fetch-what = Ophalen: { $what }
call = Bellen
route = Route
not-done = Niet gelukt
open-stop = Meer
stop-gone = Dit adres staat niet op de ronde
correct-it = Verbeteren
details = Boeken en wensen
worried-button = Ik maak me zorgen
logged = { $outcome }: { $who }
taken-back = Ongedaan gemaakt

# Aan de deur
door = Aan de deur
door-hint = Bijvoorbeeld: bel aan bij de achterdeur, er is een hond.
bag = Tas
bring = Brengen
fetch = Ophalen
letters = Letters
large-print = Grote letter
audiobook = Luisterboek
large-print-and-audio = Grote letter en luisterboek
most = Hoeveel boeken
items = { $count ->
    [one] { $count } boek
   *[other] { $count } boeken
}
likes = Leest graag
avoid = Liever niet
mobility = Goed om te weten
contact-person = Contactpersoon
wish-told = Wens: { $wish }
what-happened = Wat gebeurde er bij { $name }?
succeeded-otherwise = Toch gelukt
details-of = Boeken en wensen: { $name }
how-did-it-go = Hoe ging het?
items-out = { $count ->
    [one] { $count } gebracht
   *[other] { $count } gebracht
}
items-in = { $count ->
    [one] { $count } opgehaald
   *[other] { $count } opgehaald
}
items-out-label = Hoeveel boeken gebracht?
items-in-label = Hoeveel boeken opgehaald?
wish-label = Wens voor de volgende keer
wish-hint = Bijvoorbeeld: deel 3 van de serie.
note-label = Iets anders
note-hint = Geen BSN, geen rekeningnummer.

# Volgorde en kilometers
order-title = Volgorde van de adressen
order-hint = Sleep een adres, of gebruik de pijlen. Dit is jouw eigen volgorde.
order-said = Nu plaats { $place } van { $total }
move-up = { $name } omhoog
move-down = { $name } omlaag
kilometres-title = Kilometers van deze ronde
kilometres-label = Hoeveel kilometer reed je?
kilometres-hint-first = Hoeveel kilometer was het heen en terug?
kilometres-hint = Ingevuld zoals de vorige keer. Klopt het niet? Pas het aan.
kilometres-needed = Vul een getal in, bijvoorbeeld 12,5.
kilometres-kept = Bewaard: { $kilometres } km
kilometres-short = { $kilometres } km
hours-empty = Hier komen je rondes en kilometers.
hours-total = { $count ->
    [one] { $count } ronde, samen { $distance } km
   *[other] { $count } rondes, samen { $distance } km
}
schedule-empty = Er staan geen rondes voor je gepland.
cancelled = Afgelast

# Zorgen
worried-title = Ik maak me zorgen
worried-text = Alleen de coördinator leest dit. Schrijf kort wat je zag.
worried-label = Wat zag je?
worried-hint = Geen BSN, geen rekeningnummer.
unsafe-button = Ik voel me niet veilig
unsafe-title = Ik voel me niet veilig
unsafe-text = Ga weg als dat kan. Bel de coördinator. In nood: bel 112.
unsafe-label = Wat gebeurde er?
pass-on = Geef door
signal-kept = Bewaard. De coördinator krijgt het te zien.

# Werklijst
things-for-you = { $count ->
    [0] niets te doen
    [one] { $count } ding voor jou
   *[other] { $count } dingen voor jou
}
worklist-not-asked = Alles wat op dit toestel staat, is gedaan. Met verbinding zie je ook wat niet is aangenomen.
clock-is-off = de klok van die telefoon loopt niet goed
what-was-done = Wat is er gedaan?
worklist-empty = Alles is gedaan. Hier komt wat op jou wacht.
signal-worry = Zorgen om { $who }
signal-unsafe = { $who } voelde zich niet veilig
take-up = Ik pak het op
taken-up = Opgepakt
settle = Afgehandeld
refused-acts = Niet aangenomen
refused-act = { $actor }: { $deed }
unfinished = Ronde niet af
not-fetched = Nog op geen telefoon
not-fetched-text = De vrijwilliger heeft de adressen nog niet opgehaald. Bel, of druk de lijst af.
due-title = Aan de beurt
due-count = { $count ->
    [one] { $count } lezer wacht op boeken
   *[other] { $count } lezers wachten op boeken
}
hand-in-title = Bestand van een telefoon inleveren
hand-in-text = Kan een vrijwilliger niet meer verzenden? Laat het bestand bewaren bij Nog niet verzonden en lever het hier in.
hand-in-label = Kies het bestand
hand-in-of = { $count ->
    [one] Eén handeling van { $person }
   *[other] { $count } handelingen van { $person }
}
hand-in-late = Een deel is van nadat dit toestel is afgemeld. Vraag na of dat klopt.
hand-in-late-mark = na afmelden
hand-in-now = Lever in
hand-in-noise = Dit is geen bestand van Noaber. Er is niets veranderd.
handed-in = { $accepted } aangenomen, { $refused } niet aangenomen

# Lezers
new-reader = Nieuwe lezer
change-reader = Lezer wijzigen
search-readers = Zoek naam, plaats, telefoon
found = { $count ->
    [one] { $count } lezer
   *[other] { $count } lezers
}
show-more = Toon de volgende { $part } van { $rest }
choose-reader = Kies een lezer
branch = Vestiging
who = Wie
reader-name = Naam
reader-name-hint = Zoals je het zegt: Mevrouw Hilbrands.
phone = Telefoon
where-lives = Adres
street = Straat
house-number = Huisnummer
postcode = Postcode
town = Plaats
how-often = Hoe vaak
frequency = Hoe vaak
day-segment = Deel van de dag
weekday = Dag
what-kind = Wat voor boeken
contact-name = Naam contactpersoon
contact-phone = Telefoon contactpersoon
needed-until-hint = Alleen bij een tijdelijke ziekte. Bijvoorbeeld 24 12 2026.
item-kinds = Soort boeken
item-kinds-hint = Bijvoorbeeld romans, tijdschriften, puzzels.
needed-until = Nodig tot
last-visits = Laatste bezoeken
no-visits = Nog geen bezoeken.
change-status = Status veranderen
pause = Pauzeren
paused-until = Pauze tot en met
erase-title = Wissen
erase-reader = Lezer wissen
erase-text = Alles van deze lezer verdwijnt voorgoed, ook van de telefoons van vrijwilligers. Dit kan niet terug.
erase-for-good = Voorgoed wissen
erased = Gewist

# Planning
plan-round = Ronde plannen
planning-empty = Er zijn nog geen rondes gepland.
choose-round = Kies een ronde
planned = gepland
two-days = Twee mensen kozen een andere dag. Kies de dag die klopt.
change-round = Ronde veranderen
volunteer = Vrijwilliger
assign = Toewijzen
day-label = Datum
move-round = Verzetten
add-address = Adres toevoegen
remove-stop = Van de ronde halen
stop-removed = Van de ronde gehaald
cancel-reason = Waarom afgelast?
cancel-round = Ronde afgelasten
round-name-label = Naam van de ronde
round-name-hint = Bijvoorbeeld Gieten-Zuid.
who-brings = Wie brengt?
whom-to-visit = Wie is aan de beurt?
chosen-addresses = { $count ->
    [one] { $count } adres gekozen
   *[other] { $count } adressen gekozen
}
plan-it = Plan de ronde
print-list = Lijst afdrukken
paper-kilometres = Kilometers heen en terug:
paper-brought = Gebracht:
paper-collected = Opgehaald:
paper-note = Wens of opmerking:
paper-hand-in = Geef deze lijst na de ronde terug aan de bibliotheek. Er staan adressen op.
bag-number = Tas { $number }
already-planned = Staat al op een ronde op { $day }
never-visited = nog nooit bezocht
last-visited = laatst { $day }
overdue-since = Te laat sinds { $day }, { $last }
due-from = Aan de beurt vanaf { $day }, { $last }
on-call = Op afroep, { $last }

# Overzicht
visits-per-week = Bezoeken per week
week = Week
week-of = Vanaf { $day }
succeeded = Gelukt
failed = Niet gelukt
