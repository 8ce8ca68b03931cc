//! What a round tells about somebody who is to be forgotten.

use super::document;
use crate::document::{Document, Forgotten, Map};
use crate::ids::{LogId, ReaderId, StopId, UserId};

/// Everything that a round tells about a reader: who it was, what was to be brought there, and what was said about it. That somebody was
/// visited, when and with how many books stays counted.
#[must_use]
pub fn reader_on_round(round: &Document, reader: ReaderId) -> Forgotten {
    words_where(round, |stop| stop.id(document::READER) == Some(reader))
}

/// Everything that a round tells beside counts: of everybody on it.
#[must_use]
pub fn words_of_round(round: &Document) -> Forgotten {
    words_where(round, |_| true)
}

/// What a round tells about stops of which it is not known any more whose they are: words that came after their reader was forgotten.
#[must_use]
pub fn words_of_nobody(round: &Document) -> Forgotten {
    words_where(round, |stop| stop.id::<ReaderId>(document::READER).is_none())
}

/// Whether something said or planned stands in this document at one of these places.
#[must_use]
pub fn tells(document: &Document, forgotten: &Forgotten) -> bool {
    forgotten.gone.iter().any(|path| {
        let Some((key, within)) = path.split_last() else { return false };
        let mut map = Some(document.root());
        for step in within {
            map = map.and_then(|map| map.map(step));
        }
        map.is_some_and(|map| !map.string(key).is_empty())
    })
}

/// Everything that a worry tells beside counts.
#[must_use]
pub fn words_of_signal() -> Forgotten {
    let keys = [document::NOTE, document::ANSWER, document::READER];
    Forgotten { gone: keys.iter().map(|key| vec![(*key).to_owned()]).collect(), ..Forgotten::default() }
}

fn words_where(round: &Document, theirs: impl Fn(&Map<'_>) -> bool) -> Forgotten {
    let root = round.root();
    let stops: Vec<StopId> = root
        .entries::<StopId>(document::STOPS)
        .into_iter()
        .filter(|(_, stop)| theirs(stop))
        .map(|(id, _)| id)
        .collect();
    if stops.is_empty() {
        return Forgotten::default();
    }
    let fields = |within: &str, id: String, keys: &[&str]| -> Vec<Vec<String>> {
        keys.iter().map(|key| vec![within.to_owned(), id.clone(), (*key).to_owned()]).collect()
    };
    let of_stops = stops.iter().flat_map(|id| {
        let keys = [document::READER, document::BAG, document::BRING, document::FETCH];
        fields(document::STOPS, id.to_string(), &keys)
    });
    let of_logs = root
        .entries::<LogId>(document::LOGS)
        .into_iter()
        .filter(|(_, log)| log.id(document::STOP).is_some_and(|stop| stops.contains(&stop)))
        .flat_map(|(id, _)| fields(document::LOGS, id.to_string(), &[document::WISH, document::NOTE]));
    Forgotten { gone: of_stops.chain(of_logs).collect(), ..Forgotten::default() }
}

/// The name of a volunteer on a round, for which something else stands from now on.
#[must_use]
pub fn volunteer_on_round(round: &Document, user: UserId, instead: &str) -> Forgotten {
    let key = user.to_string();
    let named = round.root().map(document::ASSIGNEES).is_some_and(|names| !names.string(&key).is_empty());
    let path = vec![document::ASSIGNEES.to_owned(), key];
    let instead = named.then(|| (path, instead.to_owned())).into_iter().collect();
    Forgotten { instead, ..Forgotten::default() }
}
