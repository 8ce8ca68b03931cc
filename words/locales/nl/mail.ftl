# Mails. In een onderwerp staat niets over mensen.
mail-invitation-subject = Je uitnodiging voor Noaber
mail-invitation-body = Dag { $name },

    Je bibliotheek nodigt je uit voor Noaber. Open deze link op je telefoon of computer:

    { $link }

    De link werkt één keer, zeven dagen lang. Werkt hij niet meer? Vraag je coördinator om een nieuwe.
mail-device-subject = Een toestel van je is afgemeld
mail-device-body = Dag { $name },

    Je toestel "{ $device }" is bij Noaber afgemeld, omdat zijn aanmelding op twee plekken werd gebruikt. Misschien heeft iemand er een kopie van.

    Was jij het niet? Bel je coördinator. Meld je daarna op je eigen toestel opnieuw aan. Wat je daar nog niet verzonden had, staat er nog.
mail-new-device-subject = Er is een toestel bij gekomen
mail-new-device-body = Dag { $name },

    Met een code van een collega kwam er een toestel bij op jouw naam: { $device }.

    Was jij dit? Dan hoef je niets te doen. Was jij het niet? Bel meteen je coördinator.
mail-code-subject = Er is een noodcode gebruikt
mail-code-body = Dag { $name },

    Iemand meldde zich bij Noaber aan met jouw wachtwoord en een noodcode. Je hebt nog { $left } noodcodes.

    Was jij dit? Dan hoef je niets te doen. Was jij het niet? Bel meteen je coördinator.
mail-recovery-subject = Weer binnenkomen in Noaber
mail-recovery-body = Dag { $name },

    Iemand vroeg om een link waarmee jij weer in Noaber komt. Was jij dat? Open hem dan:

    { $link }

    Of typ deze code in, op het toestel waar je hem hebt gevraagd: { $code }

    Beide werken één keer, een uur lang. Was jij het niet? Dan hoef je niets te doen. Geef de code aan niemand.
mail-round-subject = Morgen staat er een ronde voor je klaar
mail-round-body = Dag { $name },

    Morgen rijd je een ronde. Je telefoon heeft de adressen nog niet opgehaald. Open Noaber vandaag even waar je internet hebt.

    Liever geen bericht vooraf? { $link }
mail-digest-subject = Er wacht werk in Noaber
mail-digest-body = Dag { $name },

    Dit wacht op je:

    { $list }

    Open Noaber, dan staat het bovenaan je werklijst.

    Liever geen overzicht per week? { $link }
mail-digest-signals = { $count ->
    [one] { $count } melding van een vrijwilliger
   *[other] { $count } meldingen van vrijwilligers
}
mail-digest-refused = { $count ->
    [one] { $count } keer werd iets niet aangenomen
   *[other] { $count } keer werd iets niet aangenomen
}
mail-digest-quiet = { $count ->
    [one] { $count } toestel waarvan lang niets gehoord is
   *[other] { $count } toestellen waarvan lang niets gehoord is
}
mail-kind-round = Bericht op de dag voor een ronde
mail-kind-digest = Overzicht per week
mail-switch-title = Mail van Noaber
mail-switch-is-on = Je krijgt deze mail.
mail-switch-is-off = Je krijgt deze mail niet meer.
mail-switch-off = Deze mail uitzetten
mail-switch-on = Deze mail weer aanzetten
mail-audit-subject = Einde van het logboek van vandaag
mail-audit-body = Bewaar deze regel. Met "noaber verify-audit --head" en deze regel ziet u of het logboek sindsdien veranderd of ingekort is.

    { $head }
mail-address-changed-subject = Je e-mailadres bij Noaber is veranderd
mail-address-changed-body = Dag { $name },

    Je bibliotheek heeft voor jou een ander e-mailadres opgeschreven. Mail van Noaber gaat vanaf nu daarheen.

    Klopt dit niet? Bel dan je coördinator.
