//! Photos: taken in without what they tell beside the picture, refused when they are none, shown by signed address only.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{PHOTO, street_light, with};
use crate::support::{Answer, Person, Town, engine, raw, stories};

stories![
    where_a_photo_was_taken_is_forgotten,
    what_is_no_photo_is_refused,
    what_is_too_large_is_refused,
    a_photo_opens_by_its_signed_address,
    a_changed_address_opens_nothing,
    an_address_ends,
    a_photo_of_somebody_else_cannot_be_used,
    a_photo_is_used_once,
    a_photo_uploaded_twice_by_one_key_is_one,
];

/// One segment of a JPEG behind its first two bytes.
fn with_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&PHOTO[..2], &[0xFF, marker], &length, body, &PHOTO[2..]].concat()
}

/// The photo with EXIF as a phone writes it: who made it, and a directory of GPS degrees.
fn with_place() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [
            tag.to_be_bytes().to_vec(),
            kind.to_be_bytes().to_vec(),
            count.to_be_bytes().to_vec(),
            value.to_be_bytes().to_vec(),
        ]
        .concat()
    };
    let (ascii, long, rational) = (2, 4, 5);
    let north = u32::from_be_bytes(*b"N\0\0\0");
    let degrees = [31_u32, 1, 11, 1, 0x53E4_C0DE, 1000].map(u32::to_be_bytes).concat();
    let tiff = [
        b"MM\0\x2A\0\0\0\x08\0\x02".to_vec(),
        entry(0x010F, ascii, 16, 38),
        entry(0x8825, long, 1, 54),
        vec![0; 4],
        b"SECRET-PHONE-01\0\0\x02".to_vec(),
        entry(1, ascii, 2, north),
        entry(2, rational, 3, 84),
        vec![0; 4],
        degrees,
    ];
    with_segment(0xE1, &[b"Exif\0\0".to_vec(), tiff.concat()].concat())
}

