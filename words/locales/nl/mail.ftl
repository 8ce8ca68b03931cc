# Mails. In een onderwerp staat niets over mensen.
mail-invitation-subject = Je uitnodiging voor Noaber
mail-invitation-body = Dag { $name },

    Je bibliotheek nodigt je uit voor Noaber. Open deze link op je telefoon of computer:

    { $link }

    De link werkt één keer, zeven dagen lang. Werkt hij niet meer? Vraag je coördinator om een nieuwe.
