//! The Taalhuizen of the sample: learners and buddies who do not exist, with two years behind them.

use sync_core::access::Role;
use sync_core::ids::{BranchId, DocumentId, EntryId, GroupId, LearnerId, PairingId, UserId, VolunteerId};
use sync_core::questions::Answers;
use sync_core::taalhuis::matching::Weights;
use sync_core::taalhuis::{
    AddRequest, AnswerReferral, Application, BeginParticipation, CheckIn, CheckPairing, ConfigureTaalhuis,
    ContactKind, DescribeNorm, Difference, EndLearner, EndParticipation, EndReason, EvaluateRequest,
    ExplainWaiting, FinishIntake, Form, GroupKind, HandOver, Instrument, LogSession, Mood, MovePairing, Next,
    NoteContact, Offer, OpenLearnerFile, Outflow, PairingState, PlanGroup, ProposePairing, Purpose, Reached,
    RecordConsent, RecordLevel, RecordMeeting, ReferLearner, RegisterLearner, Scale, SetGroupBuddy,
    SetGroupMember, Skill, Topic, UsedIn, WaitReason, WayIn,
};
use sync_core::time::{LocalDate, days_after};
use sync_core::volunteers::{DescribeVolunteer, NoteTraining, Place, RecordVog, Subject, Training, VogState};

use super::{HOUR_MS, Sample};

/// Days before today on which the Taalhuizen of the sample begin.
const DAYS: i64 = 730;

const FIRST_NAMES: [&str; 40] = [
    "Amina", "Samir", "Olena", "Yusuf", "Fatma", "Tesfay", "Maria", "Ahmad", "Rahel", "Piotr", "Zeynep",
    "Omar", "Natalia", "Hassan", "Leila", "Dawit", "Iryna", "Karim", "Selam", "Jan", "Hennie", "Geert",
    "Aaltje", "Roelof", "Mehmet", "Sofia", "Abdi", "Elif", "Mykola", "Nour", "Ali", "Huda", "Pavlo",
    "Semhar", "Rosa", "Khaled", "Berta", "Ivan", "Salma", "Wietske",
];
const FAMILY_NAMES: [&str; 24] = [
    "Haddadi",
    "Bondarko",
    "Tekleab",
    "Yildizan",
    "Nowackow",
    "Osmanli",
    "Karimian",
    "Ruizman",
    "Petrenka",
    "Aboud",
    "Hendriksen",
    "Jansma",
    "Wolderman",
    "Gebremar",
    "Silvano",
    "Demirel",
    "Shevchik",
    "Mansourin",
    "Kowalik",
    "Farahi",
    "Brouwink",
    "Tolmans",
    "Isakova",
    "Negassi",
];
const BUDDY_NAMES: [&str; 40] = [
    "Ada", "Bert", "Coby", "Dirk", "Emmy", "Frits", "Gerda", "Hans", "Ida", "Joop", "Karin", "Leo", "Mieke",
    "Nel", "Otto", "Paula", "Rein", "Sjoerd", "Truus", "Ulla", "Vincent", "Wilma", "Yvonne", "Zwaan",
    "Annet", "Bas", "Cor", "Dina", "Ed", "Fenny", "Gijs", "Hilde", "Ilse", "Jacob", "Kees", "Loes", "Marten",
    "Nienke", "Olga", "Piet",
];
const BUDDY_FAMILIES: [&str; 20] = [
    "Roosink",
    "Beukema",
    "Homanstra",
    "Wiersema",
    "Huizing",
    "Poelman",
    "Sloots",
    "Warringa",
    "Kremerink",
    "Dolfing",
    "Schuring",
    "Boerma",
    "Hofsteenge",
    "Kuipersma",
    "Lubbers",
    "Mensing",
    "Ottens",
    "Reinders",
    "Tijmes",
    "Zuidhof",
];
const WISHES: [&str; 10] = [
    "Met de juf van mijn dochter praten",
    "Brieven van de gemeente begrijpen",
    "Werk vinden in de zorg",
    "Mijn kleinkind voorlezen",
    "Zelf naar de dokter gaan",
    "Bankzaken op de telefoon doen",
    "Mijn rijbewijs halen",
    "Met de buren praten",
    "Boodschappen uitrekenen",
    "Een kaartje schrijven aan mijn zus",
];
/// Other first languages, as ISO 639-1.
const LANGUAGES: [&str; 9] = ["ar", "uk", "ti", "tr", "pl", "fa", "so", "ku", "es"];

