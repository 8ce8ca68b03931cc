//! Questions and answers in words, and a form that draws itself from questions. Every answer is kept as it is given: a second after the last letter, and at once when the
//! field is left. Nothing is lost when the app closes between two answers.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::access::Role;
use sync_core::problem::ProblemKind;
use sync_core::questions::{Answers, Kind, Question, position};
use sync_core::time::typed_day;
use sync_core::volunteers::availability::{Cell, DayPart, Week};

use crate::browser::machine::tidy;
use crate::components::{DateField, Fields, Icon, notices};
use crate::driver::{Acted, driver};
use crate::session::problem_text;
use crate::settings::words;
use crate::when;

/// After so long without a letter what was typed is kept.
const PAUSE: Duration = Duration::from_millis(900);
/// Up to so many words are shown as choices; more as a list that opens.
const CHOICES: usize = 6;

/// What a question says.
pub(crate) fn question_text(key: &str) -> &'static str {
    words().question(key)
}

/// What an answer of a list says.
pub(crate) fn answer_text(list: &str, word: &str) -> &'static str {
    words().answer(list, word)
}

/// A language by its ISO code; the code itself when the list does not have it.
pub(crate) fn language_text(code: &str) -> String {
    let told = words().answer("lang", code);
    if told.is_empty() { code.to_owned() } else { told.to_owned() }
}

/// *dinsdag ochtend*.
pub(crate) fn week_cell_text(cell: Cell) -> String {
    let day = words().by_key(&format!("weekday-{}", cell.day() + 1)).unwrap_or_default();
    format!("{day} {}", words().answer("part", cell.part().as_str()))
}

/// Keeps one answer: the key of the question and what was answered.
pub(crate) type Keep = Callback<(&'static str, String), std::pin::Pin<Box<dyn Future<Output = Acted>>>>;

/// What a form of questions needs: the answers as they stand, what others gave apart, and how to keep one.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) answers: Memo<Answers>,
    pub(crate) others: Memo<std::collections::BTreeMap<String, String>>,
    pub(crate) keep: Keep,
}

