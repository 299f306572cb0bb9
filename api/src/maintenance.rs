//! Maintenance (系统维护): while it is on, the API is closed to all but system administrators. It ends by itself.
//!
//! One row says so. Every node looks for it beside the requests, so that they ask nobody.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::maintenance;
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::error::{Result, UserError};
use kernel::text;
use kernel::tx::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;
use tokio::sync::watch;

/// Key of the one row.
const ROW: i32 = 1;
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Characters of what people are told at most.
const NOTE_LENGTH: usize = 200;

/// What people are told while it lasts, one line in each language (维护公告); a constant sentence where `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// 中文.
    pub zh: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Notes {
    /// Takes what an operator typed.
    ///
    /// # Errors
    /// As [`kernel::text::line`], for the option of the command line.
    pub fn parse(zh: Option<&str>, en: Option<&str>) -> std::result::Result<Self, UserError> {
        let note = |option, typed| text::optional(option, typed, NOTE_LENGTH, text::line);
        Ok(Self { zh: note("--note-zh", zh)?, en: note("--note-en", en)? })
    }
}

/// What this node knows of it (本节点所知). Cheap to clone.
#[derive(Clone)]
pub struct Board(watch::Sender<Option<maintenance::Model>>);

impl Board {
    /// Looks for the first time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(base: &Base) -> Result<Self> {
        Ok(Self(watch::Sender::new(announced(base).await?)))
    }

    /// What is on at an instant.
    #[must_use]
    pub fn at(&self, now: DateTime<Utc>) -> Option<maintenance::Model> {
        self.0.borrow().as_ref().filter(|row| row.until > now).cloned()
    }

    /// Looks again; what was known stays while the database does not answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, base: &Base) -> Result<()> {
        self.0.send_replace(announced(base).await?);
        Ok(())
    }

    /// Looks again and again until `stop` turns true.
    pub async fn run(&self, base: Base, mut stop: watch::Receiver<bool>) {
        let mut is_blind = false;
        while !*stop.borrow() {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.changed() => break,
            }
            let looked = self.look(&base).await;
            if let Err(error) = &looked
                && !is_blind
            {
                tracing::warn!(?error, "nobody can say whether maintenance is on; what was known holds");
            }
            is_blind = looked.is_err();
        }
    }
}

/// What is announced, whether it is over or not.
///
/// # Errors
/// When the database does not answer.
pub async fn announced(base: &Base) -> Result<Option<maintenance::Model>> {
    Ok(maintenance::Entity::find_by_id(ROW).one(base.db.reader()).await?)
}

/// Begins it, in place of what was announced before: a privileged act.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(base: &Base, life: TimeDelta, notes: &Notes) -> Result<maintenance::Model> {
    let act = Act { action: "maintenance on", subject: None, address: None };
    base.write(Actor::System.doing(&act), &(life, notes), |tx, (life, notes)| Box::pin(announce(tx, *life, notes)))
        .await
}

/// Ends it: a privileged act.
///
/// # Errors
/// When the database does not answer.
pub async fn end(base: &Base) -> Result<()> {
    let act = Act { action: "maintenance off", subject: None, address: None };
    let ended = base.write(Actor::System.doing(&act), &(), |tx, ()| {
        Box::pin(async move { Ok(maintenance::Entity::delete_by_id(ROW).exec(tx.db()).await?) })
    });
    ended.await.map(|_| ())
}

async fn announce(tx: &mut Tx, life: TimeDelta, notes: &Notes) -> Result<maintenance::Model> {
    use maintenance::Column as C;
    let Notes { zh: note_zh, en: note_en } = notes.clone();
    let row = maintenance::Model { id: ROW, began_at: tx.now(), until: tx.now() + life, note_zh, note_en };
    let anew = OnConflict::column(C::Id).update_columns([C::BeganAt, C::Until, C::NoteZh, C::NoteEn]).to_owned();
    let insert = maintenance::Entity::insert(row.clone().into_active_model().reset_all()).on_conflict(anew);
    insert.exec_without_returning(tx.db()).await?;
    tx.audit_detail(json!({ "until": row.until }));
    Ok(row)
}
