app-name = Noaber
chip-unsent = { $count ->
    [one] { $count } not sent yet
   *[other] { $count } not sent yet
}
