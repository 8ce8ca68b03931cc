//! The own parts and files of the volunteers who bring books: when they have time, and how the VOG stands. Most are in order; a few are
//! not, so that a coordinator's list has something to do.

use sync_core::ids::{BranchId, EntryId, UserId, VolunteerId};
use sync_core::questions::Answers;
use sync_core::time::{LocalDate, days_after};
use sync_core::volunteers::{DescribeVolunteer, NoteTalk, NoteTraining, RecordVog, Training, VogState};

use super::Sample;

/// How the VOG of the volunteer with this number stands, and since how many days; nothing when nobody looked into it.
const fn vog(number: usize) -> Option<(VogState, i64)> {
    match number {
        4 => Some((VogState::Prepared, 9)),
        8 => Some((VogState::InProgress, 16)),
        9 => None,
        10 => Some((VogState::Needed, 3)),
        number if number < 6 => Some((VogState::Seen, 500)),
        _ => Some((VogState::Seen, 140)),
    }
}

fn entry(sample: &mut Sample, on: LocalDate) -> EntryId {
    EntryId::fresh(Sample::at(on, 10), &mut sample.rng)
}

/// What is known of each of them. The coordinator of volunteers noted it.
pub(super) fn fill(sample: &mut Sample, coordinator: usize, deliverers: &[(BranchId, usize)]) {
    for (number, &(branch, account)) in deliverers.iter().enumerate() {
        let (user, name) = (sample.accounts[account].person.user, sample.accounts[account].name.clone());
        describe(sample, coordinator, number, (branch, user), &name);
        if let Some((state, days)) = vog(number) {
            let on = days_after(sample.today, -days);
            let profile = if state == VogState::Seen { "84".to_owned() } else { String::new() };
            let record = RecordVog { branch, user, entry: entry(sample, on), state, on, profile };
            sample.say(coordinator, VolunteerId::of(branch, user).file(), Sample::at(on, 11), record);
        }
    }
}

fn describe(
    sample: &mut Sample,
    coordinator: usize,
    number: usize,
    (branch, user): (BranchId, UserId),
    name: &str,
) {
    let volunteer = VolunteerId::of(branch, user);
    let began = days_after(sample.today, -400);
    // Mornings and afternoons of two days, another two for the next.
    let week: String =
        (0..21).map(|cell| if cell % 3 < 2 && cell / 3 % 5 == number % 5 { '1' } else { '0' }).collect();
    let paused = if number == 7 { days_after(sample.today, 12).to_string() } else { String::new() };
    let answers = Answers::of([
        ("name", name),
        ("phone", &format!("06 00 00 40 {number:02}")),
        ("contact_by", if number.is_multiple_of(3) { "mail" } else { "call" }),
        ("week", &week),
        ("hours_a_week", "3"),
        ("paused_until", &paused),
    ]);
    let own = DescribeVolunteer { branch, user, answers };
    sample.say(coordinator, volunteer.into(), Sample::at(began, 10), own);
    if number.is_multiple_of(4) {
        let on = days_after(sample.today, -60);
        let talk = NoteTalk {
            branch,
            user,
            entry: entry(sample, on),
            on,
            note: "Vindt het leuk. Liever niet meer dan zes adressen op een dag.".to_owned(),
        };
        sample.say(coordinator, volunteer.file(), Sample::at(on, 12), talk);
        let training = NoteTraining {
            branch,
            user,
            entry: entry(sample, on),
            training: Training::Privacy,
            on,
            by_whom: "Biblionet Drenthe".to_owned(),
        };
        sample.say(coordinator, volunteer.file(), Sample::at(on, 13), training);
    }
}
