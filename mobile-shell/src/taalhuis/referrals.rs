//! Referrals of a learner: sent, arrived or not, and what the learner follows at the partner until it ends.

use leptos::prelude::*;
use sync_core::ids::{EntryId, LearnerId};
use sync_core::taalhuis::view::{LearnerFileView, ParticipationView, ReferralView};
use sync_core::taalhuis::{
    AnswerReferral, BeginParticipation, EndParticipation, EndReason, FactKind, Form, Offer, Purpose,
    ReferLearner, ReferralStage as Stage,
};

use super::facts::{Withdraw, day, today};
use super::learner::act;
use super::typed_on;
use crate::components::{Choice, DateField, Field, Fields, FormErrors, Toggle, Unfold};
use crate::driver::driver;
use crate::forms::{choices, send};
use crate::questions::answer_text;
use crate::settings::{label, words};
use crate::when;

/// Referrals, the newest first.
#[component]
pub(super) fn Referrals(id: LearnerId, file: Memo<LearnerFileView>) -> impl IntoView {
    let fields = Fields::new([
        ("partner", String::new()),
        ("what", String::new()),
        ("referred_on", when::typed_day(today())),
    ]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "referred_on") else { return };
        let referral = ReferLearner {
            entry: driver().fresh(),
            partner: fields.get("partner"),
            what: fields.get("what"),
            on,
        };
        send(fields, id.file(), referral, "partner");
    };
    let entries = Memo::new(move |_| {
        file.with(|file| file.referrals.iter().rev().map(|one| one.entry).collect::<Vec<_>>())
    });
    let one = move |entry: EntryId| {
        let referral = Memo::new(move |_| {
            file.with(|file| file.referrals.iter().find(|one| one.entry == entry).cloned())
        });
        view! { <Referral id entry referral /> }
    };
    view! {
        <h3>{move || words().referrals_title()}</h3>
        {move || {
            let may = super::learner_view(id).is_some_and(|learner| learner.consents_to(Purpose::Providers));
            (!may).then(|| view! { <p class="soft">{words().referral_no_consent()}</p> })
        }}
        <ul class="rows">
            <For each=move || entries.get() key=|entry| *entry children=one />
        </ul>
        <Unfold summary=label(words::Words::add_referral) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Field fields name="partner" label=label(words::Words::referral_partner) />
                <Field fields name="what" label=label(words::Words::referral_what) optional=true />
                <DateField fields name="referred_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

#[component]
fn Referral(id: LearnerId, entry: EntryId, referral: Memo<Option<ReferralView>>) -> impl IntoView {
    let answer = move |has_arrived: bool| {
        act(id.file(), AnswerReferral { referral: entry, has_arrived, on: today() });
    };
    let stage = Memo::new(move |_| referral.with(|referral| referral.as_ref().map(ReferralView::stage)));
    view! {
        <li class="item stacked">
            {move || referral.get().map(|referral| view! { <Told id referral /> })}
            {move || match stage.get() {
                Some(Stage::Sent) => {
                    view! {
                        <span class="pair">
                            <button class="button" on:click=move |_| answer(true)>{words().has_arrived()}</button>
                            <button class="button" on:click=move |_| answer(false)>{words().has_not_arrived()}</button>
                        </span>
                    }
                        .into_any()
                }
                Some(Stage::Arrived) => view! { <Begin id entry /> }.into_any(),
                Some(Stage::Follows) => view! { <End id entry /> }.into_any(),
                Some(Stage::NotArrived | Stage::Ended) | None => ().into_any(),
            }}
        </li>
    }
}

#[component]
fn Told(id: LearnerId, referral: ReferralView) -> impl IntoView {
    let stamp = match referral.stage() {
        Stage::Arrived => Some(view! { <span class="stamp">{words().has_arrived()}</span> }.into_any()),
        Stage::NotArrived => {
            Some(view! { <span class="stamp attention">{words().has_not_arrived()}</span> }.into_any())
        }
        Stage::Sent | Stage::Follows | Stage::Ended => None,
    };
    let sent = [referral.what.clone(), day(referral.on)];
    let sent = sent.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <div class="told">
            <span class="grow">
                <b>{referral.partner.clone()}</b>
                <span class="soft">{sent}</span>
                {referral.participation.as_ref().map(|participation| view! { <span>{followed(participation)}</span> })}
                {stamp}
            </span>
            <Withdraw id fact=FactKind::Referral entry=referral.entry />
        </div>
    }
}

/// What the learner follows or followed there, in one line.
fn followed(participation: &ParticipationView) -> String {
    let offer = answer_text("offer", participation.offer.as_str());
    let told = match participation.finished_on {
        None => words().participation_runs(day(Some(participation.began_on)), offer),
        end => {
            let why = participation.reason.map_or("", |reason| answer_text("end_reason", reason.as_str()));
            words().participation_ended(day(end), offer, why)
        }
    };
    let more = [
        Some(answer_text("course_form", participation.form.as_str())),
        participation.is_formal.then(|| words().participation_is_formal()),
        participation.has_certificate.then(|| words().participation_is_certified()),
    ];
    [told.as_str()].into_iter().chain(more.into_iter().flatten()).collect::<Vec<_>>().join(" · ")
}

#[component]
fn Begin(id: LearnerId, entry: EntryId) -> impl IntoView {
    let fields = Fields::new([
        ("offer", Offer::default().as_str().to_owned()),
        ("form", Form::default().as_str().to_owned()),
        ("formal", String::new()),
        ("began_on", when::typed_day(today())),
    ])
    .among(&entry);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "began_on") else { return };
        let begin = BeginParticipation {
            referral: entry,
            offer: Offer::parse(&fields.get("offer")).unwrap_or_default(),
            is_formal: fields.get("formal") == "yes",
            form: Form::parse(&fields.get("form")).unwrap_or_default(),
            on,
        };
        send(fields, id.file(), begin, "began_on");
    };
    view! {
        <Unfold summary=label(words::Words::participation_begin) fields>
            <form on:submit=save novalidate>
                <p class="soft">{move || words().participation_begin_text()}</p>
                <FormErrors fields />
                <Choice fields name="offer" label=label(words::Words::participation_offer) options=choices("offer", Offer::WORDS) />
                <Choice fields name="form" label=label(words::Words::participation_form) options=choices("course_form", Form::WORDS) />
                <Toggle fields name="formal" label=label(words::Words::participation_formal) />
                <DateField fields name="began_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

#[component]
fn End(id: LearnerId, entry: EntryId) -> impl IntoView {
    let fields = Fields::new([
        ("ended_why", EndReason::Succeeded.as_str().to_owned()),
        ("certificate", String::new()),
        ("ended_on", when::typed_day(today())),
    ])
    .among(&entry);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "ended_on") else { return };
        let end = EndParticipation {
            referral: entry,
            on,
            reason: EndReason::parse(&fields.get("ended_why")).unwrap_or_default(),
            has_certificate: fields.get("certificate") == "yes",
        };
        send(fields, id.file(), end, "ended_on");
    };
    view! {
        <Unfold summary=label(words::Words::participation_end) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Choice fields name="ended_why" label=label(words::Words::why_ends) options=choices("end_reason", EndReason::WORDS) />
                <Toggle fields name="certificate" label=label(words::Words::participation_certificate) />
                <DateField fields name="ended_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}