/// What became of an answer.
#[derive(Clone, PartialEq)]
enum Kept {
    Nothing,
    Yes,
    No(&'static str),
}

/// The questions of one section.
#[component]
pub(crate) fn Questions(questions: Vec<&'static Question>, asked: Asked) -> impl IntoView {
    let fields = questions
        .into_iter()
        .map(|question| {
            let is_asked = Memo::new(move |_| asked.answers.with(|answers| question.is_asked(answers)));
            view! {
                <Show when=move || is_asked.get()>
                    <Ask question asked />
                </Show>
            }
        })
        .collect_view();
    view! { <div class="form">{fields}</div> }
}

#[component]
fn Ask(question: &'static Question, asked: Asked) -> impl IntoView {
    let kept = RwSignal::new(Kept::Nothing);
    let now = Memo::new(move |_| asked.answers.with(|answers| answers.get(question.key).to_owned()));
    // What was given a moment ago counts until the screen follows: of two quick taps the second goes on from the first.
    let given = RwSignal::new(None::<String>);
    let latest = Memo::new(move |_| given.get().unwrap_or_else(|| now.get()));
    Effect::new(move |_| {
        if given.get().is_some_and(|given| given == now.get()) {
            given.set(None);
        }
    });
    let give = Callback::new(move |answer: String| {
        if answer == latest.get_untracked() && kept.get_untracked() != Kept::Nothing {
            return;
        }
        given.set(Some(answer.clone()));
        spawn_local(async move {
            let done = asked.keep.run((question.key, answer)).await;
            kept.set(match done {
                Ok(()) => Kept::Yes,
                Err(refusal) => {
                    given.set(None);
                    Kept::No(problem_text(refusal.kind))
                }
            });
        });
    });
    let input = match question.kind {
        Kind::Free => view! { <Typed question now give lines=true /> }.into_any(),
        Kind::YesNo => view! { <OneOf question now give options=&["yes", "no"] /> }.into_any(),
        Kind::One(options) => view! { <OneOf question now give options /> }.into_any(),
        Kind::Many(options) => view! { <ManyOf question now=latest give options /> }.into_any(),
        Kind::Week => view! { <WeekGrid question now=latest give /> }.into_any(),
        Kind::Languages => view! { <Languages question now=latest give /> }.into_any(),
        Kind::PastDay | Kind::Day => view! { <Dated question now give /> }.into_any(),
        Kind::Position => view! {
            <Typed question now give lines=false />
            <FindPosition asked give />
        }
        .into_any(),
        _ => view! { <Typed question now give lines=false /> }.into_any(),
    };
    let other = move || asked.others.with(|others| others.get(question.key).cloned());
    view! {
        <div class="asked" class:bad=move || matches!(kept.get(), Kept::No(_))>
            {input}
            {move || match kept.get() {
                Kept::Nothing => ().into_any(),
                Kept::Yes => view! { <p class="tick" role="status"><Icon name="tick" />{words().on_phone()}</p> }.into_any(),
                Kept::No(why) => {
                    view! { <p class="error" role="alert" id=format!("{}-error", question.key)><Icon name="no" />{why}</p> }
                        .into_any()
                }
            }}
            {move || {
                other()
                    .map(|told| {
                        let told: Vec<String> = told.lines().map(|one| told_answer(question, one)).collect();
                        view! {
                            <p class="warning"><Icon name="attention" />{words().answered_apart(told.join(" / "))}</p>
                        }
                    })
            }}
        </div>
    }
}

/// An answer in words.
pub(crate) fn told_answer(question: &Question, answer: &str) -> String {
    match question.kind {
        Kind::YesNo | Kind::One(_) => answer_text(question.key, answer).to_owned(),
        Kind::Many(_) => {
            let words = answer.split(' ').map(|word| answer_text(question.key, word));
            words.collect::<Vec<_>>().join(", ")
        }
        Kind::Languages => answer.split(' ').map(language_text).collect::<Vec<_>>().join(", "),
        Kind::PastDay | Kind::Day => {
            answer.parse().map_or_else(|_| answer.to_owned(), |day| when::whole_day(words(), day))
        }
        Kind::Week => {
            let week: Week = answer.parse().unwrap_or_default();
            week.cells().map(week_cell_text).collect::<Vec<_>>().join(", ")
        }
        Kind::Position => typed_position(answer),
        _ => answer.to_owned(),
    }
}

/// *53.00400, 6.76300*, as maps write it.
fn typed_position(answer: &str) -> String {
    let degrees = |unit: i32| format!("{}.{:05}", unit / 100_000, (unit % 100_000).abs());
    position(answer)
        .map(|(latitude, longitude)| format!("{}, {}", degrees(latitude), degrees(longitude)))
        .unwrap_or_default()
}

/// Reads what maps write.
fn read_position(typed: &str) -> Option<String> {
    let (latitude, longitude) = typed.split_once(',')?;
    let unit = |text: &str| {
        let (whole, part) = text.trim().split_once('.')?;
        let part: String = part.chars().chain("00000".chars()).take(5).collect();
        Some(whole.parse::<i32>().ok()? * 100_000 + part.parse::<i32>().ok()?)
    };
    Some(format!("{},{}", unit(latitude)?, unit(longitude)?))
}

/// Looks up where the address lies that was answered before: only with a network, and where the library has somebody to ask.
#[component]
fn FindPosition(asked: Asked, give: Callback<String>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let address = Memo::new(move |_| {
        asked
            .answers
            .with(|answers| (answers.get("postcode").to_owned(), answers.get("house_number").to_owned()))
    });
    let find = move |_| {
        let (postcode, house_number) = address.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let body = serde_json::json!({ "postcode": postcode, "house_number": house_number }).to_string();
            let answer = driver().call("POST", "/api/taalhuis/position", Some(body.as_bytes())).await;
            busy.set(false);
            match answer {
                Ok(body) => {
                    let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
                    give.try_run(told["position"].as_str().unwrap_or_default().to_owned());
                }
                Err(refusal) if refusal.detail == "no geocoder" => notices().wrong(words().position_off()),
                Err(refusal) if refusal.kind == ProblemKind::NotFound => {
                    notices().wrong(words().position_unknown());
                }
                Err(_) => notices().wrong(words().needs_network()),
            }
        });
    };
    view! {
        <Show when=move || !address.get().0.is_empty() && driver().is(Role::TaalhuisCoordinator)>
            <button class="button" type="button" disabled=busy on:click=find>{move || words().position_find()}</button>
        </Show>
    }
}

