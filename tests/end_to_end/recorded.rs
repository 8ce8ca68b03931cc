//! What old phones send is still read, and means the same.

use sync_core::command::Command;
use sync_core::sync::packed::Packed;
use tests::Outcome;
use tests::recorded;

#[test]
fn commands_of_every_release_are_read_and_packed_as_they_were() -> Outcome {
    let all = recorded::all()?;
    for (kind, body) in &all {
        let command = Command::read(kind, &Packed::Cbor(body.clone()));
        let command =
            command.map_err(|refusal| format!("{kind} of an old phone is not read: {refusal:?}"))?;
        assert_eq!(command.kind(), kind);
        // By its kind a proof is asked before it is read.
        assert_eq!(command.erases(), kind.starts_with("erase_"), "{kind}");
        // A field that came since is left out where it says nothing: the phone and the server make the same change of it.
        let Packed::Cbor(packed) = command.body() else { return Err("a body is packed as CBOR".into()) };
        assert_eq!(&packed, body, "{kind} is packed otherwise than it was");
    }
    assert_eq!(recorded::missing()?, "", "new commands: cargo xtask generate records them");
    Ok(())
}

#[test]
fn acts_of_every_release_come_to_the_same_changes_on_the_bases_they_were_done_on() -> Outcome {
    let acts = recorded::acts()?;
    assert!(acts.len() > 100, "only {} are recorded", acts.len());
    let differing = recorded::differing(&acts)?;
    assert!(
        differing.is_empty(),
        "{} of {} came to another change: {differing:?}",
        differing.len(),
        acts.len()
    );
    Ok(())
}
