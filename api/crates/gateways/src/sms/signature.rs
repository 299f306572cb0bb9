//! Tencent Cloud's signature of a request (签名方法 v3): TC3-HMAC-SHA256. Pure.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, Tag, sign};
use chrono::{DateTime, Utc};
use kernel::vault::{hex, sha256};

/// What is signed: a POST of JSON to `/`.
pub(super) struct Signed<'a> {
    /// Short name of the product, e.g. `sms`.
    pub service: &'a str,
    /// As the `Host` header says.
    pub host: &'a str,
    /// As the `X-TC-Action` header says.
    pub action: &'a str,
    /// As the `X-TC-Timestamp` header says, in seconds.
    pub at: DateTime<Utc>,
    /// The body.
    pub body: &'a str,
}

/// The `Authorization` header.
pub(super) fn authorization(signed: &Signed<'_>, secret_id: &str, secret_key: &str) -> String {
    let Signed { service, host, action, at, body } = signed;
    let headers = format!(
        "content-type:application/json; charset=utf-8\nhost:{}\nx-tc-action:{}\n",
        host.to_lowercase(),
        action.to_lowercase()
    );
    let names = "content-type;host;x-tc-action";
    let request = format!("POST\n/\n\n{headers}\n{names}\n{}", hex(&sha256(body.as_bytes())));
    let date = at.format("%Y-%m-%d").to_string();
    let scope = format!("{date}/{service}/tc3_request");
    let text = format!("TC3-HMAC-SHA256\n{}\n{scope}\n{}", at.timestamp(), hex(&sha256(request.as_bytes())));
    let key = hmac(format!("TC3{secret_key}").as_bytes(), &date);
    let key = hmac(hmac(key.as_ref(), service).as_ref(), "tc3_request");
    let signature = hex(hmac(key.as_ref(), &text).as_ref());
    format!("TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}")
}

fn hmac(key: &[u8], text: &str) -> Tag {
    sign(&Key::new(HMAC_SHA256, key), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the documentation (云服务器 `DescribeInstances`), its masked key taken literally.
    #[test]
    fn the_published_example_is_signed_alike() {
        let signed = Signed {
            service: "cvm",
            host: "cvm.tencentcloudapi.com",
            action: "DescribeInstances",
            at: DateTime::from_timestamp(1_551_113_065, 0).unwrap(),
            body: r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#,
        };
        let masked = "*".repeat(32);
        assert_eq!(
            authorization(&signed, &format!("AKID{masked}"), &masked),
            format!(
                "TC3-HMAC-SHA256 Credential=AKID{masked}/2019-02-25/cvm/tc3_request, \
                 SignedHeaders=content-type;host;x-tc-action, \
                 Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
            )
        );
    }
}
