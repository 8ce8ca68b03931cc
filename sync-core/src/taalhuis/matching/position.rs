//! Where people live, and how far apart: whole numbers only, so that every machine finds the same.

use serde::{Deserialize, Serialize};

/// Metres in a degree of latitude.
const METRES_PER_DEGREE: i64 = 111_195;
/// The unit of a coordinate: a hundred-thousandth of a degree, about a metre.
const UNIT: i64 = 100_000;

/// A position on the map (WGS 84), in hundred-thousandths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// North of the equator.
    pub latitude: i32,
    /// East of Greenwich.
    pub longitude: i32,
}

/// The cosine of an angle in units, in thousandths: the approximation of Bhāskara I, within two thousandths.
const fn cosine(angle: i64) -> i64 {
    let degrees_tenth = angle / (UNIT / 10);
    let square = degrees_tenth * degrees_tenth;
    let whole = 32_400 * 100;
    1_000 * (whole - 4 * square) / (whole + square)
}

impl Position {
    /// Whatever is written there, nobody lives beyond the poles.
    fn on_earth(self) -> (i64, i64) {
        let clamp = |angle: i32, most: i64| i64::from(angle).clamp(-most, most);
        (clamp(self.latitude, 90 * UNIT), clamp(self.longitude, 180 * UNIT))
    }

    /// The distance in metres as the crow flies; right within a few in a thousand up to a hundred kilometres.
    #[must_use]
    pub fn metres_to(self, other: Self) -> u32 {
        let (here, there) = (self.on_earth(), other.on_earth());
        let (north, east) = (here.0 - there.0, here.1 - there.1);
        let middle = i64::midpoint(here.0, there.0).abs();
        let north = north * METRES_PER_DEGREE / UNIT;
        let east = east * METRES_PER_DEGREE / UNIT * cosine(middle) / 1_000;
        u32::try_from((north * north + east * east).isqrt()).unwrap_or(u32::MAX)
    }
}

/// Where somebody lives, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Home {
    /// The position, found by a geocoder or set by hand.
    pub position: Option<Position>,
    /// The postcode; its first digits tell the neighbourhood.
    pub postcode: String,
}

/// How far apart, by postcode: the same four digits, three, two.
const BY_POSTCODE: [(usize, u32); 3] = [(4, 1_500), (3, 6_000), (2, 20_000)];

impl Home {
    /// The distance in metres to another home: by position, else by what the postcodes share, else not known.
    #[must_use]
    pub fn metres_to(&self, other: &Self) -> Option<Distance> {
        if let (Some(here), Some(there)) = (self.position, other.position) {
            return Some(Distance { metres: here.metres_to(there), exact: true });
        }
        let same = self.postcode.bytes().zip(other.postcode.bytes()).take(4);
        let same = same.take_while(|(one, other)| one == other && one.is_ascii_digit()).count();
        let (_, metres) = BY_POSTCODE.into_iter().find(|(digits, _)| same >= *digits)?;
        Some(Distance { metres, exact: false })
    }
}

/// How far apart two people live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// In metres.
    pub metres: u32,
    /// Whether both positions are known; else it is guessed from the postcodes.
    pub exact: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(postcode: &str) -> Home {
        Home { position: None, postcode: postcode.to_owned() }
    }

    #[test]
    fn distances_are_right_within_a_few_in_a_thousand() {
        let gieten = Position { latitude: 5_300_400, longitude: 676_300 };
        let assen = Position { latitude: 5_299_300, longitude: 656_300 };
        let meppel = Position { latitude: 5_269_500, longitude: 619_400 };
        // Great circles: 13,441 m and 51,329 m.
        assert!(gieten.metres_to(assen).abs_diff(13_441) < 60, "{}", gieten.metres_to(assen));
        assert!(gieten.metres_to(meppel).abs_diff(51_329) < 250, "{}", gieten.metres_to(meppel));
        assert_eq!(gieten.metres_to(gieten), 0);
        assert_eq!(gieten.metres_to(assen), assen.metres_to(gieten));
    }

    #[test]
    fn any_two_positions_have_a_distance() {
        let ends = [i32::MIN, -9_000_000, 0, 9_000_000, i32::MAX];
        for latitude in ends {
            for longitude in ends {
                let _ = Position { latitude, longitude }
                    .metres_to(Position { latitude: 5_300_000, longitude: 650_000 });
            }
        }
    }

    #[test]
    fn without_positions_the_postcode_tells_roughly() {
        let metres = |one: &str, other: &str| home(one).metres_to(&home(other)).map(|found| found.metres);
        assert_eq!(metres("9461 AB", "9461ZZ"), Some(1_500));
        assert_eq!(metres("9461 AB", "9468 AB"), Some(6_000));
        assert_eq!(metres("9461 AB", "9401 AB"), Some(20_000));
        assert_eq!(metres("9461 AB", "7941 AB"), None);
        assert_eq!(metres("", ""), None);
    }
}
