//! QR codes (二维码), as SVG: what is scanned at a door, or shown at a desk.

use kernel::error::{Error, Result};
use qrcode::QrCode;
use qrcode::render::svg;

/// What text looks like as a QR code of medium correction, with its quiet zone: black on white, as large as whoever shows it wants.
///
/// # Errors
/// A fault for text that no code holds, some 2,300 bytes.
pub fn svg(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(|error| Error::Fault(error.into()))?;
    Ok(code.render::<svg::Color<'_>>().module_dimensions(1, 1).build())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rqrr::PreparedImage;

    use super::*;

    /// Pixels of one module.
    const PIXELS: usize = 4;

    /// What a phone reads of it: each `MxyhwvhHxVy` of its path is a black box.
    fn scanned(svg: &str) -> String {
        let path = svg.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
        let side =
            svg.split("width=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().parse::<usize>().unwrap();
        let mut dark = vec![false; side * side];
        for module in path.split('M').skip(1) {
            let numbers: Vec<usize> =
                module.split(|sign: char| !sign.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
            let [x, y, width, height, ..] = numbers[..] else { panic!("no box: {module}") };
            for row in y..y + height {
                dark[row * side + x..row * side + x + width].fill(true);
            }
        }
        let is_dark = |x: usize, y: usize| dark[y / PIXELS * side + x / PIXELS];
        let pixels = side * PIXELS;
        let mut image =
            PreparedImage::prepare_from_greyscale(pixels, pixels, |x, y| if is_dark(x, y) { 0 } else { 255 });
        let grids = image.detect_grids();
        grids.first().expect("a code").decode().expect("its text").1
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// Another library reads what was drawn.
        #[test]
        fn what_is_drawn_is_read(text in "[0-9A-Za-z:._-]{1,80}") {
            let drawn = svg(&text).unwrap();
            prop_assert!(drawn.starts_with("<?xml") && drawn.ends_with("</svg>"), "{}", drawn);
            prop_assert_eq!(scanned(&drawn), text);
        }
    }

    #[test]
    fn what_no_code_holds_is_a_fault() {
        assert!(svg(&"长".repeat(2_000)).is_err());
    }
}
