//! Small sets of words from a fixed list: one number, so that thousands of people are compared in a moment.

use core::fmt;
use core::marker::PhantomData;

use crate::list::Listed;

/// The bit of a value: its place in the list.
fn bit<T: Listed>(value: T) -> u16 {
    let place = T::ALL.iter().position(|one| *one == value).unwrap_or_default();
    1_u16.checked_shl(u32::try_from(place).unwrap_or_default()).unwrap_or_default()
}

/// A set of values of one list of at most sixteen words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T>(u16, PhantomData<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(0, PhantomData)
    }
}

impl<T: Listed> Set<T> {
    /// The set of these.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = T>) -> Self {
        Self(values.into_iter().fold(0, |bits, value| bits | bit(value)), PhantomData)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether this one is in it.
    #[must_use]
    pub fn has(self, value: T) -> bool {
        self.0 & bit(value) != 0
    }

    /// What two sets share.
    #[must_use]
    pub const fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0, PhantomData)
    }

    /// The set without this one.
    #[must_use]
    pub fn without(self, value: T) -> Self {
        Self(self.0 & !bit(value), PhantomData)
    }

    /// Its values, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::ALL.iter().copied().filter(move |value| self.has(*value))
    }
}

impl<T: Listed + fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}
