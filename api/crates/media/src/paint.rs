//! Painting over parts of a photo (遮盖): what is under them is in no byte of the new picture.

use entity::attachment;
use entity::id::AttachmentId;
use kernel::error::{Detail, Result, UserError, UserErrorCode};
use kernel::tx::new_id;
use kernel::vault::sha256;

use crate::link::Variant;
use crate::service::{Media, on_a_thread};

/// Rectangles at most.
pub const RECTANGLES: usize = 20;
/// Pixels of a side at least: less hides nothing.
pub const SMALLEST: i32 = 8;
/// The field that every refusal names.
const FIELD: &str = "rectangles";

/// A part of a photo, in its pixels from the upper left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// From the left.
    pub x: i32,
    /// From above.
    pub y: i32,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

impl Rectangle {
    /// Whether all of it lies in a picture of this size.
    fn lies_in(self, width: i32, height: i32) -> bool {
        let ends = |from: i32, length: i32, edge: i32| i64::from(from) + i64::from(length) <= i64::from(edge);
        self.x >= 0 && self.y >= 0 && ends(self.x, self.width, width) && ends(self.y, self.height, height)
    }
}

/// Judges rectangles as far as that needs no photo.
///
/// # Errors
/// At field `rectangles`: `REQUIRED` without any, `LIMIT_EXCEEDED` for too many, `INVALID` because of `too_small` or `outside`.
pub fn check(rectangles: &[Rectangle]) -> std::result::Result<(), UserError> {
    let refused = |because| UserError::at(UserErrorCode::Invalid, FIELD).with(Detail::Because(because));
    if rectangles.is_empty() {
        return Err(UserError::at(UserErrorCode::Required, FIELD));
    }
    if rectangles.len() > RECTANGLES {
        return Err(UserError::at(UserErrorCode::LimitExceeded, FIELD).with(Detail::Limit(RECTANGLES as i64)));
    }
    if rectangles.iter().any(|part| part.x < 0 || part.y < 0) {
        return Err(refused("outside"));
    }
    let is_small = |part: &Rectangle| part.width < SMALLEST || part.height < SMALLEST;
    if rectangles.iter().any(is_small) { Err(refused("too_small")) } else { Ok(()) }
}

/// A photo with parts of it painted over, written but shown to nobody yet.
#[derive(Clone, Debug)]
pub struct Painted {
    /// Its row as it was.
    pub photo: attachment::Model,
    /// The new object.
    pub object: AttachmentId,
    /// Its bytes.
    pub byte_size: i64,
    /// Digest of its bytes.
    pub sha256: Vec<u8>,
}

impl Media {
    /// Paints over parts of a photo as it is shown now, in a new object. One that no row comes to name is swept as a stray.
    ///
    /// # Errors
    /// As [`check`], and `INVALID` for what lies outside the picture; [`kernel::error::Error::NotFound`] when its bytes are gone;
    /// [`kernel::error::Error::Unavailable`] when too many photos are worked on at once.
    pub async fn paint(&self, photo: &attachment::Model, rectangles: &[Rectangle]) -> Result<Painted> {
        check(rectangles)?;
        if !rectangles.iter().all(|part| part.lies_in(photo.width, photo.height)) {
            return Err(UserError::at(UserErrorCode::Invalid, FIELD).with(Detail::Because("outside")).into());
        }
        let shown = photo.object_id.unwrap_or(photo.id);
        let bytes = self.objects.get(shown, Variant::Full).await?;
        let (limits, parts) = (self.limits_of(bytes.len()), rectangles.to_vec());
        let picture = on_a_thread(bytes, limits, move |opened| opened.render_without(&parts)).await?;
        let object: AttachmentId = new_id(&self.base, self.base.clock.now())?;
        let byte_size = i64::try_from(picture.full.len()).unwrap_or(i64::MAX);
        let sha256 = sha256(&picture.full).to_vec();
        self.objects.put(object, picture).await?;
        Ok(Painted { photo: photo.clone(), object, byte_size, sha256 })
    }
}

/// Paints parts of a picture black; those that lie outside of it are passed over.
pub(crate) fn over(picture: &mut image::RgbImage, parts: &[Rectangle]) {
    for part in parts {
        let side = |from: i32, length: i32, edge: u32| {
            let from = u32::try_from(from).unwrap_or(0).min(edge);
            from..from.saturating_add(u32::try_from(length).unwrap_or(0)).min(edge)
        };
        for y in side(part.y, part.height, picture.height()) {
            for x in side(part.x, part.width, picture.width()) {
                picture.put_pixel(x, y, image::Rgb([0, 0, 0]));
            }
        }
    }
}