/// What a Taalhuis of the sample is made of.
pub(super) struct House {
    branch: BranchId,
    place: usize,
    coordinator: usize,
    /// Accounts of buddies.
    buddies: Vec<usize>,
    learners: usize,
}

/// Where a learner of the sample is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    /// Came in, no intake yet.
    Registered,
    /// Waits for a buddy.
    Waits,
    /// Meets a buddy.
    Meets,
    /// Was helped, and stopped.
    Ended,
}

impl Story {
    const fn of(index: usize) -> Self {
        match index % 10 {
            0 => Self::Registered,
            1 | 2 => Self::Waits,
            3..=6 => Self::Meets,
            _ => Self::Ended,
        }
    }
}

/// The coordinators of the three Taalhuizen, and the buddy whose sign-in people know.
pub(super) fn coordinators(sample: &mut Sample, branches: [BranchId; 3]) -> [usize; 4] {
    let [gieten, rolde, vries] = branches;
    // A colleague who goes on with what another began.
    sample.account("taalhuis4", "Joris Wever", &[(gieten, Role::TaalhuisCoordinator)]);
    [
        sample.account("taalhuis", "Tineke Prins", &[(gieten, Role::TaalhuisCoordinator)]),
        sample.account("taalhuis2", "Ugo Brink", &[(rolde, Role::TaalhuisCoordinator)]),
        sample.account("taalhuis3", "Femke Oldenhof", &[(vries, Role::TaalhuisCoordinator)]),
        sample.account("taalmaatje", "Vera Schut", &[(gieten, Role::Buddy)]),
    ]
}

/// The Taalhuizen with their buddies.
pub(super) fn houses(sample: &mut Sample, [one, two, three, known]: [usize; 4], scale: usize) -> Vec<House> {
    let branches: Vec<BranchId> = sample.places.iter().map(|place| place.branch).collect();
    [(one, 39, 54), (two, 15, 20), (three, 25, 28)]
        .into_iter()
        .enumerate()
        .map(|(place, (coordinator, count, learners))| {
            let branch = branches[place];
            let mut helpers = if place == 0 { vec![known] } else { Vec::new() };
            let first = [0, 39, 54][place];
            helpers.extend(buddies(sample, branch, first, count));
            House { branch, place, coordinator, buddies: helpers, learners: learners * scale }
        })
        .collect()
}

/// Adds the buddies of a Taalhuis: accounts in one branch.
fn buddies(sample: &mut Sample, branch: BranchId, from: usize, count: usize) -> Vec<usize> {
    (from..from + count)
        .map(|index| {
            let name = format!(
                "{} {}",
                BUDDY_NAMES[index % BUDDY_NAMES.len()],
                BUDDY_FAMILIES[(index * 7) % BUDDY_FAMILIES.len()]
            );
            sample.account(&format!("taalmaatje{}", index + 2), &name, &[(branch, Role::Buddy)])
        })
        .collect()
}

/// Gives every Taalhuis of the library its learners, pairings and groups.
pub(super) fn fill(sample: &mut Sample, houses: &[House]) {
    let mut number = 0;
    for house in houses {
        configure(sample, house);
        for (index, buddy) in house.buddies.iter().enumerate() {
            describe(sample, house, index, *buddy);
        }
        let mut taken = 0;
        for _ in 0..house.learners {
            learner(sample, house, number, &mut taken);
            number += 1;
        }
        group(sample, house);
    }
}

fn configure(sample: &mut Sample, house: &House) {
    let at = Sample::at(days_after(sample.today, -DAYS), 8);
    let how = ConfigureTaalhuis {
        branch: house.branch,
        hidden: vec!["course".to_owned()],
        weights: Weights::default(),
        target_days: 42,
        asks_vog: true,
        vog_years: 3,
        is_open: true,
    };
    sample.say(house.coordinator, house.branch.taalhuis_document(), at, how);
    let text =
        "Dit jaar begon het Taalhuis met een groep voor ouders. In juni keken we met onze partners terug. \
                Volgend jaar willen we vaker bij bedrijven komen."
            .to_owned();
    let described = DescribeNorm { branch: house.branch, norm: 1, text };
    sample.say(house.coordinator, house.branch.taalhuis_document(), at, described);
}

