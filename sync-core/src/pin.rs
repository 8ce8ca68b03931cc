//! Which PIN may protect a phone: six digits or more, none that a finder would try first (security promise 5).

/// The fewest digits.
pub const SHORTEST: usize = 6;
/// The most digits.
pub const LONGEST: usize = 12;
/// After so many wrong tries in a row a phone makes a person wait.
pub const FREE_TRIES: usize = 5;
/// After so many wrong tries in a row a PIN opens nothing any more: a colleague must help.
pub const MOST_TRIES: usize = 10;
/// The first wait, in milliseconds; each further one is twice as long.
const FIRST_WAIT_MS: i64 = 30_000;

/// Why a PIN is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Not six to twelve digits.
    Length,
    /// Something other than digits.
    NotDigits,
    /// One that is tried first: one digit, a row, a pattern that repeats, the same forth and back.
    Trivial,
}

/// Whether this PIN may be used.
pub fn check(pin: &str) -> Result<(), Weak> {
    if !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Weak::NotDigits);
    }
    let digits = pin.as_bytes();
    if !(SHORTEST..=LONGEST).contains(&digits.len()) {
        return Err(Weak::Length);
    }
    let step = |by: u8| digits.windows(2).all(|pair| (pair[1] + 10 - pair[0]) % 10 == by);
    // A part of up to half the length, over and over: 111111, 121212, 123123.
    let repeats = (1..=digits.len() / 2).any(|part| {
        digits.len().is_multiple_of(part) && digits.chunks(part).all(|chunk| chunk == &digits[..part])
    });
    let mirrored = digits.iter().eq(digits.iter().rev());
    // Up and down a row, skipping one as well: 123456, 987654, 135791, 864208.
    let row = [1, 2, 8, 9].into_iter().any(step);
    let down_a_keypad = ["147258", "258369", "159753", "147369", "741852", "852963"].contains(&pin);
    if repeats || mirrored || row || down_a_keypad { Err(Weak::Trivial) } else { Ok(()) }
}

/// How many milliseconds after the last wrong try the next one may be made, after so many in a row.
#[must_use]
pub fn wait_ms(wrong: usize) -> i64 {
    match wrong.checked_sub(FREE_TRIES) {
        None => 0,
        Some(over) => FIRST_WAIT_MS.saturating_mul(1 << over.min(5)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_finder_tries_first_is_refused() {
        for pin in ["000000", "123456", "987654", "121212", "123123", "135791", "123321", "147258", "890123"]
        {
            assert_eq!(check(pin), Err(Weak::Trivial), "{pin}");
        }
        assert_eq!(check("12345"), Err(Weak::Length));
        assert_eq!(check("1234567890123"), Err(Weak::Length));
        assert_eq!(check("27a953"), Err(Weak::NotDigits));
        assert_eq!(check("٢٧٤٩٥١"), Err(Weak::NotDigits));
        for pin in ["274951", "80351694", "112358"] {
            assert_eq!(check(pin), Ok(()), "{pin}");
        }
    }

    #[test]
    fn few_good_pins_are_lost_to_the_rule() {
        let refused = (0..1_000_000_u32).filter(|number| check(&format!("{number:06}")).is_err()).count();
        assert!(refused < 2_500, "{refused} of a million");
    }

    #[test]
    fn the_wait_begins_after_five_and_doubles() {
        assert_eq!([0, 4, 5, 6, 9].map(wait_ms), [0, 0, 30_000, 60_000, 480_000]);
    }
}
