//! Acts of volunteers that were refused, on the worklist of whoever looks after them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync_core::ids::CommandId;
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;

use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::me::outbox::act_text;
use crate::session::problem_text;
use crate::settings::words;
use crate::when;

/// A refused act of a volunteer, as the server tells it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct RefusedAct {
    pub(crate) id: CommandId,
    kind: String,
    problem: String,
    name: String,
    acted_at: i64,
    #[serde(default)]
    clock_is_off: bool,
}

#[component]
#[expect(clippy::needless_pass_by_value, reason = "a row owns what it draws")]
pub(crate) fn Refused(
    desk: &'static str,
    act: RefusedAct,
    refused: RwSignal<Vec<RefusedAct>>,
) -> impl IntoView {
    let driver = driver();
    let id = act.id;
    let slug = act.problem.rsplit('/').next().unwrap_or_default().to_owned();
    let problem = ProblemKind::from_slug(&slug).unwrap_or(ProblemKind::InternalError);
    let settle = move |_| {
        spawn_local(async move {
            let body = serde_json::json!({ "id": id }).to_string();
            let path = format!("/api/{desk}/refused-acts/settle");
            match driver.call("POST", &path, Some(body.as_bytes())).await {
                Ok(_) => refused.update(|acts| acts.retain(|act| act.id != id)),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <li class="item">
            <span class="grow">
                <b>{words().refused_act(&act.name, act_text(&act.kind))}</b>
                <span class="danger"><Icon name="no" />{problem_text(problem)}</span>
                <span class="soft">
                    {when::moment(words(), Timestamp(act.acted_at), driver.now())}
                    {act.clock_is_off.then(|| format!(" · {}", words().clock_is_off()))}
                </span>
            </span>
            <button class="button" on:click=settle>{words().settle()}</button>
        </li>
    }
}
