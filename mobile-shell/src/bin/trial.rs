//! What is tried within a browser without any screen.

fn main() {
    mobile_shell::trial::start();
}
