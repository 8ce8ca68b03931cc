//! Turns `locales/<language>/*.ftl` into typed functions. A key that one language lacks, a variable that differs, or
//! a construct this small generator does not know fails the build, with the key in the message.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

/// Lists whose words are data: found by key. Every other text is found by its name only, so that the app does not carry what it
/// never shows.
const LISTS: [&str; 16] = [
    "about-field",
    "act",
    "audit",
    "buddy",
    "frequency",
    "measure",
    "month",
    "norm",
    "outcome",
    "problem",
    "role",
    "segment",
    "settings",
    "status",
    "tonight",
    "weekday",
];
/// Of these, the ones that only screens of the office and the server show.
const OFFICE: [&str; 9] =
    ["audit", "column", "frequency", "measure", "norm", "segment", "settings", "status", "tonight"];
/// Lists of forms: questions, their blocks, what can be answered, and columns of a spreadsheet. Found by a function of its own, so that an app without the forms
/// does not carry them.
const FORMS: [&str; 4] = ["answer", "column", "question", "section"];
/// Files whose lists only screens of the office and the server show.
const OFFICE_FILES: [&str; 1] = ["dossier.ftl"];
/// Lists of which only the server's pages know.
const PAGES: [&str; 1] = ["about-field"];

const LANGUAGES: [&str; 2] = ["nl", "en"];

type Messages = BTreeMap<String, Pattern<String>>;
type Problem = Box<dyn std::error::Error>;

fn read(language: &str) -> Result<Messages, Problem> {
    let folder = format!("locales/{language}");
    println!("cargo:rerun-if-changed={folder}");
    let mut messages = Messages::new();
    let mut files: Vec<_> = fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::path);
    for file in files {
        read_file(&file.path(), &mut messages)?;
    }
    Ok(messages)
}

fn read_file(file: &Path, messages: &mut Messages) -> Result<(), Problem> {
    println!("cargo:rerun-if-changed={}", file.display());
    let text = fs::read_to_string(file)?;
    let resource = fluent_syntax::parser::parse(text)
        .map_err(|(_, errors)| format!("{}: {errors:?}", file.display()))?;
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        let value = message.value.ok_or_else(|| format!("{}: {key} has no text", file.display()))?;
        if messages.insert(key.clone(), value).is_some() {
            return Err(format!("{}: {key} stands twice", file.display()).into());
        }
    }
    Ok(())
}

/// The texts of the public page, in more languages than the rest: one function that finds them by language and key, with the names of
/// what is to be filled in between braces.
fn public(languages: &[&str]) -> Result<String, Problem> {
    let mut arms = String::new();
    let mut first: Option<BTreeMap<String, BTreeMap<String, bool>>> = None;
    for language in languages {
        let mut messages = Messages::new();
        read_file(Path::new(&format!("public/{language}.ftl")), &mut messages)?;
        let mut keys = BTreeMap::new();
        for (key, pattern) in &messages {
            let mut found = BTreeMap::new();
            variables(pattern, &mut found).map_err(|error| format!("public {language}: {key}: {error}"))?;
            keys.insert(key.clone(), found);
            writeln!(arms, "({language:?}, {key:?}) => {:?},", with_names(pattern))?;
        }
        if first.get_or_insert_with(|| keys.clone()) != &keys {
            return Err(format!("public {language} lacks a text, or fills in something else").into());
        }
    }
    Ok(format!(
        "/// The languages of the public page.\n#[cfg(feature = \"pages\")]\npub const PUBLIC: &[&str] = &{languages:?};\n\
         /// A text of the public page in this language; what is filled in stands between braces.\n\
         #[cfg(feature = \"pages\")]\n#[must_use]\n\
         #[expect(clippy::too_many_lines, reason = \"made by the build script: one line a text\")]\n\
         pub fn public(language: &str, key: &str) -> Option<&'static str> {{\nSome(match (language, key) {{\n{arms}_ => return None,\n}})\n}}\n"
    ))
}

/// A text with the names of its variables between braces.
fn with_names(pattern: &Pattern<String>) -> String {
    let part = |element: &PatternElement<String>| match element {
        PatternElement::TextElement { value } => value.clone(),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => format!("{{{}}}", id.name),
        PatternElement::Placeable { .. } => String::new(),
    };
    pattern.elements.iter().map(part).collect()
}

