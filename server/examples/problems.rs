//! Prints `docs/problems.md`: every problem the HTTP interface can answer.

#[expect(clippy::print_stdout, reason = "the file is what is printed")]
fn main() {
    print!("{}", server::problem::table());
}
