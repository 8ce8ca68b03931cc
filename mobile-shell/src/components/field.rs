//! Fields of a form: label above, hint under it, errors at the field and in a summary that takes the focus.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, Takes};
use crate::browser::machine;
use crate::settings::words;

/// How long after a field is left its error appears: one that appears while a finger is on the button below pushes the
/// button away from under it.
const AFTER_LEAVING: Duration = Duration::from_millis(200);

thread_local! {
    /// The forms on this page in which a person typed something that is not kept yet.
    static DRAFTS: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
    static NEXT_FORM: Cell<u64> = const { Cell::new(0) };
}

/// Whether something is typed on this page that is not kept yet: then the page is not loaded anew.
pub(crate) fn has_draft() -> bool {
    DRAFTS.with_borrow(|drafts| !drafts.is_empty())
}

/// What is typed in a form, by the name of the field, and what is wrong with it.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    values: RwSignal<BTreeMap<&'static str, String>>,
    /// What stands in an untouched form.
    begin: StoredValue<BTreeMap<&'static str, String>>,
    errors: RwSignal<BTreeMap<&'static str, String>>,
    /// Whether the form was sent with these errors: then they stand in the summary too.
    sent: RwSignal<bool>,
    /// How often what was typed was kept.
    times_kept: RwSignal<u32>,
    form: u64,
    /// What its fields are told apart by from those of other forms of its kind on the page.
    among: StoredValue<String>,
}

impl Fields {
    /// A form with these values.
    pub(crate) fn new(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let form = NEXT_FORM.get();
        NEXT_FORM.set(form + 1);
        let values: BTreeMap<&'static str, String> = values.into_iter().collect();
        let fields = Self {
            values: RwSignal::new(values.clone()),
            begin: StoredValue::new(values),
            errors: RwSignal::new(BTreeMap::new()),
            sent: RwSignal::new(false),
            times_kept: RwSignal::new(0),
            form,
            among: StoredValue::new(String::new()),
        };
        on_cleanup(move || fields.kept());
        fields
    }

    /// The same, as one of several of its kind on a page: else a label of the one would lead to a field of the other.
    pub(crate) fn among(self, others: &impl ToString) -> Self {
        self.among.set_value(format!("-{}", others.to_string()));
        self
    }

    /// The id of a field on the page.
    pub(super) fn id(self, name: &str) -> String {
        // The form may have gone while somebody waited.
        self.among.try_with_value(|among| format!("{name}{among}")).unwrap_or_else(|| name.to_owned())
    }

    /// A person types.
    pub(super) fn typed(self, name: &'static str, value: String) {
        DRAFTS.with_borrow_mut(|drafts| drafts.insert(self.form));
        self.set(name, value);
    }

    /// What was typed is kept, or no longer asked for.
    pub(crate) fn kept(self) {
        DRAFTS.with_borrow_mut(|drafts| drafts.remove(&self.form));
    }

    /// What was typed is kept: the form is as it began, for the next time.
    pub(crate) fn begin_anew(self) {
        self.kept();
        // The screen may have gone while it was being kept.
        if let Some(begin) = self.begin.try_get_value() {
            self.values.set(begin);
            self.clear_errors();
            self.times_kept.update(|times| *times += 1);
        }
    }

    /// Does this each time when what was typed is kept.
    pub(crate) fn when_kept(self, run: impl Fn() + 'static) {
        Effect::new(move |before: Option<u32>| {
            let times = self.times_kept.get();
            if before.is_some_and(|before| before != times) {
                run();
            }
            times
        });
    }

    /// A field shows what stands in the document, also when that changes elsewhere; unless a person is typing in this form.
    pub(crate) fn follow(self, name: &'static str, now: impl Fn() -> String + Send + Sync + 'static) {
        let now = Memo::new(move |_| now());
        Effect::new(move |_| {
            let now = now.get();
            self.begin.update_value(|begin| _ = begin.insert(name, now.clone()));
            if !DRAFTS.with_borrow(|drafts| drafts.contains(&self.form)) {
                self.set(name, now);
            }
        });
    }

    /// What is typed in a field, tidied for keeping.
    pub(crate) fn get(self, name: &str) -> String {
        machine::tidy(&self.raw(name))
    }

    pub(super) fn raw(self, name: &str) -> String {
        self.values.with(|values| values.get(name).cloned().unwrap_or_default())
    }

    /// Fills a field.
    pub(crate) fn set(self, name: &'static str, value: impl Into<String>) {
        self.values.update(|values| {
            values.insert(name, value.into());
        });
        self.errors.update(|errors| {
            errors.remove(name);
        });
    }

    /// Says what is wrong with a field; `general` is for the form as a whole. The summary takes the focus.
    pub(crate) fn fail(self, name: &'static str, error: impl Into<String>) {
        self.errors.update(|errors| {
            errors.insert(name, error.into());
        });
        self.sent.set(true);
        request_animation_frame(move || machine::focus(&self.id("form-errors")));
    }

    /// Takes all errors away.
    pub(crate) fn clear_errors(self) {
        self.errors.update(BTreeMap::clear);
        self.sent.set(false);
    }

