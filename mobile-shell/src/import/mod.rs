//! Importing readers, learners or volunteers from a spreadsheet: choose a file, say what its columns are, see what would come in, and bring
//! it in. Only with a network: the file is read by the server, which does not keep it.

mod report;

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use serde::Deserialize;
use serde_json::json;
use sync_core::access::Role;
use sync_core::ids::BranchId;
use sync_core::import::{FILE_MAX, Target};
use sync_core::problem::Refusal;
use uuid::Uuid;

use self::report::{Outcome, Report};
use crate::address::param;
use crate::browser::files;
use crate::components::{Choice, Fields, FileField, Icon, notices};
use crate::driver::driver;
use crate::people::{read, role_text};
use crate::session::problem_text;
use crate::settings::{label, words};

/// A column of the file, as the server tells it.
#[derive(Clone, PartialEq, Deserialize)]
struct Column {
    number: usize,
    heading: String,
    samples: Vec<String>,
    field: Option<String>,
}

/// A field that a column can mean.
#[derive(Clone, PartialEq, Deserialize)]
struct FieldRow {
    key: String,
    required: bool,
}

/// What is in the file.
#[derive(Clone, PartialEq, Deserialize)]
struct Look {
    sheets: Vec<String>,
    heading: usize,
    rows: usize,
    columns: Vec<Column>,
    fields: Vec<FieldRow>,
}

/// How far somebody is.
#[derive(Clone, Copy)]
struct Import {
    target: Target,
    /// Fresh for each file.
    id: StoredValue<Uuid>,
    file: StoredValue<Vec<u8>>,
    /// The fields of the form: sheet, branch and role.
    fields: Fields,
    look: RwSignal<Option<Look>>,
    /// What the columns mean.
    columns: RwSignal<BTreeMap<usize, String>>,
    report: RwSignal<Option<Report>>,
    /// Rows that come in although they look like somebody.
    take: RwSignal<BTreeSet<usize>>,
    /// What is being done now, in words; empty when nothing is.
    busy: RwSignal<&'static str>,
}

/// The name of a column as spreadsheets show it: A, B, …, Z, AA, ….
fn letter(column: usize) -> String {
    let mut name = String::new();
    let mut left = column + 1;
    while left > 0 {
        let place = u8::try_from((left - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + place));
        left = (left - 1) / 26;
    }
    name
}

/// The branches in which this person imports, with their names.
fn branches(target: Target) -> Vec<(BranchId, String)> {
    let driver = driver();
    let Some(person) = driver.person() else { return Vec::new() };
    let mut own: Vec<BranchId> = person
        .memberships
        .iter()
        .filter(|own| target.importers().contains(&own.role))
        .map(|own| own.branch)
        .collect();
    own.sort_unstable();
    own.dedup();
    own.into_iter().map(|branch| (branch, driver.branch_name(branch))).collect()
}

/// The roles that volunteers can get from this person, anywhere.
fn roles() -> Vec<Role> {
    let Some(person) = driver().person() else { return Vec::new() };
    let gives = |role: &Role| person.memberships.iter().any(|own| own.role.gives().contains(role));
    Role::ALL.iter().copied().filter(|role| role.is_of_volunteers() && gives(role)).collect()
}

impl Import {
    fn new(target: Target) -> Self {
        let fields = Fields::new([("sheet", "0".to_owned())]);
        if let Some((branch, _)) = branches(target).first() {
            fields.set("branch", branch.to_string());
        }
        if let Some(role) = roles().first().filter(|_| target == Target::Volunteers) {
            fields.set("role", role.as_str().to_owned());
        }
        Self {
            target,
            id: StoredValue::new(Uuid::nil()),
            file: StoredValue::new(Vec::new()),
            fields,
            look: RwSignal::new(None),
            columns: RwSignal::new(BTreeMap::new()),
            report: RwSignal::new(None),
            take: RwSignal::new(BTreeSet::new()),
            busy: RwSignal::new(""),
        }
    }

