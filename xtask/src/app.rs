//! Builds the app for the browser: compile, bind, give every file a name with its hash, fill in the service worker, and
//! pack everything once, so that the server never packs it again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::tools::{self, WebCompiler};

/// Where the built app lies; the server embeds it from here, or reads it.
pub(crate) const FOLDER: &str = "var/app";
/// Where the program lies that only tests and benches open in a browser: beside the app, as those expect it.
const TRIAL: &str = "var/trial";
const TARGET: &str = "wasm32-unknown-unknown";
/// Small first, and the same app in development, in tests and for people.
const PROFILE: &str = "release-web";

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What cargo is asked for a program with the screens of the office.
const OFFICE: &[&str] = &["--features", "page"];
/// The two apps, and what cargo is asked for each: the one for the road leaves the screens of the office out
/// (`docs/decisions/0020-two-apps.md`).
const APPS: [(&str, &[&str]); 2] =
    [("road", &["--no-default-features", "--features", "page"]), ("office", OFFICE)];

/// Builds the app, if anything of it changed.
pub(crate) fn build() -> Result<()> {
    let compiler = tools::web_compiler()?;
    tools::say("Building the app (some minutes the first time)");
    let mut programs = Vec::new();
    for (name, features) in APPS {
        programs.push((name, compile(compiler, name, features)?));
    }
    let out = Path::new(FOLDER);
    let stamp = out.join("built-from.txt");
    let sources = fingerprint(&programs)?;
    if fs::read_to_string(&stamp).is_ok_and(|before| before == sources) {
        return Ok(());
    }
    tools::say("Packing the app");
    let bound = Path::new("target/web/bound");
    if bound.exists() {
        fs::remove_dir_all(bound)?;
    }
    fs::create_dir_all(bound)?;
    for (name, wasm) in &programs {
        bind(name, wasm, bound)?;
    }
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out.join("assets"))?;
    let files = gather(bound)?;
    for (path, bytes) in &files {
        write_packed(&out.join(path), bytes)?;
    }
    fs::write(stamp, sources)?;
    Ok(())
}

/// Builds what tests and benches try in a browser without any screen: the store, and matching.
pub(crate) fn build_trial() -> Result<()> {
    let wasm = compile(tools::web_compiler()?, "trial", OFFICE)?;
    let assets = Path::new(TRIAL).join("assets");
    fs::create_dir_all(&assets)?;
    bind("trial", &wasm, &assets)?;
    fs::rename(assets.join("trial_bg.wasm"), assets.join("trial.wasm"))?;
    fs::copy("mobile-shell/trial/start.js", assets.join("start.js"))?;
    fs::copy("mobile-shell/trial/index.html", Path::new(TRIAL).join("index.html"))?;
    Ok(())
}

/// Binds a program to the browser.
fn bind(name: &str, wasm: &Path, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(out)
        .map_err(|error| error.to_string().into())
}

/// Compiles one of the apps; where its program lies.
fn compile(compiler: WebCompiler, name: &str, features: &[&str]) -> Result<PathBuf> {
    let mut cargo = match compiler {
        WebCompiler::Own => {
            let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo.arg("build");
            cargo
        }
        WebCompiler::Debian => {
            let mut cargo = Command::new("/usr/bin/cargo");
            cargo
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO")
                .env_remove("RUSTC_WRAPPER")
                .args(["build", "-Zbuild-std=std,panic_abort"]);
            cargo
        }
    };
    cargo.args(["--locked", "--profile", PROFILE, "--target", TARGET, "--package", "mobile-shell"]);
    cargo.args(tools::quiet());
    // A folder of its own: the compilers differ, and a build of the one must not undo that of the other.
    cargo.args(["--target-dir", "target/web"]);
    cargo.args(["--bin", name]).args(features);
    tools::run(&mut cargo)?;
    Ok(Path::new("target/web").join(TARGET).join(PROFILE).join(format!("{name}.wasm")))
}

/// A word for everything the built app is made of.
fn fingerprint(programs: &[(&str, PathBuf)]) -> Result<String> {
    let mut hash = Sha256::new();
    for (_, program) in programs {
        hash.update(fs::read(program)?);
    }
    for file in static_files()? {
        hash.update(fs::read(&file)?);
    }
    Ok(format!("{:x}", hash.finalize()))
}