fn entry(sample: &mut Sample, on: LocalDate) -> EntryId {
    EntryId::fresh(Sample::at(on, 9), &mut sample.rng)
}

/// A week with some hours in it.
fn week(sample: &mut Sample) -> String {
    let (first, second, third) = (sample.below(18), sample.below(18), sample.below(18));
    (0..21).map(|cell| if [first, second, third].contains(&cell) { '1' } else { '0' }).collect()
}

fn some(sample: &mut Sample, words: &[&str], count: usize) -> String {
    let start = sample.below(words.len());
    let mut chosen: Vec<&str> = (0..count).map(|step| words[(start + step * 2) % words.len()]).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen.join(" ")
}

/// Near the place: positions of open fields, in hundred-thousandths of a degree.
fn position(sample: &mut Sample, place: usize) -> String {
    let (latitude, longitude) = [(5_300_400, 676_300), (5_298_600, 665_300), (5_307_700, 657_800)][place];
    let shift = |number: usize| i32::try_from(number).unwrap_or_default() - 3_000;
    let (north, east) = (sample.below(6_000), sample.below(6_000));
    format!("{},{}", latitude + shift(north), longitude + shift(east))
}

fn describe(sample: &mut Sample, house: &House, index: usize, buddy: usize) {
    let at = Sample::at(days_after(sample.today, -DAYS + 10), 10);
    let (user, name) = (sample.accounts[buddy].person.user, sample.accounts[buddy].name.clone());
    let volunteer = VolunteerId::of(house.branch, user);
    let subjects = some(sample, Subject::WORDS, 3);
    let interests = some(sample, sync_core::volunteers::Interest::WORDS, 3);
    let position = position(sample, house.place);
    let week = week(sample);
    let experience = if index.is_multiple_of(4) { "nt1 nt2" } else { "nt2" };
    let languages =
        if index.is_multiple_of(5) { format!("nl {}", sample.pick(&LANGUAGES)) } else { "en nl".to_owned() };
    let phone = format!("06 00 00 3{} {:02}", house.place, index % 100);
    let hours = if index.is_multiple_of(3) { "2" } else { "1" };
    let paused = if index % 17 == 5 { days_after(sample.today, 20).to_string() } else { String::new() };
    let answers = Answers::of([
        ("name", &name),
        ("phone", &phone),
        ("contact_by", "call"),
        ("gender", if index.is_multiple_of(3) { "man" } else { "woman" }),
        ("postcode", &format!("{} SS", sample.places[house.place].digits)),
        ("position", &position),
        ("week", &week),
        ("hours_a_week", hours),
        ("travels_km", "12"),
        ("paused_until", &paused),
        ("subjects", &subjects),
        ("experience", experience),
        ("languages", &languages),
        ("interests", &interests),
        ("places", if index.is_multiple_of(2) { "library" } else { "home library" }),
    ]);
    sample.say(
        house.coordinator,
        volunteer.into(),
        at,
        DescribeVolunteer { branch: house.branch, user, answers },
    );
    let on = days_after(sample.today, -DAYS + 30 + i64::try_from(index % 40).unwrap_or_default() * 10);
    let state = match index % 12 {
        11 => VogState::InProgress,
        _ => VogState::Seen,
    };
    let vog = RecordVog {
        branch: house.branch,
        user,
        entry: entry(sample, on),
        state,
        on,
        profile: if state == VogState::Seen { "84".to_owned() } else { String::new() },
    };
    sample.say(house.coordinator, volunteer.file(), Sample::at(on, 11), vog);
    if index % 5 != 4 {
        let training = NoteTraining {
            branch: house.branch,
            user,
            entry: entry(sample, on),
            training: Training::Basic,
            on,
            by_whom: "Drenthe College".to_owned(),
        };
        sample.say(house.coordinator, volunteer.file(), Sample::at(on, 12), training);
    }
}

