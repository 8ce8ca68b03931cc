//! The same work on many documents at once (`docs/decisions/0032-side-by-side.md`).

use rayon::prelude::*;

/// From so many documents on they are worked on side by side: for fewer, waking another thread costs more than it gains.
const MANY: usize = 8;

/// Does the same with each of these, in order; side by side when they are many.
pub(crate) fn side_by_side<T: Send, R: Send>(work: Vec<T>, one: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
    if work.len() < MANY {
        work.into_iter().map(one).collect()
    } else {
        work.into_par_iter().map(one).collect()
    }
}
