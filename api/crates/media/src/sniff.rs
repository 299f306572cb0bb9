//! What type bytes are, by their content (文件类型识别): names and declared types are what a stranger says.

/// Scans of a progressive JPEG at most; encoders write about ten, and each costs another pass over the whole picture.
const MOST_SCANS: usize = 32;

/// The types a photo may come as. Everything else is refused: SVG and HTML run scripts, PDF is no photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoType {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

/// The type of a photo by its first bytes; `None` for anything that is none of them.
///
/// ```
/// use media::{PhotoType, sniff};
/// assert_eq!(sniff(b"\xFF\xD8\xFF\xE0 and so on"), Some(PhotoType::Jpeg));
/// assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8L"), Some(PhotoType::Webp));
/// assert_eq!(sniff(b"GIF89a/*"), None);
/// assert_eq!(sniff(b"%PDF-1.7"), None);
/// ```
#[must_use]
pub fn sniff(bytes: &[u8]) -> Option<PhotoType> {
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        Some(PhotoType::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some(PhotoType::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(PhotoType::Webp)
    } else {
        None
    }
}

/// Whether the file is all there. Decoders fill what a cut file lacks with grey; half a photo proves nothing.
pub(crate) fn is_whole(kind: PhotoType, bytes: &[u8]) -> bool {
    match kind {
        PhotoType::Jpeg => is_whole_jpeg(bytes),
        PhotoType::Png => is_whole_png(bytes),
        PhotoType::Webp => {
            let size = bytes.get(4..8).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes);
            size.is_some_and(|size| bytes.len() as u64 >= u64::from(size) + 8)
        }
    }
}

/// Walks from marker to marker, so that the end of a thumbnail inside the metadata is not taken for the end of the photo
/// (ITU-T T.81, B.1). What follows the end, as some phones append, is of no account.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    let mut scans = 0;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            0xD9 => return scans > 0,
            0x01 | 0xD0..=0xD8 => {}
            _ => {
                let length = bytes.get(at..at + 2).and_then(|length| length.try_into().ok()).map(u16::from_be_bytes);
                let Some(length) = length else { return false };
                at += usize::from(length);
                scans += usize::from(marker == 0xDA);
                if scans > MOST_SCANS {
                    return false;
                }
            }
        }
    }
    false
}

/// The next marker from a position on, which moves behind it. Picture data between markers is passed over: there, `FF 00`
/// stands for a byte `FF`.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let found = bytes.get(*at..)?.iter().position(|byte| *byte == 0xFF)?;
        let mut after = *at + found + 1;
        while bytes.get(after) == Some(&0xFF) {
            after += 1;
        }
        let marker = *bytes.get(after)?;
        *at = after + 1;
        if marker != 0 {
            return Some(marker);
        }
    }
}

/// Walks from chunk to chunk to the one that ends the file (PNG, 5.3).
fn is_whole_png(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let (length, name) = head.split_at(4);
        let length = u32::from_be_bytes(length.try_into().unwrap_or_default()) as usize;
        let end = at + 12 + length;
        if end > bytes.len() {
            return false;
        }
        if name == b"IEND" {
            return true;
        }
        at = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_content_alone() {
        for (bytes, kind) in [
            (b"\xFF\xD8\xFF\xE1".as_slice(), Some(PhotoType::Jpeg)),
            (b"\x89PNG\r\n\x1A\n", Some(PhotoType::Png)),
            (b"RIFF\0\0\0\0WEBP", Some(PhotoType::Webp)),
            (b"RIFF\0\0\0\0WAVE", None),
            (b"\x89PNG\n\n\x1A\n", None),
            (b"GIF87a", None),
            (b"GIF89a=1/*", None),
            (b"%PDF-1.4", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
            (b"<!doctype html>", None),
            (b"<?php", None),
            (b"\xEF\xBB\xBF\xFF\xD8\xFF", None),
            (b"PK\x03\x04", None),
            (b"BM", None),
            (b"II*\0", None),
            (b"\0\0\0\x20ftypheic", None),
            (b"\xFF\xD8", None),
            (b"", None),
        ] {
            assert_eq!(sniff(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_jpeg_ends_with_its_own_end_not_with_its_thumbnails() {
        let whole =
            b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD8\xFF\xD9\xFF\xDA\x00\x03\x01\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD9 tail";
        let end = whole.len() - 5;
        assert!(is_whole_jpeg(whole));
        for cut in 0..end {
            assert!(!is_whole_jpeg(&whole[..cut]), "cut at {cut}");
        }
        let scan = b"\xFF\xDA\x00\x03\x01\x12".as_slice();
        for (scans, whole) in [(0, false), (1, true), (32, true), (33, false)] {
            let file = [b"\xFF\xD8".as_slice(), &scan.repeat(scans), b"\xFF\xD9"].concat();
            assert_eq!(is_whole_jpeg(&file), whole, "{scans} scans");
        }
    }
}
