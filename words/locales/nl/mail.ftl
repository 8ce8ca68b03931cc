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
