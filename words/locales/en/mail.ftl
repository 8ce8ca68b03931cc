# Mails. A subject says nothing about people.
mail-invitation-subject = Your invitation to Noaber
mail-invitation-body = Hello { $name },

    Your library invites you to Noaber. Open this link on your phone or computer:

    { $link }

    The link works once, for seven days. Does it no longer work? Ask your coordinator for a new one.
mail-device-subject = One of your devices was signed off
mail-device-body = Dear { $name },

    Your device "{ $device }" was signed off from Noaber, because its sign-in was used in two places. Somebody may have a copy of it.

    Was it not you? Call your coordinator. Then sign in again on your own device. What you had not sent there is still there.
