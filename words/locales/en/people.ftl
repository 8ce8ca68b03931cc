# People and devices
place-people = People
role-deliverer = Deliverer
role-chooser = Chooser
role-delivery-coordinator = Delivery coordinator
role-buddy = Language buddy
role-taalhuis-coordinator = Taalhuis coordinator
role-desk-staff = Digital help desk
role-volunteer-coordinator = Volunteer coordinator
role-desk-coordinator = Digital help coordinator
role-host = Host
role-book-start-coach = BookStart coach
role-referrer = Referring partner
role-finance = Finance
role-report-reader = Reader of reports for a municipality
role-privacy-officer = Privacy officer
role-administrator = Administrator
needs-network = This needs a connection. Try again in a moment.
new-person = New colleague
search-people = Search name or e-mail address
people-found = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
choose-person = Choose somebody from the list
works-no-more = No longer works here
not-in-yet = not in yet
person-change = Change name or e-mail address
person-name = Name
person-name-hint = First name and last name.
person-role = What will this colleague do?
person-email-hint = Only needed for a link by mail.
roles = Roles
take-role = Take away
give-role = Another role
choose-role = Choose a role
give = Give
devices = Devices
my-devices = My devices
no-devices = No device yet.
last-heard = Last contact { $when }
this-device = this device
shut-out = Sign off
shut-out-on = Signed off { $when }
device-out = Signed off. At its next contact the device is emptied.
forget-title = Forget
forget-text = Name, address and everything this colleague came in with go now. What this colleague did stays counted. This cannot be undone.
forget-person = Forget this colleague
forget-for-good = Forget for good
forgotten = This colleague is forgotten
end-title = Stopping
end-text = All roles in your branches end today. Without any other role, the devices of this colleague are emptied. What is not sent yet can be handed in as a file.
end-work = This colleague stops
end-for-good = End the work
ended = Ended
way-in-text = Let this colleague in on a phone. No password is needed.
show-code = Show a code
send-link = Send a link by mail
link-sent = The link goes by mail. It works for seven days.
code-text = Read this code out, or show it. It works for ten minutes.
code-camera = Or let your colleague's phone look at this picture, with the camera.
code-waits = Waiting for the phone …
which-digits = Which digits does { $device } show?
is-in = { $name } is in
with-code = I have a code
with-password = Sign in with a password
join-intro = Ask your coordinator for a code. You need no password.
code-label = Code
code-hint = Nine digits, for example 123 456 789.
code-needed = Enter the nine digits of the code.
go-on = Go on
digits-text = Tell your coordinator these digits:
digits-wait = Wait until your coordinator has tapped them …
link-intro = You are invited to Noaber. Put the app on your home screen first, or go on here.
new-password = Choose a password
new-password-hint = At least 12 characters. A sentence of a few words is good.
come-in = Come in
out-unsent = { $count ->
    [one] { $count } is not sent yet. Sign in again, or save it as a file for your coordinator.
   *[other] { $count } are not sent yet. Sign in again, or save them as a file for your coordinator.
}

# The log
place-log = Log
only-refused = Only what was refused
earlier = Earlier
mail-waiting = Mail that waits
mail-none = No mail is waiting.
mail-tries = { $count ->
    [one] tried { $count } time
   *[other] tried { $count } times
}
mail-dead = Given up
mail-again = The mail will be tried again.
audit-mail-invitation = Invitation
audit-sign-in = Signed in
audit-sign-in-failed = Sign-in failed
audit-sign-out = Signed out
audit-hand-in = File of a phone handed in
audit-add-person = Colleague added
audit-change-roles = Roles changed
audit-end-person = Colleague ended
audit-invite = Invited
audit-revoke-device = Device signed off
audit-create-administrator = First administrator made
audit-token-copied = Sign-in used in two places: device signed off
audit-second-factor-on = Second step turned on
audit-second-factor-off = Second step taken away
audit-export-library = Everything of the library exported
audit-recovery-codes-made = New recovery codes made
audit-recovery-code-used = Recovery code used
audit-passkey-added = Passkey made
audit-passkey-removed = Passkey taken away
audit-export-person = Data of a colleague saved
audit-change-settings = Settings changed
audit-add-branch = Branch or network added
audit-change-branch = Branch or network changed
audit-forget-person = Data of a former colleague erased
audit-export-reader = Details saved for the reader
audit-lock-device = Data locked
audit-unseal-device = Lock opened after a forgotten PIN
audit-retention = Kept long enough
audit-export-audit = Log saved
former-colleague = Former colleague

