//! The server over a real socket, as programs and phones meet it.

mod access;
mod backup;
mod contrast;
mod databases;
mod disk;
mod faults;
mod forgetting;
mod geocoder;
mod import;
mod joined;
mod leaving;
mod limits;
mod mail;
mod noise;
mod operator;
mod people;
mod program;
mod proof;
mod recorded;
mod reminders;
mod rights;
mod settings;
mod taalhuis;
mod tls;
mod tokens;
mod torture;
