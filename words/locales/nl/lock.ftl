# The lock on the data of a phone: je to volunteers and staff.
pin-title = Vul je pincode in
pin-label = Pincode
pin-open = Openen
pin-missing = Vul je pincode in.
pin-wrong = { $count ->
    [one] Deze pincode klopt niet. Je kunt het nog { $count } keer proberen.
   *[other] Deze pincode klopt niet. Je kunt het nog { $count } keer proberen.
}
pin-wait = { $count ->
    [one] Te vaak een verkeerde pincode. Wacht { $count } seconde.
   *[other] Te vaak een verkeerde pincode. Wacht { $count } seconden.
}
pin-forgotten = Pincode vergeten?
pin-forgotten-text = Je coördinator laat je weer binnen met een code. Daarna kies je een nieuwe pincode. Wat je nog niet verzonden hebt, blijft bewaard.
pin-forgotten-go-on = Ik heb een nieuwe nodig
pin-try-still = Toch nog proberen
pin-choose = Kies een pincode
pin-choose-text = Met je pincode open je Noaber op dit toestel. Raak je het kwijt, dan kan een ander niet bij de gegevens.
pin-new = Nieuwe pincode
pin-new-hint = Minstens 6 cijfers. Niet 123456 of 111111.
pin-again = Nog een keer
pin-length = Kies 6 tot 12 cijfers.
pin-trivial = Deze pincode is te makkelijk te raden. Kies een andere.
pin-differs = Dit zijn andere cijfers dan hierboven.
pin-unreachable = Er is geen verbinding. Die is nodig om je gegevens op slot te doen. Je pincode staat er nog.
pin-later = Straks
pin-change = Pincode veranderen
pin-old = Je pincode van nu
pin-old-wrong = Dit is niet je pincode van nu.
pin-changed = Je pincode is veranderd.
left-forgotten = Je pincode opent niets meer. Vraag je coördinator om een code en kom daarmee weer binnen. Wat je nog niet verzonden hebt, is bewaard.
lease-warning = { $count ->
    [one] Zoek verbinding met internet. Over { $count } dag gaan de gegevens op dit toestel anders dicht.
   *[other] Zoek verbinding met internet. Over { $count } dagen gaan de gegevens op dit toestel anders dicht.
}

# The second step beside a password.
step-title = Tweede stap bij aanmelden
step-why = Met een wachtwoord alleen kan een ander ook binnenkomen. Met een code uit een app op je telefoon niet.
step-begin = Tweede stap instellen
step-app = Open een app voor codes, zoals die van je telefoon zelf of een authenticator.
step-open = Open de app voor codes
step-type = Of tik dit daar over:
step-code = Code uit je app
step-code-hint = Zes cijfers. App kwijt? Vul een noodcode in.
step-on = De tweede stap staat aan.
step-off = De tweede stap is weg.
step-is-on = De tweede stap staat aan.
step-remove = Tweede stap weghalen
step-remove-of = Tweede stap weghalen
step-removed-of = De tweede stap van deze collega is weg.

# A passkey instead of a password.
passkey-title = Passkeys
passkey-why = Meld je aan met je vinger, je gezicht of de pincode van je computer. Dat is sneller en veiliger dan een wachtwoord.
passkey-add = Passkey maken op dit toestel
passkey-made = De passkey is gemaakt.
passkey-gone = De passkey is weg.
passkey-remove = Weghalen
passkey-since = Gemaakt: { $at }
passkey-used = Laatst gebruikt: { $at }
passkey-not-made = Er is geen passkey gemaakt. Probeer het gerust opnieuw.
passkey-not-shown = Er is geen passkey getoond. Probeer het opnieuw, of meld je aan met je wachtwoord.
passkey-use = Aanmelden met passkey
step-camera = Of richt de camera van je telefoon op dit plaatje.

# Codes on paper, for who lost the app that makes codes.
codes-title = Noodcodes van Noaber
codes-text = Ben je je app voor codes kwijt? Met een noodcode kom je er ook in. Elke code werkt één keer. Bewaar ze op papier, niet op je telefoon. Je ziet ze maar één keer.
codes-left = { $count ->
    [0] Je hebt geen noodcodes meer.
    [one] Je hebt nog { $count } noodcode.
   *[other] Je hebt nog { $count } noodcodes.
}
codes-make = Nieuwe noodcodes maken
codes-save = Bewaar als bestand
codes-saved = Bewaard. Druk het bestand af, en haal het daarna weg.
codes-done = Ik heb ze bewaard

# Asked before something grave.
proof-title = Ben jij het?
proof-text = Dit is een belangrijke stap. Laat eerst zien dat jij het bent.
proof-wrong = Dit klopt niet. Probeer het opnieuw.
pin-longer = Jouw bibliotheek vraagt minstens { $digits } cijfers.
recover = Ik kom er niet meer in
recover-sent = Is dit adres bekend, dan krijg je een mail met een link en een code. Die werken een uur.
mailed-code-label = Code uit de mail
mailed-code-hint = Tik op de link in de mail, of typ hier de negen cijfers.
colleague-needed-later = Wat achter de oude pincode ligt, blijft veilig bewaard. Vraag je coördinator om een code en meld je daarmee aan, dan komt het terug.
finger-open = Vinger of gezicht
finger-unseen = Dit toestel heeft je niet herkend. Probeer het nog eens, of typ je pincode.
finger-on = Zet aan
finger-add = Openen met vinger of gezicht
finger-text = Je opent de app dan zonder pincode. Je pincode blijft ook werken: onthoud hem goed.
finger-added = Je opent de app nu met je vinger of gezicht
finger-not = Dit toestel kan dat niet, of herkende je niet. Je pincode blijft werken.
finger-drop = Alleen nog met pincode openen
finger-dropped = Je opent de app nu alleen met je pincode
