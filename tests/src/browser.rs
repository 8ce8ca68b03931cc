//! A real browser with a profile of its own, driven over `WebDriver`. The engine is a parameter: only Chromium runs here now.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{Outcome, until};

/// How long a screen may take to show what it must.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The PIN of everybody in these tests.
pub const PIN: &str = "274951";

/// Reads a store as the app does: with the key that an open page gives to the next one.
const DISK_HOLDS: &str = r"
const [store, text, done] = arguments;
const work = async () => {
  window.dispatchEvent(new Event('pagehide'));
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => { port1.onmessage = (event) => resolve(event.data); });
  navigator.serviceWorker.controller.postMessage('ask', [port2]);
  const held = await answer;
  const request = (made) => new Promise((resolve, reject) => {
    made.onsuccess = () => resolve(made.result);
    made.onerror = () => reject(made.error);
  });
  const database = await request(indexedDB.open('noaber'));
  const values = database.transaction(store).objectStore(store);
  const [keys, all] = await Promise.all([request(values.getAllKeys()), request(values.getAll())]);
  database.close();
  const reader = new TextDecoder('latin1');
  for (const [index, value] of all.entries()) {
    if (reader.decode(value).includes(text)) return true;
    if (value[0] !== 1) continue;
    const additionalData = new TextEncoder().encode(`noaber value 1\n${held.name}\n${store}\n${keys[index]}`);
    const how = { name: 'AES-GCM', iv: value.slice(17, 29), additionalData };
    const opened = await crypto.subtle.decrypt(how, held.key, value.slice(29));
    if (reader.decode(opened).includes(text)) return true;
  }
  return false;
};
work().then(done, (error) => done(String(error)));
";

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium.
    Chromium,
}

impl Engine {
    /// The engines that a run of the tests asked for; one that is not known yet is an error, not a skipped test.
    pub fn asked() -> Outcome<Vec<Self>> {
        let asked = std::env::var("TEST_ENGINES").unwrap_or_else(|_| "chromium".to_owned());
        asked
            .split(',')
            .map(|name| match name.trim() {
                "chromium" => Ok(Self::Chromium),
                other => Err(format!("the engine {other} is not driven yet").into()),
            })
            .collect()
    }

    const fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
        }
    }

    fn capabilities(self, profile: &Path, screen: Screen) -> Capabilities {
        let Self::Chromium = self;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=nl-NL",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let mut options = json!({ "binary": "/usr/bin/chromium", "args": arguments });
        if screen.touch {
            options["mobileEmulation"] = json!({ "deviceMetrics": {
                "width": screen.width, "height": screen.height, "pixelRatio": 2.0, "touch": true, "mobile": true,
            } });
        }
        let all = json!({ "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" }, "unhandledPromptBehavior": "ignore" });
        all.as_object().cloned().unwrap_or_default()
    }
}

/// The size of a screen.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Whether it is touched.
    pub touch: bool,
}

/// A small phone.
pub const PHONE: Screen = Screen { width: 360, height: 740, touch: true };
/// A desk.
pub const DESK: Screen = Screen { width: 1280, height: 800, touch: false };

/// What the page wrote to its console.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

#[derive(Debug)]
struct Cdp {
    command: String,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}

/// A browser with its driver.
pub struct Browser {
    /// Its session.
    pub client: Client,
    profile: PathBuf,
    taps: AtomicUsize,
    _driver: tokio::process::Child,
}

/// Starts the engine's driver; where it listens. A driver looks for a port that is free and then takes it: now and then another program
/// was quicker, and the driver ends. It gets three chances.
async fn start_driver(engine: Engine, profile: &Path) -> Outcome<(tokio::process::Child, u16)> {
    for _ in 0..3 {
        let mut driver = tokio::process::Command::new(engine.driver())
            .arg("--port=0")
            .env("TZ", "Europe/Amsterdam")
            .env("TMPDIR", profile)
            .env("XDG_CONFIG_HOME", profile)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(driver.stdout.take().ok_or("the driver says nothing")?).lines();
        while let Some(line) = lines.next_line().await? {
            let Some((_, after)) = line.split_once("on port ") else { continue };
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            if let Ok(port @ 1..) = digits.parse::<u16>() {
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok((driver, port));
            }
        }
    }
    Err("the driver ended without naming its port, three times".into())
}

