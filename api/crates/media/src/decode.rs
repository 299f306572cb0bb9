//! From hostile bytes to a harmless picture (图像解码): pure, and the only file that decodes.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use kernel::error::{Detail, UserError, UserErrorCode};

use crate::paint::{self, Rectangle};
use crate::sniff::{PhotoType, is_whole, sniff};

/// Pixels of a stored photo's longer edge at most: enough to read a number plate, a tenth of what phones send.
pub const LARGEST_EDGE: u32 = 2560;
/// Pixels of a thumbnail's longer edge at most.
pub const THUMBNAIL_EDGE: u32 = 480;
/// Pixels of an uploaded photo's longer edge at most, whatever its area; panoramas of phones stay below.
const LONGEST_EDGE: u32 = 32_767;
/// Bytes of memory that a pixel of the largest photo may take while it is decoded.
const BYTES_PER_PIXEL: u64 = 4;
const PHOTO_QUALITY: u8 = 82;
const THUMBNAIL_QUALITY: u8 = 75;

/// The field of an upload that every refusal names.
pub(crate) const FIELD: &str = "file";

/// How large an uploaded photo may be; `media.photo_bytes` and `media.photo_pixels` of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoLimits {
    /// Bytes.
    pub bytes: usize,
    /// Width × height.
    pub pixels: u64,
}

impl Default for PhotoLimits {
    /// 10 MB and 50 megapixels.
    fn default() -> Self {
        Self { bytes: 10_000_000, pixels: 50_000_000 }
    }
}

/// A harmless picture and its thumbnail, both JPEG without metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The picture, upright, at most [`LARGEST_EDGE`].
    pub full: Vec<u8>,
    /// The thumbnail, at most [`THUMBNAIL_EDGE`].
    pub thumbnail: Vec<u8>,
    /// Pixels of the picture.
    pub width: u32,
    /// Pixels of the picture.
    pub height: u32,
}

/// Decodes an uploaded photo and writes it anew.
///
/// The header's dimensions are judged before anything is decoded. Takes a core and up to [`PhotoLimits::pixels`] × 4 bytes
/// of memory and more: run it on few threads at once.
///
/// # Errors
/// `FILE_TOO_LARGE` with the limit of bytes, or because of `too_many_pixels`; `FILE_TYPE_REJECTED` because of `type` (not
/// JPEG, PNG or WebP by content) or `damaged`. All at field `file`.
pub fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<Picture, UserError> {
    Opened::open(bytes, limits)?.render()
}

/// What can be told at once: the length and the type.
pub(crate) fn check_type(bytes: &[u8], limits: PhotoLimits) -> Result<PhotoType, UserError> {
    if bytes.len() > limits.bytes {
        let limit = i64::try_from(limits.bytes).unwrap_or(i64::MAX);
        return Err(UserError::at(UserErrorCode::FileTooLarge, FIELD).with(Detail::Limit(limit)));
    }
    sniff(bytes).ok_or_else(|| rejected("type"))
}

/// A photo whose header was judged.
pub(crate) struct Opened<'a> {
    decoder: Box<dyn ImageDecoder + 'a>,
    /// Width × height.
    pub pixels: u64,
}

impl<'a> Opened<'a> {
    /// Reads and judges the header.
    pub fn open(bytes: &'a [u8], limits: PhotoLimits) -> Result<Self, UserError> {
        let kind = check_type(bytes, limits)?;
        if !is_whole(kind, bytes) {
            return Err(rejected("damaged"));
        }
        let memory = limits.pixels.saturating_mul(BYTES_PER_PIXEL);
        let mut of_decoder = Limits::no_limits();
        of_decoder.max_image_width = Some(LONGEST_EDGE);
        of_decoder.max_image_height = Some(LONGEST_EDGE);
        of_decoder.max_alloc = Some(memory);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format_of(kind));
        reader.limits(of_decoder);
        let decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if pixels > limits.pixels || decoder.total_bytes() > memory {
            return Err(too_many_pixels());
        }
        if pixels == 0 {
            return Err(rejected("damaged"));
        }
        Ok(Self { decoder: Box::new(decoder), pixels })
    }

    /// Decodes, turns upright, scales down and writes anew.
    pub fn render(self) -> Result<Picture, UserError> {
        self.render_without(&[])
    }

    /// The same, with parts painted over, in pixels of the result.
    pub fn render_without(mut self, parts: &[Rectangle]) -> Result<Picture, UserError> {
        // A photo with unreadable metadata is still a photo.
        let orientation = self.decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let decoded = DynamicImage::from_decoder(self.decoder).map_err(|error| refusal(&error))?;
        let mut photo = scale_down(DynamicImage::ImageRgb8(on_white(decoded)), LARGEST_EDGE);
        photo.apply_orientation(orientation);
        if let Some(picture) = photo.as_mut_rgb8() {
            paint::over(picture, parts);
        }
        let (width, height) = (photo.width(), photo.height());
        let full = jpeg(&photo, PHOTO_QUALITY)?;
        let thumbnail = jpeg(&scale_down(photo, THUMBNAIL_EDGE), THUMBNAIL_QUALITY)?;
        Ok(Picture { full, thumbnail, width, height })
    }
}

fn format_of(kind: PhotoType) -> ImageFormat {
    match kind {
        PhotoType::Jpeg => ImageFormat::Jpeg,
        PhotoType::Png => ImageFormat::Png,
        PhotoType::Webp => ImageFormat::WebP,
    }
}

/// Lays what is transparent over white: JPEG has no transparency, and what hides behind it must not come out.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [r, g, b, alpha] = image.get_pixel(x, y).0;
        Rgb([blend(r, alpha), blend(g, alpha), blend(b, alpha)])
    })
}

/// Scales so that the longer edge is at most `edge`; never up.
fn scale_down(image: DynamicImage, edge: u32) -> DynamicImage {
    let (from, to) = ((image.width(), image.height()), fit(image.width(), image.height(), edge));
    if from == to {
        image
    } else if from.0.max(from.1) / 2 >= edge {
        // Averages blocks of pixels: fast, needs no memory, and as good as any filter from half the size on.
        image.thumbnail_exact(to.0, to.1)
    } else {
        image.resize_exact(to.0, to.1, FilterType::Triangle)
    }
}

/// The size of a picture whose longer edge is at most `edge`.
fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= edge {
        return (width, height);
    }
    let scaled = |side: u32| {
        let scaled = (u64::from(side) * u64::from(edge) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(edge).max(1)
    };
    (scaled(width), scaled(height))
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, UserError> {
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).map_err(|error| refusal(&error))?;
    Ok(bytes)
}

fn refusal(error: &ImageError) -> UserError {
    tracing::debug!(%error, "a photo was refused");
    match error {
        ImageError::Limits(_) => too_many_pixels(),
        _ => rejected("damaged"),
    }
}

fn too_many_pixels() -> UserError {
    UserError::at(UserErrorCode::FileTooLarge, FIELD).with(Detail::Because("too_many_pixels"))
}

fn rejected(reason: &'static str) -> UserError {
    UserError::at(UserErrorCode::FileTypeRejected, FIELD).with(Detail::Because(reason))
}

/// The refusal of a photo on which a decoder broke.
pub(crate) fn damaged() -> UserError {
    rejected("damaged")
}

#[cfg(test)]
mod tests;
