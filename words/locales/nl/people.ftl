# Mensen en toestellen
place-people = Mensen
role-deliverer = Bezorger
role-chooser = Kiezer
role-delivery-coordinator = Coördinator bezorgen
role-buddy = Taalmaatje
role-taalhuis-coordinator = Coördinator Taalhuis
role-desk-staff = Medewerker IDO-balie
role-volunteer-coordinator = Coördinator vrijwilligers
role-desk-coordinator = Coördinator IDO
role-host = Gastvrouw of gastheer
role-book-start-coach = BoekStartcoach
role-referrer = Verwijzer van een partner
role-finance = Medewerker financiën
role-report-reader = Rapportlezer gemeente
role-privacy-officer = Functionaris privacy
role-administrator = Beheerder
needs-network = Hiervoor is verbinding nodig. Probeer het zo opnieuw.
new-person = Nieuwe collega
search-people = Zoek naam of e-mailadres
people-found = { $count ->
    [one] { $count } persoon
   *[other] { $count } mensen
}
choose-person = Kies iemand uit de lijst
works-no-more = Werkt hier niet meer
not-in-yet = nog niet binnen
person-change = Naam of e-mailadres wijzigen
person-name = Naam
person-name-hint = Voornaam en achternaam.
person-role = Wat gaat deze collega doen?
person-email-hint = Alleen nodig voor een link per mail.
roles = Rollen
take-role = Wegnemen
give-role = Nog een rol
choose-role = Kies een rol
give = Geven
devices = Toestellen
my-devices = Mijn toestellen
no-devices = Nog geen toestel.
last-heard = Laatste contact { $when }
this-device = dit toestel
shut-out = Afmelden
shut-out-on = Afgemeld { $when }
device-out = Afgemeld. Bij het volgende contact wordt het toestel leeggemaakt.
forget-title = Vergeten
forget-text = Naam, adres en alles waarmee deze collega binnenkwam, gaan nu weg. Wat deze collega deed, blijft geteld. Dit kan niet worden teruggedraaid.
forget-person = Vergeet deze collega
forget-for-good = Voorgoed vergeten
forgotten = Deze collega is vergeten
end-title = Stoppen
end-text = Alle rollen in jouw vestigingen eindigen vandaag. Heeft deze collega geen andere rol, dan worden de toestellen leeggemaakt. Wat nog niet verzonden is, kan als bestand worden ingeleverd.
end-work = Deze collega stopt
end-for-good = Beëindigen
ended = Beëindigd
way-in-text = Laat deze collega binnen op een telefoon. Daar is geen wachtwoord voor nodig.
show-code = Toon een code
send-link = Stuur een link per mail
link-sent = De link gaat per mail. Hij werkt zeven dagen.
code-text = Lees deze code voor, of laat hem zien. Hij werkt tien minuten.
code-camera = Of laat de telefoon van je collega dit plaatje zien, met de camera.
code-waits = Wacht op de telefoon …
which-digits = Welke cijfers staan er op { $device }?
is-in = { $name } is binnen
with-code = Ik heb een code
with-password = Aanmelden met wachtwoord
join-intro = Vraag je coördinator om een code. Je hebt geen wachtwoord nodig.
code-label = Code
code-hint = Negen cijfers, bijvoorbeeld 123 456 789.
code-needed = Vul de negen cijfers van de code in.
go-on = Verder
digits-text = Zeg deze cijfers tegen je coördinator:
digits-wait = Wacht tot je coördinator ze heeft aangetikt …
link-intro = Je bent uitgenodigd voor Noaber. Zet de app eerst op je beginscherm, of ga hier verder.
new-password = Kies een wachtwoord
new-password-hint = Minstens 12 tekens. Een zin van een paar woorden is goed.
come-in = Ga naar binnen
out-unsent = { $count ->
    [one] { $count } is nog niet verzonden. Meld je weer aan, of bewaar het als bestand voor je coördinator.
   *[other] { $count } zijn nog niet verzonden. Meld je weer aan, of bewaar ze als bestand voor je coördinator.
}

# Logboek
place-log = Logboek
only-refused = Alleen wat niet is aangenomen
earlier = Eerder
mail-waiting = Mail die wacht
mail-none = Er wacht geen mail.
mail-tries = { $count ->
    [one] { $count } keer geprobeerd
   *[other] { $count } keer geprobeerd
}
mail-dead = Opgegeven
mail-again = De mail wordt opnieuw geprobeerd.
audit-mail-invitation = Uitnodiging
audit-sign-in = Aangemeld
audit-sign-in-failed = Aanmelden mislukt
audit-sign-out = Afgemeld
audit-hand-in = Bestand van een telefoon ingeleverd
audit-add-person = Collega toegevoegd
audit-change-roles = Rollen veranderd
audit-end-person = Collega beëindigd
audit-invite = Uitgenodigd
audit-revoke-device = Toestel afgemeld
audit-create-administrator = Eerste beheerder gemaakt
audit-token-copied = Aanmelding op twee plekken gebruikt: toestel afgemeld
audit-second-factor-on = Tweede stap aangezet
audit-second-factor-off = Tweede stap weggehaald
audit-export-library = Alles van de bibliotheek geëxporteerd
audit-recovery-codes-made = Nieuwe noodcodes gemaakt
audit-recovery-code-used = Noodcode gebruikt
audit-passkey-added = Passkey gemaakt
audit-passkey-removed = Passkey weggehaald
audit-export-person = Gegevens van een collega opgeslagen
audit-change-settings = Instellingen veranderd
audit-add-branch = Vestiging of netwerk toegevoegd
audit-change-branch = Vestiging of netwerk veranderd
audit-forget-person = Gegevens van een oud-collega gewist
audit-export-reader = Gegevens voor de lezer opgeslagen
audit-lock-device = Gegevens op slot gedaan
audit-unseal-device = Slot geopend na vergeten pincode
audit-retention = Bewaartermijn voorbij
audit-export-audit = Logboek opgeslagen
former-colleague = Oud-collega