    /// A person leaves a field: what is wrong with it is said there, and the focus stays where it went.
    pub(super) fn left(self, name: &'static str, takes: Takes) {
        set_timeout(
            move || {
                // From the day of a date to its month is not away.
                let (focus, id) = (machine::focused(), self.id(name));
                if focus
                    .strip_prefix(id.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                {
                    return;
                }
                let typed = self.values.try_with_untracked(|values| values.get(name).cloned()).flatten();
                let Some(wrong) = typed.and_then(|typed| takes.wrong(&machine::tidy(&typed))) else { return };
                // Said already, perhaps by the summary that has the focus now: drawn anew it would lose it.
                if self.errors.try_with_untracked(|errors| errors.contains_key(name)) == Some(false) {
                    let _ = self.errors.try_update(|errors| errors.insert(name, wrong.to_owned()));
                }
            },
            AFTER_LEAVING,
        );
    }

    pub(super) fn error(self, name: &str) -> Option<String> {
        self.errors.with(|errors| errors.get(name).cloned())
    }
}

/// The summary of what is wrong, above a form.
#[component]
pub fn FormErrors(fields: Fields) -> impl IntoView {
    move || {
        let errors = fields.errors.get();
        (fields.sent.get() && !errors.is_empty()).then(|| {
            let lines = errors
                .into_iter()
                .map(|(name, error)| {
                    let id = fields.id(name);
                    view! { <li><a href=format!("#{id}") rel="external" on:click=move |event| {
                        event.prevent_default();
                        machine::focus(&id);
                    }>{error}</a></li> }
                })
                .collect_view();
            view! {
                <div class="errors" id=fields.id("form-errors") tabindex="-1" role="alert">
                    <h2><Icon name="no" />{words().form_errors_title()}</h2>
                    <ul>{lines}</ul>
                </div>
            }
        })
    }
}

pub(super) fn described_by(fields: Fields, name: &'static str, hint: bool) -> Option<String> {
    let id = fields.id(name);
    let mut ids = Vec::new();
    if hint {
        ids.push(format!("{id}-hint"));
    }
    if fields.error(name).is_some() {
        ids.push(format!("{id}-error"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// What is wrong, at the field. Said aloud when there is no summary that says it.
#[component]
pub(super) fn ErrorAt(fields: Fields, name: &'static str, error: String) -> impl IntoView {
    let role = (!fields.sent.get_untracked()).then_some("alert");
    view! { <p class="error" id=format!("{}-error", fields.id(name)) role=role><Icon name="no" />{error}</p> }
}

#[component]
fn Around(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    optional: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:bad=move || fields.error(name).is_some()>
            <label for=fields.id(name)>
                {label}
                {move || optional.then(|| view! { <span class="soft">" "{words().optional()}</span> })}
            </label>
            {move || {
                let hint = hint.get();
                (!hint.is_empty()).then(|| view! { <p class="soft" id=format!("{}-hint", fields.id(name))>{hint}</p> })
            }}
            {move || {
                fields
                    .error(name)
                    .map(|error| {
                        view! { <ErrorAt fields name error /> }
                    })
            }}
            {children()}
        </div>
    }
}

/// A field of one line.
#[component]
pub fn Field(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional)] optional: bool,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "text")] input_mode: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    /// Else what the keyboard is asked for tells.
    #[prop(optional)]
    takes: Option<Takes>,
) -> impl IntoView {
    let takes = takes.unwrap_or_else(|| Takes::line(kind, input_mode, autocomplete));
    view! {
        <Around fields name label hint optional>
            <input
                id=fields.id(name)
                name=name
                type=kind
                inputmode=input_mode
                autocomplete=autocomplete
                aria-describedby=move || described_by(fields, name, !hint.get().is_empty())
                aria-invalid=move || fields.error(name).is_some().then_some("true")
                prop:value=move || fields.raw(name)
                on:input:target=move |event| fields.typed(name, event.target().value())
                on:blur=move |_| fields.left(name, takes)
            />
        </Around>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    view! {
        <Around fields name label hint optional>
            <textarea
                id=fields.id(name)
                name=name
                rows="3"
                // Else the browser writes what is typed into the file from which it restores its pages.
                autocomplete="off"
                aria-describedby=move || described_by(fields, name, !hint.get().is_empty())
                aria-invalid=move || fields.error(name).is_some().then_some("true")
                prop:value=move || fields.raw(name)
                on:input:target=move |event| fields.typed(name, event.target().value())
                on:blur=move |_| fields.left(name, Takes::Text)
            ></textarea>
        </Around>
    }
}

/// One of a few answers.
#[component]
pub fn Choice(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] hint: Signal<String>,
) -> impl IntoView {
    view! {
        <Around fields name label hint optional=false>
            <select
                id=fields.id(name)
                name=name
                autocomplete="off"
                aria-describedby=move || described_by(fields, name, !hint.get().is_empty())
                on:change:target=move |event| fields.typed(name, event.target().value())
            >
                {move || {
                    let chosen = fields.raw(name);
                    options
                        .get()
                        .into_iter()
                        .map(|(value, text)| {
                            let selected = value == chosen;
                            view! { <option value=value selected=selected>{text}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </Around>
    }
}

/// Yes or no.
#[component]
pub fn Toggle(fields: Fields, name: &'static str, #[prop(into)] label: Signal<String>) -> impl IntoView {
    view! {
        <label class="choice" for=fields.id(name)>
            <input
                id=fields.id(name)
                name=name
                type="checkbox"
                prop:checked=move || fields.raw(name) == "yes"
                on:change:target=move |event| {
                    let answer = if event.target().checked() { "yes" } else { "" };
                    fields.typed(name, answer.to_owned());
                }
            />
            <span>{label}</span>
        </label>
    }
}