/// The variables of a pattern; true for those that choose a plural.
fn variables(pattern: &Pattern<String>, found: &mut BTreeMap<String, bool>) -> Result<(), Problem> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. }
            | PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { .. }),
            } => {}
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                found.entry(id.name.clone()).or_insert(false);
            }
            PatternElement::Placeable {
                expression:
                    Expression::Select { selector: InlineExpression::VariableReference { id }, variants },
            } => {
                found.insert(id.name.clone(), true);
                for variant in variants {
                    variables(&variant.value, found)?;
                }
            }
            PatternElement::Placeable { .. } => return Err("only variables and plurals are known".into()),
        }
    }
    Ok(())
}

fn snake(key: &str) -> String {
    key.replace('-', "_")
}

fn write_text(out: &mut String, value: &str) -> Result<(), Problem> {
    let mut letters = value.chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) => writeln!(out, "text.push({only:?});")?,
        _ => writeln!(out, "text.push_str({value:?});")?,
    }
    Ok(())
}

/// Writes the choice of a plural: forms that say the same share an arm, and two that are left are an `if`.
fn write_plural(out: &mut String, name: &str, variants: &[Variant<String>]) -> Result<(), Problem> {
    let mut other = String::new();
    let mut arms: Vec<(String, String)> = Vec::new();
    for variant in variants {
        let mut body = String::new();
        write_pattern(&mut body, &variant.value)?;
        let number = match &variant.key {
            _ if variant.default => {
                other = body;
                continue;
            }
            VariantKey::NumberLiteral { value } => value.clone(),
            VariantKey::Identifier { name } if name == "one" => "1".to_owned(),
            VariantKey::Identifier { name } => return Err(format!("unknown plural {name}").into()),
        };
        match arms.iter_mut().find(|(_, known)| *known == body) {
            Some((numbers, _)) => write!(numbers, " | {number}")?,
            None => arms.push((number, body)),
        }
    }
    arms.retain(|(_, body)| *body != other);
    match arms.as_slice() {
        [] => out.push_str(&other),
        [(number, body)] if !number.contains('|') => {
            writeln!(out, "if {name} == {number} {{\n{body}}} else {{\n{other}}}")?;
        }
        _ => {
            writeln!(out, "match {name} {{")?;
            for (numbers, body) in &arms {
                writeln!(out, "{numbers} => {{\n{body}}}")?;
            }
            writeln!(out, "_ => {{\n{other}}}\n}}")?;
        }
    }
    Ok(())
}

fn write_pattern(out: &mut String, pattern: &Pattern<String>) -> Result<(), Problem> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => write_text(out, value)?,
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(InlineExpression::StringLiteral { value }) => write_text(out, value)?,
                Expression::Inline(InlineExpression::VariableReference { id }) => {
                    writeln!(out, "push(&mut text, &{});", snake(&id.name))?;
                }
                Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                    write_plural(out, &snake(&id.name), variants)?;
                }
                _ => return Err("only variables and plurals are known".into()),
            },
        }
    }
    Ok(())
}

fn plain(pattern: &Pattern<String>) -> String {
    pattern
        .elements
        .iter()
        .map(|element| match element {
            PatternElement::TextElement { value }
            | PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => value.as_str(),
            PatternElement::Placeable { .. } => "",
        })
        .collect()
}

/// The keys of the files that only the office shows.
fn of_the_office() -> Result<BTreeSet<String>, Problem> {
    let mut messages = Messages::new();
    for file in OFFICE_FILES {
        read_file(Path::new(&format!("locales/{}/{file}", LANGUAGES[0])), &mut messages)?;
    }
    Ok(messages.into_keys().collect())
}

/// How a text of one of these lists is found by its key; nothing for a text of no list.
fn arm(key: &str, name: &str, lists: &[&str], office: &BTreeSet<String>) -> String {
    let is_in = |lists: &[&str]| lists.iter().any(|list| key.starts_with(&format!("{list}-")));
    if !is_in(lists) {
        String::new()
    } else if is_in(&PAGES) {
        format!("#[cfg(feature = \"pages\")]\n{key:?} => self.{name}(),\n")
    } else if is_in(&OFFICE) || office.contains(key) {
        format!("#[cfg(feature = \"office\")]\n{key:?} => self.{name}(),\n")
    } else {
        format!("{key:?} => self.{name}(),\n")
    }
}

