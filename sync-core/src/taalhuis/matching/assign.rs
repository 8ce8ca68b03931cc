//! The cheapest assignment of rows to columns that have room for several: shortest augmenting paths with potentials, as in Jonker and
//! Volgenant (1987) and in `linear_sum_assignment` of `SciPy`, with two differences. A column stands once, with its room, where `SciPy` wants
//! it once for every seat: a third of the work here, since seats of one buddy are all alike. And costs are small whole numbers, of which
//! a processor weighs several at once. Ties cost nothing extra: of equals a column with room left ends the search.

/// The most that a pair may cost: the longest way over 30,000 rows is still nearer than [`UNREACHED`].
pub(super) const COST_MAX: i32 = 1 << 12;
/// A pair that cannot be.
pub(super) const IMPOSSIBLE: i32 = 1 << 28;
/// From this distance on the way leads over a pair that cannot be.
const UNREACHED: i32 = 1 << 27;
/// Farther than anything.
const FAR: i32 = 1 << 29;
/// Takes a column out of the search: whatever is added, it stays farther than [`FAR`].
const CLOSED: i32 = FAR + UNREACHED;

/// A search for the cheapest way to one more seat.
struct Search<'a> {
    /// Row by row.
    costs: &'a [i32],
    /// How many more fit in each column.
    room: Vec<usize>,
    /// Who sits in each column.
    seated: Vec<Vec<usize>>,
    /// The column of each row.
    column: Vec<Option<usize>>,
    /// Potentials of rows and columns.
    rows: Vec<i32>,
    columns: Vec<i32>,
    /// The distance of each column that is still open, and the row from which it was reached.
    distance: Vec<i32>,
    from: Vec<usize>,
    /// The potential of each column as the search sees it: far away when it is closed.
    seen: Vec<i32>,
    /// The columns that are closed, with their distance.
    closed: Vec<(usize, i32)>,
}

impl Search<'_> {
    /// Looks from this row, which lies at this distance, at every column that is open.
    fn look(&mut self, row: usize, base: i32) {
        let width = self.distance.len();
        let start = base - self.rows[row];
        let costs = self.costs.get(row * width..(row + 1) * width).unwrap_or_default();
        let open = self.distance.iter_mut().zip(&mut self.from).zip(&self.seen).zip(costs);
        for (((distance, from), seen), cost) in open {
            let through = start + cost - seen;
            let nearer = through < *distance;
            *distance = if nearer { through } else { *distance };
            *from = if nearer { row } else { *from };
        }
    }

    /// The nearest open column, one with room before others.
    fn nearest(&self) -> Option<(usize, i32)> {
        let least = self.distance.iter().copied().fold(FAR, i32::min);
        if least >= UNREACHED {
            return None;
        }
        let mut first = None;
        for (column, _) in self.distance.iter().enumerate().filter(|(_, distance)| **distance == least) {
            if self.room[column] > 0 {
                return Some((column, least));
            }
            first = first.or(Some(column));
        }
        first.map(|column| (column, least))
    }

    /// Finds a seat for one more row by the cheapest way; false when there is none.
    fn seat(&mut self, row: usize) -> bool {
        self.distance.fill(FAR);
        self.seen.clone_from(&self.columns);
        self.closed.clear();
        self.look(row, 0);
        let (end, length) = loop {
            let Some((column, distance)) = self.nearest() else { return false };
            if self.room[column] > 0 {
                break (column, distance);
            }
            self.closed.push((column, distance));
            self.distance[column] = FAR;
            self.seen[column] = -CLOSED;
            // Whoever sits there could move: each at the same distance, for on a seat that is taken nothing is paid twice.
            for place in 0..self.seated[column].len() {
                self.look(self.seated[column][place], distance);
            }
        };
        self.rows[row] += length;
        for (column, distance) in &self.closed {
            self.columns[*column] -= length - distance;
            for other in &self.seated[*column] {
                self.rows[*other] += length - distance;
            }
        }
        self.move_up(end);
        true
    }

    /// Along the way to the free seat, everybody moves up.
    fn move_up(&mut self, end: usize) {
        self.room[end] -= 1;
        let mut to = end;
        loop {
            let mover = self.from[to];
            let left = self.column[mover].replace(to);
            self.seated[to].push(mover);
            // Who has left no seat is the one for whom all this was done.
            let Some(left) = left else { return };
            self.seated[left].retain(|other| *other != mover);
            to = left;
        }
    }
}

