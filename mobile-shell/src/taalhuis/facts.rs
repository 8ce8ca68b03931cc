//! Facts of a file: requests with *lukt het nu?*, levels with their course over time, and contacts. What is told follows the
//! file; the forms stay as they are while somebody types in them, whatever others add meanwhile.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::ids::{EntryId, LearnerId};
use sync_core::taalhuis::view::{ContactView, LearnerFileView, LevelView, RequestView};
use sync_core::taalhuis::{
    AddRequest, Application, ContactKind, Difference, EvaluateRequest, FactKind, Instrument, Next,
    NoteContact, Reached, RecordLevel, Scale, Skill, TAALMETER_GOES_ON, Topic, UsedIn, WithdrawFact,
    taalmeter,
};
use sync_core::time::LocalDate;

use super::learner::act;
use super::referrals::Referrals;
use super::{noted, typed_on};
use crate::components::{Choice, DateField, Field, Fields, FormErrors, TextArea, Toggle, Unfold, notices};
use crate::driver::driver;
use crate::forms::{choices, send};
use crate::questions::answer_text;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

pub(super) fn today() -> LocalDate {
    driver().now().local_date()
}

pub(super) fn day(on: Option<LocalDate>) -> String {
    on.map(|on| when::whole_day(words(), on)).unwrap_or_default()
}

/// A level of the NLQF, as people call it.
fn nlqf_text(level: &str) -> String {
    let told = answer_text("level", level);
    if told.contains("NLQF") { told.to_owned() } else { format!("NLQF {}", told.to_lowercase()) }
}

