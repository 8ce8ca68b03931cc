//! Access tokens: short JWTs signed with Ed25519. They say who and which device, never what that person may do: rights
//! come from the database at every request.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use tempfile::NamedTempFile;
use uuid::Uuid;

use crate::problem::Problem;

/// How long an access token lives, in seconds: ten minutes.
pub const ACCESS_SECONDS: i64 = 600;
const ISSUER: &str = "noaber";
const AUDIENCE: &str = "noaber-api";
const TYPE: &str = "at+jwt";

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// When it ends, in seconds.
    exp: i64,
    /// Who.
    pub sub: Uuid,
    /// Of which organisation.
    pub org: Uuid,
    /// On which device.
    pub dev: Uuid,
    /// The person's epoch when it was made.
    pub epoch: i64,
}

/// The signing key and what checks it.
pub struct Keys {
    kid: String,
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Why the server cannot sign.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the signing key in the data folder cannot be read or written")]
    File(#[from] std::io::Error),
    /// The file holds no Ed25519 key.
    #[error("the file with the signing key does not hold an Ed25519 key")]
    Key(#[from] ed25519_dalek::pkcs8::Error),
    /// No chance to be had from the machine.
    #[error("the machine gives no random numbers")]
    Chance(#[from] getrandom::Error),
    /// Signing and checking do not fit together.
    #[error("a token that was just signed does not verify")]
    Check(#[from] jsonwebtoken::errors::Error),
}

impl Keys {
    /// Reads the key from the folder, or makes one that only this user can read.
    pub fn load(folder: &Path) -> Result<Self, KeyError> {
        fs::create_dir_all(folder)?;
        let path = folder.join("signing-key.pem");
        if !path.exists() {
            make_key(&path)?;
        }
        let key = SigningKey::from_pkcs8_pem(&fs::read_to_string(&path)?)?;
        let public = key.verifying_key();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is compared with the server's own clock, which a test can move.
        validation.validate_exp = false;
        let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(public.as_bytes())[..8]);
        let keys = Self {
            kid,
            sign: EncodingKey::from_ed_der(key.to_pkcs8_der()?.as_bytes()),
            verify: DecodingKey::from_ed_der(public.as_bytes()),
            validation,
        };
        // The library panics at its first token when it was built without a crypto feature: better now.
        let token = keys.sign(Uuid::nil(), Uuid::nil(), Uuid::nil(), 0, Timestamp(0))?;
        decode::<Claims>(&token, &keys.verify, &keys.validation)?;
        Ok(keys)
    }

    /// Makes an access token.
    pub fn sign(
        &self,
        organisation: Uuid,
        user: Uuid,
        device: Uuid,
        epoch: i64,
        now: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        header.typ = Some(TYPE.to_owned());
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: now.as_millis() / 1000 + ACCESS_SECONDS,
            sub: user,
            org: organisation,
            dev: device,
            epoch,
        };
        encode(&header, &claims, &self.sign)
    }

    /// What a token says, if it is ours and not over.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Claims, Problem> {
        let data = decode::<Claims>(token, &self.verify, &self.validation)
            .map_err(|_| Problem::new(ProblemKind::NotSignedIn))?;
        // jsonwebtoken checks neither of these.
        if data.header.typ.as_deref() != Some(TYPE) || data.header.kid.as_deref() != Some(&self.kid) {
            return Err(Problem::new(ProblemKind::NotSignedIn));
        }
        if data.claims.exp < now.as_millis() / 1000 {
            return Err(Problem::new(ProblemKind::TokenExpired));
        }
        Ok(data.claims)
    }
}

fn make_key(path: &Path) -> Result<(), KeyError> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed)?;
    let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF)?;
    write_secret(path, pem.as_bytes())?;
    Ok(())
}

/// Writes a new file that only this user can read: whole or not at all, also when the machine stops half-way. What another node wrote in
/// the meantime stays.
pub(super) fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

/// A fresh refresh token: 256 bits, opaque. Only its hash is stored.
pub fn fresh_refresh_token() -> Result<(String, Vec<u8>), KeyError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let hash = refresh_hash(&token);
    Ok((token, hash))
}

/// The hash under which a refresh token is stored.
#[must_use]
pub fn refresh_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_507_200_000);

    #[test]
    fn a_token_that_somebody_else_made_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load(folder.path()).unwrap();
        let good = keys.sign(Uuid::nil(), Uuid::nil(), Uuid::nil(), 0, NOW).unwrap();
        assert!(keys.check(&good, NOW).is_ok());
        let claims = |change: fn(&mut Claims)| {
            let mut claims = keys.check(&good, NOW).ok().unwrap();
            change(&mut claims);
            claims
        };
        let header = |change: fn(&mut Header)| {
            let mut header = jsonwebtoken::decode_header(&good).unwrap();
            change(&mut header);
            header
        };
        let ours = |header: Header, claims: Claims| encode(&header, &claims, &keys.sign).unwrap();
        let (same_header, same) = (|| header(|_| {}), || claims(|_| {}));
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let body = good.split('.').nth(1).unwrap();
        // As if the public key, which everybody may know, were a secret in common.
        let pem = fs::read_to_string(folder.path().join("signing-key.pem")).unwrap();
        let public = SigningKey::from_pkcs8_pem(&pem).unwrap().verifying_key();
        let shared = EncodingKey::from_secret(public.as_bytes());
        let by_secret = header(|header| header.alg = Algorithm::HS256);
        let stranger = Keys::load(tempfile::tempdir().unwrap().path()).unwrap();
        let forged = [
            format!("{}.{body}.", part(r#"{"alg":"none","typ":"at+jwt"}"#)),
            format!("{}.{body}.", good.split('.').next().unwrap()),
            encode(&by_secret, &same(), &shared).unwrap(),
            encode(&same_header(), &same(), &stranger.sign).unwrap(),
            ours(header(|header| header.typ = Some("JWT".to_owned())), same()),
            ours(header(|header| header.typ = None), same()),
            ours(header(|header| header.kid = Some("another".to_owned())), same()),
            ours(header(|header| header.kid = None), same()),
            ours(same_header(), claims(|claims| claims.iss = "somebody".to_owned())),
            ours(same_header(), claims(|claims| claims.aud = "another".to_owned())),
        ];
        for token in &forged {
            let refused = keys.check(token, NOW).err().map(|problem| problem.kind());
            assert_eq!(refused, Some(ProblemKind::NotSignedIn), "{token}");
        }
        let later = NOW.plus_millis(ACCESS_SECONDS * 1_000 + 1_000);
        assert_eq!(
            keys.check(&good, later).err().map(|problem| problem.kind()),
            Some(ProblemKind::TokenExpired)
        );
    }
}