    /// The request, as `multipart/form-data`.
    fn body(self, boundary: &str, step: &str) -> Vec<u8> {
        let mut plan = json!({
            "sheet": self.fields.get("sheet").parse().unwrap_or(0_usize),
            "import": self.id.get_value(),
        });
        if step != "look" {
            plan["heading"] = json!(self.look.with_untracked(|look| look.as_ref().map(|look| look.heading)));
            plan["columns"] = json!(self.columns.get_untracked());
            plan["branch"] = json!(self.fields.get("branch"));
            plan["take"] = json!(self.take.get_untracked());
            plan["expect"] =
                json!(self.report.with_untracked(|report| report.as_ref().map_or(0, |report| report.new)));
            if self.target == Target::Volunteers {
                plan["role"] = json!(self.fields.get("role"));
            }
        }
        let part = |head: &str| format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        let mut body = part("name=\"plan\"").into_bytes();
        body.extend(plan.to_string().bytes());
        body.extend_from_slice(b"\r\n");
        body.extend(part("name=\"file\"; filename=\"file\"").bytes());
        self.file.with_value(|file| body.extend_from_slice(file));
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        body
    }

    async fn ask<T: serde::de::DeserializeOwned>(self, step: &str) -> Result<T, Refusal> {
        let driver = driver();
        let boundary = driver.fresh::<Uuid>().simple().to_string();
        let kind = format!("multipart/form-data; boundary={boundary}");
        let path = format!("/api/import/{}/{step}", self.target.as_str());
        let body = self.body(&boundary, step);
        let answer = driver.call_with("POST", &path, &kind, Some(&body)).await.and_then(|body| read(&body));
        self.busy.set("");
        answer
    }

