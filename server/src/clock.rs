//! The server's clock: the only place that asks what time it is. Tests set it themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sync_core::time::Timestamp;

/// Tells the time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The time of the machine.
    #[default]
    Machine,
    /// A time that a test sets, in milliseconds.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn set(now: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(now.as_millis())))
    }

    /// Now, in whole milliseconds: what both databases keep exactly.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the server's clock")]
            Self::Machine => Timestamp(chrono::Utc::now().timestamp_millis()),
            Self::Set(millis) => Timestamp(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a clock that a test set; the clock of the machine does not move.
    pub fn move_to(&self, now: Timestamp) {
        if let Self::Set(millis) = self {
            millis.store(now.as_millis(), Ordering::SeqCst);
        }
    }
}