# Roles
role-more = Beginning, end and employer
role-from = First day
role-until = Last day
role-employer = Employer
role-employer-hint = When that is not the library. A college or a welfare organisation, for example.
from-day = from { $day }
buddy-taalmaatje = Language buddy
buddy-taalvrijwilliger = Language volunteer
buddy-taalcoach = Language coach

# Not heard of for long
quiet-title = { $count ->
    [one] { $count } device not heard of for long
   *[other] { $count } devices not heard of for long
}
quiet-text = What it holds may not have arrived here yet. Give a ring.
quiet-since = { $device }, last contact { $when }
quiet-missing = { $count ->
    [one] { $count } visit is missing
   *[other] { $count } visits are missing
}

# Management
place-manage = Manage
branches = Branches and networks
branch-add = New branch or network
branch-name = Name of the branch or network
branch-kind = What is it?
branch-kind-hint = In a network several employers work together, as in a Taalhuis.
branch-branch = Branch
branch-network = Network
branch-municipality = Municipality
branch-help-name = Who helps volunteers?
branch-help-hint = This name stands with the telephone number under Help.
branch-phone = Telephone number for help
branch-help = Help: { $who }
settings-title = Settings
settings-quiet-days = Not heard of for long: after how many days?
settings-lease-days = How many days does a device work without contact?
settings-lease-learner-days = And with data of learners on it?
settings-retention-reader-days = How many days do we keep a reader or learner who stopped?
settings-retention-person-days = How many days do we keep a colleague who stopped?
settings-retention-mail-days = How many days do we keep mail that was sent?
settings-pin-digits = How many digits has a PIN at least?
settings-step-offered = Whoever wants to
settings-step-demanded = Demanded of whoever has a password
settings-buddy = What do you call somebody who meets a learner?
settings-allowed = Choose a number from { $range }.
until-word = to
my-data = My data
my-data-text = All that the library keeps about you, as a page and as a file.
my-data-save = Save my data
their-data = Data
their-data-save = Save the data for this colleague
saved = Saved
audit-recover = Link asked to come in again
audit-refused-request = Asked for what is not allowed
audit-rename-person = Name or e-mail address changed
audit-mail-address-changed = Notice: e-mail address changed
audit-mail-new-device = Notice: device added
audit-mail-recovery = Link to come in again
audit-mail-round = Message before a round
audit-mail-digest = Weekly overview
audit-mail-audit-head = End of the log
log-period = Only certain days
log-from = From
log-until = Up to and with
log-show = Show these days
log-act = What
log-person = Who
log-all = All
held-look = What was on it?
held-counts = This was sent to this device. Readers with address: { $readers }. Rounds: { $rounds }. Signals: { $signals }.
held-names = Which readers?
audit-look-held = Looked what a device could hold
tonight = What goes tonight?
tonight-nothing = Nothing. All of it is still kept.
tonight-readers = Readers who stopped long ago
tonight-learners = Learners who stopped long ago
tonight-people = Colleagues who stopped long ago
tonight-rounds = Rounds of long ago: only the counts stay
tonight-signals = Worries of long ago: only the counts stay
tonight-mails = Mails that were sent
tonight-invitations = Old invitations
tonight-refused-acts = Refused acts that were dealt with
step-first-own = First set up a second step yourself, under Me.
held-learners = { $count ->
    [one] { $count } learner
   *[other] { $count } learners
}
