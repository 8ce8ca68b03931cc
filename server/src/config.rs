//! Configuration: the documented default file `noaber.toml`, then a file of one's own, then `NOABER_…` variables. A wrong
//! value stops the start with the key, the value and what is allowed.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sync_core::sync::message::PROTOCOL;
use tracing_subscriber::EnvFilter;

use crate::mail;

/// The default file; it documents every key.
pub const DEFAULTS: &str = include_str!("../noaber.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database.
    pub database: String,
    /// The folder for keys and other files of the server.
    pub data: PathBuf,
    /// The address people type, for cookies and the check of `Origin`.
    pub public_address: String,
    /// The file of the certificate, when the server speaks TLS itself.
    pub tls_certificate: String,
    /// The file of its key.
    pub tls_key: String,
    /// The addresses of the proxies in front of the server, with commas between; empty for none.
    pub trusted_proxies: String,
    /// How logs look.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_filter: String,
    /// How many days a phone with rounds may keep its data without contact.
    pub lease_days: u16,
    /// How many days a reader who stopped is kept after the last contact.
    pub retention_reader_days: u16,
    /// How many days the account of somebody who left is kept.
    pub retention_person_days: u16,
    /// How many days a mail is kept after it was sent or given up.
    pub retention_mail_days: u16,
    /// The oldest protocol that an app must speak to get data; of an older one only the outbox is taken.
    pub minimum_protocol: u32,
    /// How many requests a device may send in a minute.
    pub requests_per_minute: u32,
    /// How often the server looks for what is due, in seconds.
    pub clock_seconds: u16,
    /// The folder with the built app; empty for the one in the program.
    pub app: String,
    /// Who mail is from.
    pub mail_from: String,
    /// The mail server; empty for files in the data folder.
    pub mail_server: String,
    /// A file with a certificate that is trusted beside the well-known ones, for the mail server; empty for none.
    pub mail_certificate: String,
    /// Who gets the end of the audit log by mail each day; empty for nobody.
    pub audit_mail: String,
    /// Where somebody who finds a hole can write; empty to say nothing.
    pub security_contact: String,
    /// The address of a geocoder in the manner of PDOK's Locatieserver; empty to ask nobody where an address lies.
    pub geocoder: String,
    /// The word that opens `/metrics` to another machine; empty for nobody.
    pub metrics_token: String,
}

