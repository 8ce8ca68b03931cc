# The screens of the Taalhuis
place-learners = Learners
place-buddies = Buddies
place-buddies-short = Buddies
place-groups = Groups
new-learner = New learner
search-learners = Search name, phone or place
search-buddies = Search a name
choose-learner = Choose a learner
choose-buddy = Choose a buddy
learner-late = Waits too long
learner-helped = Has help
learner-gone = This learner is not on this device (any more).
learner-hidden = Learner
learner-hidden-text = The learner does not want to share anything now. Call your coordinator.
learner-more = More about this learner
pairing-gone = This pairing is not on this device (any more).
no-pairing-title = Nobody to meet yet
no-pairing-text = Here comes the learner whom you meet. Your coordinator calls you first.
no-session-yet = Not met yet
intro-on = First meeting: { $day }
last-session = Last time: { $day }
session-held = We met
session-with = Met { $name }
session-minutes = How long? In minutes
session-place = Where?
session-subject = About what?
session-mood = How did it go?
session-note-hint = The coordinator reads this too.
session-kept = Kept: { $name }
sessions-so-far = Sessions
take-session-back = Take away
minutes-short = { $minutes } minutes
meeting-told = Who was there today is noted already. You are changing it now.
who-helped = Who helped?
who-was-there = Who was there?
roll-call = The group met
card-title = Card for the next buddy
card-text = What works well? No personal stories.
card-works = What works
card-material = Material
card-goal = Goal
not-answered = Not answered
do-not-know = I do not know
answered-apart = Somebody else answered: { $answer }
take-away = Take { $what } away
add-language = Add a language
looks-like = Is this somebody who is here already?
way-in-label = How did this learner come to us?
do-intake = Do the intake
intake-answers = Answers
intake-of = Intake of { $name }
intake-text = Every answer is kept at once. You can stop and go on later, also on another device.
answered-of = { $done } of { $all }
finish-intake = The intake is done
intake-on = Day of the intake
next-block = Next
block-before = Back one
to-overview = To the overview
summary = Summary
print = Print or PDF
find-buddy = Find a buddy
no-consent-text = The learner has not consented to sharing with a buddy. The buddy then sees nothing.
pairings-title = Pairings
no-pairings = No pairing yet.
sessions-since = { $count ->
    [one] { $count } session, since { $day }
   *[other] { $count } sessions, since { $day }
}
joined-into = This is the same person as { $name }
double-title = Is this person here twice?
double-text = These registrations look alike. Joining keeps everything.
double-same = The same person
double-apart = Somebody else
double-apart-again = Somebody else after all
consents-title = Consent
consent-text-buddy = Your buddy may see your name, phone number and e-mail address. Also what you want to learn, when you can and what you like. Your buddy does not see your file.
consent-text-providers = We may share your details with a school or course if we send you there.
consent-text-library = The library may have your name and address, for a card for example.
consent-text-news = The library may send you mail about courses and activities.
consent-text-signed = You signed the form on paper.
consent-free = You may say no. You may also stop later. We help you just as well.
read-aloud = Read aloud
double-open = Look at the other one
double-registered = Registered on
double-intake = Intake on
pairings-end-too = { $count ->
    [one] The pairing ends too.
   *[other] The { $count } pairings end too.
}
consent-since = Given on { $day }
consent-withdrawn = Taken back on { $day }
consent-not-asked = Not asked yet
consent-give = Give consent
consent-is-signed = It is signed
consent-take-back = Take back
why-waiting = Why does this learner wait?
learner-ends = The learner stops
learner-back = The learner is back
why-ends = Why?
what-then = What will the learner do next?
erase-learner = Erase the learner
erase-learner-text = Everything about this learner goes, also the file. This cannot be undone.
requests-title = Learning requests
add-request = Add a request
request-wish = The wish, in the learner's words
request-topic = Subject
request-application = For what?
request-goal = What can the learner do then?
request-desired = Help asked for
request-agreed = What is agreed
request-agreed-hint = For instance: every Tuesday an hour in the library.
agreed-told = Agreed: { $agreed }
request-advised = Advice
request-difference = Why is the advice different?
goal-told = Goal: { $goal }
advised-told = Asked: { $desired }. Advice: { $advised }. { $why }
does-it-work = Does it work now?
used-where = Where does the learner use it?
what-next = What next?
in-own-words = In own words
levels-title = Levels
add-level = Add a level
level-how = Measured how?
level-scale = Scale
level-skill = Part
level-level = Level
taalmeter-right = How many of the first 14 right?
taalmeter-hint = With 11 or more right the second part follows.
taalmeter-second = Second part: level 2F reached
contacts-title = Contact
contacts-text = Only coordinators read this.
add-contact = Note a contact
contact-kind = Kind of contact
referrals-title = Referrals
referral-no-consent = The learner did not consent yet to sharing details with a school or course. Ask first.
add-referral = Refer
referral-partner = To whom?
referral-what = For what?
has-arrived = Arrived
has-not-arrived = Not arrived
participation-begin = Has begun
participation-begin-text = Did the learner begin with what this partner offers? Then the learner does not wait any more.
participation-offer = What does the learner learn there?
participation-form = Group or individual
participation-formal = Leads to a recognised diploma (formal)
participation-end = Has stopped or finished
participation-certificate = Got a certificate
participation-runs = { $offer }, begun { $day }
participation-ended = { $offer }, until { $day }. { $why }
participation-is-formal = Formal
participation-is-certified = Certificate
norm-texts = In words
norm-text = Words about this norm
norm-text-hint = What did the Taalhuis do for it? For example projects, talks with partners, and plans to do better. No names of learners.
buddy-for = Buddy for { $name }
no-match = Nobody suits now. Below you see why not.
why-not = Why not this one?
suits = Suits { $score } of 100
suits-less = Possible, but suits less: { $score } of 100
propose-pairing = Propose
propose-anyway = Propose anyway
never-together-kept = These two are not proposed any more
together-again = May again
fact-withdrawn = This is not there any more
never-together = Never together
proposed-kept = Proposed. Now call both people.
others = Others
proposal-title = Proposal for everybody
proposal-text = Whoever waits longest goes first. You decide: nothing happens by itself.
proposal-left = Nobody suits them now
proposal-for = { $count ->
    [one] Proposal for { $count } who waits
   *[other] Proposal for { $count } who wait
}
match-time = Both: { $when }
match-time-unknown = Time not asked yet
match-apart = { $distance } km apart
match-apart-about = About { $distance } km apart
match-home-unknown = Distance not known
match-by-video = Meeting by video
match-helps = Helps with { $subjects }
match-helps-nothing = Subjects not asked yet, or other ones
match-knows = knows the target group
match-trained = has the basic training
match-not-trained = no basic training yet
match-languages = Both speak { $languages }
match-no-language = No other language in common
match-dutch-is-enough = Dutch is enough
match-languages-unknown = Languages not asked yet
match-interests = Both like { $interests }
match-no-interests = No interests in common
match-interests-unknown = Interests not asked yet
match-places = Both want: { $places }
match-place-unknown = Place not asked yet
match-waits = Waits { $days } days
block-no-buddy = Is no buddy here
block-no-vog = VOG not in order
block-away = Away until { $day }
block-full = Has no time left
block-no-room = Has { $left } minutes left, needed are { $needed }
block-gender = Another gender is asked for
block-never = Never together
block-meets = Meet already
block-no-time = No time in common
block-no-place = No place in common
block-too-far = Too far: { $distance } km
two-people = { $learner } and { $buddy }
both-may = Both are fine
has-several = This learner has more than one buddy on purpose.
two-pairings = This learner has two pairings
plan-intro = Plan the first meeting
move-intro = Move the first meeting
begin-trial = The trial begins
goes-on = They go on
end-pairing = The pairing ends
step-note-hint = For example where the first meeting is. The buddy reads this too.
check-ins = How does it go?
after-weeks = After { $weeks } weeks
ask-how-it-goes = Ask how it goes, after { $weeks } weeks
how-it-goes = How does it go?
sessions-total = { $count ->
    [one] { $count } session, { $hours } hours
   *[other] { $count } sessions, { $hours } hours
}
days-ago = { $count ->
    [0] today
    [one] 1 day
   *[other] { $count } days
}
learners-found = { $count ->
    [one] { $count } learner
   *[other] { $count } learners
}
buddies-found = { $count ->
    [one] { $count } buddy
   *[other] { $count } buddies
}
buddy-free = { $count ->
    [0] Has time, no pairing yet
    [one] Has time, 1 pairing
   *[other] Has time, { $count } pairings
}
buddy-full = { $count ->
    [0] No time
    [one] No time left, 1 pairing
   *[other] No time left, { $count } pairings
}
buddy-paused = Pause or holiday
no-groups = No group yet. Begin with a Taalcafé or a course.
new-group = New group
group-name = Name of the group
group-when = When and where?
group-kind = What kind of group is it?
group-kind-hint = Whoever is in a course has help. Whoever comes to a Taalcafé or walk-in and has no buddy still waits.
change-group = Change the group
group-count = { $members } learners, { $meetings } times
group-ended = Ended on { $day }
add-member = Add a learner
add-buddy = Add a buddy
take-out = Take out
was-there = { $count } of { $all } times
were-there = { $count ->
    [one] { $count } there
   *[other] { $count } there
}
meetings = Meetings
end-group = The group ends
waiting-title = How long do people wait for a buddy?
waiting-target = { $count ->
    [0] Nobody waits longer than you want.
    [one] 1 learner waits longer than you want.
   *[other] { $count } learners wait longer than you want.
}
waits-4 = Up to 4 weeks
waits-8 = 4 to 8 weeks
waits-13 = 8 to 13 weeks
waits-more = Longer
figures-from = From
figures-until = Until
figures-by-month = Choose whole months: from the first until the last day.
show-figures = Show the figures
house-title = How our Taalhuis works
house-change = Settings
house-page = People register at { $address }
house-target = Help within how many days?
house-vog = Buddies need a VOG
house-vog-years = A new VOG after how many years? 0 is never
house-open = People can register on the public page
house-weights = What weighs how much in a match? 0 to 10
house-sections = What do we ask in the intake?
weight-time = Time in common
weight-distance = Distance
weight-level = Level and experience
weight-language = Language in common
weight-interests = Interests
weight-place = Place
weight-waiting = How long somebody waits
look = Look
ask = Ask
task-intake = New registration
task-find-buddy = Waits too long for a buddy
task-proposed = Proposed, no answer yet
task-met = How was the first meeting?
task-trial-over = The trial is over. Do they go on?
task-attention = It does not go well between these two
task-silent = No session for long
task-no-vog = The buddy's VOG is not in order
task-no-consent = No consent to share
task-learner-ended = The learner stopped. Does the pairing end too?
task-buddy-left = The buddy does not work here any more
task-quiet = Nothing noted for a year. Does help go on?
task-nudge = Did the learner arrive?
day-whole = { $day } { $month } { $year }
hours-of-sessions = { $count ->
    [one] { $count } session, { $hours } hours together
   *[other] { $count } sessions, { $hours } hours together
}


# The public page: u, B1
request-aim = Level aimed at (NLQF)
aim-told = Aim: { $level }
not-decided = Not decided yet
contact-on = last contact { $day }
also-known-as = What stands with { $name }
has-pairing = Mind: a pairing with { $name } goes on already
refer-title = Bring somebody in at the Taalhuis
refer-text = Does somebody want to read, write, speak or use a computer better? Pass on a name and a telephone number.
refer-ask = First ask whether it is allowed. A name and a telephone number are enough. The Taalhuis calls.
refer-act = Pass on
refer-done = { $name } was passed on. The Taalhuis calls. Nothing stays on this device.
position-find = Look up by address
position-off = Your library has not switched on a service that looks addresses up. Set the place by hand, or leave it empty.
position-unknown = This address was not found.
task-measure = Time to measure the level again
