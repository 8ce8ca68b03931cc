//! Nobody in who does not belong: every route and command, by everybody.

use tests::Outcome;

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_who_may_do_what_is_true() -> Outcome {
    let told = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access.md"))?;
    let asked = tests::matrix::table().await?;
    for (line, (told, asked)) in (1..).zip(told.lines().zip(asked.lines())) {
        assert_eq!(
            told, asked,
            "line {line} of docs/access.md; cargo xtask generate writes it anew, read what changed"
        );
    }
    assert_eq!(told, asked, "docs/access.md is shorter or longer than what is true");
    Ok(())
}
