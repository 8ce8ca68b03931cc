//! The app with the screens of the office.

fn main() {
    mobile_shell::start();
}
