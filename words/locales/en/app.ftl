# The app around everything.
app-name = Noaber
starting = Noaber is starting …
welcome = Welcome
no-work-here = There is nothing to do here for your role yet.
nothing-here = There is nothing here
skip-to-content = Go to the content
places = Places in the app
back = Back
close = Close
undo = Undo
save = Save
change = Change
open = Open
choose-one = Make a choice
choose = Choose
stay = Do not
optional = (optional)
unknown = unknown
nothing = nothing
more = More
how = How?
one-moment = One moment …
kept = Saved on this device
on-phone = on this device
arrived = arrived
somebody = somebody
books = books
try-now = Try now
try-again = Try again
new-version = New version ready
new-version-needed = This app is too old and gets nothing new. What you do does arrive. Tap ‘New version ready’, or open the app again with a connection.
new-version-draft = Keep what you typed first. Then you can start the new version.
form-errors-title = Something is not right
number-needed = Enter a whole number, or leave it empty.
date-hint = For example 24 11 2026.
date-day = Day
date-month = Month
date-year = Year

place-today = Today
place-hours = My hours
place-schedule = Schedule
place-more = More
place-taalhuis = Taalhuis
place-me = Me
place-help = Help
place-worklist = Worklist
place-readers = Readers
place-planning = Planning
place-overview = Overview

chip-unsent = { $count ->
    [one] { $count } not sent yet
   *[other] { $count } not sent yet
}
chip-kept = { $count ->
    [0] Everything is ready
    [one] { $count } saved on this device
   *[other] { $count } saved on this device
}
chip-refused = { $count ->
    [one] { $count } not accepted
   *[other] { $count } not accepted
}
chip-look = Please look
chip-offline = No connection, go on working
chip-busy = The library cannot take anything now
chip-rejected = Sending does not work
outbox-rejected = The library does not take what this app sends: { $problem } What you did is still here. If there is a new version, take it. Otherwise save it as a file for your coordinator.
outbox-rest-arrived = Everything else has arrived
chip-on-its-way = On its way to the library
chip-saving = Being saved
chip-arrived = Everything has arrived
chip-checking = Not checked yet
chip-sign-in = Sign in again
chip-no-contact-yet = No contact yet
chip-last-contact = Updated { $when }
at-time = at { $time }
refused-notice = Something was not accepted. It is not lost: look at what was not sent.

locked-title = Too long without contact
locked-text = This device has not been in contact with the library for long. Find a connection and try now. What you have not sent is kept.
not-durable = This browser does not promise to keep data. So no addresses are kept on this device. Put the app on your home screen.
store-full = Your device is full. What you do now is not kept. Please free some space.
store-refused = This browser keeps nothing. Use a normal window, not a private one.

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
day-today = today
day-tomorrow = tomorrow
day-full = { $weekday } { $day } { $month }
day-short = { $day } { $month }
time-of-day = { $hour }:{ $minute }
moment = { $day } at { $time }
until-day = until { $day }

sign-in = Sign in
sign-in-title = Sign in
sign-in-intro = Use the e-mail address and password of your library.
sign-in-again-text = Sign in again to send. You can go on working: nothing is lost.
sign-in-unreachable = The library cannot be reached now. Find a connection and try again.
go-on-without = Go on without signing in
email = E-mail address
email-missing = Enter your e-mail address.
password = Password
password-missing = Enter your password.
device-name = Noaber app
sign-out = Sign out on this device
sign-out-unsent = { $count ->
    [one] { $count } was not sent yet
   *[other] { $count } were not sent yet
}
sign-out-unsent-text = If you sign out, this stays on this device, locked. It is sent when a colleague lets you in again, or when you sign in with a passkey or a second step. You can save it as a file.
sign-out-anyway = Sign out anyway
install = Install
install-title = Put Noaber on your home screen
install-why = Then the app works without a network too.
install-step-1 = Tap share, or the menu of your browser.
install-step-2 = Choose: Add to home screen.
install-step-3 = Open Noaber from your home screen and sign in there.

choices = How I like it
text-size = Size of the letters
text-normal = Normal
text-large = Large
text-largest = Largest
theme = Light or dark
theme-system = Like my device
theme-light = Light
theme-dark = Dark
language = Language
on-this-phone = What is on this device
last-sync = Last contact
rounds-here = Rounds
addresses-here = Readers with address
room = Space
room-used = { $part } of { $whole } MB used
kept-promise = Will be kept
kept-promise-yes = yes
kept-promise-no = not certain; so no addresses on this device
ask-to-keep = Ask the browser to keep it
persist-refused = The browser does not promise it. Put the app on your home screen.
version = Version { $version }, protocol { $protocol }
outbox-title = Not sent yet
outbox-offline = There is no connection. What you do is kept, and is sent by itself when there is one.
outbox-waiting = { $count ->
    [one] { $count } thing waits to be sent.
   *[other] { $count } things wait to be sent.
}
save-as-file = Save as a file
save-failed = The file could not be made.
refused-title = Not accepted
refused-text = The library did not accept this. It is not lost. Try again, or drop it when it is no longer needed.
drop-it = Drop
dropped = Dropped
pending-title = Waits to be sent
pending-none = Nothing waits.
accessibility-title = Accessibility
accessibility-text = Noaber is made to WCAG 2.2 AA: for keyboard, screen reader, large letters and little light.
accessibility-known = Known: dragging the order can also be done with the buttons up and down.
accessibility-contact = Does something not work? Call your coordinator. The number is under Help.

help-title = Help
help-call = Call { $name }
help-branch = Library { $branch }
help-cards = Good to know
help-offline-title = No connection?
help-offline-text = Just go on. Everything is kept on your device and is sent by itself when there is a connection.
help-ticks-title = What do the ticks mean?
help-ticks-text = One tick: it is on your device. Two ticks: the library has it.
help-wrong-title = Tapped the wrong thing?
help-wrong-text = Tap Undo, or open the address and choose Correct. You can do so all day.
help-door-title = At the door
help-door-text = Give the books only to the reader, a housemate or a carer. You need not go inside anywhere.
help-lost-title = Lost your phone?
help-lost-text = Call your coordinator, who signs your phone off.

# The office
office-title = Your screens
office-text = The screens for your work are not on this device yet.
office-get = Fetch them
