# De app rond alles heen.
app-name = Noaber
starting = Noaber start …
welcome = Welkom
no-work-here = Voor jouw rol is hier nog niets te doen.
nothing-here = Hier is niets
skip-to-content = Ga naar de inhoud
places = Plekken in de app
back = Terug
close = Sluiten
undo = Ongedaan maken
save = Bewaren
change = Wijzigen
open = Openen
choose-one = Maak een keuze
choose = Kiezen
stay = Niet doen
optional = (niet verplicht)
unknown = onbekend
nothing = niets
more = Meer
how = Hoe?
one-moment = Even wachten …
kept = Bewaard op dit toestel
on-phone = op dit toestel
arrived = aangekomen
somebody = iemand
books = boeken
try-now = Probeer nu
try-again = Probeer opnieuw
new-version = Nieuwe versie klaar
new-version-needed = Deze app is te oud en krijgt niets nieuws meer. Wat je doet, komt wel aan. Tik op ‘Nieuwe versie klaar’, of open de app opnieuw met verbinding.
new-version-draft = Bewaar eerst wat je hebt ingevuld. Daarna kun je de nieuwe versie starten.
form-errors-title = Er klopt iets niet
number-needed = Vul een heel getal in, of laat het leeg.
date-hint = Bijvoorbeeld 24 11 2026.
date-day = Dag
date-month = Maand
date-year = Jaar

place-today = Vandaag
place-hours = Mijn uren
place-schedule = Rooster
place-more = Meer
place-taalhuis = Taalhuis
place-me = Ik
place-help = Hulp
place-worklist = Werklijst
place-readers = Lezers
place-planning = Planning
place-overview = Overzicht

chip-unsent = { $count ->
    [one] { $count } nog niet verzonden
   *[other] { $count } nog niet verzonden
}
chip-kept = { $count ->
    [0] Alles staat klaar
    [one] { $count } bewaard op dit toestel
   *[other] { $count } bewaard op dit toestel
}
chip-refused = { $count ->
    [one] { $count } niet aangenomen
   *[other] { $count } niet aangenomen
}
chip-look = Kijk even
chip-offline = Geen verbinding, werk door
chip-busy = De bibliotheek kan nu niets aannemen
chip-rejected = Verzenden lukt niet
outbox-rejected = De bibliotheek neemt niet aan wat deze app verzendt: { $problem } Wat je deed, staat hier nog. Is er een nieuwe versie, neem die dan. Bewaar het anders als bestand voor je coördinator.
outbox-rest-arrived = Al het andere is aangekomen
chip-on-its-way = Onderweg naar de bibliotheek
chip-saving = Bezig met bewaren
chip-arrived = Alles is aangekomen
chip-checking = Nog niet gekeken
chip-sign-in = Meld je opnieuw aan
chip-no-contact-yet = Nog geen contact gehad
chip-last-contact = Bijgewerkt { $when }
at-time = om { $time } uur
refused-notice = Iets is niet aangenomen. Het is niet weg: kijk bij wat nog niet verzonden is.

locked-title = Te lang zonder contact
locked-text = Dit toestel is lang niet met de bibliotheek verbonden geweest. Zoek verbinding en probeer het nu. Wat je nog niet verzonden hebt, is bewaard.
not-durable = Deze browser belooft niet dat hij gegevens bewaart. Daarom staan er geen adressen op dit toestel. Zet de app op je beginscherm.
store-full = Je toestel is vol. Wat je nu doet, wordt niet bewaard. Maak ruimte vrij.
store-refused = Deze browser bewaart niets. Gebruik een gewoon venster, geen privévenster.

# Dagen en tijden
weekday-1 = maandag
weekday-2 = dinsdag
weekday-3 = woensdag
weekday-4 = donderdag
weekday-5 = vrijdag
weekday-6 = zaterdag
weekday-7 = zondag
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december
day-today = vandaag
day-tomorrow = morgen
day-full = { $weekday } { $day } { $month }
day-short = { $day } { $month }
time-of-day = { $hour }.{ $minute }
moment = { $day } om { $time } uur
until-day = tot en met { $day }