/// A learner with a story.
fn learner(sample: &mut Sample, house: &House, number: usize, taken: &mut usize) {
    let story = Story::of(number);
    let ago = match story {
        Story::Registered => sample.below(12),
        Story::Waits => 15 + sample.below(120),
        Story::Meets => 60 + sample.below(400),
        Story::Ended => 240 + sample.below(480),
    };
    let came = days_after(sample.today, -i64::try_from(ago).unwrap_or_default());
    let id = LearnerId::fresh(Sample::at(came, 10), &mut sample.rng);
    register(sample, house, number, (id, came));
    if story == Story::Registered {
        return;
    }
    let intake = days_after(came, 5);
    take_in(sample, house, number, (id, intake));
    if story == Story::Waits {
        if number % 3 == 1 {
            let reason = sample.pick(&[WaitReason::NoBuddy, WaitReason::Availability, WaitReason::Transport]);
            let explained = ExplainWaiting { reason: Some(reason) };
            sample.say(house.coordinator, id.file(), Sample::at(days_after(intake, 6), 10), explained);
        }
        return;
    }
    let buddy = house.buddies[*taken % house.buddies.len()];
    *taken += 1;
    let is_over = story == Story::Ended;
    let stays = if is_over { None } else { stays(*taken) };
    pair(sample, house, (id, intake), (buddy, stays), is_over);
}

/// Whether this learner grew up with Dutch.
fn is_dutch(number: usize) -> bool {
    let name = FIRST_NAMES[number % FIRST_NAMES.len()];
    ["Jan", "Hennie", "Geert", "Aaltje", "Roelof", "Berta", "Wietske"].contains(&name)
}

fn register(sample: &mut Sample, house: &House, number: usize, (id, came): (LearnerId, LocalDate)) {
    let name = FIRST_NAMES[number % FIRST_NAMES.len()];
    let dutch = is_dutch(number);
    let languages = if dutch { "nl".to_owned() } else { sample.pick(&LANGUAGES).to_owned() };
    let (week, interests) = (week(sample), some(sample, sync_core::volunteers::Interest::WORDS, 3));
    let subjects = if dutch { "reading writing" } else { "listening speaking" };
    let phone = format!("06 00 00 4{} {:02}", house.place, number % 100);
    let answers = Answers::of([
        ("call_name", name),
        ("phone", &phone),
        ("contact_by", if number.is_multiple_of(2) { "message" } else { "call" }),
        ("wish", sample.pick(&WISHES)),
        ("subjects", subjects),
        ("places", if number.is_multiple_of(4) { "home library" } else { "library" }),
        ("languages", &languages),
        ("interests", &interests),
        ("week", &week),
    ]);
    let at = Sample::at(came, 10);
    sample.say(house.coordinator, id.into(), at, RegisterLearner { branch: house.branch, answers });
    let born = 1_950 + (number * 7) % 55;
    let position = position(sample, house.place);
    let answers = Answers::of([
        ("family_name", FAMILY_NAMES[(number * 5) % FAMILY_NAMES.len()]),
        ("gender", if number % 5 < 2 { "man" } else { "woman" }),
        ("birth_date", &format!("{born}-0{}-1{}", 1 + number % 9, number % 9)),
        ("postcode", &format!("{} SS", sample.places[house.place].digits)),
        ("place", sample.places[house.place].name),
        ("position", &position),
        ("first_language", if dutch { "nt1" } else { "nt2" }),
        ("gender_wish", if number % 9 == 4 { "woman" } else { "" }),
    ]);
    let way = [
        WayIn::Own,
        WayIn::Library,
        WayIn::SocialService,
        WayIn::Neighbourhood,
        WayIn::BookStart,
        WayIn::Desk,
    ];
    let opened = OpenLearnerFile { branch: house.branch, learner: id, way: way[number % way.len()], answers };
    sample.say(house.coordinator, id.file(), at, opened);
}

fn take_in(sample: &mut Sample, house: &House, number: usize, (id, intake): (LearnerId, LocalDate)) {
    let at = Sample::at(intake, 14);
    let (coordinator, file) = (house.coordinator, id.file());
    let consent = RecordConsent {
        entry: entry(sample, intake),
        purpose: Purpose::Buddy,
        given: number % 29 != 11,
        on: intake,
        text_version: "2026-11".to_owned(),
    };
    sample.say(coordinator, id.into(), at, consent);
    let dutch = is_dutch(number);
    let measured = match (dutch, number % 6) {
        (true, 0) => (Scale::Digital, Skill::Devices, ["entry", "basic_1", "basic_2"], Instrument::Digimeter),
        (true, _) => (Scale::Nt1, Skill::Language, ["entry", "1f", "2f"], Instrument::Taalmeter2F),
        (false, 0) => (Scale::Alfa, Skill::Reading, ["alfa_a", "alfa_b", "alfa_c"], Instrument::Other),
        (false, 1) => (Scale::Cefr, Skill::Reading, ["a1", "a2", "b1"], Instrument::Talk),
        (false, _) => (Scale::Cefr, Skill::Speaking, ["a0", "a1", "a2"], Instrument::Talk),
    };
    measure(sample, (coordinator, file), intake, measured);
    ask(sample, house, number, (id, intake), dutch);
}