/// How logs look.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Why the configuration is not accepted: the key, the value and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The text is not TOML, or a key or value is not known.
    #[error("{origin}: {message}")]
    Value {
        /// The file or variables.
        origin: String,
        /// What is wrong, with what is allowed.
        message: String,
    },
    /// A value has the right shape but makes no sense.
    #[error("{key} is \"{value}\"; allowed is {allowed}")]
    Range {
        /// Which key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

fn parse(origin: &str, text: &str) -> Result<toml::Table, ConfigError> {
    text.parse().map_err(|error: toml::de::Error| ConfigError::Value {
        origin: origin.to_owned(),
        message: error.to_string(),
    })
}

impl Config {
    /// Reads defaults, an own file, and variables, in this order.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = parse("the default configuration", DEFAULTS)?;
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
            table.extend(parse(&path.display().to_string(), &text)?);
        }
        for (name, value) in variables {
            let Some(key) = name.strip_prefix("NOABER_") else { continue };
            let key = key.to_lowercase();
            if key == "config" {
                continue;
            }
            // A number stays a number where the default is one; everything else is text.
            let value = match (table.get(&key), value.parse::<i64>()) {
                (Some(toml::Value::Integer(_)), Ok(number)) => toml::Value::Integer(number),
                _ => toml::Value::String(value),
            };
            table.insert(key, value);
        }
        let origin = file.map_or_else(|| "NOABER_… variables".to_owned(), |path| path.display().to_string());
        let config: Self =
            toml::Value::Table(table.clone()).try_into().map_err(|error: toml::de::Error| {
                let mut message = error.message().to_owned();
                if let Some((key, value)) =
                    table.iter().find(|(key, _)| error.to_string().contains(key.as_str()))
                {
                    let _ = write!(message, " ({key} is {value})");
                }
                ConfigError::Value { origin, message }
            })?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        if !self.database.starts_with("sqlite:")
            && !self.database.starts_with("postgres:")
            && !self.database.starts_with("postgresql:")
        {
            return Err(ConfigError::Range {
                key: "database",
                // A wrong address may still hold a password.
                value: self.database.split(':').next().unwrap_or_default().to_owned(),
                allowed: "sqlite:<file> or postgres://<user>:<password>@<host>/<name>",
            });
        }
        if !self.public_address.starts_with("http://") && !self.public_address.starts_with("https://") {
            return Err(ConfigError::Range {
                key: "public_address",
                value: self.public_address.clone(),
                allowed: "an address that begins with https:// (or http:// on loopback)",
            });
        }
        for (key, value, range, allowed) in [
            ("lease_days", self.lease_days, 1..=365, "1 to 365"),
            ("retention_reader_days", self.retention_reader_days, 30..=3_650, "30 to 3650"),
            ("retention_person_days", self.retention_person_days, 30..=3_650, "30 to 3650"),
            ("retention_mail_days", self.retention_mail_days, 1..=365, "1 to 365"),
            ("clock_seconds", self.clock_seconds, 5..=3_600, "5 to 3600"),
        ] {
            if !range.contains(&value) {
                return Err(ConfigError::Range { key, value: value.to_string(), allowed });
            }
        }
        if !(1..=PROTOCOL + 1).contains(&self.minimum_protocol) {
            return Err(ConfigError::Range {
                key: "minimum_protocol",
                value: self.minimum_protocol.to_string(),
                allowed: "1, up to one more than this server speaks",
            });
        }
        self.check_addresses()?;
        self.check_rest()
    }

    /// Who is reached where, and by what way.
    fn check_addresses(&self) -> Result<(), ConfigError> {
        let contact = self.security_contact.as_str();
        if !contact.is_empty() && !contact.starts_with("mailto:") && !contact.starts_with("https://") {
            return Err(ConfigError::Range {
                key: "security_contact",
                value: contact.to_owned(),
                allowed: "mailto: and an address, or an address that begins with https://",
            });
        }
        // Addresses of people travel to it: locked on the way, or on this machine.
        let geocoder = self.geocoder.as_str();
        let here = geocoder.starts_with("http://localhost:") || geocoder.starts_with("http://127.0.0.1:");
        if !geocoder.is_empty() && !geocoder.starts_with("https://") && !here {
            return Err(ConfigError::Range {
                key: "geocoder",
                value: geocoder.to_owned(),
                allowed: "an address that begins with https://, or of this machine",
            });
        }
        if self.tls_certificate.is_empty() != self.tls_key.is_empty() {
            return Err(ConfigError::Range {
                key: if self.tls_key.is_empty() { "tls_key" } else { "tls_certificate" },
                value: String::new(),
                allowed: "a file, when the other one of tls_certificate and tls_key is given",
            });
        }
        if self.proxies().len()
            != self.trusted_proxies.split(',').filter(|part| !part.trim().is_empty()).count()
        {
            return Err(ConfigError::Range {
                key: "trusted_proxies",
                value: self.trusted_proxies.clone(),
                allowed: "addresses such as 192.0.2.7, with commas between",
            });
        }
        let speaks_tls = !self.tls_certificate.is_empty() || !self.proxies().is_empty();
        if !(self.listen.ip().is_loopback() || self.is_secure() && speaks_tls) {
            return Err(ConfigError::Range {
                key: "listen",
                value: self.listen.to_string(),
                allowed: "a loopback address, unless public_address begins with https:// and either tls_certificate is given \
                          or trusted_proxies names who speaks TLS in front",
            });
        }
        Ok(())
    }

    /// What is neither an address nor a term.
    fn check_rest(&self) -> Result<(), ConfigError> {
        if !(10..=100_000).contains(&self.requests_per_minute) {
            return Err(ConfigError::Range {
                key: "requests_per_minute",
                value: self.requests_per_minute.to_string(),
                allowed: "10 to 100000",
            });
        }
        if let Err(error) = EnvFilter::try_new(&self.log_filter) {
            return Err(ConfigError::Value {
                origin: "log_filter".to_owned(),
                message: format!(
                    "\"{}\": {error}; allowed is a filter such as info or server=debug",
                    self.log_filter
                ),
            });
        }
        if !mail::is_server(&self.mail_server) {
            return Err(ConfigError::Range {
                key: "mail_server",
                // It may hold a password.
                value: self.mail_server.split("://").next().unwrap_or_default().to_owned(),
                allowed: "smtps://user:password@host, smtp://host:port?tls=required, or smtp:// without TLS to this machine only",
            });
        }
        Ok(())
    }

    /// The proxies in front.
    #[must_use]
    pub fn proxies(&self) -> Vec<IpAddr> {
        self.trusted_proxies.split(',').filter_map(|part| part.trim().parse().ok()).collect()
    }

    /// Whether nobody but this machine reaches the server: by where it listens, and by the address that people type.
    #[must_use]
    pub fn stays_here(&self) -> bool {
        let typed = self.public_address.split("://").nth(1).unwrap_or_default();
        let host = typed.split(['/', ':']).next().unwrap_or_default();
        self.listen.ip().is_loopback() && matches!(host, "localhost" | "127.0.0.1")
    }

    /// Whether people reach the server over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_address.starts_with("https://")
    }

    /// The configuration as a file, secrets hidden.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        if let Some((before, after)) = self.database.split_once('@') {
            let user = before.rsplit_once(':').map_or(before, |(user, _)| user);
            shown.database = format!("{user}:(hidden)@{after}");
        }
        if let Some((_, after)) = self.mail_server.split_once('@') {
            let scheme = self.mail_server.split("://").next().unwrap_or_default();
            shown.mail_server = format!("{scheme}://(hidden)@{after}");
        }
        if !shown.metrics_token.is_empty() {
            "(hidden)".clone_into(&mut shown.metrics_token);
        }
        toml::to_string(&shown).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Result<Config, ConfigError> {
        Config::load(None, [(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn the_defaults_are_good() {
        assert!(Config::load(None, []).is_ok());
    }

    #[test]
    fn a_wrong_value_is_named_with_its_key_and_what_is_allowed() {
        for (name, value, key, allowed) in [
            ("NOABER_LEASE_DAYS", "0", "lease_days", "1 to 365"),
            ("NOABER_RETENTION_READER_DAYS", "7", "retention_reader_days", "30 to 3650"),
            ("NOABER_RETENTION_PERSON_DAYS", "7", "retention_person_days", "30 to 3650"),
            ("NOABER_RETENTION_MAIL_DAYS", "0", "retention_mail_days", "1 to 365"),
            ("NOABER_MINIMUM_PROTOCOL", "0", "minimum_protocol", "1, up to"),
            ("NOABER_SECURITY_CONTACT", "hier", "security_contact", "mailto:"),
            ("NOABER_GEOCODER", "http://api.voorbeeld.invalid/free", "geocoder", "https://"),
            ("NOABER_TLS_KEY", "key.pem", "tls_certificate", "a file"),
            ("NOABER_DATABASE", "mysql://x", "database", "sqlite"),
            ("NOABER_LOG_FORMAT", "xml", "xml", "text"),
            ("NOABER_LISTEN", "0.0.0.0:80", "listen", "loopback"),
            ("NOABER_REQUESTS_PER_MINUTE", "0", "requests_per_minute", "10 to"),
            ("NOABER_CLOCK_SECONDS", "0", "clock_seconds", "5 to 3600"),
            ("NOABER_LOG_FILTER", "server=loud", "log_filter", "info"),
            ("NOABER_MAIL_SERVER", "smtp://mail.voorbeeld.invalid", "mail_server", "tls=required"),
            ("NOABER_MAIL_SERVER", "hier", "mail_server", "smtps://"),
            ("NOABER_TRUSTED_PROXIES", "de proxy", "trusted_proxies", "192.0.2.7"),
            ("NOABER_PROT", "80", "prot", "listen"),
        ] {
            let message = with(name, value).unwrap_err().to_string();
            assert!(message.contains(key) && message.contains(allowed), "{message}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let config = with("NOABER_DATABASE", "postgres://noaber:geheim@db/noaber").unwrap();
        assert!(!config.shown().contains("geheim"));
    }
}