#[component]
fn Typed(
    question: &'static Question,
    now: Memo<String>,
    give: Callback<String>,
    lines: bool,
) -> impl IntoView {
    let shown = move || if question.kind == Kind::Position { typed_position(&now.get()) } else { now.get() };
    let typed = RwSignal::new(shown());
    let waits = StoredValue::new(None::<TimeoutHandle>);
    // What another device answered shows, unless this person types.
    Effect::new(move |_| {
        let shown = shown();
        if waits.with_value(Option::is_none) {
            typed.set(shown);
        }
    });
    let keep = move || {
        if let Some(timer) = waits.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let text = tidy(&typed.get_untracked());
        let text = if question.kind == Kind::Position { read_position(&text).unwrap_or(text) } else { text };
        if text != now.get_untracked() {
            give.run(text);
        }
    };
    let on_input = move |value: String| {
        typed.set(value);
        let timer = set_timeout_with_handle(keep, PAUSE).ok();
        if let Some(before) = waits.try_update_value(|waits| std::mem::replace(waits, timer)).flatten() {
            before.clear();
        }
    };
    on_cleanup(move || {
        if waits.with_value(Option::is_some) {
            keep();
        }
    });
    let mode = match question.kind {
        Kind::Phone => "tel",
        Kind::Email => "email",
        Kind::Number(_) | Kind::Year => "numeric",
        _ => "text",
    };
    let key = question.key;
    view! {
        <div class="field">
            <label for=key>{move || question_text(key)}</label>
            {if lines {
                view! {
                    <textarea
                        id=key
                        rows="3"
                        autocomplete="off"
                        prop:value=typed
                        on:input:target=move |event| on_input(event.target().value())
                        on:change=move |_| keep()
                    ></textarea>
                }
                    .into_any()
            } else {
                view! {
                    <input
                        id=key
                        type="text"
                        inputmode=mode
                        autocomplete="off"
                        prop:value=typed
                        on:input:target=move |event| on_input(event.target().value())
                        on:change=move |_| keep()
                    />
                }
                    .into_any()
            }}
        </div>
    }
}

