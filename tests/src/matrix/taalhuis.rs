//! What the commands of a Taalhuis are asked with.

use serde_json::{Value, json};
use sync_core::ids::{BranchId, UserId, VolunteerId};

use crate::Outcome;
use crate::api::{Program, fresh_id};
use crate::server::{MORNING, Within};

/// What the commands of a Taalhuis are about: a learner with a request and a pairing of the buddy who is asked.
pub(super) struct Taalhuis {
    buddy: Value,
    pub(super) learner: Value,
    file: Value,
    pub(super) pairing: Value,
    group: Value,
}

impl Taalhuis {
    pub(super) async fn new(server: &Within) -> Outcome<Self> {
        let buddy = Program::sign_in(&server.url, "taalmaatje").await?.signed_in["user"]["id"].clone();
        let documents = Program::sign_in(&server.url, "taalhuis").await?.fetch_all().await?;
        let is = |kind: &'static str| documents.iter().filter(move |found| found["kind"] == json!(kind));
        let own = |found: &&Value| {
            found["summary"]["user"] == buddy && found["summary"]["states"][0] == json!("running")
        };
        let pairing = is("pairing").find(own).ok_or("no pairing of the buddy")?;
        let learner = pairing["content"]["learner"].clone();
        let file =
            is("learner_file").find(|found| found["summary"]["learner"] == learner).ok_or("no file")?;
        let group = is("group").next().ok_or("no group")?;
        Ok(Self {
            learner,
            file: file.clone(),
            pairing: pairing["id"].clone(),
            group: group["id"].clone(),
            buddy,
        })
    }

    /// Every command, in an order in which each can still succeed, with its document and body.
    #[expect(clippy::too_many_lines, reason = "a list, one command after the other")]
    pub(super) fn commands(&self, branch: &Value) -> Outcome<Vec<(&'static str, String, Value)>> {
        let at = MORNING.as_millis();
        let fresh = || fresh_id(at).to_string();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let today = MORNING.local_date().to_string();
        let (learner, file, pairing, group) =
            (text(&self.learner), text(&self.file["id"]), text(&self.pairing), text(&self.group));
        let here = BranchId(text(branch).parse()?);
        let volunteer = VolunteerId::of(here, UserId(text(&self.buddy).parse()?));
        let (own, own_file) = (volunteer.to_string(), volunteer.file().to_string());
        let request = &self.file["content"]["requests"][0]["entry"];
        let (referral, session, meeting) = (fresh(), fresh(), fresh());
        let entry = |more: Value| {
            let mut body = json!({ "entry": fresh(), "on": today });
            for (key, value) in more.as_object().into_iter().flatten() {
                body[key] = value.clone();
            }
            body
        };
        let of_volunteer = |more: Value| {
            let mut body = entry(more);
            body["branch"] = branch.clone();
            body["user"] = self.buddy.clone();
            body
        };
        let weights = json!({ "time": 8, "distance": 6, "level": 6, "language": 3, "interests": 3, "place": 4, "waiting": 4 });
        let house = json!({ "branch": branch, "hidden": [], "weights": weights, "target_days": 42, "asks_vog": true,
            "vog_years": 3, "is_open": true });
        let propose =
            json!({ "branch": branch, "learner": learner, "volunteer": volunteer, "user": self.buddy });
        let described =
            json!({ "branch": branch, "user": self.buddy, "answers": { "wishes": "Graag overdag" } });
        let level = json!({ "scale": "cefr", "skill": "speaking", "level": "a2", "instrument": "talk" });
        Ok(vec![
            ("describe_volunteer", own.clone(), described),
            ("record_vog", own_file.clone(), of_volunteer(json!({ "state": "seen" }))),
            ("note_training", own_file.clone(), of_volunteer(json!({ "training": "privacy" }))),
            ("note_talk", own_file, of_volunteer(json!({ "note": "Gaat goed" }))),
            ("register_learner", fresh(), json!({ "branch": branch, "answers": { "call_name": "Nieuw" } })),
            (
                "open_learner_file",
                fresh(),
                json!({ "branch": branch, "learner": fresh(), "way": "desk", "answers": {} }),
            ),
            ("answer_learner", learner.clone(), json!({ "answers": { "interests": "music" } })),
            (
                "record_consent",
                learner.clone(),
                entry(json!({ "purpose": "news", "given": true, "text_version": "2026-11" })),
            ),
            ("answer_intake", file.clone(), json!({ "answers": { "origin": "Nergens" } })),
            ("finish_intake", file.clone(), json!({ "on": today })),
            ("explain_waiting", file.clone(), json!({ "reason": "no_buddy" })),
            ("end_learner", file.clone(), json!({ "on": today, "reason": "moved" })),
            ("resume_learner", file.clone(), json!({})),
            ("settle_double", file.clone(), json!({ "other": fresh(), "is_same": false })),
            ("allow_several", file.clone(), json!({ "is_allowed": true })),
            ("block_pair", file.clone(), json!({ "volunteer": volunteer, "is_blocked": true })),
            ("record_level", file.clone(), entry(level)),
            (
                "add_request",
                file.clone(),
                entry(json!({ "topic": "reading", "application": "family", "wish": "Voorlezen" })),
            ),
            ("evaluate_request", file.clone(), entry(json!({ "request": request, "reached": "partly" }))),
            ("note_contact", file.clone(), entry(json!({ "contact": "call", "note": "Gebeld" }))),
            (
                "refer_learner",
                file.clone(),
                json!({ "entry": referral, "partner": "Een school", "on": today }),
            ),
            (
                "answer_referral",
                file.clone(),
                json!({ "referral": referral, "has_arrived": true, "on": today }),
            ),
            (
                "begin_participation",
                file.clone(),
                json!({ "referral": referral, "offer": "language", "is_formal": false, "form": "group", "on": today }),
            ),
            (
                "end_participation",
                file.clone(),
                json!({ "referral": referral, "on": today, "reason": "succeeded", "has_certificate": true }),
            ),
            ("withdraw_fact", file, json!({ "fact": "referral", "entry": referral, "is_withdrawn": true })),
            ("propose_pairing", fresh(), propose),
            ("log_session", pairing.clone(), json!({ "entry": session, "on": today, "minutes": 60 })),
            ("withdraw_session", pairing.clone(), json!({ "session": session })),
            ("check_pairing", pairing.clone(), entry(json!({ "week": 12, "goes": "good" }))),
            ("hand_over", pairing.clone(), json!({ "works": "Rustig praten" })),
            ("move_pairing", pairing, entry(json!({ "state": "paused" }))),
            ("plan_group", fresh(), json!({ "branch": branch, "name": "Proef" })),
            ("change_group", group.clone(), json!({ "name": "Proef", "when": "", "kind": "open" })),
            ("set_group_member", group.clone(), json!({ "learner": learner, "name": "Proef" })),
            ("set_group_buddy", group.clone(), json!({ "user": self.buddy, "name": "Vera" })),
            (
                "record_meeting",
                group.clone(),
                json!({ "entry": meeting, "on": today, "minutes": 60, "present": [learner] }),
            ),
            ("withdraw_meeting", group.clone(), json!({ "meeting": meeting })),
            ("end_group", group, json!({ "on": today })),
            ("configure_taalhuis", here.taalhuis_document().to_string(), house),
            (
                "describe_norm",
                here.taalhuis_document().to_string(),
                json!({ "branch": branch, "norm": 1, "text": "Proef" }),
            ),
            ("erase_learner", learner, json!({})),
            ("erase_volunteer", own, json!({})),
        ])
    }
}
