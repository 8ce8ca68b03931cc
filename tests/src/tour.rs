//! A tour of every screen, for pictures and for checks that hold on each of them.

use crate::Outcome;
use crate::browser::{Browser, PIN};
use crate::spreadsheet::crooked;

/// How long a list is that is chosen on the way.
const LINES: usize = 120;

/// How a screen is reached.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// By its address.
    At(&'static str),
    /// From an address, by tapping these, one after the other.
    From(&'static str, &'static [Tap]),
}

#[derive(Clone, Copy, Debug)]
enum Tap {
    /// What has this text.
    Text(&'static str),
    /// The first element of this selector.
    On(&'static str),
    /// The field with this id, in which a crooked list of learners is chosen.
    List(&'static str),
}

/// One screen.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// What its picture is called.
    pub name: &'static str,
    way: Way,
    /// An element by which it is known, in every language.
    known_by: &'static str,
}

const fn at(name: &'static str, address: &'static str, known_by: &'static str) -> Stop {
    Stop { name, way: Way::At(address), known_by }
}

const fn from(
    name: &'static str,
    address: &'static str,
    taps: &'static [Tap],
    known_by: &'static str,
) -> Stop {
    Stop { name, way: Way::From(address, taps), known_by }
}

const OPEN_STOP: Tap = Tap::On(".card.current a.button[href*='/adres/']:last-of-type");

/// The screens of a volunteer.
pub const VOLUNTEER: [Stop; 14] = [
    at("vandaag", "/", ".card.current"),
    from("adres", "/", &[OPEN_STOP], ".acts.at-hand ~ .acts a[href$='/meer']"),
    from("niet-gelukt", "/", &[Tap::On("a[href$='/niet-gelukt']")], ".tiles"),
    from("boeken-en-wensen", "/", &[OPEN_STOP, Tap::On("a[href$='/meer']")], "#wish"),
    from("zorgen", "/", &[OPEN_STOP, Tap::On("a[href^='/zorgen/']")], "#note"),
    from("volgorde", "/", &[Tap::On("a[href$='/volgorde']")], ".sortable"),
    from("kilometers", "/", &[Tap::On("a[href$='/kilometers']")], "#kilometres"),
    at("niet-veilig", "/zorgen/onveilig/geen", "#note"),
    at("uren", "/uren", "main .rows"),
    at("rooster", "/rooster", "main .rows"),
    at("ik", "/ik", "main fieldset"),
    at("verzenden", "/ik/verzenden", "main section h2"),
    at("toegankelijkheid", "/ik/toegankelijkheid", "main h1"),
    at("hulp", "/hulp", "main details"),
];

/// The screens of a coordinator.
pub const COORDINATOR: [Stop; 9] = [
    at("werklijst", "/", ".hand-in"),
    at("lezers", "/lezers", "#search"),
    from("lezer", "/lezers", &[Tap::Text("Mevrouw Kuipers")], ".detail-pane .facts"),
    from(
        "lezer-wijzigen",
        "/lezers",
        &[Tap::Text("Mevrouw Kuipers"), Tap::On("a[href$='/wijzigen']")],
        "#postcode",
    ),
    at("lezer-nieuw", "/lezers/nieuw", "#postcode"),
    at("planning", "/planning", ".list-pane .item"),
    from("ronde-live", "/planning", &[Tap::Text("Gieten-Samen")], ".detail-pane details.change"),
    at("ronde-plannen", "/planning/nieuw", "#readers .choice"),
    at("overzicht", "/overzicht", "main table"),
];

/// The screens of a buddy.
pub const BUDDY: [Stop; 6] = [
    at("taalmaatje-vandaag", "/", "main .card a.main"),
    from("afspraak-geweest", "/", &[Tap::On("a[href$='/geweest']")], "#minutes"),
    from(
        "taalmaatje-deelnemer",
        "/",
        &[Tap::On("main .card a[href^='/koppeling/']:last-of-type")],
        "main .facts dd",
    ),
    from("groep-geweest", "/", &[Tap::On("a[href^='/groep/']")], "main form .choice"),
    at("mijn-tijd", "/ik/vrijwilliger", "main .week"),
    at("taalmaatje-uren", "/uren", "main .rows"),
];

const LEARNER: Tap = Tap::On("main .list-pane .rows a");
const WAITING: Tap = Tap::On("main .rows a[href$='/koppelen']");

/// The screens of the coordinator of a Taalhuis.
pub const TAALHUIS: [Stop; 19] = [
    at("taalhuis-werklijst", "/", "main .rows .item"),
    at("deelnemers", "/deelnemers", "main .list-pane .rows a"),
    from("deelnemer", "/deelnemers", &[LEARNER], ".detail-pane details"),
    at("deelnemer-nieuw", "/deelnemers/nieuw", "#call_name"),
    from(
        "intake",
        "/deelnemers",
        &[LEARNER, Tap::On("a[href$='/intake']")],
        "main .rows a[href$='/intake/consent']",
    ),
    from(
        "intake-beschikbaarheid",
        "/deelnemers",
        &[LEARNER, Tap::On("a[href$='/intake']"), Tap::On("a[href$='/intake/availability']")],
        "main .week",
    ),
    from(
        "intake-nederlands",
        "/deelnemers",
        &[LEARNER, Tap::On("a[href$='/intake']"), Tap::On("a[href$='/intake/dutch']")],
        "#first_language",
    ),
    from(
        "intake-samenvatting",
        "/deelnemers",
        &[LEARNER, Tap::On("a[href$='/intake']"), Tap::On("a[href$='/samenvatting']")],
        "main .facts",
    ),
    from("koppelen", "/", &[WAITING], "main .cards .card"),
    at("voorstel", "/koppelen", "main .rows .item"),
    from("koppeling", "/", &[Tap::On("main .rows a[href^='/koppelingen/']")], "main details.change"),
    at("taalmaatjes", "/taalmaatjes", "main .list-pane .rows a"),
    from("taalmaatje", "/taalmaatjes", &[Tap::Text("Vera Schut")], ".detail-pane details"),
    at("groepen", "/groepen", "main .rows a"),
    from("groep", "/groepen", &[Tap::On("main .rows a")], "main #member"),
    at("taalhuis-overzicht", "/taalhuis", "main table"),
    // The second tap does nothing but bring the figures into sight.
    from(
        "taalhuis-cijfers",
        "/taalhuis",
        &[Tap::On("main form button[type=submit]"), Tap::On("main .figures:last-of-type th")],
        ".figures td",
    ),
    from("importeren", "/importeren/deelnemers", &[Tap::List("import-file")], "#import-columns"),
    from(
        "importeren-verslag",
        "/importeren/deelnemers",
        &[Tap::List("import-file"), Tap::On("main form button[type=submit]")],
        "#import-refused",
    ),
];

/// The screens of the coordinator of volunteers.
pub const RECRUITER: [Stop; 2] = [
    at("vrijwilligers", "/vrijwilligers", "main .list-pane .rows a"),
    from("vrijwilliger", "/vrijwilligers", &[Tap::Text("Anna Hoving")], ".detail-pane details"),
];

/// The screens of an administrator.
pub const ADMINISTRATOR: [Stop; 8] = [
    at("mensen", "/", "main .rows .item"),
    from("mens", "/mensen", &[Tap::Text("Anna Hoving")], ".detail-pane .way-in"),
    from("mens-code", "/mensen", &[Tap::Text("Bram Eising"), Tap::On("#show-code")], "#code"),
    at("beheer", "/beheer", "#settings form"),
    from("beheer-netwerk", "/beheer", &[Tap::On("#branches > button")], "#branches form"),
    from("beheer-toestellen", "/beheer", &[Tap::On("#devices .item:last-child b")], "#devices .item"),
    at("logboek", "/logboek", "#log li"),
    at("mens-nieuw", "/mensen/nieuw", "select#role option"),
];

/// The screens of the lock, in the order in which somebody meets them who just came in.
pub const LOCK: [LockStep; 4] = [LockStep::NewPin, LockStep::Pin, LockStep::WrongPin, LockStep::Forgotten];

/// A screen of the lock.
#[derive(Clone, Copy, Debug)]
pub enum LockStep {
    /// Choosing a PIN, and one that is too easy.
    NewPin,
    /// The PIN is asked.
    Pin,
    /// It is wrong.
    WrongPin,
    /// It is forgotten.
    Forgotten,
}

impl LockStep {
    /// What its picture is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewPin => "pincode-kiezen",
            Self::Pin => "pincode",
            Self::WrongPin => "pincode-verkeerd",
            Self::Forgotten => "pincode-vergeten",
        }
    }

