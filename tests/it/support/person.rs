//! A person (人): a phone, an address, perhaps a session; speaks GraphQL text.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::raw::{self, GRAPHQL, JSON};
use super::socket::Socket;
use super::{Answer, Town};

/// What signing in asks back.
const SESSION: &str =
    "tokens { accessToken refreshToken expiresAt } viewer { user { id } } isNewUser userErrors { code message field }";

/// Somebody with a phone.
#[derive(Clone)]
pub struct Person {
    /// Where the product is.
    pub server: SocketAddr,
    /// Where the person is, as the trusted proxy says.
    pub address: Ipv4Addr,
    /// Installation of the app.
    pub device: String,
    /// Access token, once signed in.
    pub token: Option<String>,
    /// Refresh token, once signed in.
    pub refresh: Option<String>,
    /// `Accept-Language`.
    pub language: &'static str,
    /// `X-Client-Version`, where the app sends one.
    pub client: Option<&'static str>,
    number: u32,
    faults: Arc<Mutex<Vec<String>>>,
}

impl Person {
    pub(super) fn new(server: SocketAddr, address: Ipv4Addr, number: u32, faults: Arc<Mutex<Vec<String>>>) -> Self {
        let device = format!("installation-{number:06}");
        Self { server, address, device, token: None, refresh: None, language: "en", client: None, number, faults }
    }

    /// Somebody at a process of the product, whose faults nobody collects.
    pub fn at(server: SocketAddr, number: u32) -> Self {
        Self::new(server, Ipv4Addr::LOCALHOST, number, Arc::default())
    }

    /// The same person with another access token, or none.
    pub fn holding(&self, token: Option<String>) -> Self {
        Self { token, ..self.clone() }
    }

    /// The person's own number, one nobody else in the town has.
    pub fn phone(&self) -> String {
        format!("1380000{:04}", self.number)
    }

    /// The `device` input of signing in.
    pub fn device_input(&self) -> Value {
        json!({ "kind": "ANDROID", "id": self.device, "name": "a test phone" })
    }

    /// Runs GraphQL text.
    pub async fn asks(&self, text: &str) -> Answer {
        self.says(text, &Value::Null).await
    }

    /// Runs GraphQL text with variables.
    pub async fn says(&self, text: &str, variables: &Value) -> Answer {
        let body = json!({ "query": text, "variables": variables });
        self.sends(JSON, body.to_string().as_bytes(), &format!("{text} {variables}")).await
    }