# Aanmelden
sign-in = Aanmelden
sign-in-title = Aanmelden
sign-in-intro = Gebruik het e-mailadres en wachtwoord van je bibliotheek.
sign-in-again-text = Meld je opnieuw aan om te verzenden. Je kunt gewoon doorwerken: er gaat niets verloren.
sign-in-unreachable = De bibliotheek is nu niet te bereiken. Zoek verbinding en probeer het opnieuw.
go-on-without = Doorwerken zonder aanmelden
email = E-mailadres
email-missing = Vul je e-mailadres in.
password = Wachtwoord
password-missing = Vul je wachtwoord in.
device-name = Noaber-app
sign-out = Afmelden op dit toestel
sign-out-unsent = { $count ->
    [one] { $count } is nog niet verzonden
   *[other] { $count } zijn nog niet verzonden
}
sign-out-unsent-text = Als je afmeldt, blijft dit op slot op dit toestel staan. Het gaat mee als een collega je weer binnenlaat, of als je aanmeldt met een passkey of een tweede stap. Bewaar het eventueel als bestand.
sign-out-anyway = Toch afmelden
install = Installeren
install-title = Zet Noaber op je beginscherm
install-why = Dan werkt de app ook zonder netwerk.
install-step-1 = Tik op delen, of op het menu van je browser.
install-step-2 = Kies: Zet op beginscherm.
install-step-3 = Open Noaber vanaf je beginscherm en meld je daar aan.

# Ik
choices = Zo zie ik het graag
text-size = Grootte van de letters
text-normal = Gewoon
text-large = Groot
text-largest = Grootst
theme = Licht of donker
theme-system = Als mijn toestel
theme-light = Licht
theme-dark = Donker
language = Taal
on-this-phone = Wat staat er op dit toestel
last-sync = Laatste contact
rounds-here = Rondes
addresses-here = Lezers met adres
room = Ruimte
room-used = { $part } van { $whole } MB gebruikt
kept-promise = Blijft bewaard
kept-promise-yes = ja
kept-promise-no = niet zeker; daarom geen adressen op dit toestel
ask-to-keep = Vraag de browser om te bewaren
persist-refused = De browser belooft het niet. Zet de app op je beginscherm.
version = Versie { $version }, protocol { $protocol }
outbox-title = Nog niet verzonden
outbox-offline = Er is geen verbinding. Wat je doet, blijft bewaard en gaat vanzelf weg als er weer verbinding is.
outbox-waiting = { $count ->
    [one] { $count } ding wacht om te verzenden.
   *[other] { $count } dingen wachten om te verzenden.
}
save-as-file = Bewaar als bestand
save-failed = Het bestand kon niet worden gemaakt.
refused-title = Niet aangenomen
refused-text = De bibliotheek nam dit niet aan. Het is niet weg. Probeer het opnieuw, of haal het weg als het niet meer nodig is.
drop-it = Weghalen
dropped = Weggehaald
pending-title = Wacht op verzenden
pending-none = Er wacht niets.
accessibility-title = Toegankelijkheid
accessibility-text = Noaber is gemaakt volgens WCAG 2.2 AA: voor toetsenbord, schermlezer, grote letters en weinig licht.
accessibility-known = Bekend: slepen van de volgorde kan ook met de knoppen omhoog en omlaag.
accessibility-contact = Lukt iets niet? Bel je coördinator. Het nummer staat bij Hulp.

# Hulp
help-title = Hulp
help-call = Bel { $name }
help-branch = Bibliotheek { $branch }
help-cards = Goed om te weten
help-offline-title = Geen verbinding?
help-offline-text = Werk gewoon door. Alles wordt bewaard op je toestel en gaat vanzelf weg als er weer verbinding is.
help-ticks-title = Wat betekenen de vinkjes?
help-ticks-text = Eén vinkje: het staat op je toestel. Twee vinkjes: de bibliotheek heeft het.
help-wrong-title = Verkeerd getikt?
help-wrong-text = Tik op Ongedaan maken, of open het adres en kies Verbeteren. Dat kan de hele dag.
help-door-title = Aan de deur
help-door-text = Geef de boeken alleen aan de lezer, een huisgenoot of een medewerker. Je hoeft nergens naar binnen.
help-lost-title = Telefoon kwijt?
help-lost-text = Bel je coördinator. Die meldt je telefoon af.

# Het kantoor
office-title = Jouw schermen
office-text = De schermen voor jouw werk staan nog niet op dit toestel.
office-get = Haal ze op
