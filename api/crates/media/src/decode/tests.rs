//! Fixtures are drawn here, or written byte by byte where no encoder would write them.

use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder as _, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

const LIMITS: PhotoLimits = PhotoLimits { bytes: 10_000_000, pixels: 50_000_000 };

/// Red on the left, blue on the right, with some texture.
fn drawn(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = u8::try_from((x * 7 + y * 13) % 32).unwrap();
        if x < width / 2 { Rgb([220 + shade, shade, shade]) } else { Rgb([shade, shade, 220 + shade]) }
    })
}

fn as_jpeg(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

fn as_png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
    bytes
}

fn as_webp(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).unwrap();
    bytes
}

fn as_each(image: &RgbImage) -> [(&'static str, Vec<u8>); 3] {
    let png = as_png(&DynamicImage::ImageRgb8(image.clone()));
    [("jpeg", as_jpeg(image)), ("png", png), ("webp", as_webp(image))]
}

fn opened(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
}

/// One segment of a JPEG.
fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], length.as_slice(), body].concat()
}

/// The same JPEG with a segment in front.
fn with_segment(jpeg: &[u8], segment: &[u8]) -> Vec<u8> {
    [&jpeg[..2], segment, &jpeg[2..]].concat()
}

/// EXIF as a phone writes it: turned a quarter, made by somebody, at a place.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut entry = [tag.to_be_bytes(), kind.to_be_bytes()].concat();
        entry.extend([count.to_be_bytes(), value.to_be_bytes()].concat());
        entry
    };
    let (ascii, short, long, rational) = (2, 3, 4, 5);
    // 8 + (2 + 3 × 12 + 4) = 50: text; 66: GPS directory; 66 + (2 + 2 × 12 + 4) = 96: degrees.
    let mut tiff = b"MM\0\x2A\0\0\0\x08".to_vec();
    tiff.extend([0, 3]);
    tiff.extend(entry(0x010F, ascii, 16, 50));
    tiff.extend(entry(0x0112, short, 1, 6 << 16));
    tiff.extend(entry(0x8825, long, 1, 66));
    tiff.extend([0; 4]);
    tiff.extend(b"SECRET-PHONE-01\0");
    tiff.extend([0, 2]);
    tiff.extend(entry(1, ascii, 2, u32::from_be_bytes(*b"N\0\0\0")));
    tiff.extend(entry(2, rational, 3, 96));
    tiff.extend([0; 4]);
    for part in [31u32, 1, 11, 1, 0x53E4_C0DE, 1000] {
        tiff.extend(part.to_be_bytes());
    }
    segment(0xE1, &[b"Exif\0\0".as_slice(), &tiff].concat())
}

