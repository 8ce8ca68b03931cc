# Mails. A subject says nothing about people.
mail-invitation-subject = Your invitation to Noaber
mail-invitation-body = Hello { $name },

    Your library invites you to Noaber. Open this link on your phone or computer:

    { $link }

    The link works once, for seven days. Does it no longer work? Ask your coordinator for a new one.