/// Levels at the intake and half a year later.
fn measure(
    sample: &mut Sample,
    (coordinator, file): (usize, DocumentId),
    intake: LocalDate,
    (scale, skill, levels, instrument): (Scale, Skill, [&str; 3], Instrument),
) {
    let start = sample.below(2);
    for (step, days) in [0, 190].into_iter().enumerate() {
        let on = days_after(intake, days);
        if on > sample.today {
            break;
        }
        let measured = RecordLevel {
            entry: entry(sample, on),
            scale,
            skill,
            level: levels[(start + step).min(2)].to_owned(),
            instrument,
            on,
            right: None,
            note: String::new(),
        };
        sample.say(coordinator, file, Sample::at(on, 14), measured);
    }
}

/// The request, the first talk, and whether it works after three months.
fn ask(sample: &mut Sample, house: &House, number: usize, (id, intake): (LearnerId, LocalDate), dutch: bool) {
    let at = Sample::at(intake, 14);
    let (coordinator, file) = (house.coordinator, id.file());
    let request = AddRequest {
        entry: entry(sample, intake),
        topic: match (dutch, number % 7) {
            (true, 0) => Topic::Digital,
            (true, 1) => Topic::Money,
            (true, _) => Topic::Reading,
            (false, 0) => Topic::Writing,
            (false, 1) => Topic::Listening,
            (false, _) => Topic::Speaking,
        },
        application: [Application::Family, Application::Work, Application::Health, Application::Independence]
            [number % 4],
        level: "1".to_owned(),
        wish: sample.pick(&WISHES).to_owned(),
        goal: String::new(),
        desired: "Taalmaatje".to_owned(),
        advised: "Taalmaatje".to_owned(),
        difference: Difference::None,
        agreed: if number.is_multiple_of(3) { "Elke week een uur in de bibliotheek." } else { "" }.to_owned(),
        on: intake,
    };
    let asked = request.entry;
    sample.say(coordinator, file, at, request);
    let note = "Rustig gesprek aan tafel. Komt met de fiets.".to_owned();
    let contact =
        NoteContact { entry: entry(sample, intake), contact: ContactKind::Intake, on: intake, note };
    sample.say(coordinator, file, at, contact);
    sample.say(coordinator, file, at.plus_millis(HOUR_MS), FinishIntake { on: intake });
    if number % 8 == 6 {
        let on = days_after(intake, 2).min(sample.today);
        let partner = "Drenthe College".to_owned();
        let what = "Cursus lezen".to_owned();
        let referral = ReferLearner { entry: entry(sample, on), partner, what, on };
        let sent = referral.entry;
        sample.say(coordinator, file, Sample::at(on, 9), referral);
        // Of most it is known whether they arrived.
        let heard = days_after(on, 24);
        if number % 32 != 6 && heard < sample.today {
            let has_arrived = number % 32 != 14;
            let answer = AnswerReferral { referral: sent, has_arrived, on: heard };
            sample.say(coordinator, file, Sample::at(heard, 9), answer);
            if has_arrived {
                follow(sample, (coordinator, file), sent, days_after(heard, 7));
            }
        }
    }
    let on = days_after(intake, 100);
    if on < sample.today && !number.is_multiple_of(5) {
        let evaluated = EvaluateRequest {
            entry: entry(sample, on),
            request: asked,
            reached: [Reached::Yes, Reached::Partly, Reached::Partly, Reached::No][number % 4],
            used: vec![[UsedIn::Family, UsedIn::Work, UsedIn::Care, UsedIn::People][number % 4]],
            next: if number.is_multiple_of(4) { Next::Satisfied } else { Next::GoesOn },
            note: String::new(),
            on,
        };
        sample.say(coordinator, file, Sample::at(on, 11), evaluated);
    }
}

