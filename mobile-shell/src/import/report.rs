//! What would come in, row by row, and what came in.

use leptos::prelude::*;
use leptos_router::components::A;
use serde::Deserialize;
use sync_core::import::Target;
use sync_core::problem::ProblemKind;

use super::{Import, home, letter};
use crate::browser::{files, machine};
use crate::components::{Icon, notices};
use crate::session::problem_text;
use crate::settings::words;

/// The most rows that are drawn of one kind; all of them are in the report to save.
const DRAWN: usize = 100;

/// What becomes of a row.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    New,
    Double,
    Refused,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            Self::New => words().import_state_new(),
            Self::Double => words().import_state_double(),
            Self::Refused => words().import_state_refused(),
        }
    }
}

#[derive(Clone, PartialEq, Deserialize)]
struct Wrong {
    column: Option<usize>,
    field: String,
    problem: ProblemKind,
    #[serde(default)]
    value: String,
}

#[derive(Clone, PartialEq, Deserialize)]
struct Like {
    row: Option<usize>,
    name: String,
}

#[derive(Clone, PartialEq, Deserialize)]
struct Line {
    row: usize,
    state: State,
    name: String,
    #[serde(default)]
    wrong: Vec<Wrong>,
    like: Option<Like>,
}

/// What came, or would come, of an import.
#[derive(Clone, PartialEq, Deserialize)]
pub(super) struct Report {
    pub(super) new: usize,
    doubles: usize,
    refused: usize,
    done: bool,
    lines: Vec<Line>,
}

/// Which column, and what it is for.
fn place(wrong: &Wrong) -> String {
    let column = wrong.column.map(|column| words().import_column(letter(column)));
    let field = (!wrong.field.is_empty()).then(|| words().column(&wrong.field).to_owned());
    column.into_iter().chain(field).collect::<Vec<_>>().join(", ")
}

fn like_text(like: &Like) -> String {
    match like.row {
        Some(row) => words().import_like_row(&like.name, row),
        None => words().import_like(&like.name),
    }
}

/// A cell of a CSV file: quoted, and never a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// The report as a spreadsheet: a line for every row, and for every wrong cell of it.
fn csv(report: &Report) -> String {
    let line =
        |cells: &[&str]| format!("{}\r\n", cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(";"));
    // With the mark by which Excel knows that it is UTF-8.
    let mut text = String::from("\u{feff}");
    text.push_str(&line(&[
        words().import_report_row(),
        words().import_report_name(),
        words().import_report_state(),
        words().import_report_column(),
        words().import_report_value(),
        words().import_report_why(),
    ]));
    for row in &report.lines {
        let (number, state) = (row.row.to_string(), row.state.text());
        if let Some(like) = row.like.as_ref().filter(|_| row.wrong.is_empty()) {
            text.push_str(&line(&[&number, &row.name, state, "", "", &like_text(like)]));
        } else if row.wrong.is_empty() {
            text.push_str(&line(&[&number, &row.name, state, "", "", ""]));
        }
        for wrong in &row.wrong {
            text.push_str(&line(&[
                &number,
                &row.name,
                state,
                &place(wrong),
                &wrong.value,
                problem_text(wrong.problem),
            ]));
        }
    }
    text
}

fn save(report: &Report) {
    let name = format!("{}.csv", words().import_report_file());
    if files::save(&name, "text/csv", csv(report).as_bytes()).is_err() {
        notices().wrong(words().save_failed());
    }
}

