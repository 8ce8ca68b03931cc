# Mensen en toestellen
place-people = Mensen
role-deliverer = Bezorger
role-chooser = Kiezer
role-delivery-coordinator = Coördinator bezorgen
role-buddy = Taalmaatje
role-taalhuis-coordinator = Coördinator Taalhuis
role-desk-staff = Medewerker IDO-balie
role-volunteer-coordinator = Coördinator vrijwilligers
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
with-password = Aanmelden met e-mailadres en wachtwoord
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
audit-passkey-added = Passkey gemaakt
audit-passkey-removed = Passkey weggehaald
audit-export-reader = Gegevens voor de lezer opgeslagen
audit-lock-device = Gegevens op slot gedaan
audit-unseal-device = Slot geopend na vergeten pincode
audit-retention = Bewaartermijn voorbij
audit-export-audit = Logboek opgeslagen
