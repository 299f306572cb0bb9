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

/// What the house counts itself; nothing where it cannot be known now.
pub struct Counted {
    /// Statements sent.
    pub statements: u64,
    /// Facts that wait for the relay.
    pub waiting: Option<u64>,
    /// Messages to somebody outside that were given up.
    pub dead: Option<u64>,
}

/// All counters as text.
#[must_use]
pub fn render(counted: &Counted) -> String {
    let families = METERS.as_ref().map(|meters| meters.registry.gather()).unwrap_or_default();
    let mut text = TextEncoder::new().encode_to_string(&families).unwrap_or_default();
    let own = [
        ("database_statements_total", "counter", "Statements sent to the database", Some(counted.statements)),
        ("facts_waiting", "gauge", "Committed facts the relay has not numbered yet", counted.waiting),
        ("deliveries_dead", "gauge", "Messages given up in the last 30 days", counted.dead),
    ];
    for (name, kind, meaning, value) in own {
        if let Some(value) = value {
            let _ = writeln!(text, "# HELP zhilitong_{name} {meaning}");
            let _ = writeln!(text, "# TYPE zhilitong_{name} {kind}");
            let _ = writeln!(text, "zhilitong_{name} {value}");
        }
    }
    text
}
