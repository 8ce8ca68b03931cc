app-name = Noaber
chip-unsent = { $count ->
    [one] { $count } nog niet verzonden
   *[other] { $count } nog niet verzonden
}