/// A course at a partner, of half a year.
fn follow(sample: &mut Sample, (coordinator, file): (usize, DocumentId), referral: EntryId, on: LocalDate) {
    if on > sample.today {
        return;
    }
    let begin = BeginParticipation {
        referral,
        offer: Offer::Language,
        is_formal: sample.below(2) == 0,
        form: Form::Group,
        on,
    };
    sample.say(coordinator, file, Sample::at(on, 13), begin);
    let end = days_after(on, 180);
    if end <= sample.today {
        let ended = EndParticipation {
            referral,
            on: end,
            reason: EndReason::Succeeded,
            has_certificate: sample.below(3) > 0,
        };
        sample.say(coordinator, file, Sample::at(end, 13), ended);
    }
}

/// How far a pairing is that did not simply go on: so that there is one of every state.
const fn stays(taken: usize) -> Option<PairingState> {
    match taken % 9 {
        5 => Some(PairingState::Proposed),
        6 => Some(PairingState::IntroPlanned),
        7 => Some(PairingState::Paused),
        _ => None,
    }
}

fn plan_intro(sample: &mut Sample, house: &House, pairing: DocumentId, said: LocalDate) {
    let on = days_after(sample.today, 3);
    let planned = MovePairing {
        entry: entry(sample, on),
        state: PairingState::IntroPlanned,
        on,
        reason: None,
        note: "In de bibliotheek, om 10.00 uur.".to_owned(),
    };
    sample.say(house.coordinator, pairing, Sample::at(said, 10), planned);
}

fn pair(
    sample: &mut Sample,
    house: &House,
    (id, intake): (LearnerId, LocalDate),
    (buddy, stays): (usize, Option<PairingState>),
    is_over: bool,
) {
    let user: UserId = sample.accounts[buddy].person.user;
    let proposed =
        days_after(intake, 7 + i64::try_from(sample.below(20)).unwrap_or_default()).min(sample.today);
    let proposed = match stays {
        Some(PairingState::Proposed | PairingState::IntroPlanned) => days_after(sample.today, -4),
        _ => proposed,
    };
    let pairing = PairingId::fresh(Sample::at(proposed, 9), &mut sample.rng);
    let document = pairing.into();
    let propose = ProposePairing {
        branch: house.branch,
        learner: id,
        volunteer: VolunteerId::of(house.branch, user),
        user,
        works: String::new(),
        material: String::new(),
        goal: String::new(),
    };
    sample.say(house.coordinator, document, Sample::at(proposed, 9), propose);
    let began = days_after(proposed, 6);
    let months = i64::try_from(sample.below(5)).unwrap_or_default() + 3;
    let end = days_after(began, months * 30);
    let mut steps = vec![(PairingState::IntroPlanned, days_after(proposed, 3)), (PairingState::Trial, began)];
    if days_after(began, 42) < sample.today {
        steps.push((PairingState::Running, days_after(began, 42)));
    }
    if is_over && end < sample.today {
        steps.push((PairingState::Ended, end));
    }
    let last = if is_over { end.min(sample.today) } else { sample.today };
    match stays {
        Some(PairingState::Proposed) => steps.clear(),
        Some(PairingState::IntroPlanned) => {
            plan_intro(sample, house, document, days_after(proposed, 2));
            steps.clear();
        }
        Some(state) if steps.len() > 2 => steps.push((state, days_after(sample.today, -9))),
        _ => {}
    }
    for (state, on) in steps {
        if on > sample.today {
            break;
        }
        let reason = (state == PairingState::Ended).then(|| {
            sample.pick(&[EndReason::Succeeded, EndReason::Succeeded, EndReason::Moved, EndReason::Work])
        });
        let step = MovePairing { entry: entry(sample, on), state, on, reason, note: String::new() };
        sample.say(house.coordinator, document, Sample::at(on, 10), step);
        if state == PairingState::Trial {
            meet(sample, (buddy, house.coordinator), pairing, (began, last));
        }
    }
    if is_over && end < sample.today {
        let (reason, outflow) = match months {
            3 => (EndReason::Moved, Outflow::Unknown),
            4 => (EndReason::Succeeded, Outflow::Study),
            5 => (EndReason::Work, Outflow::Work),
            6 => (EndReason::Succeeded, Outflow::Volunteer),
            _ => (EndReason::Succeeded, Outflow::NonFormal),
        };
        let ended = EndLearner { on: end, reason, outflow };
        sample.say(house.coordinator, id.file(), Sample::at(end, 16), ended);
        let card = HandOver {
            works: "Eerst een kwartier praten, dan pas lezen.".to_owned(),
            material: "Station Nederlands, les 4".to_owned(),
            goal: "Zelf een brief van school lezen.".to_owned(),
        };
        sample.say(buddy, document, Sample::at(end, 17), card);
    }
}

