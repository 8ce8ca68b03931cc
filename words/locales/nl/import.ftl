# Importing from a spreadsheet
import-readers = Lezers uit een bestand
import-learners = Deelnemers uit een bestand
import-volunteers = Vrijwilligers uit een bestand
import-intro = Kies een Excel-bestand (xlsx) of een CSV-bestand. Er gebeurt nog niets. Je ziet eerst wat erin staat.
import-file = Kies een bestand
import-reading = Even lezen…
import-sheet = Werkblad
import-heading-row = Rij met de koppen
import-rows = { $count ->
    [one] { $count } rij onder de koppen
   *[other] { $count } rijen onder de koppen
}
import-columns = Wat staat in welke kolom?
import-columns-hint = Wat je kiest, onthouden we voor het volgende bestand.
import-column = Kolom { $letter }
import-none = Niet overnemen
import-needed = Kies nog een kolom voor: { $fields }.
import-role = Als wat komen ze erbij?
import-check = Kijk alle rijen na
import-checking = Alle rijen nakijken…
import-report = Wat komt erin?
import-new = { $count ->
    [one] { $count } rij kan erin
   *[other] { $count } rijen kunnen erin
}
import-doubles = { $count ->
    [one] { $count } rij lijkt op iemand die er al is
   *[other] { $count } rijen lijken op iemand die er al is
}
import-refused = { $count ->
    [one] { $count } rij klopt niet
   *[other] { $count } rijen kloppen niet
}
import-refused-hint = Deze rijen blijven erbuiten. Verbeter ze in je bestand en kies het opnieuw.
import-doubles-hint = Deze rijen blijven erbuiten, tenzij je ze aanvinkt.
import-row = Rij { $row }
import-like = Lijkt op { $name }
import-like-row = Lijkt op { $name } in rij { $row }
import-take = Toch overnemen
import-more = { $count ->
    [one] En nog { $count } rij: die staat in het verslag.
   *[other] En nog { $count } rijen: die staan in het verslag.
}
import-run = { $count ->
    [one] Zet { $count } rij erin
   *[other] Zet { $count } rijen erin
}
import-running = Bezig met overnemen…
import-done = { $count ->
    [one] { $count } rij is overgenomen.
   *[other] { $count } rijen zijn overgenomen.
}
import-save-report = Bewaar het verslag
import-other = Kies een ander bestand
import-from-file = Uit een bestand
import-invite-hint = Ze hebben nog geen telefoon of mail van ons gekregen. Uitnodigen doe je bij Mensen.
import-report-file = verslag
import-report-row = Rij
import-report-name = Naam
import-report-state = Uitkomst
import-report-column = Kolom
import-report-value = Wat er staat
import-report-why = Waarom
import-state-new = Kan erin
import-state-double = Lijkt dubbel
import-state-refused = Klopt niet
column-address-line = Straat en huisnummer
column-contact-name = Naam contactpersoon
column-contact-phone = Telefoon contactpersoon
column-status = Status
column-frequency = Hoe vaak
column-day-segment = Deel van de dag
column-weekday = Dag
column-max-items = Hoeveel boeken
column-needed-until = Nodig tot
column-item-kinds = Soort boeken
column-large-print = Grote letter
column-audiobook = Luisterboek
column-door-note = Aan de deur
column-avoid = Liever niet
column-mobility = Goed om te weten
column-way = Aangemeld door
column-intake-on = Datum van de intake
audit-import-readers = Lezers uit een bestand overgenomen
audit-import-learners = Deelnemers uit een bestand overgenomen
audit-import-volunteers = Vrijwilligers uit een bestand overgenomen
import-ready = Klaar
import-too-large = Dit bestand is te groot. Hoogstens 8 MB.