fn static_files() -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in ["mobile-shell", "mobile-shell/style", "mobile-shell/fonts"] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() && path.extension().is_some_and(|ending| ending != "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn short_hash(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes)).chars().take(12).collect()
}

/// Gives a file of the app its name with hash, and every later file that mentions it that name.
struct Gathered {
    files: BTreeMap<String, Vec<u8>>,
    names: Vec<(String, String)>,
}

impl Gathered {
    fn renamed(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut text = String::from_utf8(bytes.to_vec())?;
        for (plain, hashed) in &self.names {
            text = text.replace(plain, hashed);
        }
        Ok(text.into_bytes())
    }

    fn asset(&mut self, name: &str, bytes: Vec<u8>) {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("assets/{stem}-{}.{ending}", short_hash(&bytes));
        self.names.push((format!("/assets/{name}"), format!("/{hashed}")));
        self.files.insert(hashed, bytes);
    }
}

fn gather(bound: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let shell = Path::new("mobile-shell");
    let mut all = Gathered { files: BTreeMap::new(), names: Vec::new() };
    let mut fonts: Vec<PathBuf> =
        fs::read_dir(shell.join("fonts"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    fonts.sort();
    for font in fonts.iter().filter(|path| path.extension().is_some_and(|ending| ending == "woff2")) {
        let name = font.file_name().and_then(|name| name.to_str()).ok_or("a font has no name")?;
        all.asset(name, fs::read(font)?);
    }
    let mut styles: Vec<PathBuf> =
        fs::read_dir(shell.join("style"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    styles.sort();
    let mut css = Vec::new();
    for style in styles {
        css.extend(fs::read(style)?);
    }
    let css = all.renamed(&css)?;
    all.asset("app.css", css);
    for (name, _) in APPS {
        all.asset(&format!("{name}.js"), fs::read(bound.join(format!("{name}.js")))?);
        all.asset(&format!("{name}.wasm"), fs::read(bound.join(format!("{name}_bg.wasm")))?);
    }
    let loader = all.renamed(&fs::read(shell.join("loader.js"))?)?;
    all.asset("loader.js", loader);
    let page = all.renamed(&fs::read(shell.join("index.html"))?)?;
    all.files.insert("index.html".to_owned(), page);
    for name in ["icons.svg", "icon.svg", "icon-192.png", "icon-512.png", "manifest.webmanifest"] {
        all.files.insert(name.to_owned(), fs::read(shell.join(name))?);
    }
    let worker = service_worker(&all.files, &fs::read_to_string(shell.join("service-worker.js"))?);
    all.files.insert("service-worker.js".to_owned(), worker.into_bytes());
    all.files.insert("LICENSE-fonts.txt".to_owned(), fs::read(shell.join("fonts/LICENSE-OFL.txt"))?);
    Ok(all.files)
}

fn service_worker(files: &BTreeMap<String, Vec<u8>>, text: &str) -> String {
    let mut hash = Sha256::new();
    let mut list = vec!["\"/\"".to_owned()];
    let mut office = Vec::new();
    for (path, bytes) in files {
        hash.update(path.as_bytes());
        hash.update(bytes);
        // The extended letters are fetched when they are needed.
        if path.starts_with("assets/office-") {
            office.push(format!("\"/{path}\""));
        } else if path != "index.html" && !path.contains("latin-ext") {
            list.push(format!("\"/{path}\""));
        }
    }
    let version: String = format!("{:x}", hash.finalize()).chars().take(12).collect();
    text.replace("{{version}}", &version)
        .replace("{{files}}", &format!("[{}]", list.join(", ")))
        .replace("{{office}}", &format!("[{}]", office.join(", ")))
}

/// Writes a file, and beside it the same packed twice.
fn write_packed(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes)?;
    if path.extension().is_some_and(|ending| ending == "woff2" || ending == "png") {
        // Packed by their own format already.
        return Ok(());
    }
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    fs::write(beside(".gz"), gzip.finish()?)?;
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters)?;
    fs::write(beside(".br"), packed)?;
    Ok(())
}