    /// Goes there from the step before.
    pub async fn reaches(self, browser: &Browser, site: &str) -> Outcome {
        match self {
            Self::NewPin => {
                browser.types("new-pin", "123456").await?;
                browser.types("again", "123456").await?;
                browser.taps_on("form button[type=submit]").await?;
                browser.waits("the refusal", "!!document.querySelector('#new-pin-error')").await
            }
            Self::Pin => {
                browser.types("new-pin", PIN).await?;
                browser.types("again", PIN).await?;
                browser.taps_on("form button[type=submit]").await?;
                browser.waits("the work", "!!document.querySelector('[data-state=arrived]')").await?;
                browser.is_hidden(true).await?;
                browser.later(3_600_000).await?;
                browser.is_hidden(false).await?;
                browser.visits(site).await?;
                browser.waits("the question", "!!document.querySelector('#pin')").await
            }
            Self::WrongPin => {
                browser.tries_pin("135246").await?;
                browser.waits("the refusal", "!!document.querySelector('#pin-error')").await
            }
            Self::Forgotten => {
                browser.taps_on("form button[type=button]").await?;
                browser.waits("the way on", "!document.querySelector('#pin')").await
            }
        }
    }
}

/// Goes to a screen of the app at this address, and waits until it is there and the app has heard from the server.
pub async fn visit(browser: &Browser, site: &str, stop: &Stop) -> Outcome {
    let (address, taps) = match stop.way {
        Way::At(address) => (address, &[][..]),
        Way::From(address, taps) => (address, taps),
    };
    browser.goes(&format!("{site}{address}")).await?;
    browser.waits("the server to be reached", "!!document.querySelector('[data-state=arrived]')").await?;
    for tap in taps {
        match tap {
            Tap::Text(text) => browser.taps(text).await?,
            Tap::On(selector) => browser.taps_on(selector).await?,
            Tap::List(id) => {
                let file = tempfile::Builder::new().suffix(".xlsx").tempfile()?;
                std::fs::write(file.path(), crooked(LINES)?.file)?;
                browser.picks(id, file.path()).await?;
                // The file must be there until the page has read it.
                browser.waits("the columns", "!!document.querySelector('#import-columns')").await?;
            }
        }
    }
    let there = format!("!!document.querySelector({:?})", stop.known_by);
    browser.waits(&format!("the screen {}", stop.name), &there).await
}

