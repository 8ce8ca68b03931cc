# Volunteers: what they tell themselves, and their file.
place-volunteers = Volunteers
search-volunteers = Search name or phone number
only-without-vog = { $count ->
    [0] Only who has no VOG yet (nobody)
   *[other] Only who has no VOG yet ({ $count })
}
volunteers-found = { $count ->
    [0] Nobody
    [one] 1 volunteer
   *[other] { $count } volunteers
}
choose-volunteer = Choose a volunteer from the list
volunteer-gone = This volunteer does not work for your library (any more).
access-and-devices = Roles, invitation and devices
volunteer-file = Time, wishes and VOG: { $branch }
paused-until-day = pause until { $day }
training-by = Who gave the training?
vog-stands = VOG: { $state }
own-part = My time and wishes
own-part-text = This is how your coordinator finds somebody who suits you. Everything is kept while you type.
own-part-of = Time and wishes
no-vog = VOG not in order
vog = VOG
note-vog = Note the VOG
vog-hint = Look at the original. Keep no copy and no photo.
vog-profile = Profile
trainings = Trainings
note-training = Note a training
talks = Talks
note-talk = Note a talk
