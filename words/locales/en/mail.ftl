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
mail-new-device-subject = A device was added
mail-new-device-body = Hello { $name },

    With a code from a colleague a device was added in your name: { $device }.

    Was this you? Then you need not do anything. Was it not? Call your coordinator at once.
mail-code-subject = A recovery code was used
mail-code-body = Hello { $name },

    Somebody signed in to Noaber with your password and a recovery code. You have { $left } recovery codes left.

    Was that you? Then there is nothing to do. Was it not? Call your coordinator at once.
mail-recovery-subject = Coming back into Noaber
mail-recovery-body = Hello { $name },

    Somebody asked for a link by which you come into Noaber again. Was that you? Then open it:

    { $link }

    Or type this code, on the device where you asked for it: { $code }

    Both work once, for an hour. Was it not you? Then you need to do nothing. Give the code to nobody.
mail-round-subject = A round is ready for you tomorrow
mail-round-body = Hello { $name },

    You have a round tomorrow. Your phone has not fetched the addresses yet. Open Noaber today where you have a network.

    Rather no message beforehand? { $link }
mail-digest-subject = Work waits in Noaber
mail-digest-body = Hello { $name },

    This waits for you:

    { $list }

    Open Noaber and it stands on top of your worklist.

    Rather no weekly overview? { $link }
mail-digest-signals = { $count ->
    [one] { $count } signal of a volunteer
   *[other] { $count } signals of volunteers
}
mail-digest-refused = { $count ->
    [one] { $count } act that was not accepted
   *[other] { $count } acts that were not accepted
}
mail-digest-quiet = { $count ->
    [one] { $count } device not heard of for long
   *[other] { $count } devices not heard of for long
}
mail-kind-round = Message on the day before a round
mail-kind-digest = Weekly overview
mail-switch-title = Mail from Noaber
mail-switch-is-on = You get this mail.
mail-switch-is-off = You no longer get this mail.
mail-switch-off = Switch this mail off
mail-switch-on = Switch this mail on again
mail-audit-subject = The end of today's log
mail-audit-body = Keep this line. With "noaber verify-audit --head" and this line you see whether the log was changed or cut since.

    { $head }
mail-address-changed-subject = Your e-mail address at Noaber has changed
mail-address-changed-body = Hello { $name },

    Your library has noted another e-mail address for you. From now on mail from Noaber goes there.

    Is this wrong? Then call your coordinator.