/// What comes of it.
#[component]
pub(super) fn Outcome(import: Import, report: Report) -> impl IntoView {
    let done = report.done;
    let title = if done { words().import_done(report.new) } else { words().import_report().to_owned() };
    let (refused, doubles, new) = (report.refused, report.doubles, report.new);
    let of = |state: State| {
        report.lines.iter().filter(|line| line.state == state).take(DRAWN).cloned().collect::<Vec<_>>()
    };
    let (wrong, like) = (of(State::Refused), of(State::Double));
    let has_lines = !report.lines.is_empty();
    let saved = StoredValue::new(report);
    // It stands below the fold: whoever asked for it goes there.
    Effect::new(move |_| machine::focus("import-report"));
    view! {
        <section class="spaced" id="import-report" tabindex="-1">
            <div role="status"><h2>{title}</h2></div>
            {(!done)
                .then(|| {
                    view! {
                        <ul class="sums">
                            <li><Icon name="tick" />{words().import_new(new)}</li>
                            {(doubles > 0).then(|| view! { <li><Icon name="person" />{words().import_doubles(doubles)}</li> })}
                            {(refused > 0).then(|| view! { <li class="danger"><Icon name="no" />{words().import_refused(refused)}</li> })}
                        </ul>
                    }
                })}
            {(refused > 0).then(|| view! { <Refused lines=wrong all=refused /> })}
            {(doubles > 0).then(|| view! { <Doubles import lines=like all=doubles done /> })}
            {(done && import.target == Target::Volunteers).then(|| view! { <p>{words().import_invite_hint()}</p> })}
            <div class="row">
                {has_lines
                    .then(|| {
                        view! {
                            <button class="button" on:click=move |_| saved.with_value(save)>
                                <Icon name="install" />
                                {words().import_save_report()}
                            </button>
                        }
                    })}
                {if done {
                    view! { <A href=home(import.target) attr:class="button main">{words().import_ready()}</A> }.into_any()
                } else {
                    view! { <Run import new doubles /> }.into_any()
                }}
            </div>
        </section>
    }
}

/// The button that does it, for as many rows as are chosen now.
#[component]
fn Run(import: Import, new: usize, doubles: usize) -> impl IntoView {
    let before = import.take.get_untracked();
    // Rows that were ticked after the check are held against it once more.
    let changed = move || import.take.get() != before;
    let ticked = changed.clone();
    view! {
        {move || {
            (doubles > 0 && ticked())
                .then(|| {
                    view! { <button class="button main" disabled=move || !import.busy.get().is_empty() on:click=move |_| import.checks()>{words().import_check()}</button> }
                })
        }}
        {move || {
            (new > 0 && !changed())
                .then(|| {
                    view! {
                        <button class="button main" disabled=move || !import.busy.get().is_empty() on:click=move |_| import.runs()>
                            {words().import_run(new)}
                        </button>
                    }
                })
        }}
    }
}

#[component]
fn Refused(lines: Vec<Line>, all: usize) -> impl IntoView {
    let more = all.saturating_sub(lines.len());
    let rows = lines
        .into_iter()
        .map(|line| {
            let wrong = line
                .wrong
                .iter()
                .map(|wrong| {
                    let value = (!wrong.value.is_empty()).then(|| format!(": “{}”", wrong.value));
                    view! {
                        <span>{place(wrong)}{value}</span>
                        <span class="soft">{problem_text(wrong.problem)}</span>
                    }
                })
                .collect_view();
            view! {
                <li class="item">
                    <span class="grow">
                        <b>{words().import_row(line.row)}{(!line.name.is_empty()).then(|| format!(", {}", line.name))}</b>
                        {wrong}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3>{words().import_state_refused()}</h3>
        <p class="soft">{words().import_refused_hint()}</p>
        <ul class="rows" id="import-refused">{rows}</ul>
        {(more > 0).then(|| view! { <p class="soft">{words().import_more(more)}</p> })}
    }
}

#[component]
fn Doubles(import: Import, lines: Vec<Line>, all: usize, done: bool) -> impl IntoView {
    let more = all.saturating_sub(lines.len());
    let rows = lines
        .into_iter()
        .map(|line| {
            let row = line.row;
            let like = line.like.as_ref().map(like_text);
            view! {
                <li class="item">
                    <span class="grow">
                        <b>{words().import_row(row)}", "{line.name}</b>
                        <span class="soft">{like}</span>
                    </span>
                    {(!done)
                        .then(|| {
                            view! {
                                <label class="choice">
                                    <input
                                        type="checkbox"
                                        prop:checked=move || import.take.with(|take| take.contains(&row))
                                        on:change:target=move |event| {
                                            let ticked = event.target().checked();
                                            import
                                                .take
                                                .update(|take| {
                                                    if ticked {
                                                        take.insert(row);
                                                    } else {
                                                        take.remove(&row);
                                                    }
                                                });
                                        }
                                    />
                                    <span>{words().import_take()}</span>
                                </label>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    view! {
        <h3>{words().import_state_double()}</h3>
        <p class="soft">{words().import_doubles_hint()}</p>
        <ul class="rows" id="import-doubles">{rows}</ul>
        {(more > 0).then(|| view! { <p class="soft">{words().import_more(more)}</p> })}
    }
}
