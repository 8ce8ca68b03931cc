//! Overzicht of a Taalhuis: how long people wait, from the documents at hand; figures of a period, from the server; and how this Taalhuis
//! works.

use chrono::Datelike as _;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync_core::access::Role;
use sync_core::ids::BranchId;
use sync_core::problem::ProblemKind;
use sync_core::taalhuis::books::Books;
use sync_core::taalhuis::matching::{Part, Weights};
use sync_core::taalhuis::questions::{FIXED, SECTIONS};
use sync_core::taalhuis::{ConfigureTaalhuis, DescribeNorm};
use sync_core::time::{LocalDate, typed_day};

use super::all_books;
use crate::browser::files;
use crate::components::{
    Choice, DateField, Field, Fields, FormErrors, Icon, TextArea, Toggle, Unfold, notices,
};
use crate::driver::driver;
use crate::forms::send;
use crate::questions::answer_text;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// The kind of a spreadsheet.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A figure, as the server tells it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Figure {
    municipality: String,
    /// For which norm of the certificate.
    norm: u8,
    measure: String,
    list: Option<String>,
    group: String,
    count: Option<i64>,
}

/// A band of waiting: the weeks after which it begins, and what it is called.
type Band = (i64, fn(words::Words) -> &'static str);

/// The bands of waiting.
const BANDS: [Band; 4] = [
    (0, words::Words::waits_4),
    (4, words::Words::waits_8),
    (8, words::Words::waits_13),
    (13, words::Words::waits_more),
];

fn waiting() -> [usize; 4] {
    let today = driver().now().local_date();
    let mut counts = [0; 4];
    for books in all_books() {
        for id in books.waiting() {
            let since = books.waiting_since(id).unwrap_or(today);
            let weeks = (today - since).num_days() / 7;
            let band = BANDS.iter().rposition(|(from, _)| weeks >= *from).unwrap_or_default();
            if let Some(count) = counts.get_mut(band) {
                *count += 1;
            }
        }
    }
    counts
}

/// How many wait longer than their Taalhuis wants.
fn waits_too_long() -> usize {
    let today = driver().now().local_date();
    let late = |books: &Books| books.files.keys().filter(|id| books.waits_too_long(**id, today)).count();
    all_books().iter().map(late).sum()
}

/// The screen.
#[component]
pub fn TaalhuisOverviewScreen() -> impl IntoView {
    let waiting = Memo::new(|_| waiting());
    let teaches = driver().is(Role::TaalhuisCoordinator);
    let houses = untrack(all_books);
    let many = houses.len() > 1;
    view! {
        <h1>{move || words().place_overview()}</h1>
        {teaches.then(|| view! { <h2>{move || words().waiting_title()}</h2> })}
        {move || {
            if !teaches {
                return ().into_any();
            }
            let counts = waiting.get();
            let most = counts.iter().copied().max().unwrap_or(0).max(1);
            let bars = counts
                .iter()
                .zip(BANDS)
                .map(|(count, (_, text))| {
                    let width = count * 200 / most;
                    view! {
                        <tr>
                            <th scope="row">{text(words())}</th>
                            <td>{*count}</td>
                            <td>
                                <svg viewBox="0 0 200 20" width="200" height="20" class="bars" aria-hidden="true">
                                    <rect x="0" y="2" width=width height="16"></rect>
                                </svg>
                            </td>
                        </tr>
                    }
                })
                .collect_view();
            let late = waits_too_long();
            view! {
                <table><tbody>{bars}</tbody></table>
                <p>{words().waiting_target(late)}</p>
            }
                .into_any()
        }}
        <Figures teaches />
        {teaches.then(|| view! { <h2>{move || words().house_title()}</h2> })}
        {houses.into_iter().map(|books| view! { <House books many /> }).collect_view()}
    }
}

fn group_text(figure: &Figure) -> String {
    let list = figure.list.as_deref();
    let told = match list {
        None if figure.group != "unknown" => "",
        list => answer_text(list.unwrap_or_default(), &figure.group),
    };
    if told.is_empty() { figure.group.clone() } else { told.to_owned() }
}

#[component]
fn Figures(
    /// Whether whoever looks coordinates; others ask by whole months.
    teaches: bool,
) -> impl IntoView {
    let driver = driver();
    let today = driver.now().local_date();
    let last =
        if teaches { today } else { today.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(today) };
    let first = LocalDate::from_ymd_opt(last.year(), 1, 1).unwrap_or(last);
    let period =
        [("from", when::typed_day(first)), ("until", when::typed_day(last)), ("group", String::new())];
    let fields = Fields::new(period);
    let shown = RwSignal::new(None::<Vec<Figure>>);
    let path = move || {
        let (from, until) = (typed_day(&fields.get("from"))?, typed_day(&fields.get("until"))?);
        Some(format!("/api/taalhuis/overview?from={from}&until={until}&group={}", fields.get("group")))
    };
    let groups = Signal::derive(|| {
        let all =
            ["nt1", "nt2"].map(|word| (word.to_owned(), answer_text("first_language", word).to_owned()));
        [(String::new(), words().figures_everybody().to_owned())].into_iter().chain(all).collect::<Vec<_>>()
    });
    let fetch = move || {
        let Some(path) = path() else {
            return fields.fail("from", words().problem_date_out_of_range());
        };
        fields.kept();
        spawn_local(async move {
            match driver.call("GET", &path, None).await {
                Ok(body) => shown.set(serde_json::from_slice(&body).ok()),
                Err(refusal) if refusal.kind == ProblemKind::InvalidRequest => {
                    fields.fail("from", words().figures_by_month());
                }
                Err(_) => notices().wrong(words().needs_network()),
            }
        });
    };
    let save = move |format: &'static str| {
        let Some(path) = path() else { return };
        spawn_local(async move {
            let path = format!("{path}&format={format}");
            match driver.call("GET", &path, None).await {
                Ok(body) => {
                    let kind = if format == "csv" { "text/csv" } else { XLSX };
                    if files::save(&format!("taalhuis.{format}"), kind, &body).is_err() {
                        notices().wrong(words().save_failed());
                    }
                }
                Err(_) => notices().wrong(words().needs_network()),
            }
        });
    };
    view! {
        <h2>{move || words().figures()}</h2>
        <form
            novalidate
            on:submit=move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                fields.clear_errors();
                fetch();
            }
        >
            <FormErrors fields />
            <DateField fields name="from" label=label(words::Words::figures_from) />
            <DateField fields name="until" label=label(words::Words::figures_until) />
            <Choice fields name="group" label=label(words::Words::figures_group) options=groups />
            <div class="row">
                <button class="button main" type="submit">{move || words().show_figures()}</button>
                <button class="button" type="button" on:click=move |_| save("csv")><Icon name="install" />"CSV"</button>
                <button class="button" type="button" on:click=move |_| save("xlsx")><Icon name="install" />"Excel"</button>
            </div>
        </form>
        {move || shown.get().map(|figures| view! { <p class="soft">{words().figure_few()}</p> {by_norm(&figures)} })}
    }
}

