//! The colours of `style/1-tokens.css`: text at least 7 to 1 on every surface it may lie on, edges and focus at least 3 to 1,
//! in both themes (WCAG 2.2, 1.4.6 and 1.4.11).

use std::collections::BTreeMap;

type Theme<'a> = BTreeMap<&'a str, [f64; 3]>;

/// A colour as linear light (WCAG 2.2, relative luminance).
fn linear(hex: &str) -> Option<[f64; 3]> {
    let part = |at: usize| -> Option<f64> {
        let level = f64::from(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) })
    };
    Some([part(0)?, part(2)?, part(4)?])
}

fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The colours that are set between the opening of this rule and its end.
fn theme<'a>(css: &'a str, rule: &str) -> Theme<'a> {
    let body = css.split_once(rule).and_then(|(_, after)| after.split_once('}')).map_or("", |(body, _)| body);
    body.split(';')
        .filter_map(|line| {
            let (name, value) = line.rsplit_once("--")?.1.split_once(':')?;
            Some((name.trim(), linear(value.trim().strip_prefix('#')?)?))
        })
        .collect()
}

fn themes() -> Result<[(&'static str, Theme<'static>); 3], &'static str> {
    const CSS: &str = include_str!("../../mobile-shell/style/1-tokens.css");
    let light = theme(CSS, ":root {");
    let system = theme(CSS, ":root:not([data-theme=\"light\"]) {");
    let by_hand = theme(CSS, ":root[data-theme=\"dark\"] {");
    if system != by_hand {
        return Err("dark by the system and dark by hand are not the same");
    }
    Ok([("light", light), ("dark", system), ("dark by hand", by_hand)])
}

/// Every pair of these, with what it must reach.
fn check(fronts: &[&str], backs: &[&str], least: f64) -> Result<(), String> {
    for (name, theme) in themes()? {
        for front in fronts {
            for back in backs {
                let colour = |token: &str| theme.get(token).copied().ok_or(format!("{name}: no {token}"));
                let found = contrast(colour(front)?, colour(back)?);
                if found < least {
                    return Err(format!("{name}: {front} on {back} is {found:.2}, {least} is needed"));
                }
            }
        }
    }
    Ok(())
}

const SURFACES: [&str; 3] = ["paper", "raised", "sunken"];

#[test]
fn text_reaches_seven_to_one_on_every_surface() -> Result<(), String> {
    check(&["ink", "ink-muted", "primary", "success", "accent", "danger"], &SURFACES, 7.0)?;
    check(&["ink"], &["primary-tint", "accent-tint", "danger-tint"], 7.0)
}

#[test]
fn text_in_a_colour_reaches_seven_to_one_on_its_own_tint() -> Result<(), String> {
    check(&["primary"], &["primary-tint"], 7.0)?;
    check(&["accent"], &["accent-tint"], 7.0)?;
    check(&["danger"], &["danger-tint"], 7.0)?;
    check(&["primary-ink"], &["primary"], 7.0)?;
    check(&["danger-ink"], &["danger"], 7.0)
}

#[test]
fn edges_and_focus_reach_three_to_one() -> Result<(), String> {
    check(&["border", "focus"], &SURFACES, 3.0)
}