/// Sessions from one day to another, about every other week, and the check-ins.
fn meet(
    sample: &mut Sample,
    (buddy, coordinator): (usize, usize),
    pairing: PairingId,
    (from, until): (LocalDate, LocalDate),
) {
    let mut on = days_after(from, 3);
    while on < until {
        let session = LogSession {
            entry: entry(sample, on),
            on,
            minutes: [60, 60, 90, 45][sample.below(4)],
            place: Some(Place::Library),
            subject: Some([Subject::Speaking, Subject::Reading, Subject::Writing][sample.below(3)]),
            mood: [Mood::Good, Mood::Good, Mood::Fair, Mood::Hard][sample.below(4)],
            note: String::new(),
        };
        sample.say(buddy, pairing.into(), Sample::at(on, 15), session);
        on = days_after(on, 12 + i64::try_from(sample.below(6)).unwrap_or_default());
    }
    for week in sync_core::taalhuis::CHECK_WEEKS {
        let on = days_after(from, i64::from(week) * 7 + 1);
        if on < days_after(until, -10) {
            // Of one in twenty it does not go well after six weeks.
            let goes = if week == 6 && buddy % 20 == 7 { CheckIn::Attention } else { CheckIn::Good };
            let check = CheckPairing { entry: entry(sample, on), week, goes, on, note: String::new() };
            sample.say(coordinator, pairing.into(), Sample::at(on, 16), check);
        }
    }
}

/// The Taalcafé of a Taalhuis.
fn group(sample: &mut Sample, house: &House) {
    let began = days_after(sample.today, -100);
    let at = Sample::at(began, 9);
    let group = GroupId::fresh(at, &mut sample.rng);
    let name = format!("Taalcafé {}", sample.places[house.place].name);
    let when = "Dinsdag, 10.00 uur, in de bibliotheek".to_owned();
    let plan = PlanGroup { branch: house.branch, name, when, kind: GroupKind::Open };
    sample.say(house.coordinator, group.into(), at, plan);
    let mut members = Vec::new();
    for index in 0..6 {
        let learner = LearnerId::fresh(at, &mut sample.rng);
        let answers =
            Answers::of([("call_name", FIRST_NAMES[(index * 3 + house.place) % FIRST_NAMES.len()])]);
        let registered = RegisterLearner { branch: house.branch, answers: answers.clone() };
        sample.say(house.coordinator, learner.into(), at, registered);
        let opened =
            OpenLearnerFile { branch: house.branch, learner, way: WayIn::Own, answers: Answers::default() };
        sample.say(house.coordinator, learner.file(), at, opened);
        sample.say(house.coordinator, learner.file(), at, FinishIntake { on: began });
        let consent = RecordConsent {
            entry: entry(sample, began),
            purpose: Purpose::Buddy,
            given: true,
            on: began,
            text_version: "2026-11".to_owned(),
        };
        sample.say(house.coordinator, learner.into(), at, consent);
        let name = answers.get("call_name").to_owned();
        sample.say(house.coordinator, group.into(), at, SetGroupMember { learner, name });
        members.push(learner);
    }
    let buddy = house.buddies[0];
    let (user, name) = (sample.accounts[buddy].person.user, sample.accounts[buddy].name.clone());
    sample.say(house.coordinator, group.into(), at, SetGroupBuddy { user, name });
    for week in 1..14 {
        let on = days_after(began, week * 7);
        let absent = sample.below(members.len());
        let present = members.iter().enumerate().filter(|(index, _)| *index != absent).map(|(_, id)| *id);
        let meeting = RecordMeeting {
            helped: Vec::new(),
            entry: entry(sample, on),
            on,
            minutes: 90,
            present: present.collect(),
            note: String::new(),
        };
        sample.say(buddy, group.into(), Sample::at(on, 12), meeting);
    }
}