impl Browser {
    /// Opens a browser on this profile; opened again on the same profile it finds what was kept.
    pub async fn open(engine: Engine, profile: &Path, screen: Screen, site: &str) -> Outcome<Self> {
        let browser = Self::open_fleeting(engine, profile, screen).await?;
        browser.promises_to_keep(site).await?;
        Ok(browser)
    }

    /// Opens a browser that does not promise to keep what a site gives it: one in which the app is not installed.
    pub async fn open_fleeting(engine: Engine, profile: &Path, screen: Screen) -> Outcome<Self> {
        std::fs::create_dir_all(profile)?;
        for stale in ["SingletonLock", "SingletonSocket", "SingletonCookie"] {
            let _ = std::fs::remove_file(profile.join(stale));
        }
        let (driver, port) = start_driver(engine, profile).await?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(engine.capabilities(profile, screen))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        let browser =
            Self { client, profile: profile.to_owned(), taps: AtomicUsize::new(0), _driver: driver };
        if !screen.touch {
            let metrics = json!({ "width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": false });
            browser.cdp("Emulation.setDeviceMetricsOverride", metrics).await?;
        }
        Ok(browser)
    }

    /// What installing the app gives on a phone: the promise that its data is kept.
    pub async fn promises_to_keep(&self, site: &str) -> Outcome {
        let permission = json!({ "origin": site, "permissions": ["durableStorage"] });
        self.cdp("Browser.grantPermissions", permission).await.map(drop)
    }