/// Takes a fact back, with the way to let it stand again.
fn withdraw(id: LearnerId, fact: FactKind, entry: EntryId) {
    spawn_local(async move {
        match driver().act(id.file(), WithdrawFact { fact, entry, is_withdrawn: true }).await {
            Ok(()) => notices().say_with_undo(words().fact_withdrawn(), move || {
                act(id.file(), WithdrawFact { fact, entry, is_withdrawn: false });
            }),
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

/// The button for it.
#[component]
pub(super) fn Withdraw(id: LearnerId, fact: FactKind, entry: EntryId) -> impl IntoView {
    view! {
        <button class="button small quiet" on:click=move |_| withdraw(id, fact, entry)>
            {move || words().take_session_back()}
        </button>
    }
}

/// All facts of one file.
#[component]
pub(super) fn Facts(id: LearnerId, file: Memo<LearnerFileView>) -> impl IntoView {
    view! {
        <Requests id file />
        <Levels id file />
        <Contacts id file />
        <Referrals id file />
    }
}

/// The requests.
#[component]
pub(super) fn Requests(id: LearnerId, file: Memo<LearnerFileView>) -> impl IntoView {
    let fields = Fields::new([
        ("topic", Topic::Speaking.as_str().to_owned()),
        ("application", Application::Independence.as_str().to_owned()),
        ("request_wish", String::new()),
        ("goal", String::new()),
        ("aim", String::new()),
        ("desired", String::new()),
        ("advised", String::new()),
        ("difference", Difference::None.as_str().to_owned()),
        ("agreed", String::new()),
        ("request_on", when::typed_day(today())),
    ]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "request_on") else { return };
        let request = AddRequest {
            entry: driver().fresh(),
            topic: Topic::parse(&fields.get("topic")).unwrap_or_default(),
            application: Application::parse(&fields.get("application")).unwrap_or_default(),
            level: fields.get("aim"),
            wish: fields.get("request_wish"),
            goal: fields.get("goal"),
            desired: fields.get("desired"),
            advised: fields.get("advised"),
            difference: Difference::parse(&fields.get("difference")).unwrap_or_default(),
            agreed: fields.get("agreed"),
            on,
        };
        send(fields, id.file(), request, "request_wish");
    };
    let aims = Signal::derive(|| {
        let levels = Scale::Nlqf.levels().iter().map(|level| ((*level).to_owned(), nlqf_text(level)));
        [(String::new(), words().not_decided().to_owned())].into_iter().chain(levels).collect::<Vec<_>>()
    });
    let entries =
        Memo::new(move |_| file.with(|file| file.requests.iter().map(|one| one.entry).collect::<Vec<_>>()));
    let one = move |entry: EntryId| {
        let request = Memo::new(move |_| {
            file.with(|file| file.requests.iter().find(|one| one.entry == entry).cloned())
        });
        view! { <Request id entry request /> }
    };
    view! {
        <h3>{move || words().requests_title()}</h3>
        <For each=move || entries.get() key=|entry| *entry children=one />
        <Unfold summary=label(words::Words::add_request) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <TextArea fields name="request_wish" label=label(words::Words::request_wish) />
                <Choice fields name="topic" label=label(words::Words::request_topic) options=choices("topic", Topic::WORDS) />
                <Choice fields name="application" label=label(words::Words::request_application) options=choices("application", Application::WORDS) />
                <TextArea fields name="goal" label=label(words::Words::request_goal) optional=true />
                <Choice fields name="aim" label=label(words::Words::request_aim) options=aims />
                <Field fields name="desired" label=label(words::Words::request_desired) optional=true />
                <Field fields name="advised" label=label(words::Words::request_advised) optional=true />
                <Choice fields name="difference" label=label(words::Words::request_difference) options=choices("difference", Difference::WORDS) />
                <TextArea fields name="agreed" label=label(words::Words::request_agreed) hint=label(words::Words::request_agreed_hint) optional=true />
                <DateField fields name="request_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

#[component]
fn Request(id: LearnerId, entry: EntryId, request: Memo<Option<RequestView>>) -> impl IntoView {
    let fields = Fields::new([
        ("reached", Reached::Partly.as_str().to_owned()),
        ("next", Next::GoesOn.as_str().to_owned()),
        ("effect_note", String::new()),
        ("asked_on", when::typed_day(today())),
    ])
    .among(&entry);
    let used = RwSignal::new(Vec::<UsedIn>::new());
    fields.when_kept(move || used.set(Vec::new()));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "asked_on") else { return };
        let evaluation = EvaluateRequest {
            entry: driver().fresh(),
            request: entry,
            reached: Reached::parse(&fields.get("reached")).unwrap_or(Reached::Partly),
            used: used.get_untracked(),
            next: Next::parse(&fields.get("next")).unwrap_or_default(),
            note: fields.get("effect_note"),
            on,
        };
        send(fields, id.file(), evaluation, "effect_note");
    };
    view! {
        <section class="card">
            {move || request.get().map(|request| view! { <RequestTold request /> })}
            <Unfold summary=label(words::Words::does_it_work) fields>
                <form on:submit=save novalidate>
                    <FormErrors fields />
                    <Choice fields name="reached" label=label(words::Words::does_it_work) options=choices("reached", Reached::WORDS) />
                    <fieldset>
                        <legend>{move || words().used_where()}</legend>
                        <div class="options">
                            {UsedIn::ALL
                                .iter()
                                .map(|place| {
                                    let place = *place;
                                    view! {
                                        <label class="choice">
                                            <input
                                                type="checkbox"
                                                prop:checked=move || used.with(|used| used.contains(&place))
                                                on:change:target=move |event| {
                                                    let there = event.target().checked();
                                                    used.update(|used| {
                                                        used.retain(|one| *one != place);
                                                        if there { used.push(place); }
                                                    });
                                                }
                                            />
                                            <span>{move || answer_text("used_in", place.as_str())}</span>
                                        </label>
                                    }
                                })
                                .collect_view()}
                        </div>
                    </fieldset>
                    <Choice fields name="next" label=label(words::Words::what_next) options=choices("next", Next::WORDS) />
                    <TextArea fields name="effect_note" label=label(words::Words::in_own_words) optional=true />
                    <DateField fields name="asked_on" label=label(words::Words::day_label) />
                    <button class="button" type="submit">{move || words().save()}</button>
                </form>
            </Unfold>
            <Withdraw id fact=FactKind::Request entry />
        </section>
    }
}

/// A request in the learner's own words, and how it went since.
#[component]
fn RequestTold(request: RequestView) -> impl IntoView {
    let is_open = request.evaluations.last().is_none_or(|last| !last.next.closes());
    let about = [
        answer_text("topic", request.topic.as_str()),
        answer_text("application", request.application.as_str()),
    ];
    let answers = request
        .evaluations
        .iter()
        .map(|one| {
            let used: Vec<&str> = one.used.iter().map(|used| answer_text("used_in", used.as_str())).collect();
            let next = if one.next.closes() { answer_text("next", one.next.as_str()) } else { "" };
            let told =
                [answer_text("reached", one.reached.as_str()).to_owned(), used.join(", "), one.note.clone(), next.to_owned()];
            let told: Vec<String> = told.into_iter().filter(|part| !part.is_empty()).collect();
            view! { <li class="item"><span class="soft">{day(one.on)}</span><span class="grow">{told.join(" · ")}</span></li> }
        })
        .collect_view();
    view! {
        <blockquote>{request.wish.clone()}</blockquote>
        <p class="soft">{format!("{} · {}", about.join(" · "), day(request.on))}{request.on.filter(|_| is_open).map(|on| format!(" · {}", super::days_ago(on)))}</p>
        {(!request.level.is_empty()).then(|| view! { <p>{words().aim_told(nlqf_text(&request.level))}</p> })}
        {(!request.goal.is_empty()).then(|| view! { <p>{words().goal_told(request.goal.clone())}</p> })}
        {(request.difference != Difference::None)
            .then(|| {
                let why = answer_text("difference", request.difference.as_str());
                view! { <p>{words().advised_told(request.advised.clone(), request.desired.clone(), why)}</p> }
            })}
        {(!request.agreed.is_empty()).then(|| view! { <p>{words().agreed_told(request.agreed.clone())}</p> })}
        <ul class="rows">{answers}</ul>
    }
}

/// The levels, side by side, with their course.
#[component]
pub(super) fn Levels(id: LearnerId, file: Memo<LearnerFileView>) -> impl IntoView {
    let rows = move || {
        let mut series: BTreeMap<(Scale, Skill), Vec<LevelView>> = BTreeMap::new();
        for level in file.with(|file| file.levels.clone()) {
            series.entry((level.scale, level.skill)).or_default().push(level);
        }
        for levels in series.values_mut() {
            levels.sort_by_key(|level| level.on);
        }
        series
            .into_iter()
            .map(|((scale, skill), levels)| view! { <Course id scale skill levels /> })
            .collect_view()
    };
    view! {
        <h3>{move || words().levels_title()}</h3>
        {rows}
        <NewLevel id />
    }
}

/// Before and after: the levels of one skill as steps, with the same in words.
#[component]
fn Course(id: LearnerId, scale: Scale, skill: Skill, levels: Vec<LevelView>) -> impl IntoView {
    let of = scale.levels().len();
    let told = levels
        .iter()
        .map(|level| {
            let right = level.right.map(|right| format!(" ({right}/14)")).unwrap_or_default();
            let how = answer_text("instrument", level.instrument.as_str());
            view! {
                <li>
                    <b>{answer_text("level", &level.level)}</b>
                    <span class="soft">{format!(" {how}{right}, {}", noted(level.on, level.by))}</span>
                    " "
                    <Withdraw id fact=FactKind::Level entry=level.entry />
                </li>
            }
        })
        .collect_view();
    let bars = levels
        .iter()
        .enumerate()
        .map(|(place, level)| {
            let rank = scale.rank(&level.level).map_or(0, |rank| rank + 1);
            let height = rank * 60 / of;
            view! { <rect x=place * 28 y=64 - height width="20" height=height></rect> }
        })
        .collect_view();
    let width = (levels.len() * 28).max(28);
    view! {
        <section class="course">
            <svg viewBox=format!("0 0 {width} 66") width=width height="66" aria-hidden="true" class="bars">
                {bars}
                <line x1="0" x2=width y1="65" y2="65"></line>
            </svg>
            <div>
                <p>{format!("{} · {}", answer_text("scale", scale.as_str()), answer_text("skill", skill.as_str()))}</p>
                <ul>{told}</ul>
            </div>
        </section>
    }
}

#[component]
fn NewLevel(id: LearnerId) -> impl IntoView {
    let fields = Fields::new([
        ("scale", Scale::Cefr.as_str().to_owned()),
        ("skill", Skill::Speaking.as_str().to_owned()),
        ("level", "a1".to_owned()),
        ("instrument", Instrument::Talk.as_str().to_owned()),
        ("right", String::new()),
        ("second", String::new()),
        ("level_on", when::typed_day(today())),
    ]);
    let scale = Memo::new(move |_| Scale::parse(&fields.get("scale")).unwrap_or(Scale::Cefr));
    let measures = Memo::new(move |_| fields.get("instrument") == Instrument::Taalmeter.as_str());
    let goes_on = Memo::new(move |_| {
        fields.get("right").trim().parse::<u16>().is_ok_and(|right| right >= TAALMETER_GOES_ON)
    });
    let skills = Signal::derive(move || {
        let skills = if measures.get() { &[Skill::Language] } else { scale.get().skills() };
        skills
            .iter()
            .map(|skill| (skill.as_str().to_owned(), answer_text("skill", skill.as_str()).to_owned()))
            .collect::<Vec<_>>()
    });
    let levels = Signal::derive(move || {
        scale
            .get()
            .levels()
            .iter()
            .map(|level| ((*level).to_owned(), answer_text("level", level).to_owned()))
            .collect::<Vec<_>>()
    });
    // An instrument that measures one thing brings its scale along.
    let instrument = Memo::new(move |_| Instrument::parse(&fields.get("instrument")).unwrap_or_default());
    Effect::new(move |before: Option<Instrument>| {
        let now = instrument.get();
        if let (true, Some((scale, skill))) = (before.is_some_and(|before| before != now), now.measures()) {
            fields.set("scale", scale.as_str());
            fields.set("skill", skill.as_str());
            fields.set("level", scale.levels().first().copied().unwrap_or_default());
        }
        now
    });
    // Another scale has other skills and levels: the first of them stands there until somebody chooses.
    Effect::new(move |before: Option<Scale>| {
        let now = scale.get();
        if before.is_some_and(|before| before != now) {
            let measured = instrument.get_untracked().measures().filter(|(scale, _)| *scale == now);
            let skill = measured.map(|(_, skill)| skill).or(now.skills().first().copied());
            fields.set("skill", skill.map_or("", Skill::as_str));
            fields.set("level", now.levels().first().copied().unwrap_or_default());
        }
        now
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "level_on") else { return };
        let mut level = RecordLevel {
            entry: driver().fresh(),
            scale: scale.get_untracked(),
            skill: Skill::parse(&fields.get("skill")).unwrap_or(Skill::Speaking),
            level: fields.get("level"),
            instrument: Instrument::parse(&fields.get("instrument")).unwrap_or_default(),
            on,
            right: None,
            note: String::new(),
        };
        if measures.get_untracked() {
            let right = fields.get("right").trim().parse::<u16>().ok();
            let second = goes_on.get_untracked().then(|| fields.get("second") == "yes");
            let Some(found) = right.and_then(|right| taalmeter(right, second)) else {
                return fields.fail("right", words().problem_number_out_of_range());
            };
            level = RecordLevel {
                scale: Scale::Nt1,
                skill: Skill::Language,
                level: found.to_owned(),
                right,
                ..level
            };
        }
        send(fields, id.file(), level, "level_on");
    };
    view! {
        <Unfold summary=label(words::Words::add_level) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Choice fields name="instrument" label=label(words::Words::level_how) options=choices("instrument", Instrument::WORDS) />
                {move || {
                    if measures.get() {
                        view! {
                            <Field
                                fields
                                name="right"
                                label=label(words::Words::taalmeter_right)
                                hint=label(words::Words::taalmeter_hint)
                                input_mode="numeric"
                            />
                            {move || goes_on.get().then(|| view! { <Toggle fields name="second" label=label(words::Words::taalmeter_second) /> })}
                        }
                            .into_any()
                    } else {
                        view! {
                            {move || {
                                instrument
                                    .get()
                                    .measures()
                                    .is_none()
                                    .then(|| view! { <Choice fields name="scale" label=label(words::Words::level_scale) options=choices("scale", Scale::WORDS) /> })
                            }}
                            <Choice fields name="skill" label=label(words::Words::level_skill) options=skills />
                            <Choice fields name="level" label=label(words::Words::level_level) options=levels />
                        }
                            .into_any()
                    }
                }}
                <DateField fields name="level_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

/// Contacts: only coordinators read them.
#[component]
fn Contacts(id: LearnerId, file: Memo<LearnerFileView>) -> impl IntoView {
    let fields = Fields::new([
        ("contact", ContactKind::Call.as_str().to_owned()),
        ("contact_note", String::new()),
        ("contact_on", when::typed_day(today())),
    ]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "contact_on") else { return };
        let contact = NoteContact {
            entry: driver().fresh(),
            contact: ContactKind::parse(&fields.get("contact")).unwrap_or_default(),
            on,
            note: fields.get("contact_note"),
        };
        send(fields, id.file(), contact, "contact_note");
    };
    let rows = move || {
        let last: Vec<ContactView> = file.with(|file| file.contacts.iter().rev().take(20).cloned().collect());
        last.into_iter()
            .map(|contact| {
                view! {
                    <li class="item">
                        <span class="grow">
                            <b>{answer_text("contact", contact.contact.as_str())}</b>
                            <span class="soft">{noted(contact.on, contact.by)}</span>
                            {(!contact.note.is_empty()).then(|| view! { <span>{contact.note.clone()}</span> })}
                        </span>
                        <Withdraw id fact=FactKind::Contact entry=contact.entry />
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h3>{move || words().contacts_title()}</h3>
        <p class="soft">{move || words().contacts_text()}</p>
        <ul class="rows">{rows}</ul>
        <Unfold summary=label(words::Words::add_contact) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Choice fields name="contact" label=label(words::Words::contact_kind) options=choices("contact", ContactKind::WORDS) />
                <TextArea fields name="contact_note" label=label(words::Words::note_label) optional=true />
                <DateField fields name="contact_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}