    fn looks(self) {
        self.busy.set(words().import_reading());
        self.report.set(None);
        self.take.set(BTreeSet::new());
        spawn_local(async move {
            match self.ask::<Look>("look").await {
                Ok(look) => {
                    let known =
                        look.columns.iter().filter_map(|column| Some((column.number, column.field.clone()?)));
                    self.columns.set(known.collect());
                    self.look.set(Some(look));
                }
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    }

    fn checks(self) {
        self.busy.set(words().import_checking());
        spawn_local(async move {
            match self.ask::<Report>("check").await {
                Ok(report) => self.report.set(Some(report)),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    }

    fn runs(self) {
        self.busy.set(words().import_running());
        spawn_local(async move {
            match self.ask::<Report>("run").await {
                Ok(report) => {
                    self.look.set(None);
                    self.report.set(Some(report));
                    driver().sync();
                }
                Err(refusal) => {
                    notices().wrong(problem_text(refusal.kind));
                    self.checks();
                }
            }
        });
    }

    /// What no column says yet, in words.
    fn missing(self) -> Vec<&'static str> {
        let chosen = self.columns.get();
        let has = |key: &str| chosen.values().any(|field| field == key);
        self.look.with(|look| {
            let fields = look.iter().flat_map(|look| &look.fields).filter(|field| field.required);
            // Street and number can stand in one column.
            let in_line = |key: &str| ["street", "house_number"].contains(&key) && has("address_line");
            fields
                .filter(|field| !has(&field.key) && !in_line(&field.key))
                .map(|field| words().column(&field.key))
                .collect()
        })
    }
}

/// Where somebody came from.
const fn home(target: Target) -> &'static str {
    match target {
        Target::Readers => "/lezers",
        Target::Learners => "/deelnemers",
        Target::Volunteers => "/mensen",
    }
}

/// The screen.
#[component]
pub fn ImportScreen() -> impl IntoView {
    let target = Memo::new(|_| match param::<String>("what").as_deref() {
        Some("lezers") => Some(Target::Readers),
        Some("deelnemers") => Some(Target::Learners),
        Some("vrijwilligers") => Some(Target::Volunteers),
        _ => None,
    });
    move || match target.get() {
        // Once: what comes in meanwhile must not begin it anew.
        Some(target) => view! { <Steps import=untrack(|| Import::new(target)) /> }.into_any(),
        None => view! { <h1>{words().nothing_here()}</h1> }.into_any(),
    }
}

#[component]
fn Steps(import: Import) -> impl IntoView {
    let target = import.target;
    let title = move || match target {
        Target::Readers => words().import_readers(),
        Target::Learners => words().import_learners(),
        Target::Volunteers => words().import_volunteers(),
    };
    let pick = move |input: web_sys::HtmlInputElement| {
        spawn_local(async move {
            let Some(bytes) = files::picked(&input).await else { return };
            if bytes.len() > FILE_MAX {
                return notices().wrong(words().import_too_large());
            }
            import.file.set_value(bytes);
            import.id.set_value(driver().fresh());
            import.fields.set("sheet", "0".to_owned());
            import.looks();
        });
    };
    view! {
        <A href=home(target) attr:class="back">{move || words().back()}</A>
        <h1>{title}</h1>
        <p>{move || words().import_intro()}</p>
        <FileField
            id="import-file"
            label=label(words::Words::import_file)
            accept=".xlsx,.csv,text/csv"
            picked=Callback::new(pick)
        />
        <p role="status">{move || import.busy.get()}</p>
        {move || import.look.get().map(|look| view! { <Columns import look /> })}
        {move || import.report.get().map(|report| view! { <Outcome import report /> })}
    }
}

#[component]
fn Columns(import: Import, look: Look) -> impl IntoView {
    let sheets: Vec<(String, String)> =
        look.sheets.iter().enumerate().map(|(number, name)| (number.to_string(), name.clone())).collect();
    let places: Vec<(String, String)> =
        branches(import.target).into_iter().map(|(branch, name)| (branch.to_string(), name)).collect();
    let given: Vec<(String, String)> =
        roles().into_iter().map(|role| (role.as_str().to_owned(), role_text(role).to_owned())).collect();
    let fields = import.fields;
    let sheet = Memo::new(move |_| fields.get("sheet"));
    // Another sheet has other columns.
    Effect::watch(move || sheet.get(), move |_, _, _| import.looks(), false);
    let rows = look
        .columns
        .iter()
        .map(|column| view! { <Meaning import column=column.clone() options=look.fields.clone() /> })
        .collect_view();
    view! {
        <h2>{words().import_columns()}</h2>
        <p class="soft">{words().import_rows(look.rows)} ". " {words().import_columns_hint()}</p>
        <form class="form" novalidate on:submit=move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            import.checks();
        }>
            {(sheets.len() > 1)
                .then(|| view! { <Choice fields name="sheet" label=label(words::Words::import_sheet) options=Signal::derive(move || sheets.clone()) /> })}
            {(places.len() > 1)
                .then(|| view! { <Choice fields name="branch" label=label(words::Words::branch) options=Signal::derive(move || places.clone()) /> })}
            {(import.target == Target::Volunteers)
                .then(|| view! { <Choice fields name="role" label=label(words::Words::import_role) options=Signal::derive(move || given.clone()) /> })}
            <ul class="rows" id="import-columns">{rows}</ul>
            {move || {
                let missing = import.missing();
                (!missing.is_empty()).then(|| view! { <p class="danger" role="status"><Icon name="no" />{words().import_needed(missing.join(", "))}</p> })
            }}
            <button class="button main big" type="submit" disabled=move || !import.missing().is_empty() || !import.busy.get().is_empty()>
                {words().import_check()}
            </button>
        </form>
    }
}

/// What one column means.
#[component]
fn Meaning(import: Import, column: Column, options: Vec<FieldRow>) -> impl IntoView {
    let Column { number, heading, samples, .. } = column;
    let id = format!("column-{number}");
    let title = if heading.is_empty() { words().import_column(letter(number)) } else { heading };
    let chosen =
        Memo::new(move |_| import.columns.with(|columns| columns.get(&number).cloned().unwrap_or_default()));
    let choose = move |field: String| {
        import.report.set(None);
        import.columns.update(|columns| {
            // A field has one column.
            columns.retain(|_, other| *other != field);
            if !field.is_empty() {
                columns.insert(number, field);
            }
        });
    };
    view! {
        <li class="item filter">
            <span class="grow">
                <label for=id.clone()><b>{title}</b></label>
                <span class="soft">{samples.join(" · ")}</span>
            </span>
            <select id=id.clone() on:change:target=move |event| choose(event.target().value()) prop:value=chosen>
                <option value="">{words().import_none()}</option>
                {options
                    .into_iter()
                    .map(|field| {
                        let key = field.key.clone();
                        view! {
                            <option value=field.key.clone() selected=move || chosen.get() == key>
                                {words().column(&field.key)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let names: Vec<String> = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letter).to_vec();
        assert_eq!(names, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}