/// What a Taalhuis has to tell about a norm, to be written by its coordinator.
#[component]
fn NormText(branch: BranchId, norm: u8, many: bool) -> impl IntoView {
    let told = Memo::new(move |_| {
        let own = all_books().into_iter().find(|books| books.branch == branch);
        own.and_then(|books| books.house.norms.get(&norm).cloned()).unwrap_or_default()
    });
    let fields = Fields::new([("norm_text", untrack(move || told.get()))]).among(&format!("{norm}-{branch}"));
    fields.follow("norm_text", move || told.get());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let described = DescribeNorm { branch, norm, text: fields.get("norm_text") };
        send(fields, branch.taalhuis_document(), described, "norm_text");
    };
    view! {
        {many.then(|| view! { <h4>{driver().branch_name(branch)}</h4> })}
        {move || told.with(|told| (!told.is_empty()).then(|| view! { <p class="typed">{told.clone()}</p> }))}
        <Unfold summary=label(words::Words::norm_text) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <TextArea
                    fields
                    name="norm_text"
                    label=label(words::Words::norm_text)
                    hint=label(words::Words::norm_text_hint)
                    optional=true
                />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

/// The figures, under the norm of the certificate that asks for them.
fn by_norm(figures: &[Figure]) -> impl IntoView + use<> {
    let many = figures.iter().any(|figure| !figure.municipality.is_empty());
    // What is split into groups carries its name once, beside all of them.
    let part = |figures: &[Figure]| {
        let rows = figures.iter().enumerate().map(|(at, figure)| {
            let key = format!("measure-{}", figure.measure.replace('_', "-"));
            let name = (at == 0).then(|| {
                view! {
                    {many.then(|| view! { <td role="cell" rowspan=figures.len()>{figure.municipality.clone()}</td> })}
                    <th role="rowheader" scope="rowgroup" rowspan=figures.len()>
                        // A newer server may count what this app has no word for.
                        {words().by_key(&key).map_or_else(|| figure.measure.clone(), ToOwned::to_owned)}
                    </th>
                }
            });
            view! {
                <tr role="row">
                    {name} <td role="cell">{group_text(figure)}</td>
                    <td role="cell">{figure.count.map_or_else(|| words().figure_hidden().to_owned(), |count| count.to_string())}</td>
                </tr>
            }
        });
        view! { <tbody role="rowgroup">{rows.collect_view()}</tbody> }
    };
    let parts = |norm: u8| {
        let same = |one: &Figure, next: &Figure| {
            (&one.measure, &one.municipality) == (&next.measure, &next.municipality)
        };
        let parts = figures.chunk_by(same).filter(|part| part.first().is_some_and(|one| one.norm == norm));
        parts.map(part).collect_view()
    };
    (1..=8)
        .map(|norm| {
            let title = words().by_key(&format!("norm-{norm}")).unwrap_or_default();
            let houses = untrack(all_books);
            let many = houses.len() > 1;
            let texts = houses.into_iter().map(|books| view! { <NormText branch=books.branch norm many /> });
            view! {
                <h3>{title}</h3>
                <table class="figures" role="table">{parts(norm)}</table>
                {texts.collect_view()}
            }
        })
        .collect_view()
}

/// How one Taalhuis works.
#[component]
fn House(books: Books, many: bool) -> impl IntoView {
    let house = books.house.clone();
    let branch = books.branch;
    let yes = |yes: bool| (if yes { "yes" } else { "" }).to_owned();
    let fields = Fields::new(
        [
            ("target_days", house.target_days.to_string()),
            ("vog_years", house.vog_years.to_string()),
            ("asks_vog", yes(house.asks_vog)),
            ("is_open", yes(house.is_open)),
        ]
        .into_iter()
        .chain(Part::ALL.map(|part| (part.as_str(), house.weights.of(part).to_string())))
        .chain(
            SECTIONS
                .iter()
                .map(|section| (*section, yes(!house.hidden.iter().any(|hidden| hidden == section)))),
        ),
    );
    let fields = if many { fields.among(&branch) } else { fields };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let number = |key: &str| fields.get(key).trim().parse::<u16>().unwrap_or(u16::MAX);
        let hidden = SECTIONS
            .iter()
            .filter(|section| !FIXED.contains(section) && fields.get(section) != "yes")
            .map(|section| (*section).to_owned())
            .collect();
        let configure = ConfigureTaalhuis {
            branch,
            hidden,
            weights: Weights {
                time: number("time"),
                distance: number("distance"),
                level: number("level"),
                language: number("language"),
                interests: number("interests"),
                place: number("place"),
                waiting: number("waiting"),
            },
            target_days: number("target_days"),
            asks_vog: fields.get("asks_vog") == "yes",
            vog_years: number("vog_years"),
            is_open: fields.get("is_open") == "yes",
        };
        spawn_local(async move {
            match driver().act(branch.taalhuis_document(), configure).await {
                Ok(()) => {
                    fields.kept();
                    notices().say(words().kept());
                }
                Err(refusal) => fields.fail("target_days", problem_text(refusal.kind)),
            }
        });
    };
    let part_text = |part: Part| match part {
        Part::Time => words().weight_time(),
        Part::Distance => words().weight_distance(),
        Part::Level => words().weight_level(),
        Part::Language => words().weight_language(),
        Part::Interests => words().weight_interests(),
        Part::Place => words().weight_place(),
        Part::Waiting => words().weight_waiting(),
    };
    view! {
        <details class="change">
            <summary>{move || words().house_change()}</summary>
            <p class="soft">{move || words().house_page(format!("/aanmelden/{branch}"))}</p>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Field fields name="target_days" label=label(words::Words::house_target) input_mode="numeric" />
                <Toggle fields name="asks_vog" label=label(words::Words::house_vog) />
                <Field fields name="vog_years" label=label(words::Words::house_vog_years) input_mode="numeric" />
                <Toggle fields name="is_open" label=label(words::Words::house_open) />
                <fieldset>
                    <legend>{move || words().house_weights()}</legend>
                    {Part::ALL
                        .map(|part| {
                            view! { <Field fields name=part.as_str() label=Signal::derive(move || part_text(part).to_owned()) input_mode="numeric" /> }
                        })
                        .into_iter()
                        .collect_view()}
                </fieldset>
                <fieldset>
                    <legend>{move || words().house_sections()}</legend>
                    {SECTIONS
                        .iter()
                        .filter(|section| !FIXED.contains(section))
                        .map(|section| {
                            let key = format!("section-{}", section.replace('_', "-"));
                            view! {
                                <Toggle
                                    fields
                                    name=section
                                    label=Signal::derive(move || words().by_form_key(&key).unwrap_or_default().to_owned())
                                />
                            }
                        })
                        .collect_view()}
                </fieldset>
                <button class="button main" type="submit">{move || words().save()}</button>
            </form>
        </details>
    }
}