/// The photo, claiming to be 65,500 pixels wide and high: a bomb of 17 GB.
fn bomb() -> Vec<u8> {
    let mut bytes = PHOTO.to_vec();
    let start = bytes.windows(2).position(|pair| matches!(pair, [0xFF, 0xC0 | 0xC2])).expect("a frame header");
    bytes[start + 5..start + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    bytes
}

async fn where_a_photo_was_taken_is_forgotten(town: &Town) {
    let photo = with_place();
    assert!(photo.windows(15).any(|window| window == b"SECRET-PHONE-01"));
    town.resident().await.tries_to_upload("photo.jpg", &photo).await.is_done();
    let kept = town.ground.folder.join("media");
    assert!(engine::holds(&kept, b"\xFF\xD8\xFF"), "a JPEG is kept");
    for trace in [b"SECRET-PHONE-01".as_slice(), b"Exif", &0x53E4_C0DE_u32.to_be_bytes()] {
        assert!(!engine::holds(&kept, trace), "{trace:?}");
    }
}

async fn what_is_no_photo_is_refused(town: &Town) {
    let ann = town.resident().await;
    let half = &PHOTO[..PHOTO.len() / 2];
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_slice();
    let gif =
        b"GIF89a\x01\0\x01\0\x80\0\0\xFF\xFF\xFF\0\0\0!\xF9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
            .as_slice();
    for file in [b"%PDF-1.7\n1 0 obj\n".as_slice(), gif, half, svg, b"", b"\xFF\xD8\xFF"] {
        ann.tries_to_upload("photo.jpg", file).await.is_refused("FILE_TYPE_REJECTED").at("file");
    }
    assert_eq!(town.number("SELECT count(*) AS n FROM attachment").await, 0);
}

async fn what_is_too_large_is_refused(town: &Town) {
    let ann = town.resident().await;
    ann.tries_to_upload("bomb.jpg", &bomb()).await.is_refused("FILE_TOO_LARGE").at("file");
    for bytes in [10_000_001, 20_000_000] {
        let mut large = PHOTO.to_vec();
        large.resize(bytes, 0);
        let answer = ann.tries_to_upload("large.jpg", &large).await;
        answer.is_refused("LIMIT");
        assert_eq!(answer.status, 413, "cut off before anything looks at it");
    }
    assert_eq!(town.number("SELECT count(*) AS n FROM attachment").await, 0);
}

/// A photo on a case, as its reporter is shown it.
async fn on_a_case(town: &Town) -> (Person, Value) {
    let ann = town.resident().await;
    let case = ann.reports(&with(street_light(), json!({ "attachmentIds": [ann.photo().await] }))).await;
    let seen = ann.sees(&case, "attachments { url thumbnail: url(variant: THUMBNAIL) contentType }").await;
    (ann, seen["attachments"][0].clone())
}

async fn a_photo_opens_by_its_signed_address(town: &Town) {
    let (_, photo) = on_a_case(town).await;
    for variant in ["url", "thumbnail"] {
        let reply = raw::get(town.address, photo[variant].as_str().unwrap()).await;
        assert_eq!(reply.status, 200, "{variant}");
        assert_eq!(reply.header("content-type").as_deref(), Some("image/jpeg"));
        assert_eq!(reply.header("x-content-type-options").as_deref(), Some("nosniff"));
    }
}

async fn a_changed_address_opens_nothing(town: &Town) {
    let (_, photo) = on_a_case(town).await;
    let address = photo["url"].as_str().unwrap();
    let last = address.chars().last().unwrap();
    let (bare, _) = address.split_once('?').unwrap();
    let forged = [
        address.replace("/full", "/thumbnail"),
        address.replace("expires=1", "expires=2"),
        address.replace("signature=", "signature=A"),
        format!("{}{}", &address[..address.len() - 1], if last == 'A' { 'E' } else { 'A' }),
        bare.to_owned(),
        format!("{bare}?expires=9999999999&signature="),
    ];
    for address in forged {
        assert_eq!(raw::get(town.address, &address).await.status, 404, "{address}");
    }
}

async fn an_address_ends(town: &Town) {
    let (_, photo) = on_a_case(town).await;
    town.later(TimeDelta::minutes(31));
    assert_eq!(raw::get(town.address, photo["url"].as_str().unwrap()).await.status, 404);
}

async fn a_photo_of_somebody_else_cannot_be_used(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let input = with(street_light(), json!({ "attachmentIds": [bob.photo().await] }));
    ann.tries_to_report(&input).await.is_refused("INVALID").at("attachmentIds");
    bob.tries_to_report(&input).await.is_done();
}

async fn a_photo_is_used_once(town: &Town) {
    let ann = town.resident().await;
    let photos = json!({ "attachmentIds": [ann.photo().await] });
    let case = ann.reports(&with(street_light(), photos.clone())).await;
    ann.tries_to_report(&with(street_light(), photos.clone())).await.is_refused("INVALID").at("attachmentIds");
    ann.tries("supplementServiceRequest", &case, photos).await.is_refused("INVALID").at("attachmentIds");
}

async fn a_photo_uploaded_twice_by_one_key_is_one(town: &Town) {
    let ann = town.resident().await;
    let upload = async |file: &[u8]| -> Answer {
        let text = "mutation($input: UploadAttachmentInput!) { uploadAttachment(input: $input) { isReplay attachment { id } \
                    userErrors { code field } } }";
        let input = json!({ "input": { "file": null, "idempotencyKey": "a-photo-of-a-light" } });
        ann.uploads(text, &input, "variables.input.file", ("photo.jpg", file)).await
    };
    let (first, again) = (upload(PHOTO).await, upload(PHOTO).await);
    let id = "/uploadAttachment/attachment/id";
    assert_eq!(again.text(id), first.text(id));
    assert_eq!(again.get("/uploadAttachment/isReplay"), true);
    upload(&with_place()).await.is_refused("IDEMPOTENCY_KEY_REUSED");
}
