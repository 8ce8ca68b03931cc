//! Prints `docs/access.md`: who may do what, as the running server answers it.

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the file is what is printed")]
async fn main() -> tests::Outcome {
    print!("{}", tests::matrix::table().await?);
    Ok(())
}
