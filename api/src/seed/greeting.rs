//! What `demo` prints (演示说明): where it serves, who can sign in, what to paste.

use kernel::config::Config;

use super::people::{PASSWORD, RESIDENT_PHONE};

/// A photo for the demo's report of a repaired street light.
const PHOTO: &[u8] = include_bytes!("../../assets/street-light.jpg");
/// The script: a case from a resident's phone to its end.
const TRY_IT: &str = include_str!("../../assets/try-it.sh");

/// Writes the files that the greeting names, and gives back the greeting.
///
/// # Errors
/// When the data folder cannot be written.
pub fn greeting(config: &Config) -> anyhow::Result<String> {
    let dir = &config.data.dir;
    let url = format!("http://{}", config.server.listen);
    let script = TRY_IT.replace("{URL}", &url).replace("{DATA}", &dir.display().to_string());
    let script = script.replace("{PASSWORD}", PASSWORD).replace("{PHONE}", RESIDENT_PHONE);
    std::fs::write(dir.join("street-light.jpg"), PHOTO)?;
    std::fs::write(dir.join("try-it.sh"), &script)?;
    let body = script.split_once("\n\n").map_or(script.as_str(), |(_, body)| body);
    Ok(format!(
        "
社区治理通 · demo town 演示街区

  GraphQL    {url}/graphql   (POST, and graphql-transport-ws)
  GraphiQL   {url}/graphiql
  Health     {url}/readyz   {url}/metrics

  Resident   {RESIDENT_PHONE}, with the one-time code printed here
  Staff      password {PASSWORD}
             dispatcher  inspector  callback  chief  neighbourhood  station  supervisor  center  admin
             lights.handler  lights.leader  sanitation.handler  property.leader  …
             party.secretary  party.admin  editor

Paste this into another terminal, or run it: sh {}
It files a request about a street light and takes it to CLOSED.

{body}",
        dir.join("try-it.sh").display()
    ))
}
