//! Volunteers (vrijwilligers): what is known of somebody who works here without pay, for every slice that works with them.

pub mod availability;
