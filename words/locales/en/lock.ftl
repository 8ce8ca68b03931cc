# The lock on the data of a phone.
pin-title = Enter your PIN
pin-label = PIN
pin-open = Open
pin-missing = Enter your PIN.
pin-wrong = { $count ->
    [one] This PIN is not right. You can try { $count } more time.
   *[other] This PIN is not right. You can try { $count } more times.
}
pin-wait = { $count ->
    [one] Too many wrong PINs. Wait { $count } second.
   *[other] Too many wrong PINs. Wait { $count } seconds.
}
pin-forgotten = Forgot your PIN?
pin-forgotten-text = Your coordinator lets you in again with a code. Then you choose a new PIN. What you have not sent yet is kept.
pin-forgotten-go-on = I need a new one
pin-try-still = Try again after all
pin-choose = Choose a PIN
pin-choose-text = Your PIN opens Noaber on this device. If you lose it, nobody else can get at the data.
pin-new = New PIN
pin-new-hint = At least 6 digits. Not 123456 or 111111.
pin-again = Once more
pin-length = Choose 6 to 12 digits.
pin-trivial = This PIN is too easy to guess. Choose another one.
pin-differs = These are other digits than above.
pin-unreachable = There is no connection. It is needed to lock your data. Your PIN is still there.
pin-later = Later
pin-change = Change PIN
pin-old = Your PIN now
pin-old-wrong = This is not your PIN now.
pin-changed = Your PIN has changed.
left-forgotten = Your PIN opens nothing any more. Ask your coordinator for a code and come in again with it. What you have not sent yet is kept.
lease-warning = { $count ->
    [one] Find an internet connection. Otherwise the data on this device closes in { $count } day.
   *[other] Find an internet connection. Otherwise the data on this device closes in { $count } days.
}

# The second step beside a password.
step-title = Second step when signing in
step-why = With a password alone somebody else can come in too. Not with a code from an app on your phone.
step-begin = Set up the second step
step-app = Open an app for codes, such as that of your phone itself or an authenticator.
step-open = Open the app for codes
step-type = Or type this over there:
step-code = Code from your app
step-code-hint = Six digits. Lost the app? Enter a recovery code.
step-on = The second step is on.
step-off = The second step is gone.
step-is-on = The second step is on.
step-remove = Take the second step away
step-remove-of = Take the second step away
step-removed-of = The second step of this colleague is gone.

# A passkey instead of a password.
passkey-title = Passkeys
passkey-why = Sign in with your finger, your face or the PIN of your computer. That is faster and safer than a password.
passkey-add = Make a passkey on this device
passkey-made = The passkey is made.
passkey-gone = The passkey is gone.
passkey-remove = Take away
passkey-since = Made: { $at }
passkey-used = Last used: { $at }
passkey-not-made = No passkey was made. Feel free to try again.
passkey-not-shown = No passkey was shown. Try again, or sign in with your password.
passkey-use = Sign in with a passkey
step-camera = Or point the camera of your phone at this picture.

# Codes on paper, for who lost the app that makes codes.
codes-title = Recovery codes of Noaber
codes-text = Lost your app for codes? A recovery code lets you in too. Each code works once. Keep them on paper, not on your phone. You see them only once.
codes-left = { $count ->
    [0] You have no recovery codes left.
    [one] You have { $count } recovery code left.
   *[other] You have { $count } recovery codes left.
}
codes-make = Make new recovery codes
codes-save = Save as a file
codes-saved = Saved. Print the file, and then take it away.
codes-done = I have kept them

# Asked before something grave.
proof-title = Is it you?
proof-text = This is an important step. First show that it is you.
proof-wrong = This is not right. Try again.
pin-longer = Your library asks for { $digits } digits at least.
recover = I cannot get in any more
recover-sent = If this address is known, you get a mail with a link and a code. They work for an hour.
mailed-code-label = Code from the mail
mailed-code-hint = Tap the link in the mail, or type the nine digits here.
colleague-needed-later = What lies behind the old PIN stays safe. Ask your coordinator for a code and sign in with it, and it comes back.
finger-open = Finger or face
finger-unseen = This device did not recognise you. Try again, or enter your PIN.
finger-on = Switch on
finger-add = Opening with finger or face
finger-text = You then open the app without the PIN. Your PIN works as well: remember it.
finger-added = You now open the app with your finger or face
finger-not = This device cannot do that, or did not recognise you. Your PIN still works.
finger-drop = Open with the PIN only
finger-dropped = You now open the app with your PIN only
