//! Overzicht: the visits of the last weeks, as a chart with the table beside it.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use leptos::prelude::*;
use sync_core::summary::StopProgress;
use sync_core::time::{LocalDate, days_after};

use super::round_rows;
use crate::driver::driver;
use crate::settings::words;
use crate::when;

/// Weeks that are shown.
const WEEKS: i64 = 6;
const BAR: usize = 56;
const HEIGHT: usize = 160;

/// Visits of the weeks: which succeeded, which did not.
fn weeks() -> Vec<(LocalDate, usize, usize)> {
    let today = driver().now().local_date();
    let monday = days_after(today, -i64::from(today.weekday().num_days_from_monday()));
    let mut counts: BTreeMap<LocalDate, (usize, usize)> =
        (0..=WEEKS).map(|week| (days_after(monday, -7 * week), (0, 0))).collect();
    for (_, row) in round_rows() {
        let Some(on) = row.on else { continue };
        let week = days_after(on, -i64::from(on.weekday().num_days_from_monday()));
        let Some((succeeded, failed)) = counts.get_mut(&week) else { continue };
        for stop in &row.stops {
            match stop.progress {
                StopProgress::Succeeded => *succeeded += 1,
                StopProgress::Failed | StopProgress::Disputed => *failed += 1,
                StopProgress::Open => {}
            }
        }
    }
    counts.into_iter().map(|(week, (succeeded, failed))| (week, succeeded, failed)).collect()
}

/// The screen.
#[component]
pub fn OverviewScreen() -> impl IntoView {
    let weeks = Memo::new(|_| weeks());
    view! {
        <h1>{move || words().place_overview()}</h1>
        <h2>{move || words().visits_per_week()}</h2>
        {move || {
            let weeks = weeks.get();
            let most = weeks.iter().map(|(_, succeeded, failed)| succeeded + failed).max().unwrap_or(0).max(1);
            let bars = weeks
                .iter()
                .enumerate()
                .map(|(index, (_, succeeded, failed))| {
                    let height = (succeeded + failed) * HEIGHT / most;
                    let x = index * BAR + 8;
                    view! {
                        <rect x=x y=HEIGHT + 24 - height width=BAR - 16 height=height></rect>
                        <text x=x + (BAR - 16) / 2 y=HEIGHT + 18 - height>{succeeded + failed}</text>
                    }
                })
                .collect_view();
            let width = weeks.len() * BAR;
            let table = weeks
                .iter()
                .map(|(week, succeeded, failed)| {
                    view! {
                        <tr>
                            <th scope="row">{words().week_of(when::short_day(words(), *week))}</th>
                            <td>{*succeeded}</td>
                            <td>{*failed}</td>
                        </tr>
                    }
                })
                .collect_view();
            view! {
                <div class="chart">
                    <svg viewBox=format!("0 0 {width} {}", HEIGHT + 28) aria-hidden="true" class="bars">
                        {bars}
                        <line x1="0" x2=width y1=HEIGHT + 25 y2=HEIGHT + 25></line>
                    </svg>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{words().week()}</th>
                                <th scope="col">{words().succeeded()}</th>
                                <th scope="col">{words().failed()}</th>
                            </tr>
                        </thead>
                        <tbody>{table}</tbody>
                    </table>
                </div>
            }
        }}
    }
}
