//! A coordinator brings in the list that the Taalhuis kept until now.

use tests::Outcome;
use tests::browser::DESK;
use tests::spreadsheet::crooked;

use crate::story;

#[test]
fn a_crooked_list_is_looked_at_checked_and_brought_in() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let list = crooked(120)?;
        let file = stage.folder.path().join("lijst.xlsx");
        std::fs::write(&file, &list.file)?;
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        desk.taps("Deelnemers").await?;
        desk.waits("the list", "!!document.querySelector('.list-pane .rows a')").await?;
        let found = "Number(document.querySelector('.list-pane [role=status]').innerText.match(/\\d+/)[0])";
        let before = desk.value(found).await?.as_u64().ok_or("no number")?;
        desk.taps("Uit een bestand").await?;
        desk.picks("import-file", &file).await?;
        // The columns are known by what stands above them.
        desk.sees("Wat staat in welke kolom?").await?;
        let meaning = desk.value("document.querySelector('#column-4').value").await?;
        assert_eq!(meaning, "birth_date");
        desk.taps("Kijk alle rijen na").await?;
        desk.sees("Wat komt erin?").await?;
        desk.sees("31-02-").await?;
        desk.sees("Lijkt op").await?;
        let new = u64::try_from(list.rows - list.refused.len() - list.doubles.len())?;
        // One that stands in it twice is somebody else after all: that row is checked once more.
        desk.taps_on("#import-doubles input").await?;
        desk.taps_on("#import-report .row button.main").await?;
        desk.taps(&format!("Zet {} rijen erin", new + 1)).await?;
        desk.sees(&format!("{} rijen zijn overgenomen.", new + 1)).await?;
        desk.taps("Klaar").await?;
        desk.waits("the learners", &format!("{found} === {}", before + new + 1)).await?;
        desk.closes().await
    })
}
