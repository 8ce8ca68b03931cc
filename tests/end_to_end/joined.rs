//! Two registrations of one person, and groups: what counts once, what is told of it, and what is forgotten.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use server::retention::{self, Terms};
use server::sync::anew;
use server::taalhuis::entity::{learner, learning_session};
use sync_core::ids::LearnerId;
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, fresh_id};
use tests::server::{MORNING, Within};
use uuid::Uuid;

use crate::taalhuis::{Pair, branch, does, entry, organisation, refused, text, today};

/// The same person once more, under another name, with something in the file.
async fn registers_again(pair: &mut Pair) -> Outcome<LearnerId> {
    let here = branch(&pair.coordinator);
    let other = LearnerId(fresh_id(MORNING.as_millis()));
    let acts = vec![
        (
            "register_learner",
            other.to_string(),
            json!({ "branch": here, "answers": { "call_name": "Kwaddiera", "phone": "06 00 00 99 99" } }),
        ),
        (
            "open_learner_file",
            other.file().to_string(),
            json!({ "branch": here, "learner": other, "way": "desk", "answers": { "family_name": "Swaluwink" } }),
        ),
        (
            "note_contact",
            other.file().to_string(),
            entry(json!({ "contact": "remark", "note": "Belde over de brommer" })),
        ),
        ("settle_double", other.file().to_string(), json!({ "other": pair.learner, "is_same": true })),
    ];
    does(&mut pair.coordinator, acts).await?;
    Ok(other)
}

