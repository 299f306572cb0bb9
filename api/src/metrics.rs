//! Counters of this process (指标), in the Prometheus text format.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

struct Meters {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

static METERS: LazyLock<Option<Meters>> = LazyLock::new(|| Meters::new().ok());

impl Meters {
    fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("zhilitong_http_requests_total", "HTTP requests answered"),
            &["route", "status"],
        )?;
        let buckets = vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        let seconds = HistogramVec::new(
            HistogramOpts::new("zhilitong_http_request_seconds", "Time until the answer's head").buckets(buckets),
            &["route"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(Self { registry, requests, seconds })
    }
}

/// Counts an answered request.
pub fn request(route: &str, status: u16, took: Duration) {
    if let Some(meters) = &*METERS {
        meters.requests.with_label_values(&[route, &status.to_string()]).inc();
        meters.seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }
}

/// All counters as text, with what the house counts itself: statements sent, and facts that wait for the relay, if known.
#[must_use]
pub fn render(statements: u64, waiting: Option<u64>) -> String {
    let families = METERS.as_ref().map(|meters| meters.registry.gather()).unwrap_or_default();
    let mut text = TextEncoder::new().encode_to_string(&families).unwrap_or_default();
    let _ = writeln!(text, "# HELP zhilitong_database_statements_total Statements sent to the database");
    let _ = writeln!(text, "# TYPE zhilitong_database_statements_total counter");
    let _ = writeln!(text, "zhilitong_database_statements_total {statements}");
    if let Some(waiting) = waiting {
        let _ = writeln!(text, "# HELP zhilitong_facts_waiting Committed facts the relay has not numbered yet");
        let _ = writeln!(text, "# TYPE zhilitong_facts_waiting gauge");
        let _ = writeln!(text, "zhilitong_facts_waiting {waiting}");
    }
    text
}