/// Goes to the round that the sample volunteer rides with a colleague, on the volunteer's phone.
pub async fn to_shared_round(phone: &Browser) -> Outcome {
    phone.taps("Rooster").await?;
    phone.taps("Gieten-Samen").await?;
    phone.sees("Samen met").await
}

/// The same at the desk of a coordinator.
pub async fn to_shared_round_at_desk(desk: &Browser) -> Outcome {
    desk.taps("Planning").await?;
    desk.taps("Gieten-Samen").await?;
    desk.sees("Ronde veranderen").await
}

/// What a volunteer and a coordinator, both signed in, see while something waits, when it arrived, and when it was refused.
pub async fn states(
    phone: &Browser,
    desk: &Browser,
    url: &str,
    mut look: impl AsyncFnMut(&Browser, &'static str) -> Outcome,
) -> Outcome {
    to_shared_round(phone).await?;
    to_shared_round_at_desk(desk).await?;
    phone.network(false).await?;
    phone.taps_on("#delivered").await?;
    phone.sees("1 bewaard op dit toestel").await?;
    look(phone, "bezig-zonder-netwerk").await?;
    phone.taps_on(".chip").await?;
    phone.waits("the act that waits", "!!document.querySelector('main section .item .tick')").await?;
    look(phone, "verzenden-wacht").await?;
    phone.network(true).await?;
    phone.goes(url).await?;
    phone.sees("Alles is aangekomen").await?;
    desk.waits("the visit", "document.querySelector('.detail-pane').innerText.includes('Bezorgd')").await?;
    look(desk, "ronde-live-bezig").await?;
    to_shared_round(phone).await?;
    phone.network(false).await?;
    phone.taps_on("#delivered").await?;
    phone.sees("1 bewaard op dit toestel").await?;
    desk.taps("Ronde veranderen").await?;
    desk.types("reason", "Sneeuw op de weg").await?;
    desk.taps("Ronde afgelasten").await?;
    desk.taps("Ja, afgelasten").await?;
    desk.sees("Deze ronde is afgelast. Sneeuw op de weg").await?;
    desk.sees("Alles is aangekomen").await?;
    look(desk, "ronde-afgelast").await?;
    phone.network(true).await?;
    phone.goes(url).await?;
    phone.sees("1 niet aangenomen").await?;
    phone.taps_on(".chip").await?;
    phone.sees("Deze ronde is afgelast.").await?;
    look(phone, "verzenden-geweigerd").await?;
    desk.taps("Werklijst").await?;
    desk.sees("Anna Hoving: Bezorging").await?;
    look(desk, "werklijst-geweigerd").await
}
