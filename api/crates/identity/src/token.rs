//! Access tokens (访问令牌) and refresh tokens (刷新令牌).

use std::path::Path;

use anyhow::{Context as _, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AccountId, Id, SessionId};
use entity::session;
use jsonwebtoken::jwk::{Jwk, JwkSet, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::error::{Error, Result};
use kernel::vault::{Purpose, Vault};
use serde::{Deserialize, Serialize};

/// `typ` of our access tokens (RFC 9068).
const TYPE: &str = "at+jwt";
/// Clocks of nodes may differ by this much.
const LEEWAY_SECONDS: i64 = 5;

/// Signs and checks access tokens: one key, one algorithm (EdDSA).
pub struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    jwk: Jwk,
    kid: String,
    issuer: String,
    audience: String,
    life: TimeDelta,
}

/// What an access token says: who and which device; nothing personal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// An access token and its end.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub text: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Signer {
    /// A signer from a PKCS#8 PEM of an Ed25519 key.
    ///
    /// # Errors
    /// When the PEM is not such a key.
    pub fn new(pem: &[u8], issuer: &str, audience: &str, life: TimeDelta) -> anyhow::Result<Self> {
        let encoding = EncodingKey::from_ed_pem(pem).context("the signing key is not PKCS#8 PEM of an Ed25519 key")?;
        let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        jwk.common.key_id = Some(kid.clone());
        let decoding = DecodingKey::from_jwk(&jwk)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        // Times are judged by the injected clock below, not by the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        Ok(Self { encoding, decoding, validation, jwk, kid, issuer: issuer.into(), audience: audience.into(), life })
    }

    /// Makes a new signing key, in PEM.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn generate_pem() -> anyhow::Result<String> {
        #[expect(
            clippy::disallowed_methods,
            reason = "a key is made once, by the library, of the machine's own chance"
        )]
        let random = aws_lc_rs::rand::SystemRandom::new();
        let key = aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&random)
            .map_err(|_| anyhow!("no signing key could be made"))?;
        let body = STANDARD.encode(key.as_ref());
        Ok(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"))
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// When it cannot be read or holds no such key.
    pub fn from_file(file: &Path, issuer: &str, audience: &str, life: TimeDelta) -> anyhow::Result<Self> {
        let pem = std::fs::read(file)
            .with_context(|| format!("secrets.signing_key_file: {} cannot be read", file.display()))?;
        Self::new(&pem, issuer, audience, life)
    }

    /// Issues a token for a device.
    ///
    /// # Errors
    /// A fault of the library.
    pub fn issue(
        &self,
        account: AccountId,
        session: SessionId,
        jti: uuid::Uuid,
        now: DateTime<Utc>,
    ) -> Result<AccessToken> {
        let expires_at = now + self.life;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account.text(),
            sid: session.text(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: expires_at.timestamp(),
            jti: jti.simple().to_string(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        let text = jsonwebtoken::encode(&header, &claims, &self.encoding).map_err(anyhow::Error::from)?;
        Ok(AccessToken { text, expires_at })
    }

    /// Checks a token: algorithm, key, type, issuer, audience, times. Whether the session still lives is asked elsewhere.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], whatever is wrong.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<(AccountId, SessionId)> {
        let refused = |_| Error::Unauthenticated;
        let header = jsonwebtoken::decode_header(token).map_err(refused)?;
        let names_foreign_keys =
            header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
        let is_ours = header.alg == Algorithm::EdDSA
            && header.kid.as_deref() == Some(&self.kid)
            && header.typ.as_deref() == Some(TYPE)
            && !names_foreign_keys
            && header.crit.is_none();
        if !is_ours {
            return Err(Error::Unauthenticated);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).map_err(refused)?.claims;
        let now = now.timestamp();
        if claims.exp <= now - LEEWAY_SECONDS || claims.nbf > now + LEEWAY_SECONDS {
            return Err(Error::Unauthenticated);
        }
        let account = AccountId::parse(&claims.sub).ok_or(Error::Unauthenticated)?;
        let session = SessionId::parse(&claims.sid).ok_or(Error::Unauthenticated)?;
        Ok((account, session))
    }

    /// The public key, for others who check our tokens (`/.well-known/jwks.json`).
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: vec![self.jwk.clone()] }
    }
}

/// A presented refresh token, taken apart: session, generation, and what proves both.
#[derive(Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The family.
    pub session: SessionId,
    /// Which token of the family, from 0.
    pub generation: i32,
    proof: Vec<u8>,
}

impl RefreshToken {
    /// The token of a generation. It is derived, not stored: 256 bits keyed by the master key and the family's salt, so the
    /// database alone can make none, and a lost answer can be given again.
    #[must_use]
    pub fn text(vault: &Vault, family: &session::Model, generation: i32) -> String {
        let proof = vault.keyed_hash(Purpose::RefreshToken, &message(family, generation));
        let proof = URL_SAFE_NO_PAD.encode(proof);
        format!("{}.{generation}.{proof}", family.id.text())
    }

    /// Takes a presented text apart.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is malformed.
    pub fn parse(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.splitn(3, '.').collect();
        let [session, generation, proof] = parts[..] else { return Err(Error::Unauthenticated) };
        let session = SessionId::parse(session).ok_or(Error::Unauthenticated)?;
        let generation = generation.parse().map_err(|_| Error::Unauthenticated)?;
        let proof = URL_SAFE_NO_PAD.decode(proof).map_err(|_| Error::Unauthenticated)?;
        Ok(Self { session, generation, proof })
    }

    /// Whether we issued it, under any key of the ring. Only then may its reuse end the family: anybody can make up a wrong one.
    #[must_use]
    pub fn is_ours(&self, vault: &Vault, family: &session::Model) -> bool {
        vault.is_hash_of(Purpose::RefreshToken, &message(family, self.generation), &self.proof)
    }
}

fn message(family: &session::Model, generation: i32) -> Vec<u8> {
    let mut message = family.id.0.as_bytes().to_vec();
    message.extend_from_slice(&generation.to_be_bytes());
    message.extend_from_slice(&family.salt);
    message
}
