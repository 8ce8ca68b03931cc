//! Prints `docs/problems.md`: every problem the HTTP interface can answer.

use server::problem::title;
use sync_core::problem::ProblemKind;

#[expect(clippy::print_stdout, reason = "the file is what is printed")]
fn main() {
    println!("# Problems\n");
    println!(
        "Every problem the server can answer, as `application/problem+json` (RFC 9457) or as the refusal of a command."
    );
    println!("Written by `cargo xtask generate`; the list itself is `sync-core/src/problem.rs`.\n");
    println!("| Type | Status | In words |\n|---|---|---|");
    for kind in ProblemKind::ALL {
        println!("| `/problems/{}` | {} | {} |", kind.slug(), kind.status(), title(*kind));
    }
}
