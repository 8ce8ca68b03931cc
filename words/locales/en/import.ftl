# Importing from a spreadsheet
import-readers = Readers from a file
import-learners = Learners from a file
import-volunteers = Volunteers from a file
import-intro = Choose an Excel file (xlsx) or a CSV file. Nothing happens yet. You first see what is in it.
import-file = Choose a file
import-reading = Reading…
import-sheet = Sheet
import-heading-row = Row with the headings
import-rows = { $count ->
    [one] { $count } row under the headings
   *[other] { $count } rows under the headings
}
import-columns = What is in which column?
import-columns-hint = What you choose is remembered for the next file.
import-column = Column { $letter }
import-none = Leave out
import-needed = Still choose a column for: { $fields }.
import-role = As what do they come in?
import-check = Check all rows
import-checking = Checking all rows…
import-report = What comes in?
import-new = { $count ->
    [one] { $count } row can come in
   *[other] { $count } rows can come in
}
import-doubles = { $count ->
    [one] { $count } row looks like somebody who is here already
   *[other] { $count } rows look like somebody who is here already
}
import-refused = { $count ->
    [one] { $count } row is not right
   *[other] { $count } rows are not right
}
import-refused-hint = These rows stay out. Put them right in your file and choose it again.
import-doubles-hint = These rows stay out, unless you tick them.
import-row = Row { $row }
import-like = Looks like { $name }
import-like-row = Looks like { $name } in row { $row }
import-take = Take it all the same
import-more = { $count ->
    [one] And { $count } more row: it is in the report.
   *[other] And { $count } more rows: they are in the report.
}
import-run = { $count ->
    [one] Bring { $count } row in
   *[other] Bring { $count } rows in
}
import-running = Bringing them in…
import-done = { $count ->
    [one] { $count } row was brought in.
   *[other] { $count } rows were brought in.
}
import-save-report = Save the report
import-other = Choose another file
import-from-file = From a file
import-invite-hint = They have no phone or mail of ours yet. You invite them at People.
import-report-file = report
import-report-row = Row
import-report-name = Name
import-report-state = Result
import-report-column = Column
import-report-value = What it says
import-report-why = Why
import-state-new = Can come in
import-state-double = Looks double
import-state-refused = Not right
column-address-line = Street and house number
column-contact-name = Name of contact
column-contact-phone = Telephone of contact
column-status = Status
column-frequency = How often
column-day-segment = Part of the day
column-weekday = Day
column-max-items = How many books
column-needed-until = Needed until
column-item-kinds = Kind of books
column-large-print = Large print
column-audiobook = Audiobook
column-door-note = At the door
column-avoid = Rather not
column-mobility = Good to know
column-way = Registered by
column-intake-on = Date of the intake
audit-import-readers = Readers brought in from a file
audit-import-learners = Learners brought in from a file
audit-import-volunteers = Volunteers brought in from a file
import-ready = Done
import-too-large = This file is too large. At most 8 MB.