    /// A command of the `DevTools` protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Outcome<Value> {
        let command = Cdp { command: command.to_owned(), parameters };
        Ok(self.client.issue_cmd(command).await?)
    }

    /// Goes to a screen of the app; types the PIN when it is asked.
    pub async fn goes(&self, address: &str) -> Outcome {
        self.visits(address).await?;
        if self.value("document.querySelector('#pin') !== null").await? == Value::Bool(true) {
            self.opens_with(PIN).await?;
        }
        Ok(())
    }

    /// Goes to an address of the app, and waits until it has started.
    pub async fn visits(&self, address: &str) -> Outcome {
        self.client.goto(address).await?;
        self.waits("the app to start", "document.querySelector('main') !== null").await
    }

    /// Types this PIN where it is asked, and waits until the app is open.
    pub async fn opens_with(&self, pin: &str) -> Outcome {
        self.tries_pin(pin).await?;
        self.waits("the app to open", "document.querySelector('#pin') === null").await
    }

    /// Types this PIN where it is asked.
    pub async fn tries_pin(&self, pin: &str) -> Outcome {
        self.types("pin", pin).await?;
        self.taps_on("form button[type=submit]").await
    }

    /// Chooses the PIN of these tests.
    pub async fn chooses_pin(&self) -> Outcome {
        self.sees("Kies een pincode").await?;
        self.types("new-pin", PIN).await?;
        self.types("again", PIN).await?;
        self.taps_on("form button[type=submit]").await
    }

    /// The value of an expression in the page.
    pub async fn value(&self, expression: &str) -> Outcome<Value> {
        Ok(self.client.execute(&format!("return ({expression});"), vec![]).await?)
    }

    /// Waits until an expression is true; the error tells what stands on the page.
    pub async fn waits(&self, what: &str, expression: &str) -> Outcome {
        let waited = until(what, PATIENCE, async || match self.value(expression).await {
            Ok(Value::Bool(true)) => Some(()),
            _ => None,
        })
        .await;
        match waited {
            Ok(()) => Ok(()),
            Err(error) => Err(self.tells(&error.to_string()).await),
        }
    }

    /// An error with what stands on the page and in its console.
    async fn tells(&self, error: &str) -> Box<dyn std::error::Error + Send + Sync> {
        let page = self.value("location.pathname + '\\n' + document.body.innerText.slice(0, 1500)").await;
        let console = self.client.issue_cmd(Console).await.unwrap_or_default();
        let page = page.unwrap_or_default();
        format!("{error}\non the page: {}\nin the console: {console}", page.as_str().unwrap_or_default())
            .into()
    }

    /// Waits until the page says this.
    pub async fn sees(&self, text: &str) -> Outcome {
        self.waits(
            &format!("the text {text:?}"),
            &format!("document.body.innerText.includes({})", json!(text)),
        )
        .await
    }

    /// Waits until the page no longer says this.
    pub async fn sees_no_more(&self, text: &str) -> Outcome {
        let gone = format!("!document.body.innerText.includes({})", json!(text));
        self.waits(&format!("no text {text:?}"), &gone).await
    }

    /// How many taps a person made up to now.
    pub fn taken(&self) -> usize {
        self.taps.load(Ordering::Relaxed)
    }

    /// Taps what has this text: a button, a link, a label or a summary.
    pub async fn taps(&self, text: &str) -> Outcome {
        let path = format!(
            "(//*[self::button or self::a or self::label or self::summary][contains(normalize-space(.), {text:?})])[1]"
        );
        self.taps_at(&path, text).await
    }

    /// Taps the button that says this and nothing else.
    pub async fn taps_just(&self, text: &str) -> Outcome {
        self.taps_at(&format!("//button[normalize-space(.) = {text:?}]"), text).await
    }

    async fn taps_at(&self, path: &str, text: &str) -> Outcome {
        let tapped = until(&format!("{text:?} to tap"), PATIENCE, async || {
            let element = self.client.find(Locator::XPath(path)).await.ok()?;
            // A hand comes a moment later where a button rests.
            let rests = element.attr("aria-disabled").await.ok()?;
            if rests.as_deref() == Some("true") {
                return None;
            }
            element.click().await.ok()
        })
        .await;
        self.taps.fetch_add(1, Ordering::Relaxed);
        match tapped {
            Ok(()) => Ok(()),
            Err(error) => Err(self.tells(&error.to_string()).await),
        }
    }

    /// Taps the first element of a selector.
    pub async fn taps_on(&self, selector: &str) -> Outcome {
        let tapped = until(&format!("{selector} to tap"), PATIENCE, async || {
            let element = self.client.find(Locator::Css(selector)).await.ok()?;
            // A hand comes a moment later where a button rests.
            let rests = element.attr("aria-disabled").await.ok()?;
            if rests.as_deref() == Some("true") {
                return None;
            }
            element.click().await.ok()
        })
        .await;
        self.taps.fetch_add(1, Ordering::Relaxed);
        match tapped {
            Ok(()) => Ok(()),
            Err(error) => Err(self.tells(&error.to_string()).await),
        }
    }

    /// Types in the field with this id.
    pub async fn types(&self, id: &str, text: &str) -> Outcome {
        let typed = until(&format!("the field {id}"), PATIENCE, async || {
            let element = self.client.find(Locator::Css(&field(id))).await.ok()?;
            element.clear().await.ok()?;
            element.send_keys(text).await.ok()
        })
        .await;
        match typed {
            Ok(()) => Ok(()),
            Err(error) => Err(self.tells(&error.to_string()).await),
        }
    }

    /// Chooses in the field with this id what reads so.
    pub async fn chooses(&self, id: &str, label: &str) -> Outcome {
        let chosen = until(&format!("{label} in the field {id}"), PATIENCE, async || {
            self.client.find(Locator::Css(&field(id))).await.ok()?.select_by_label(label).await.ok()
        })
        .await;
        match chosen {
            Ok(()) => Ok(()),
            Err(error) => Err(self.tells(&error.to_string()).await),
        }
    }

    /// Picks a file in the field with this id.
    pub async fn picks(&self, id: &str, file: &Path) -> Outcome {
        let element = self.client.find(Locator::Id(id)).await?;
        Ok(element.send_keys(&file.display().to_string()).await?)
    }

    /// Drags from the middle of one element to the middle of another with a finger.
    pub async fn drags(&self, from: &str, to: &str) -> Outcome {
        let (start, end) = (self.middle(from).await?, self.middle(to).await?);
        self.touch("touchStart", json!([{ "x": start.0, "y": start.1 }])).await?;
        for step in 1..=8_u8 {
            let part = f64::from(step) / 8.0;
            let (x, y) = (start.0 + (end.0 - start.0) * part, start.1 + (end.1 - start.1) * part);
            self.touch("touchMove", json!([{ "x": x, "y": y }])).await?;
        }
        self.touch("touchEnd", json!([])).await
    }

    /// Gives an element the focus and presses Enter.
    pub async fn presses_enter_on(&self, selector: &str) -> Outcome {
        Ok(self.client.find(Locator::Css(selector)).await?.send_keys("\u{e007}").await?)
    }

    async fn touch(&self, kind: &str, points: Value) -> Outcome {
        self.cdp("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points })).await.map(drop)
    }

    /// The middle of an element on the screen.
    async fn middle(&self, selector: &str) -> Outcome<(f64, f64)> {
        let script = format!(
            "(() => {{ const box = document.querySelector({}).getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            json!(selector)
        );
        let found = self.value(&script).await?;
        let number = |index: usize| found[index].as_f64().ok_or("not on the screen");
        Ok((number(0)?, number(1)?))
    }

    /// Files that the app saves go to this folder.
    pub async fn saves_to(&self, folder: &Path) -> Outcome {
        std::fs::create_dir_all(folder)?;
        let to = json!({ "behavior": "allow", "downloadPath": folder.display().to_string() });
        self.cdp("Browser.setDownloadBehavior", to).await.map(drop)
    }

    /// Room on the disk for this site, in bytes; nothing takes the limit away.
    pub async fn room(&self, site: &str, bytes: Option<u64>) -> Outcome {
        let mut limit = json!({ "origin": site });
        if let Some(bytes) = bytes {
            limit["quotaSize"] = json!(bytes);
        }
        self.cdp("Storage.overrideQuotaForOrigin", limit).await.map(drop)
    }

    /// Whether this text stands somewhere in a store of the app: behind the lock, which this page has open, or beside it.
    pub async fn disk_holds(&self, store: &str, text: &str) -> Outcome<bool> {
        let found = self.client.execute_async(DISK_HOLDS, vec![json!(store), json!(text)]).await?;
        found.as_bool().ok_or_else(|| format!("the store said {found}").into())
    }

    /// Whether this text stands somewhere in the app's documents for everybody to read.
    pub async fn disk_lies_open(&self, text: &str) -> Outcome<bool> {
        let script = "const [text, done] = arguments; const opening = indexedDB.open('noaber'); \
            opening.onsuccess = () => { const all = opening.result.transaction('documents').objectStore('documents').getAll(); \
            all.onsuccess = () => { opening.result.close(); const reader = new TextDecoder('latin1'); \
            done(all.result.some((value) => reader.decode(value).includes(text))); }; };";
        let found = self.client.execute_async(script, vec![json!(text)]).await?;
        found.as_bool().ok_or_else(|| format!("the store said {found}").into())
    }

    /// So many milliseconds pass for this page; it goes until it is loaded anew.
    pub async fn later(&self, ms: i64) -> Outcome {
        let script =
            format!("(() => {{ const before = Date.now; Date.now = () => before() + {ms}; return 1; }})()");
        self.value(&script).await.map(drop)
    }

    /// The page is put in the background, or taken up again.
    pub async fn is_hidden(&self, hidden: bool) -> Outcome {
        let state = if hidden { "hidden" } else { "visible" };
        let script = format!(
            "(() => {{ Object.defineProperty(document, 'visibilityState', {{ value: '{state}', configurable: true }}); \
             document.dispatchEvent(new Event('visibilitychange')); return 1; }})()"
        );
        self.value(&script).await.map(drop)
    }

    /// How many values a store of the app has.
    pub async fn disk_counts(&self, store: &str) -> Outcome<u64> {
        let script = "const [store, done] = arguments; const opening = indexedDB.open('noaber'); \
            opening.onsuccess = () => { const count = opening.result.transaction(store).objectStore(store).count(); \
            count.onsuccess = () => { opening.result.close(); done(count.result); }; };";
        let found = self.client.execute_async(script, vec![json!(store)]).await?;
        found.as_u64().ok_or_else(|| format!("the store said {found}").into())
    }

    /// Signs in as this person of the sample.
    pub async fn signs_in(&self, site: &str, who: &str) -> Outcome {
        self.enters(site, who).await?;
        self.chooses_pin().await?;
        // The worker of the page is there: it keeps the app for the next start, and the key for a page that is loaded anew.
        self.waits("the service worker", "!!navigator.serviceWorker?.controller").await?;
        self.sees("Alles is aangekomen").await
    }

    /// Comes in with a password as this person of the sample, up to the choice of a PIN.
    pub async fn enters(&self, site: &str, who: &str) -> Outcome {
        self.visits(site).await?;
        self.types("email", &format!("{who}@voorbeeld.invalid")).await?;
        self.types("password", crate::api::PASSWORD).await?;
        self.taps_on("form button[type=submit]").await?;
        self.waits("the choice of a PIN", "!!document.querySelector('#new-pin')").await
    }

    /// The theme of the device, and no motion.
    pub async fn prefers(&self, dark: bool) -> Outcome {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.cdp("Emulation.setEmulatedMedia", features).await.map(drop)
    }

    /// A processor so many times slower.
    pub async fn slower(&self, times: f64) -> Outcome {
        self.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": times })).await.map(drop)
    }

    /// What the device says about its network; the server is stopped beside it.
    pub async fn network(&self, there: bool) -> Outcome {
        self.cdp("Network.enable", json!({})).await?;
        let conditions =
            json!({ "offline": !there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.emulateNetworkConditions", conditions).await.map(drop)
    }

    /// A picture of what is on the screen.
    pub async fn picture(&self, file: &Path) -> Outcome {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let answer = self.cdp("Page.captureScreenshot", json!({ "format": "png" })).await?;
        let data = answer["data"].as_str().ok_or("no picture")?;
        std::fs::write(file, base64::engine::general_purpose::STANDARD.decode(data)?)?;
        Ok(())
    }

    /// What axe finds wrong with the screen, light and then dark, each with what it was found in.
    pub async fn axe(&self, source: &str) -> Outcome<Vec<String>> {
        let mut wrong = Vec::new();
        for dark in [false, true] {
            self.prefers(dark).await?;
            // The dark screen is the same one in other colours: what has nothing to do with colours was asked of the light one.
            let rules = if dark { "runOnly: { type: 'tag', values: ['cat.color'] }," } else { "" };
            wrong.extend(
                self.ask_axe(source, rules).await?.into_iter().map(|one| format!("dark {dark}: {one}")),
            );
        }
        Ok(wrong)
    }

    async fn ask_axe(&self, source: &str, rules: &str) -> Outcome<Vec<Value>> {
        if self.value("!!globalThis.axe").await? != json!(true) {
            self.client
                .execute(&format!("{source}\n;globalThis.axe = globalThis.axe ?? window.axe;"), vec![])
                .await?;
        }
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             axe.run(document, {{ {rules} resultTypes: ['violations'], preload: false }})\
             .then((found) => done(found.violations.map((one) => ({{ id: one.id, help: one.help, \
             nodes: one.nodes.map((node) => node.target.join(' ') + ' ' + node.html.slice(0, 160)) }}))), (error) => done(String(error)));"
        );
        let found = self.client.execute_async(&script, vec![]).await?;
        found.as_array().cloned().ok_or_else(|| format!("axe: {found}").into())
    }

    /// Closes the app politely and waits until its processes are gone.
    pub async fn closes(self) -> Outcome {
        self.client.clone().close().await?;
        let profile = self.profile.clone();
        until("the browser to be gone", PATIENCE, async || running(&profile).is_empty().then_some(())).await
    }

    /// The battery is empty: every process of the browser ends at once.
    pub async fn dies(self) -> Outcome {
        let profile = self.profile.clone();
        kill(&profile)?;
        until("the browser to be gone", PATIENCE, async || running(&profile).is_empty().then_some(())).await
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A failed test leaves no browser behind.
        let _ = kill(&self.profile);
    }
}

/// A field by its id or name: of several forms of one kind on a page each has its own ids.
fn field(name: &str) -> String {
    format!("[id='{name}'], [name='{name}']")
}

/// The processes of the browser on this profile: those this test started.
fn running(profile: &Path) -> Vec<String> {
    let mine = format!("--user-data-dir={}", profile.display());
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let command = std::fs::read(entry.path().join("cmdline")).ok()?;
            let own = command.split(|byte| *byte == 0).any(|part| part == mine.as_bytes());
            let driver = command.starts_with(b"chromedriver");
            (own && !driver).then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .collect()
}

fn kill(profile: &Path) -> Outcome {
    for process in running(profile) {
        let _ = Command::new("kill").args(["-KILL", &process]).stderr(Stdio::null()).status()?;
    }
    Ok(())
}