#[component]
fn OneOf(
    question: &'static Question,
    now: Memo<String>,
    give: Callback<String>,
    options: &'static [&'static str],
) -> impl IntoView {
    let key = question.key;
    if options.len() > CHOICES {
        return view! {
            <div class="field">
                <label for=key>{move || question_text(key)}</label>
                <select id=key autocomplete="off" on:change:target=move |event| give.run(event.target().value())>
                    <option value="" selected=move || now.get().is_empty()>{move || words().not_answered()}</option>
                    {options
                        .iter()
                        .map(|word| {
                            let word = *word;
                            view! {
                                <option value=word selected=move || now.get() == word>
                                    {move || answer_text(key, word)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
        }
        .into_any();
    }
    let choice = move |word: &'static str| {
        let label = move || if word.is_empty() { words().do_not_know() } else { answer_text(key, word) };
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=key
                    prop:checked=move || now.get() == word
                    on:change=move |_| give.run(word.to_owned())
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset id=key tabindex="-1">
            <legend>{move || question_text(key)}</legend>
            <div class="options">{options.iter().map(|word| choice(word)).collect_view()}{choice("")}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn ManyOf(
    question: &'static Question,
    now: Memo<String>,
    give: Callback<String>,
    options: &'static [&'static str],
) -> impl IntoView {
    let key = question.key;
    let has = move |word: &str| now.with(|now| now.split(' ').any(|one| one == word));
    let turn = move |word: &'static str, wanted: bool| {
        let chosen = options.iter().filter(|one| if **one == word { wanted } else { has(one) });
        give.run(chosen.copied().collect::<Vec<_>>().join(" "));
    };
    view! {
        <fieldset id=key tabindex="-1">
            <legend>{move || question_text(key)}</legend>
            <div class="options">
                {options
                    .iter()
                    .map(|word| {
                        let word = *word;
                        view! {
                            <label class="choice">
                                <input
                                    type="checkbox"
                                    prop:checked=move || has(word)
                                    on:change:target=move |event| turn(word, event.target().checked())
                                />
                                <span>{move || answer_text(key, word)}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}

#[component]
fn WeekGrid(question: &'static Question, now: Memo<String>, give: Callback<String>) -> impl IntoView {
    let week = move || now.get().parse::<Week>().unwrap_or_default();
    let turn = move |cell: Cell, wanted: bool| give.run(week().with(cell, wanted).to_string());
    let part_text = |part: DayPart| answer_text("part", part.as_str());
    let day_text = |day: u8| words().by_key(&format!("weekday-{}", day + 1)).unwrap_or_default();
    let rows = (0..7_u8)
        .map(|day| {
            let cells = DayPart::ALL
                .into_iter()
                .filter_map(|part| Some((part, Cell::new(day, part)?)))
                .map(|(part, cell)| {
                    view! {
                        <td>
                            <label class="cell">
                                <input
                                    type="checkbox"
                                    aria-label=move || format!("{} {}", day_text(day), part_text(part))
                                    prop:checked=move || week().has(cell)
                                    on:change:target=move |event| turn(cell, event.target().checked())
                                />
                            </label>
                        </td>
                    }
                })
                .collect_view();
            view! { <tr><th scope="row">{move || day_text(day)}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <fieldset id=question.key tabindex="-1">
            <legend>{move || question_text(question.key)}</legend>
            <table class="week">
                <thead>
                    <tr>
                        <td></td>
                        {DayPart::ALL
                            .into_iter()
                            .map(|part| view! { <th scope="col">{move || part_text(part)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </fieldset>
    }
}

/// The languages that people choose from; `mis` is another one.
const LANGUAGES: &[&str] = &[
    "nl", "ar", "ti", "uk", "en", "tr", "pl", "fa", "ps", "ku", "so", "am", "fr", "de", "es", "pt", "ru",
    "ro", "bg", "zh", "vi", "th", "id", "ur", "it", "hu", "sq", "hy", "arc", "az", "ber", "my", "bs", "el",
    "ka", "hi", "ja", "rw", "hr", "lv", "ln", "lt", "ne", "om", "pap", "pa", "sr", "sk", "srn", "sw", "tl",
    "ta", "cs", "mis",
];

#[component]
fn Languages(question: &'static Question, now: Memo<String>, give: Callback<String>) -> impl IntoView {
    let key = question.key;
    let chosen =
        move || now.get().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let add = move |language: String| {
        if !language.is_empty() {
            let mut all = chosen();
            all.push(language);
            all.sort_unstable();
            all.dedup();
            give.run(all.join(" "));
        }
    };
    let drop = move |language: &str| {
        give.run(chosen().into_iter().filter(|one| one != language).collect::<Vec<_>>().join(" "));
    };
    view! {
        <div class="field">
            <label for=key>{move || question_text(key)}</label>
            <div class="options">
                {move || {
                    chosen()
                        .into_iter()
                        .map(|language| {
                            let text = language_text(&language);
                            let label = words().take_away(&text);
                            view! {
                                <button type="button" class="button small" aria-label=label on:click=move |_| drop(&language)>
                                    {text}
                                    <Icon name="no" />
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </div>
            <select
                id=key
                autocomplete="off"
                on:change:target=move |event| {
                    add(event.target().value());
                    event.target().set_value("");
                }
            >
                <option value="">{move || words().add_language()}</option>
                {move || {
                    let chosen = chosen();
                    LANGUAGES
                        .iter()
                        .filter(|language| !chosen.iter().any(|one| one == **language))
                        .map(|language| view! { <option value=*language>{language_text(language)}</option> })
                        .collect_view()
                }}
            </select>
        </div>
    }
}

#[component]
fn Dated(question: &'static Question, now: Memo<String>, give: Callback<String>) -> impl IntoView {
    let key = question.key;
    let typed = now.get_untracked().parse().map(when::typed_day).unwrap_or_default();
    let fields = Fields::new([(key, typed)]);
    Effect::new(move |before: Option<String>| {
        let typed = fields.get(key);
        if before.is_some_and(|before| before != typed) {
            if let Some(day) = typed_day(&typed) {
                fields.kept();
                give.run(day.to_string());
            } else if typed.trim().is_empty() {
                fields.kept();
                give.run(String::new());
            }
        }
        typed
    });
    view! {
        <DateField fields name=key label=Signal::derive(move || question_text(key).to_owned()) optional=true />
    }
}
