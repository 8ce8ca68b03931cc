# Vrijwilligers: wat zij zelf opgeven, en hun dossier.
place-volunteers = Vrijwilligers
search-volunteers = Zoek naam of telefoonnummer
only-without-vog = { $count ->
    [0] Alleen wie nog geen VOG heeft (niemand)
   *[other] Alleen wie nog geen VOG heeft ({ $count })
}
volunteers-found = { $count ->
    [0] Niemand
    [one] 1 vrijwilliger
   *[other] { $count } vrijwilligers
}
choose-volunteer = Kies een vrijwilliger uit de lijst
volunteer-gone = Deze vrijwilliger werkt niet (meer) voor jouw bibliotheek.
access-and-devices = Rollen, uitnodiging en toestellen
volunteer-file = Tijd, wensen en VOG: { $branch }
paused-until-day = pauze tot en met { $day }
training-by = Wie gaf de training?
vog-stands = VOG: { $state }
own-part = Mijn tijd en wensen
own-part-text = Zo zoekt je coördinator iemand die bij je past. Alles wordt bewaard terwijl je typt.
own-part-of = Tijd en wensen
no-vog = VOG niet in orde
vog = VOG
note-vog = VOG noteren
vog-hint = Bekijk het origineel. Bewaar geen kopie en geen foto.
vog-profile = Profiel
trainings = Trainingen
note-training = Training noteren
talks = Gesprekken
note-talk = Gesprek noteren
