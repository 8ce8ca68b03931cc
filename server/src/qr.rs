//! A QR picture (ISO/IEC 18004) as the path of an SVG, drawn by the app: nothing is asked of another party, and the app needs no
//! code for it.

use fast_qr::{ECL, QRBuilder};
use serde::Serialize;
use std::fmt::Write as _;
use utoipa::ToSchema;

/// A picture for a camera.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Picture {
    /// How many modules wide and high, without the quiet zone.
    size: usize,
    /// The `d` of an SVG path in which a module is 1 by 1.
    path: String,
}

/// The picture of this text; none when it does not fit one.
#[must_use]
pub(crate) fn picture(text: &str) -> Option<Picture> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for (y, row) in code.data.chunks(code.size).take(code.size).enumerate() {
        let mut x = 0;
        while x < code.size {
            let dark = row[x..].iter().take_while(|module| module.value()).count();
            if dark > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h{dark}v1h-{dark}z");
            }
            x += dark.max(1);
        }
    }
    Some(Picture { size: code.size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_corners_that_a_camera_looks_for_are_there() {
        let drawn = picture("https://bibliotheek.example/uitnodiging#123456789").unwrap();
        let right = drawn.size - 7;
        for corner in ["M0 0h7v1h-7z", &format!("M{right} 0h7v1h-7z"), &format!("M0 {right}h7v1h-7z")] {
            assert!(drawn.path.contains(corner), "{corner} is not in {}", drawn.path);
        }
    }
}