fn contains(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// Markers of a JPEG up to its picture data.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut markers) = (2, Vec::new());
    while jpeg[at + 1] != 0xDA {
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

#[track_caller]
fn assert_refused(name: &str, bytes: &[u8], code: UserErrorCode, detail: Detail) {
    let expected = UserError::at(code, "file").with(detail);
    assert_eq!(decode(bytes, LIMITS).map(|picture| picture.width), Err(expected), "{name}");
}

#[track_caller]
fn assert_rejected(name: &str, bytes: &[u8], reason: &'static str) {
    assert_refused(name, bytes, UserErrorCode::FileTypeRejected, Detail::Because(reason));
}

#[track_caller]
fn assert_too_many_pixels(name: &str, bytes: &[u8]) {
    assert_refused(name, bytes, UserErrorCode::FileTooLarge, Detail::Because("too_many_pixels"));
}

#[test]
fn each_type_becomes_an_upright_jpeg_with_a_thumbnail() {
    for (name, bytes) in as_each(&drawn(600, 300)) {
        let picture = decode(&bytes, LIMITS).unwrap();
        assert_eq!((picture.width, picture.height), (600, 300), "{name}");
        let (full, thumbnail) = (opened(&picture.full), opened(&picture.thumbnail));
        assert_eq!((full.dimensions(), thumbnail.dimensions()), ((600, 300), (480, 240)), "{name}");
        let [red, _, blue] = thumbnail.get_pixel(20, 120).0;
        assert!(red > 180 && blue < 80, "{name}: {red} {blue}");
    }
}

#[test]
fn one_pixel_is_a_photo_too() {
    for (name, bytes) in as_each(&drawn(1, 1)) {
        let picture = decode(&bytes, LIMITS).unwrap();
        assert_eq!((picture.width, picture.height), (1, 1), "{name}");
        assert_eq!(opened(&picture.thumbnail).dimensions(), (1, 1), "{name}");
    }
}

#[test]
fn large_photos_are_scaled_down_and_none_is_scaled_up() {
    for ((width, height), full, thumbnail) in [
        ((5200, 100), (2560, 49), (480, 9)),
        ((100, 5200), (49, 2560), (9, 480)),
        ((3000, 1500), (2560, 1280), (480, 240)),
        ((2560, 3), (2560, 3), (480, 1)),
        ((30_000, 1), (2560, 1), (480, 1)),
        ((480, 480), (480, 480), (480, 480)),
    ] {
        let picture = decode(&as_jpeg(&drawn(width, height)), LIMITS).unwrap();
        assert_eq!(opened(&picture.full).dimensions(), full, "{width}×{height}");
        assert_eq!((picture.width, picture.height), full, "{width}×{height}");
        assert_eq!(opened(&picture.thumbnail).dimensions(), thumbnail, "{width}×{height}");
    }
}

#[test]
fn metadata_turns_the_photo_and_is_gone() {
    let script = segment(0xFE, b"<script>alert(1)</script>");
    let profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01SECRET-PROFILE");
    let mut bytes = as_jpeg(&drawn(64, 32));
    for extra in [&script, &profile, &exif()] {
        bytes = with_segment(&bytes, extra);
    }
    bytes.extend(b"PK\x03\x04 SECRET-TAIL");
    let picture = decode(&bytes, LIMITS).unwrap();
    assert_eq!((picture.width, picture.height), (32, 64));
    // A quarter turn clockwise: what was on the left is on top.
    let upright = opened(&picture.full);
    assert!(upright.get_pixel(16, 8).0[0] > 180, "{:?}", upright.get_pixel(16, 8));
    assert!(upright.get_pixel(16, 56).0[2] > 180, "{:?}", upright.get_pixel(16, 56));
    for written in [&picture.full, &picture.thumbnail] {
        let markers = markers(written);
        assert!(markers.iter().all(|marker| !matches!(marker, 0xE1..=0xEF | 0xFE)), "{markers:02X?}");
        for secret in [b"Exif".as_slice(), b"SECRET", b"script", &0x53E4_C0DE_u32.to_be_bytes()] {
            assert!(contains(&bytes, secret) && !contains(written, secret), "{secret:?}");
        }
    }
}

#[test]
fn damaged_metadata_does_not_cost_the_photo() {
    for body in [b"Exif\0\0".as_slice(), b"Exif\0\0MM\0\x2A\xFF\xFF\xFF\xFF", b"Exif\0\0II", b""] {
        let bytes = with_segment(&as_jpeg(&drawn(64, 32)), &segment(0xE1, body));
        let picture = decode(&bytes, LIMITS).unwrap();
        assert_eq!((picture.width, picture.height), (64, 32), "{body:?}");
    }
}

#[test]
fn what_is_transparent_is_laid_over_white() {
    let image = RgbaImage::from_fn(48, 16, |x, _| Rgba([200, 0, 0, [0, 128, 255][(x / 16) as usize]]));
    let picture = decode(&as_png(&DynamicImage::ImageRgba8(image)), LIMITS).unwrap();
    let flat = opened(&picture.full);
    for (x, expected) in [(6, [255, 255, 255]), (24, [227, 127, 127]), (42, [200, 0, 0])] {
        for (found, expected) in flat.get_pixel(x, 8).0.into_iter().zip(expected) {
            assert!((i32::from(found) - expected).abs() < 16, "at {x}: {found} for {expected}");
        }
    }
}

#[test]
fn other_depths_and_greys_are_photos_too() {
    let image = DynamicImage::ImageRgb8(drawn(40, 20));
    for (name, image) in [
        ("grey", DynamicImage::ImageLuma8(image.to_luma8())),
        ("grey with alpha", DynamicImage::ImageLumaA8(image.to_luma_alpha8())),
        ("16 bit", DynamicImage::ImageRgb16(image.to_rgb16())),
        ("16 bit with alpha", DynamicImage::ImageRgba16(image.to_rgba16())),
    ] {
        assert_eq!(decode(&as_png(&image), LIMITS).map(|picture| picture.width), Ok(40), "{name}");
    }
    let mut grey = Vec::new();
    JpegEncoder::new(&mut grey).write_image(&[90; 64], 8, 8, ExtendedColorType::L8).unwrap();
    assert_eq!(decode(&grey, LIMITS).map(|picture| picture.width), Ok(8));
}

#[test]
fn anything_else_is_refused_whatever_it_is_called() {
    for (name, bytes) in [
        ("nothing", b"".as_slice()),
        ("a gif that is a script", b"GIF89a=1;/*\0\0\0*/alert(1)//"),
        ("a pdf called photo.jpg", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"),
        ("a pdf behind a jpeg's name", b"%PDF-1.7 \xFF\xD8\xFF\xE0"),
        ("html", b"<!doctype html><script>alert(1)</script>"),
        ("svg", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("php", b"<?php system($_GET['c']);"),
        ("zip", b"PK\x03\x04"),
        ("heic", b"\0\0\0\x18ftypheic"),
        ("tiff", b"II*\0\x08\0\0\0"),
        ("bmp", b"BM\x3A\0\0\0"),
    ] {
        assert_rejected(name, bytes, "type");
    }
    for (name, bytes) in [
        ("three bytes of jpeg", b"\xFF\xD8\xFF".as_slice()),
        ("a jpeg without a picture", b"\xFF\xD8\xFF\xD9"),
        ("eight bytes of png", b"\x89PNG\r\n\x1A\n"),
        ("a png that ends at once", b"\x89PNG\r\n\x1A\n\0\0\0\0IEND\xAE\x42\x60\x82"),
        ("an empty webp", b"RIFF\x04\0\0\0WEBP"),
        ("a png that is html", b"\x89PNG\r\n\x1A\n<script>alert(1)</script>"),
    ] {
        assert_rejected(name, bytes, "damaged");
    }
}

#[test]
fn a_cut_file_is_refused_wherever_it_is_cut() {
    for (name, bytes) in as_each(&drawn(200, 150)) {
        for tenth in 1..10 {
            assert_rejected(name, &bytes[..(bytes.len() * tenth / 10).max(12)], "damaged");
        }
        assert_rejected(name, &bytes[..bytes.len() - 2], "damaged");
    }
}

#[test]
fn ten_megabytes_are_taken_and_not_a_byte_more() {
    let mut bytes = as_jpeg(&drawn(64, 32));
    bytes.resize(10_000_000, 0);
    assert!(decode(&bytes, LIMITS).is_ok());
    bytes.push(0);
    assert_refused("10 MB + 1", &bytes, UserErrorCode::FileTooLarge, Detail::Limit(10_000_000));
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn png_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, body) in chunks {
        let named = [name.as_slice(), body].concat();
        png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        png.extend_from_slice(&named);
        png.extend(crc(&named).to_be_bytes());
    }
    png
}

fn header_of_png(width: u32, height: u32) -> Vec<u8> {
    [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
}

#[test]
fn a_png_of_a_kilobyte_that_claims_50000_by_50000_is_refused_by_its_header() {
    for (width, height) in [(50_000, 50_000), (10_000, 5_001), (u32::MAX >> 1, 1), (1, 40_000), (u32::MAX >> 1, 2)] {
        let header = header_of_png(width, height);
        let png = png_of(&[(b"IHDR", &header), (b"IDAT", &[0x78, 0x9C, 0x63, 0, 0]), (b"IEND", b"")]);
        assert!(png.len() < 1000);
        assert_too_many_pixels(&format!("{width}×{height}"), &png);
    }
    let png = png_of(&[(b"IHDR", &header_of_png(0, 0)), (b"IDAT", &[0x78, 0x9C]), (b"IEND", b"")]);
    assert_rejected("0×0", &png, "damaged");
}

#[test]
fn a_picture_that_grows_a_thousandfold_is_refused_by_its_header() {
    let bomb = as_png(&DynamicImage::ImageRgb8(RgbImage::new(7200, 7200)));
    assert!(bomb.len() < 1_000_000, "{} bytes", bomb.len());
    assert_too_many_pixels("png", &bomb);
    let mut jpeg = as_jpeg(&drawn(64, 32));
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_too_many_pixels("jpeg that claims 65535×65535", &jpeg);
    let mut webp = as_webp(&drawn(64, 32));
    let size = webp.windows(4).position(|name| name == b"VP8L").unwrap() + 9;
    webp[size..size + 4].copy_from_slice(&0x0FFF_BFFE_u32.to_le_bytes());
    assert_too_many_pixels("webp that claims 16383×16383", &webp);
}

#[test]
fn deep_pixels_count_by_their_memory() {
    let limits = PhotoLimits { pixels: 1000, ..LIMITS };
    let deep = |width| as_png(&DynamicImage::ImageRgba16(DynamicImage::ImageRgb8(drawn(width, 10)).to_rgba16()));
    assert!(decode(&deep(50), limits).is_ok());
    let refused = decode(&deep(60), limits).unwrap_err();
    assert_eq!((refused.code, refused.detail), (UserErrorCode::FileTooLarge, Detail::Because("too_many_pixels")));
}

#[test]
fn packed_metadata_that_would_grow_a_thousandfold_is_left_behind() {
    // What 48 MB of zeros are packed into, taken out of a picture of them.
    let zeros = as_png(&DynamicImage::ImageLuma8(image::GrayImage::new(30_000, 1600)));
    let from = zeros.windows(4).position(|name| name == b"IDAT").unwrap();
    let length = u32::from_be_bytes(zeros[from - 4..from].try_into().unwrap()) as usize;
    let packed = &zeros[from + 4..from + 4 + length];
    let small = as_png(&DynamicImage::ImageRgb8(drawn(20, 10)));
    let limits = PhotoLimits { pixels: 1_000_000, ..LIMITS };
    for (name, head) in [(b"zTXt", b"Comment\0\0".as_slice()), (b"iCCP", b"Profile\0\0")] {
        let chunk = png_of(&[(name, &[head, packed].concat())]);
        // Behind the header: 8 bytes of signature, 25 of IHDR.
        let bytes = [&small[..33], &chunk[8..], &small[33..]].concat();
        let picture = decode(&bytes, limits).unwrap();
        assert!(picture.width == 20 && picture.full.len() < 2000, "{} bytes", picture.full.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(start in 0usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let starts = [b"".as_slice(), b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"RIFF\x10\0\0\0WEBP"];
        let _ = decode(&[starts[start], &bytes].concat(), LIMITS);
    }

    #[test]
    fn changed_photos_never_panic(
        which in 0usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = as_each(&drawn(40, 30))[which].1.clone();
        if which == 0 {
            bytes = with_segment(&bytes, &exif());
        }
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(picture) = decode(&bytes, PhotoLimits { pixels: 1_000_000, ..LIMITS }) {
            prop_assert_eq!(opened(&picture.full).dimensions(), (picture.width, picture.height));
        }
    }

    #[test]
    fn a_scaled_picture_fits_and_keeps_its_shape(width in 1u32..40_000, height in 1u32..40_000, edge in 1u32..5000) {
        let (w, h) = fit(width, height, edge);
        prop_assert!(w >= 1 && h >= 1 && w <= width && h <= height && w.max(h) <= edge.max(1));
        let exact = f64::from(height) * f64::from(w) / f64::from(width);
        prop_assert!((f64::from(h) - exact).abs() <= 1.0 + f64::from(height) / f64::from(width), "{w}×{h}");
    }
}