/// A column for every row, so that they cost the least together and no column gets more than it has room for. `costs` holds a cost of at
/// most [`COST_MAX`], or [`IMPOSSIBLE`], for every row and column, row by row. A row for which no way is left stays without a column;
/// whoever comes first is served first.
pub(super) fn assign(costs: &[i32], room: &[usize]) -> Vec<Option<usize>> {
    let width = room.len();
    let height = costs.len().checked_div(width).unwrap_or_default();
    let mut search = Search {
        costs,
        room: room.to_vec(),
        seated: vec![Vec::new(); width],
        column: vec![None; height],
        rows: vec![0; height],
        columns: vec![0; width],
        distance: vec![FAR; width],
        from: vec![0; width],
        seen: vec![0; width],
        closed: Vec::new(),
    };
    for row in 0..height {
        search.seat(row);
    }
    search.column
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(costs: &[i32], width: usize, chosen: &[Option<usize>]) -> i64 {
        let pairs = chosen.iter().enumerate().filter_map(|(row, column)| Some(row * width + (*column)?));
        pairs.map(|place| i64::from(costs[place])).sum()
    }

    /// Every way to seat these rows, tried.
    fn by_trying(costs: &[i32], room: &mut [usize], row: usize) -> Option<i64> {
        let width = room.len();
        if row * width == costs.len() {
            return Some(0);
        }
        let mut best = None;
        for column in 0..width {
            let cost = costs[row * width + column];
            if room[column] == 0 || cost == IMPOSSIBLE {
                continue;
            }
            room[column] -= 1;
            let rest = by_trying(costs, room, row + 1);
            room[column] += 1;
            let whole = rest.map(|rest| rest + i64::from(cost));
            best = [best, whole].into_iter().flatten().min();
        }
        best
    }

    /// The same costs with a column for every seat, solved by the crate `lsap`.
    fn by_another(costs: &[i32], room: &[usize]) -> i64 {
        let width = room.len();
        let seats: Vec<usize> =
            room.iter().enumerate().flat_map(|(column, room)| std::iter::repeat_n(column, *room)).collect();
        let height = costs.len() / width;
        let spread: Vec<f64> = (0..height)
            .flat_map(|row| seats.iter().map(move |column| f64::from(costs[row * width + column])))
            .collect();
        let (_, chosen) = lsap::solve(height, seats.len(), &spread, false).unwrap();
        chosen.iter().enumerate().map(|(row, seat)| i64::from(costs[row * width + seats[*seat]])).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

        #[test]
        fn no_other_way_is_cheaper(
            room in prop::collection::vec(0_usize..3, 1..5),
            height in 1_usize..6,
            seed in prop::collection::vec(prop_oneof![Just(IMPOSSIBLE), 0..4_i32, 0..COST_MAX], 25),
        ) {
            let costs: Vec<i32> = seed.into_iter().cycle().take(height * room.len()).collect();
            let chosen = assign(&costs, &room);
            let mut left = room.clone();
            for (row, column) in chosen.iter().enumerate() {
                let Some(column) = column else { continue };
                prop_assert!(costs[row * room.len() + column] < IMPOSSIBLE);
                prop_assert!(left[*column] > 0, "nobody sits where there is no room");
                left[*column] -= 1;
            }
            if let Some(least) = by_trying(&costs, &mut room.clone(), 0) {
                prop_assert!(chosen.iter().all(Option::is_some), "everybody who can sit, sits");
                prop_assert_eq!(total(&costs, room.len(), &chosen), least);
            }
        }
    }

    #[test]
    fn long_lists_with_and_without_ties_cost_what_another_solver_finds() {
        let mut chance = 7_u64;
        let mut next = |below: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i32::try_from((chance >> 33) % below).unwrap()
        };
        for spread in [2, 30, 1_001] {
            for (height, width) in [(40, 60), (120, 50), (200, 180)] {
                let room: Vec<usize> = (0..width).map(|_| usize::try_from(next(5)).unwrap()).collect();
                let height = height.min(room.iter().sum());
                let costs: Vec<i32> = (0..height * width).map(|_| next(spread)).collect();
                let chosen = assign(&costs, &room);
                assert!(chosen.iter().all(Option::is_some));
                assert_eq!(
                    total(&costs, width, &chosen),
                    by_another(&costs, &room),
                    "{height} × {width}, {spread}"
                );
            }
        }
    }

    #[test]
    fn nothing_to_assign_is_nothing() {
        assert_eq!(assign(&[], &[]), []);
        assert_eq!(assign(&[1, 2], &[0, 0]), [None]);
        assert_eq!(assign(&[IMPOSSIBLE], &[1]), [None]);
    }
}