# Rollen
role-more = Begin, einde en werkgever
role-from = Eerste dag
role-until = Laatste dag
role-employer = Werkgever
role-employer-hint = Als dat niet de bibliotheek is. Bijvoorbeeld een ROC of welzijnsorganisatie.
from-day = vanaf { $day }
buddy-taalmaatje = Taalmaatje
buddy-taalvrijwilliger = Taalvrijwilliger
buddy-taalcoach = Taalcoach

# Lang niet gehoord
quiet-title = { $count ->
    [one] Van { $count } toestel lang niets gehoord
   *[other] Van { $count } toestellen lang niets gehoord
}
quiet-text = Wat daar op staat, is hier misschien nog niet aangekomen. Bel even.
quiet-since = { $device }, laatste contact { $when }
quiet-missing = { $count ->
    [one] { $count } bezoek ontbreekt
   *[other] { $count } bezoeken ontbreken
}

# Beheer
place-manage = Beheer
branches = Vestigingen en netwerken
branch-add = Nieuwe vestiging of netwerk
branch-name = Naam van de vestiging of het netwerk
branch-kind = Wat is het?
branch-kind-hint = In een netwerk werken meer werkgevers samen, zoals in een Taalhuis.
branch-branch = Vestiging
branch-network = Netwerk
branch-municipality = Gemeente
branch-help-name = Wie helpt vrijwilligers?
branch-help-hint = Deze naam staat met het telefoonnummer bij Hulp.
branch-phone = Telefoonnummer voor hulp
branch-help = Hulp: { $who }
settings-title = Instellingen
settings-quiet-days = Lang niet gehoord: na hoeveel dagen?
settings-lease-days = Hoeveel dagen werkt een toestel zonder contact?
settings-lease-learner-days = En met gegevens van deelnemers erop?
settings-retention-reader-days = Hoeveel dagen bewaren we een lezer of deelnemer die gestopt is?
settings-retention-person-days = Hoeveel dagen bewaren we een collega die stopte?
settings-retention-mail-days = Hoeveel dagen bewaren we verstuurde mail?
settings-pin-digits = Hoeveel cijfers heeft een pincode minstens?
settings-step-offered = Wie wil
settings-step-demanded = Verplicht voor wie een wachtwoord heeft
settings-buddy = Hoe noemen jullie wie een deelnemer begeleidt?
settings-allowed = Kies een getal van { $range }.
until-word = tot
my-data = Mijn gegevens
my-data-text = Alles wat de bibliotheek over jou bewaart, als pagina en als bestand.
my-data-save = Mijn gegevens opslaan
their-data = Gegevens
their-data-save = Gegevens opslaan voor deze collega
saved = Bewaard
audit-recover = Link gevraagd om weer binnen te komen
audit-refused-request = Vroeg iets wat niet mag
audit-rename-person = Naam of e-mailadres veranderd
audit-mail-address-changed = Bericht: e-mailadres veranderd
audit-mail-new-device = Bericht: toestel erbij
audit-mail-recovery = Link om weer binnen te komen
audit-mail-round = Bericht voor een ronde
audit-mail-digest = Overzicht per week
audit-mail-audit-head = Einde van het logboek
log-period = Alleen bepaalde dagen
log-from = Vanaf
log-until = Tot en met
log-show = Toon deze dagen
log-act = Wat
log-person = Wie
log-all = Alles
held-look = Wat stond erop?
held-counts = Dit is naar dit toestel gestuurd. Lezers met adres: { $readers }. Rondes: { $rounds }. Meldingen: { $signals }.
held-names = Welke lezers?
audit-look-held = Gekeken wat er op een toestel kon staan
tonight = Wat gaat er vannacht weg?
tonight-nothing = Niets. Alles wordt nog bewaard.
tonight-readers = Lezers die lang geleden stopten
tonight-learners = Deelnemers die lang geleden stopten
tonight-people = Collega's die lang geleden stopten
tonight-rounds = Rondes van lang geleden: alleen de aantallen blijven
tonight-signals = Zorgen van lang geleden: alleen de aantallen blijven
tonight-mails = Verstuurde mails
tonight-invitations = Oude uitnodigingen
tonight-refused-acts = Afgehandelde fouten
step-first-own = Stel eerst zelf een tweede stap in, bij Ik.
held-learners = { $count ->
    [one] { $count } deelnemer
   *[other] { $count } deelnemers
}
