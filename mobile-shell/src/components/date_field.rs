//! A date a person knows, as three fields: nobody has to find it on a calendar.

use chrono::Datelike as _;
use leptos::prelude::*;
use sync_core::time::typed_day;

use super::Takes;
use super::field::{ErrorAt, Fields, described_by};
use crate::settings::words;
use crate::when;

/// Day, month or year, in the order in which they are said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
}

impl Part {
    const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// The field of this part. The day has the name of the whole, so that an error leads there.
    fn id(self, name: &str) -> String {
        match self {
            Self::Day => name.to_owned(),
            Self::Month => format!("{name}-month"),
            Self::Year => format!("{name}-year"),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Day => words().date_day(),
            Self::Month => words().date_month(),
            Self::Year => words().date_year(),
        }
    }

    /// Of what is typed, this part.
    fn of(self, typed: &str) -> String {
        let mut parts = typed.split(' ');
        let part = match self {
            Self::Day => parts.next(),
            Self::Month => parts.nth(1),
            Self::Year => parts.nth(2),
        };
        part.unwrap_or_default().to_owned()
    }

    /// What is typed with this part anew. A whole date in one field, as people paste it, fills all three.
    fn put(self, typed: &str, part: &str) -> String {
        // Not before the year is whole: *4-11-2* is a date too, of long ago.
        if let Some(date) = typed_day(part).filter(|date| date.year() >= 1_000) {
            return when::typed_day(date);
        }
        let anew: String = part.split_whitespace().collect();
        Self::ALL.map(|each| if each == self { anew.clone() } else { each.of(typed) }).join(" ")
    }
}

/// Day, month and year side by side; the month also as a word. The form keeps them as [`when::date`] reads them.
#[component]
pub fn DateField(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let parts = Part::ALL
        .into_iter()
        .map(|part| {
            let id = part.id(&fields.id(name));
            view! {
                <div class="date-part">
                    <label for=id.clone()>{move || part.label()}</label>
                    <input
                        id=id.clone()
                        name=part.id(name)
                        type="text"
                        inputmode=if matches!(part, Part::Month) { "text" } else { "numeric" }
                        autocomplete="off"
                        aria-invalid=move || fields.error(name).is_some().then_some("true")
                        prop:value=move || part.of(&fields.raw(name))
                        on:input:target=move |event| {
                            fields.typed(name, part.put(&fields.raw(name), &event.target().value()));
                        }
                        on:blur=move |_| fields.left(name, Takes::Date)
                    />
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="field date"
            class:bad=move || fields.error(name).is_some()
            aria-describedby=move || described_by(fields, name, !hint.get().is_empty())
        >
            <legend>
                {label}
                {move || optional.then(|| view! { <span class="soft">" "{words().optional()}</span> })}
            </legend>
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
            <div class="date-parts">{parts}</div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_typed_part_by_part_or_pasted_whole() {
        let typed = Part::Day.put("", "4");
        let typed = Part::Year.put(&typed, "2026");
        assert_eq!(typed_day(&typed), None);
        let typed = Part::Month.put(&typed, "nov ");
        assert_eq!(typed, "4 nov 2026");
        assert_eq!(typed_day(&typed), typed_day("4-11-2026"));
        assert_eq!(Part::Day.put("", "4-11-2026"), "04 11 2026");
        assert_eq!(Part::Month.of("04 11 2026"), "11");
        assert_eq!(Part::Day.put("", "4-11-2"), "4-11-2  ");
        // A slip is left as it is typed, to be seen.
        assert_eq!(Part::Day.put("04 11 2026", "3x"), "3x 11 2026");
        assert_eq!(Part::Day.put("4 11 2026", "").trim(), "11 2026");
    }
}