    /// Runs a mutation of one `input`: `does("submitX", "SubmitXInput", &input, "x { id }")`. The input's type follows the
    /// mutation's name, as everywhere in the schema.
    pub async fn does(&self, mutation: &str, input: &Value, selection: &str) -> Answer {
        let kind = format!("{}{}Input", mutation[..1].to_ascii_uppercase(), &mutation[1..]);
        let text = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}");
        self.says(&text, &json!({ "input": input })).await
    }

    /// As [`Person::does`], of a server that may die meanwhile: nothing when it did.
    pub async fn tries_raw(&self, mutation: &str, input: &Value, selection: &str) -> Option<Answer> {
        let kind = format!("{}{}Input", mutation[..1].to_ascii_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}");
        let body = json!({ "query": query, "variables": { "input": input } }).to_string();
        let authorization = format!("Bearer {}", self.token.as_deref().unwrap_or_default());
        let headers = [("Content-Type", JSON), ("Authorization", authorization.as_str()), ("Connection", "close")];
        let reply = raw::try_send(self.server, &raw::request("POST", "/graphql", &headers, body.as_bytes())).await?;
        Some(Answer { status: reply.status, json: reply.json(), asked: body })
    }

    /// Uploads one file into the variable at `place`, e.g. `variables.input.file`.
    pub async fn uploads(&self, text: &str, variables: &Value, place: &str, (name, file): (&str, &[u8])) -> Answer {
        let operations = json!({ "query": text, "variables": variables }).to_string();
        let map = json!({ "0": [place] }).to_string();
        let mut body = Vec::new();
        for (part, value) in [("operations", &operations), ("map", &map)] {
            let head = format!("--town\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = format!(
            "--town\r\nContent-Disposition: form-data; name=\"0\"; filename=\"{name}\"\r\nContent-Type: \
             application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--town--\r\n");
        self.sends("multipart/form-data; boundary=town", &body, &operations).await
    }

    async fn sends(&self, kind: &str, body: &[u8], asked: &str) -> Answer {
        let address = self.address.to_string();
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![
            ("Content-Type", kind),
            ("Accept", GRAPHQL),
            ("Accept-Language", self.language),
            ("X-Forwarded-For", &address),
            ("GraphQL-Require-Preflight", "1"),
            ("Connection", "close"),
        ];
        headers.extend(self.client.map(|client| ("X-Client-Version", client)));
        headers.extend(authorization.iter().map(|value| ("Authorization", value.as_str())));
        let reply = raw::send(self.server, &raw::request("POST", "/graphql", &headers, body)).await;
        let answer = Answer { status: reply.status, json: reply.json(), asked: asked.to_owned() };
        self.notes_faults(&answer);
        answer
    }

    /// `INTERNAL` and 5xx are our own faults: a story that does not expect them fails at its end.
    fn notes_faults(&self, answer: &Answer) {
        let codes = answer.top_codes();
        let is_down = codes.iter().any(|code| ["UNAVAILABLE", "MAINTENANCE"].contains(&code.as_str()));
        if codes.iter().any(|code| code == "INTERNAL") || (answer.status >= 500 && !is_down) {
            let asked: String = answer.asked.chars().take(400).collect();
            self.faults.lock().unwrap().push(format!("{} {} to {asked}", answer.status, answer.json));
        }
    }

    /// Opens a socket and says who is there.
    pub async fn connects(&self) -> Socket {
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        Socket::ready(self.server, &json!({ "authorization": authorization })).await
    }

    /// Asks for a one-time code.
    pub async fn asks_for_code(&self, phone: &str) -> Answer {
        let input = json!({ "phone": phone });
        let selection = "retryAfterSeconds expiresInSeconds userErrors { code field }";
        self.does("sendVerificationCode", &input, selection).await
    }

    /// Tries to sign in with a code.
    pub async fn tries_code(&self, phone: &str, code: &str) -> Answer {
        let input = json!({ "phone": phone, "code": code, "device": self.device_input() });
        self.does("signInWithCode", &input, SESSION).await
    }

    /// Tries to sign in with a password.
    pub async fn tries_password(&self, username: &str, password: &str) -> Answer {
        let input = json!({ "username": username, "password": password, "device": self.device_input() });
        self.does("signInWithPassword", &input, SESSION).await
    }

    /// Tries to sign in with WeChat, with a phone code or without.
    pub async fn tries_wechat(&self, login: &str, phone: Option<&str>) -> Answer {
        let input = json!({ "loginCode": login, "phoneCode": phone, "device": self.device_input() });
        self.does("signInWithWechat", &input, SESSION).await
    }

    /// Tries to bind the number of a phone code, with a key.
    pub async fn tries_to_bind(&self, code: &str, key: &str) -> Answer {
        let input = json!({ "phoneCode": code, "idempotencyKey": key });
        self.does("bindPhone", &input, "isReplay viewer { phone user { id } } userErrors { code message field }").await
    }

    /// Tries to refresh with a token, from a device.
    pub async fn tries_refresh(&self, token: &str, device: &str) -> Answer {
        let input = json!({ "refreshToken": token, "deviceId": device });
        self.holding(None).does("refreshSession", &input, SESSION).await
    }

    /// Signs in by phone and code. Gives back the answer.
    pub async fn signs_in_with_code(&mut self, town: &Town, phone: &str) -> Answer {
        self.asks_for_code(phone).await.is_done();
        let code = town.code_for(phone).await;
        let answer = self.tries_code(phone, &code).await;
        self.keeps(&answer, "signInWithCode");
        answer
    }

    /// Signs in with WeChat as somebody, with a number or without. Gives back the answer.
    pub async fn signs_in_with_wechat(&mut self, town: &Town, openid: &str, phone: Option<&str>) -> Answer {
        let login = town.wechat.login_code(openid);
        let phone = phone.map(|phone| town.wechat.phone_code(phone));
        let answer = self.tries_wechat(&login, phone.as_deref()).await;
        self.keeps(&answer, "signInWithWechat");
        answer
    }

    /// Signs in by name and password. Gives back the answer.
    pub async fn signs_in_with_password(&mut self, username: &str, password: &str) -> Answer {
        let answer = self.tries_password(username, password).await;
        self.keeps(&answer, "signInWithPassword");
        answer
    }

    /// Rotates the tokens. Gives back the answer.
    pub async fn refreshes(&mut self) -> Answer {
        let token = self.refresh.clone().expect("a refresh token");
        let answer = self.tries_refresh(&token, &self.device).await;
        self.keeps(&answer, "refreshSession");
        answer
    }

    /// The same person with new tokens: the access token of before lapses after a quarter of an hour.
    pub async fn refreshed(&self) -> Self {
        let mut person = self.clone();
        person.refreshes().await.is_done();
        person
    }

    /// Reads every document and says yes to all, as somebody of fourteen or over.
    pub async fn consents(&self) {
        let documents = self.asks("{ consentDocuments { id } }").await.list("/consentDocuments");
        let ids: Vec<&Value> = documents.iter().map(|document| &document["id"]).collect();
        let input = json!({ "documentIds": ids, "isFourteenOrOver": true, "idempotencyKey": super::case::new_key() });
        self.does("giveConsent", &input, "userErrors { code message field }").await.is_done();
    }

    fn keeps(&mut self, answer: &Answer, mutation: &str) {
        self.token = Some(answer.text(&format!("/{mutation}/tokens/accessToken")));
        self.refresh = Some(answer.text(&format!("/{mutation}/tokens/refreshToken")));
    }

    /// Who the product thinks this is: the global id, or nothing for a stranger.
    pub async fn id(&self) -> Option<String> {
        let answer = self.asks("{ viewer { user { id } } }").await;
        let viewer = answer.get("/viewer").clone();
        viewer["user"]["id"].as_str().map(str::to_owned)
    }

    /// What asking who one is is answered: done, or a code.
    pub async fn knocks(&self) -> Vec<String> {
        self.asks("{ viewer { user { id } } }").await.codes()
    }
}
