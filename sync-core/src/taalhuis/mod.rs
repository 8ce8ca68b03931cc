//! Taalhuis: people who want to learn Dutch, reading, arithmetic or digital skills, and the buddies who help them.

pub mod matching;
