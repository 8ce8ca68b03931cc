//! Small choices of a person on this device: language, theme, size of the text. Nothing about people.

use std::cell::Cell;

use leptos::prelude::*;
use words::Words;

use crate::browser::machine::{html_attribute, keep_setting, setting};

/// How the app looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the device says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) const fn label(self, words: Words) -> &'static str {
        match self {
            Self::System => words.theme_system(),
            Self::Light => words.theme_light(),
            Self::Dark => words.theme_dark(),
        }
    }
}

/// The choices.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    /// The language.
    pub(crate) words: RwSignal<Words>,
    /// The theme.
    pub(crate) theme: RwSignal<Theme>,
    /// The size of the text: 0, 1 or 2.
    pub(crate) size: RwSignal<u8>,
}

impl Settings {
    /// Reads the choices and keeps the page in step with them.
    pub(crate) fn provide() -> Self {
        let words = setting("language").and_then(|code| Words::parse(&code)).unwrap_or_default();
        let theme = match setting("theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        let size = setting("text-size").and_then(|text| text.parse().ok()).unwrap_or(0_u8).min(2);
        let settings =
            Self { words: RwSignal::new(words), theme: RwSignal::new(theme), size: RwSignal::new(size) };
        Effect::new(move |_| {
            html_attribute("lang", Some(settings.words.get().code()));
            keep_setting("language", settings.words.get().code());
        });
        Effect::new(move |_| {
            let theme = settings.theme.get();
            html_attribute("data-theme", (theme != Theme::System).then(|| theme.as_str()));
            keep_setting("theme", theme.as_str());
        });
        Effect::new(move |_| {
            html_attribute(
                "data-text",
                Some(["normal", "large", "largest"][usize::from(settings.size.get().min(2))]),
            );
            keep_setting("text-size", &settings.size.get().to_string());
        });
        provide_context(settings);
        SETTINGS.set(Some(settings));
        settings
    }
}

thread_local! {
    /// The choices of this page. Leptos's context is gone after an await.
    static SETTINGS: Cell<Option<Settings>> = const { Cell::new(None) };
}

/// The texts in the chosen language. Read it inside a view, so that the view follows the language.
pub(crate) fn words() -> Words {
    SETTINGS.get().map_or(Words::Dutch, |settings| settings.words.get())
}

/// A text that stands at a field, in the language of the moment.
pub(crate) fn label(text: fn(words::Words) -> &'static str) -> Signal<String> {
    Signal::derive(move || text(words()).to_owned())
}