async fn figure(program: &Program, measure: &str) -> Outcome<Value> {
    let path = format!("/api/taalhuis/overview?from={0}&until={0}", today());
    let (status, figures) = Program::ask(program.request("GET", &path)).await?;
    assert_eq!(status, 200, "{figures}");
    let all = figures.as_array().cloned().unwrap_or_default();
    let found = all.into_iter().find(|one| one["measure"] == json!(measure) && one["group"] == json!(""));
    Ok(found.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_names_of_one_person_are_told_together_and_go_together() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let other = registers_again(&mut pair).await?;
    let about = format!("/api/taalhuis/learners/{}/about?format=html", pair.learner);
    let (status, told) = Program::ask(pair.coordinator.request("GET", &about)).await?;
    let told = text(&told);
    assert_eq!(status, 200, "{told}");
    for part in ["Quaddira", "Kwaddiera", "Swaluwink", "Belde over de brommer", "06 00 00 99 99"] {
        assert!(told.contains(part), "nothing of {part}");
    }
    let english = format!("{about}&language=en");
    let (_, told) = Program::ask(pair.coordinator.request("GET", &english)).await?;
    assert!(text(&told).contains("lang=\"en\""), "in English when asked");
    // Erased under the one name, nothing stays under the other.
    does(&mut pair.coordinator, vec![("erase_learner", pair.learner.to_string(), json!({}))]).await?;
    let own = organisation(&pair.coordinator)?;
    anew::write_due(&server.state.db, own, MORNING).await.map_err(|problem| problem.kind().slug())?;
    let all = serde_json::to_string(&pair.coordinator.fetch_all().await?)?;
    for name in ["Quaddira", "Kwaddiera", "Swaluwink", "brommer"] {
        assert!(!all.contains(name), "{name} is still there");
    }
    let rows = learner::Entity::find()
        .filter(learner::Column::OrganisationId.eq(own.0))
        .filter(learner::Column::LearnerId.is_in([pair.learner.0, other.0]))
        .all(&server.state.db.read)
        .await?;
    assert!(rows.is_empty(), "{rows:?}");
    let again = json!({ "branch": branch(&pair.coordinator), "answers": { "call_name": "Kwaddiera" } });
    let back = refused(&mut pair.coordinator, "register_learner", &other.to_string(), &again).await?;
    assert_eq!(back, "document-gone");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_counts_once_with_hours_for_each_who_helped_and_can_be_put_right() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    let here = branch(&pair.coordinator);
    let buddy = pair.buddy.signed_in["user"]["id"].clone();
    let colleague = pair.coordinator.signed_in["user"]["id"].clone();
    let before =
        (figure(&pair.coordinator, "sessions").await?, figure(&pair.coordinator, "session_hours").await?);
    let group = fresh_id(MORNING.as_millis()).to_string();
    let meeting = fresh_id(MORNING.as_millis());
    let tells = |minutes: u16, helped: Value| {
        json!({ "entry": meeting, "on": today(), "minutes": minutes, "present": [pair.learner], "helped": helped,
            "note": "Over Quaddira gepraat" })
    };
    let acts = vec![
        ("plan_group", group.clone(), json!({ "branch": here, "name": "Taalcafé" })),
        ("set_group_member", group.clone(), json!({ "learner": pair.learner, "name": "Quaddira" })),
        ("set_group_buddy", group.clone(), json!({ "user": buddy, "name": "Vera" })),
        ("record_meeting", group.clone(), tells(60, json!([buddy, colleague]))),
        // Put right: two hours it was.
        ("record_meeting", group.clone(), tells(120, json!([buddy, colleague]))),
    ];
    does(&mut pair.coordinator, acts).await?;
    let count = |told: &Value| told["count"].as_i64().unwrap_or_default();
    let after =
        (figure(&pair.coordinator, "sessions").await?, figure(&pair.coordinator, "session_hours").await?);
    assert_eq!(count(&after.0) - count(&before.0), 1, "one meeting");
    assert_eq!(count(&after.1) - count(&before.1), 4, "two hours for each of two");
    let db = &server.state.db.read;
    let of_group = learning_session::Column::SourceId.eq(group.parse::<Uuid>()?);
    let rows = learning_session::Entity::find().filter(of_group).all(db).await?;
    let mut helped: Vec<Value> = rows.iter().map(|row| json!(row.user_id)).collect();
    let mut wanted = vec![buddy, colleague];
    helped.sort_by_key(ToString::to_string);
    wanted.sort_by_key(ToString::to_string);
    assert_eq!(helped, wanted);
    assert_eq!(rows.iter().map(|row| row.learners).sum::<i32>(), 1, "who was there counts once");
    // Who was there is told to the learner, and forgotten with the learner; that somebody was there stays counted.
    let about = format!("/api/taalhuis/learners/{}/about", pair.learner);
    let (_, told) = Program::ask(pair.coordinator.request("GET", &about)).await?;
    assert_eq!(told["groups"][0]["meetings"], json!([today()]), "{told}");
    does(&mut pair.coordinator, vec![("erase_learner", pair.learner.to_string(), json!({}))]).await?;
    let own = organisation(&pair.coordinator)?;
    anew::write_due(&server.state.db, own, MORNING).await.map_err(|problem| problem.kind().slug())?;
    let all = serde_json::to_string(&pair.coordinator.fetch_all().await?)?;
    assert!(!all.contains(&pair.learner.to_string()) && !all.contains("Over Quaddira"));
    let rows = learning_session::Entity::find()
        .filter(learning_session::Column::SourceId.eq(group.parse::<Uuid>()?))
        .all(db)
        .await?;
    assert_eq!(rows.iter().map(|row| row.learners).sum::<i32>(), 1, "still counted");
    // Taken back it does not count any more.
    let gone = vec![("withdraw_meeting", group.clone(), json!({ "meeting": meeting }))];
    does(&mut pair.buddy, gone).await?;
    let last = figure(&pair.coordinator, "sessions").await?;
    assert_eq!(count(&last), count(&before.0));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_is_told_everything_that_is_kept_also_the_file() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let here = branch(&pair.coordinator);
    let user = pair.buddy.signed_in["user"]["id"].clone();
    let volunteer = sync_core::ids::VolunteerId::of(text(&here).parse()?, text(&user).parse()?);
    let mut talk = entry(json!({ "note": "Wil liever overdag" }));
    (talk["branch"], talk["user"]) = (here, user.clone());
    does(&mut pair.coordinator, vec![("note_talk", volunteer.file().to_string(), talk)]).await?;
    does(&mut pair.buddy, vec![("log_session", pair.pairing.clone(), entry(json!({ "minutes": 75 })))])
        .await?;
    let late = entry(json!({ "minutes": 1 }));
    refused(&mut pair.buddy, "log_session", &pair.pairing, &late).await?;
    let (status, told) = Program::ask(pair.buddy.request("GET", "/api/me/about")).await?;
    assert_eq!(status, 200, "{told}");
    let all = told.to_string();
    assert!(all.contains("Wil liever overdag"), "the note of a talk: {all}");
    assert!(!told["sessions"].as_array().cloned().unwrap_or_default().is_empty());
    assert!(!told["refused"].as_array().cloned().unwrap_or_default().is_empty());
    let (_, page) = Program::ask(pair.buddy.request("GET", "/api/me/about?format=html")).await?;
    assert!(text(&page).contains("Wil liever overdag") && text(&page).contains("VOG"));
    assert!(!text(&page).contains("Quaddira"), "no learner is named");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_under_one_name_keeps_what_is_known_under_the_other() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    let other = registers_again(&mut pair).await?;
    let terms = Terms { reader: 730, person: 730, mail: 30 };
    let own = organisation(&pair.coordinator)?;
    let due = async |days: i64| -> Outcome<Vec<Uuid>> {
        let at = MORNING.plus_millis(days * DAY_MS);
        Ok(retention::due(&server.state.db.read, own, terms, at).await?.learners)
    };
    assert!(due(732).await?.contains(&pair.learner.0), "nothing was noted of either");
    server.clock.move_to(MORNING.plus_millis(365 * DAY_MS));
    pair.coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let noted = entry(json!({ "contact": "remark", "note": "Kwam weer langs" }));
    does(&mut pair.coordinator, vec![("note_contact", other.file().to_string(), noted)]).await?;
    let then = due(732).await?;
    assert!(!then.contains(&pair.learner.0) && !then.contains(&other.0), "heard of a year ago");
    assert!(due(365 + 732).await?.contains(&pair.learner.0));
    server.stop().await
}