/// The first line of the documentation of a text: what it says.
fn summary(key: &str, dutch: &Pattern<String>) -> String {
    let first = plain(dutch).replace('\n', " ");
    if first.trim().is_empty() {
        return format!("The text `{key}`.");
    }
    // A name such as WhatsApp would be taken for code.
    let looks_like_code =
        first.split(char::is_lowercase).skip(1).any(|rest| rest.starts_with(char::is_uppercase));
    if looks_like_code { format!("`{first}`") } else { first }
}

/// Writes a text without variables.
fn write_constant(
    methods: &mut String,
    first: &str,
    name: &str,
    (dutch, english): (String, String),
) -> Result<(), Problem> {
    writeln!(methods, "/// {first}\n#[must_use]\npub const fn {name}(self) -> &'static str {{")?;
    if dutch == english {
        writeln!(methods, "match self {{ Self::Dutch | Self::English => {dutch:?} }}\n}}")?;
    } else {
        writeln!(methods, "match self {{ Self::Dutch => {dutch:?}, Self::English => {english:?} }}\n}}")?;
    }
    Ok(())
}

fn main() -> Result<(), Problem> {
    let locales: Vec<(&str, Messages)> =
        LANGUAGES.iter().map(|language| Ok((*language, read(language)?))).collect::<Result<_, Problem>>()?;
    let all: BTreeSet<&String> = locales.iter().flat_map(|(_, messages)| messages.keys()).collect();
    let office = of_the_office()?;
    let mut methods = String::from("impl Words {\n");
    let mut by_key = String::from("match key {\n");
    let mut by_form_key = by_key.clone();
    for key in all {
        let mut patterns = Vec::new();
        let mut wanted: Option<BTreeMap<String, bool>> = None;
        for (language, messages) in &locales {
            let pattern = messages.get(key).ok_or_else(|| format!("{language} lacks the text {key}"))?;
            let mut found = BTreeMap::new();
            variables(pattern, &mut found).map_err(|error| format!("{language}: {key}: {error}"))?;
            match &wanted {
                Some(wanted) if *wanted != found => {
                    return Err(format!("{key} has other variables in {language}").into());
                }
                _ => wanted = Some(found),
            }
            patterns.push(pattern);
        }
        let wanted = wanted.unwrap_or_default();
        let name = snake(key);
        let first = summary(key, patterns[0]);
        if wanted.is_empty() {
            write_constant(&mut methods, &first, &name, (plain(patterns[0]), plain(patterns[1])))?;
            by_form_key.push_str(&arm(key, &name, &FORMS, &office));
            by_key.push_str(&arm(key, &name, &LISTS, &office));
        } else {
            let arguments: Vec<String> = wanted
                .iter()
                .map(|(name, plural)| {
                    format!("{}: {}", snake(name), if *plural { "usize" } else { "impl core::fmt::Display" })
                })
                .collect();
            writeln!(
                methods,
                "/// {first}\n#[must_use]\npub fn {name}(self, {}) -> String {{\nlet mut text = String::new();\nmatch self {{",
                arguments.join(", ")
            )?;
            let (mut dutch, mut english) = (String::new(), String::new());
            write_pattern(&mut dutch, patterns[0])?;
            write_pattern(&mut english, patterns[1])?;
            if dutch == english {
                writeln!(methods, "Self::Dutch | Self::English => {{\n{dutch}}}")?;
            } else {
                writeln!(methods, "Self::Dutch => {{\n{dutch}}}\nSelf::English => {{\n{english}}}")?;
            }
            writeln!(methods, "}}\ntext\n}}")?;
        }
    }
    let lists = [
        ("by_key", "of a list whose words are data", by_key),
        ("by_form_key", "of a list of forms", by_form_key),
    ];
    for (name, of, arms) in lists {
        writeln!(
            methods,
            "/// The text with this key {of}.\n#[must_use]\n#[expect(clippy::too_many_lines, reason = \"made by the build script: one line a text\")]\npub fn {name}(self, key: &str) -> Option<&'static str> {{\nSome({arms}_ => return None,\n}})\n}}"
        )?;
    }
    methods.push('}');
    methods.push('\n');
    methods.push_str(&public(&["nl", "en", "ar", "ti", "uk"])?);
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("words.rs"), methods)?;
    Ok(())
}
