# Home delivery
outcome-delivered = Delivered
outcome-delivered-to-other = Delivered to housemate or carer
outcome-left-at-place = Left at the agreed place
outcome-only-collected = Only collected
outcome-not-home = Not at home
outcome-wrong-address = Wrong address
outcome-no-longer-wanted = No longer wanted
outcome-items-not-ready = Books not ready
outcome-moved = Moved to another day
outcome-lapsed = Lapsed
outcome-other = Something else
frequency-weekly = Every week
frequency-two-weekly = Every 2 weeks
frequency-three-weekly = Every 3 weeks
frequency-four-weekly = Every 4 weeks
frequency-monthly = Every month
frequency-on-call = On call
segment-morning = morning
segment-afternoon = afternoon
segment-evening = evening
status-for-good = Do you want to note “{ $status }”? You cannot change that any more.
status-sure = Yes, { $status }
cancel-sure = The volunteer then sees that the round is off. You cannot undo this.
cancel-for-good = Yes, cancel the round
status-registered = Registered
status-introduction-planned = Introduction planned
status-active = Active
status-paused = Paused
status-stopped-keep-contact = Stopped, keep contact
status-stopped-no-contact = Stopped, no contact
status-deceased = Deceased

act-describe-branch = Describe branch
act-enrol-member = Add colleague
act-end-member = End colleague
act-register-reader = New reader
act-change-reader = Change reader
act-set-reader-status = Status of reader
act-erase-reader = Erase reader
act-plan-round = Plan round
act-assign-round = Assign round
act-move-round = Move round
act-cancel-round = Cancel round
act-add-stop = Add address
act-change-stop = Change address
act-remove-stop = Remove address
act-log-delivery = Delivery
act-withdraw-delivery-log = Undo delivery
act-order-round = Own order
act-record-kilometres = Kilometres
act-raise-signal = Message to coordinator
act-settle-signal = Settle message

no-round-title = No round
no-round-text = There is no round for you now. Your next round with its addresses will be here.
later = After this
addresses = { $count ->
    [one] { $count } address
   *[other] { $count } addresses
}
round-name = Round { $name }
round-gone = This round is not on this device (any more).
stops-done = { $done } of { $total } done
done-of = { $done } of { $total }
together-with = Together with { $names }
ready-on-phone = Ready on this phone
addresses-come-later = The addresses come to your phone three days before.
round-done = Done!
round-done-text = All addresses are done. Thank you!
round-cancelled-text = This round was cancelled.
note-kilometres = Note kilometres
change-kilometres = Change kilometres
change-order = Order
all-addresses = All addresses
two-answers = Two answers
two-answers-text = Two people filled in something different. Choose what is right.
this-is-right = This is right
reader-unknown = Reader
reader-unknown-text = The details of this reader are not on this device.
fetch-what = Collect: { $what }
call = Call
route = Route
not-done = Not done
open-stop = More
stop-gone = This address is not on the round
correct-it = Correct
details = Books and wishes
worried-button = I am worried
logged = { $outcome }: { $who }
taken-back = Undone

door = At the door
door-hint = For example: ring at the back door, there is a dog.
bag = Bag
bring = Bring
fetch = Collect
letters = Letters
large-print = Large print
audiobook = Audiobook
large-print-and-audio = Large print and audiobook
most = How many books
items = { $count ->
    [one] { $count } book
   *[other] { $count } books
}
likes = Likes to read
avoid = Rather not
mobility = Good to know
contact-person = Contact person
wish-told = Wish: { $wish }
what-happened = What happened at { $name }?
succeeded-otherwise = Done after all
details-of = Books and wishes: { $name }
how-did-it-go = How did it go?
items-out = { $count ->
    [one] { $count } brought
   *[other] { $count } brought
}
items-in = { $count ->
    [one] { $count } collected
   *[other] { $count } collected
}
items-out-label = How many books brought?
items-in-label = How many books collected?
wish-label = Wish for next time
wish-hint = For example: part 3 of the series.
note-label = Anything else
note-hint = No citizen service number, no bank account.

order-title = Order of the addresses
order-hint = Drag an address, or use the arrows. This is your own order.
order-said = Now place { $place } of { $total }
move-up = { $name } up
move-down = { $name } down
kilometres-title = Kilometres of this round
kilometres-label = How many kilometres did you travel?
kilometres-hint-first = How many kilometres, there and back?
kilometres-hint = Filled in like the last time. Not right? Change it.
kilometres-needed = Enter a number, for example 12.5.
kilometres-kept = Saved: { $kilometres } km
kilometres-short = { $kilometres } km
hours-empty = Your rounds and kilometres will be here.
hours-total = { $count ->
    [one] { $count } round, { $distance } km in all
   *[other] { $count } rounds, { $distance } km in all
}
schedule-empty = No rounds are planned for you.
cancelled = Cancelled

