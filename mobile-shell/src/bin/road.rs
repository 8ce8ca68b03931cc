//! The app for the road: without the screens of the office.

fn main() {
    mobile_shell::start();
}