worried-title = I am worried
worried-text = Only the coordinator reads this. Write briefly what you saw.
worried-label = What did you see?
worried-hint = No citizen service number, no bank account.
unsafe-button = I do not feel safe
unsafe-title = I do not feel safe
unsafe-text = Leave if you can. Call the coordinator. In an emergency: call 112.
unsafe-label = What happened?
pass-on = Pass on
signal-kept = Saved. The coordinator will see it.

things-for-you = { $count ->
    [0] nothing to do
    [one] { $count } thing for you
   *[other] { $count } things for you
}
worklist-not-asked = Everything on this device is done. With a connection you also see what was refused.
clock-is-off = the clock of that phone is wrong
what-was-done = What was done?
worklist-empty = Everything is done. What waits for you will be here.
signal-worry = Worried about { $who }
signal-unsafe = { $who } did not feel safe
take-up = I will take it up
taken-up = Taken up
settle = Settled
refused-acts = Not accepted
refused-act = { $actor }: { $deed }
unfinished = Round not finished
not-fetched = Not on a phone yet
not-fetched-text = The volunteer has not fetched the addresses yet. Call, or print the list.
due-title = Due
due-count = { $count ->
    [one] { $count } reader waits for books
   *[other] { $count } readers wait for books
}
hand-in-title = Hand in the file of a phone
hand-in-text = Can a volunteer no longer send? Have the file saved under Not sent yet and hand it in here.
hand-in-label = Choose the file
hand-in-of = { $count ->
    [one] One act of { $person }
   *[other] { $count } acts of { $person }
}
hand-in-late = A part is of after this device was shut out. Ask whether that is right.
hand-in-late-mark = after shut-out
hand-in-now = Hand in
hand-in-noise = This is not a file from Noaber. Nothing was changed.
handed-in = { $accepted } accepted, { $refused } not accepted

new-reader = New reader
change-reader = Change reader
search-readers = Search name, town, telephone
found = { $count ->
    [one] { $count } reader
   *[other] { $count } readers
}
show-more = Show the next { $part } of { $rest }
choose-reader = Choose a reader
branch = Branch
who = Who
reader-name = Name
reader-name-hint = As you say it: Mevrouw Hilbrands.
phone = Telephone
where-lives = Address
street = Street
house-number = House number
postcode = Postcode
town = Town
how-often = How often
frequency = How often
day-segment = Part of the day
weekday = Day
what-kind = What kind of books
contact-name = Name of contact person
contact-phone = Telephone of contact person
needed-until-hint = Only with a temporary illness. For example 24 12 2026.
item-kinds = Kind of books
item-kinds-hint = For example novels, magazines, puzzles.
needed-until = Needed until
last-visits = Last visits
no-visits = No visits yet.
change-status = Change status
pause = Pause
paused-until = Pause until
erase-title = Erase
erase-reader = Erase reader
erase-text = Everything of this reader goes for good, also from the phones of volunteers. It cannot be undone.
erase-for-good = Erase for good
erased = Erased

plan-round = Plan a round
planning-empty = No rounds are planned yet.
choose-round = Choose a round
planned = planned
two-days = Two people chose a different day. Choose the right one.
change-round = Change the round
volunteer = Volunteer
assign = Assign
day-label = Date
move-round = Move
add-address = Add address
remove-stop = Take off the round
stop-removed = Taken off the round
cancel-reason = Why cancelled?
cancel-round = Cancel the round
round-name-label = Name of the round
round-name-hint = For example Gieten-Zuid.
who-brings = Who brings?
whom-to-visit = Whose turn is it?
chosen-addresses = { $count ->
    [one] { $count } address chosen
   *[other] { $count } addresses chosen
}
plan-it = Plan the round
print-list = Print the list
paper-kilometres = Kilometres there and back:
paper-brought = Brought:
paper-collected = Collected:
paper-note = Wish or remark:
paper-hand-in = Give this list back to the library after the round. It holds addresses.
bag-number = Bag { $number }
already-planned = On a round already on { $day }
never-visited = never visited
last-visited = last { $day }
overdue-since = Overdue since { $day }, { $last }
due-from = Due from { $day }, { $last }
on-call = On call, { $last }

visits-per-week = Visits per week
week = Week
week-of = From { $day }
succeeded = Done
failed = Not done
