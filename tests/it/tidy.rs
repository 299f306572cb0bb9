//! House rules (整洁): what a reviewer would say, said by a test. Each rule is a table above the check that reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::root;

/// Where the frameworks may be named: folders (ending in `/`) or files of the repository.
const FRAMEWORKS: [(&str, &[&str]); 3] = [
    ("actix_", &["api/src/http/", "api/src/graphiql.rs", "api/src/routes.rs", "api/src/serve.rs"]),
    ("async_graphql", &["api/crates/graphql/src/", "api/src/http/", "api/src/town_host.rs"]),
    (
        "sea_orm",
        &[
            "entity/src/",
            "migration/src/",
            "api/crates/kernel/src/audit.rs",
            "api/crates/kernel/src/bulk.rs",
            "api/crates/kernel/src/db.rs",
            "api/crates/kernel/src/error.rs",
            "api/crates/kernel/src/page.rs",
            "api/crates/kernel/src/reseal.rs",
            "api/crates/kernel/src/tx.rs",
            "api/src/cli.rs",
            "api/src/doctor.rs",
            "api/src/housekeeping.rs",
            "api/src/lease.rs",
            "api/src/maintenance.rs",
            "api/src/migrations.rs",
            "api/src/relay.rs",
            "api/src/routes.rs",
            "api/src/seed/",
        ],
    ),
];

/// Names of files that may speak to the database in any slice: a store, its folder, and the service that moves rows.
const STORES: [&str; 3] = ["store.rs", "store/", "service.rs"];

/// Ranks of the house, lowest first: a crate may depend on lower ranks only, or on itself.
const RANKS: [&[&str]; 9] = [
    &["entity", "migration"],
    &["kernel"],
    &["identity", "areas", "directory", "media", "forms", "talk", "gateways", "residents", "party"],
    &["schedule"],
    &["requests", "bookings", "events"],
    &["facts", "queue"],
    &["notifications", "webhooks", "stats", "flows", "hotline", "feeds"],
    &["graphql"],
    &["zhilitong"],
];

/// Within a rank, who stands on whom.
const BESIDE: [(&str, &str); 10] = [
    ("directory", "areas"),
    ("directory", "identity"),
    ("flows", "feeds"),
    ("flows", "notifications"),
    ("gateways", "identity"),
    ("media", "identity"),
    ("party", "identity"),
    ("residents", "areas"),
    ("residents", "identity"),
    ("talk", "media"),
];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// Files that are longer for a reason: lists of columns or words that would not read better in two.
const LONG: [(&str, &str); 1] = [("entity/src/enums.rs", "one list of column enums")];

/// Files whose functions are longer for a reason.
const LONG_FUNCTIONS: [(&str, &str); 2] = [
    ("migration/src/", "a step is a list of columns"),
    ("api/crates/requests/src/workflow/evolve.rs", "one match over every fact"),
];

/// A Rust file of the repository.
struct Source {
    /// Path from the root, with `/`.
    path: String,
    /// Text without its tests.
    code: String,
    /// The whole text.
    text: String,
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for folder in ["api", "entity", "migration"] {
        gather(&root().join(folder), &mut found);
    }
    assert!(found.len() > 50, "the sources are not where they were");
    found.sort();
    found.into_iter().map(|path| read(&path)).collect()
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
    let code = if is_test { String::new() } else { text.split("#[cfg(test)]").next().unwrap_or_default().to_owned() };
    Source { path, code, text }
}

/// Lines of code that are no comments, with their numbers.
fn lines(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

fn may(path: &str, allowed: &[&str]) -> bool {
    allowed.iter().any(|place| if place.ends_with('/') { path.starts_with(place) } else { path == *place })
}

/// Whether a word stands in a line as a whole, or as the beginning of a path.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_open = word.ends_with('_');
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && (is_open || !after.is_some_and(|c| c.is_alphanumeric() || c == '_'))
    })
}

#[test]
fn frameworks_stay_where_they_belong() {
    let mut problems = Vec::new();
    for source in sources() {
        for (framework, places) in FRAMEWORKS {
            let in_slice = source.path.strip_prefix("api/crates/").and_then(|path| path.split_once("/src/"));
            let is_store = framework == "sea_orm"
                && in_slice.is_some_and(|(_, file)| STORES.iter().any(|store| file == *store || file.contains(store)));
            if may(&source.path, places) || is_store {
                continue;
            }
            let named = lines(&source.code).filter(|(_, line)| names(line, framework));
            problems.extend(named.map(|(at, line)| format!("{}:{at}: {framework}: {}", source.path, line.trim())));
        }
    }
    none(&problems);
}

#[test]
fn places_of_frameworks_exist() {
    let places = FRAMEWORKS
        .iter()
        .flat_map(|(_, places)| places.iter())
        .chain(LONG.iter().chain(&LONG_FUNCTIONS).map(|(path, _)| path));
    none(
        &places
            .filter(|place| !root().join(place).exists())
            .map(|place| format!("{place} is gone"))
            .collect::<Vec<_>>(),
    );
}

/// Dependencies of each crate of the house on others of the house.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let mut manifests = vec![root().join("api"), root().join("entity"), root().join("migration")];
    manifests.extend(std::fs::read_dir(root().join("api/crates")).unwrap().map(|entry| entry.unwrap().path()));
    let read = |folder: &PathBuf| {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        let used = manifest["dependencies"].as_table().unwrap().keys().filter(|used| rank(used).is_some()).cloned();
        (name, used.collect())
    };
    manifests.iter().map(read).collect()
}

fn rank(name: &str) -> Option<usize> {
    RANKS.iter().position(|rank| rank.contains(&name))
}

#[test]
fn crates_depend_on_lower_ranks_only() {
    let mut problems = Vec::new();
    for (name, used) in dependencies() {
        let Some(own) = rank(&name) else {
            problems.push(format!("{name} has no rank; give it one in the table"));
            continue;
        };
        for used in used {
            let is_lower = rank(&used).is_some_and(|theirs| theirs < own);
            if !is_lower && !BESIDE.contains(&(&name, &used)) {
                problems.push(format!("{name} may not depend on {used}"));
            }
        }
    }
    none(&problems);
}

#[test]
fn migrations_do_not_know_entities() {
    assert!(!dependencies()["migration"].contains(&"entity".to_owned()));
}

#[test]
fn files_are_short() {
    let is_known = |path: &str| LONG.iter().any(|(long, _)| *long == path);
    let long =
        sources().into_iter().filter(|source| source.code.lines().count() > FILE_LINES && !is_known(&source.path));
    none(&long.map(|source| format!("{}: {} lines", source.path, source.code.lines().count())).collect::<Vec<_>>());
}

/// Whether a line begins a function, as rustfmt writes it.
fn begins_function(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        ["pub", "const", "async", "unsafe", "default", "extern"].contains(word) || word.starts_with("pub(")
    });
    words.next() == Some("fn")
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    for source in sources() {
        if LONG_FUNCTIONS.iter().any(|(long, _)| source.path.starts_with(long)) {
            continue;
        }
        let all: Vec<&str> = source.code.lines().collect();
        for (at, line) in all.iter().enumerate().filter(|(_, line)| begins_function(line)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let ends = |line: &&str| **line == format!("{indent}}}") || **line == format!("{indent}}};");
            let length = all[at..].iter().position(ends).map_or(0, |length| length + 1);
            if length > FUNCTION_LINES && !line.trim_end().ends_with(['}', ';']) {
                problems.push(format!("{}:{}: {length} lines", source.path, at + 1));
            }
        }
    }
    none(&problems);
}

#[test]
fn no_drawer_for_everything() {
    let mut problems = Vec::new();
    for source in sources() {
        for (at, line) in lines(&source.text) {
            let module = line.trim().trim_start_matches("pub ").strip_prefix("mod ");
            let name = module.map(|name| name.trim_end_matches([';', ' ', '{']));
            if name.is_some_and(|name| ["utils", "util", "common", "helpers", "helper", "misc"].contains(&name)) {
                problems.push(format!("{}:{at}: {}", source.path, line.trim()));
            }
        }
    }
    none(&problems);
}

#[test]
fn exceptions_have_reasons() {
    let mut problems = Vec::new();
    for source in sources() {
        // Attributes may run over lines; commas inside do not matter here.
        for opening in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
            for (at, _) in source.text.match_indices(opening) {
                let attribute = source.text[at..].split(")]").next().unwrap_or_default();
                if !attribute.contains("reason = \"") {
                    problems.push(format!("{}: {attribute})] has no reason", source.path));
                }
            }
        }
        for (at, line) in source.text.lines().enumerate() {
            let is_marked = ["TODO", "FIXME", "XXX", "HACK"].iter().any(|mark| names(line, mark));
            if is_marked && !line.contains("issue ") {
                problems.push(format!("{}:{}: {} names no issue", source.path, at + 1, line.trim()));
            }
        }
    }
    none(&problems);
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    let mut problems = Vec::new();
    for source in sources() {
        let unwrapped = lines(&source.code).filter(|(_, line)| {
            [".unwrap()", ".expect(\"", "panic!(", "unreachable!("].iter().any(|call| line.contains(call))
        });
        problems.extend(unwrapped.map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())));
    }
    none(&problems);
}

#[test]
fn every_crate_stands_in_the_readme() {
    let readme = std::fs::read_to_string(root().join("api/README.md")).unwrap();
    let crates = std::fs::read_dir(root().join("api/crates")).unwrap();
    let mut missing: Vec<String> = crates
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !names(&readme, name))
        .map(|name| format!("api/README.md does not name the crate {name}"))
        .collect();
    missing.sort();
    none(&missing);
}

#[test]
fn every_dependency_says_why_it_is_here() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let listed = manifest.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let silent =
        listed.lines().filter(|line| line.contains(" = ") && !line.contains(" # ") && !line.contains("path = "));
    none(&silent.map(|line| format!("Cargo.toml: {line}")).collect::<Vec<_>>());
}

#[test]
fn every_slice_has_its_stories() {
    // Crates without a promise of their own to a person.
    let silent = ["kernel", "graphql", "facts", "forms", "gateways", "media", "schedule"];
    let crates = std::fs::read_dir(root().join("api/crates")).unwrap();
    let missing = crates
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !silent.contains(&name.as_str()))
        .filter(|name| !root().join(format!("tests/it/{name}.rs")).exists())
        .filter(|name| !root().join(format!("tests/it/{name}/mod.rs")).exists());
    none(&missing.map(|name| format!("tests/it/{name}.rs is missing")).collect::<Vec<_>>());
}

/// Why a value is refused is a word in the slices, and a sentence for the person at the edge.
#[test]
fn every_reason_has_a_sentence() {
    let sources = sources();
    let told = &sources
        .iter()
        .find(|source| source.path == "api/crates/graphql/src/errors/reasons.rs")
        .expect("sentences")
        .code;
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("api/crates/")) {
        // `Because("…")`, and the `because("field", "…")` of a slice: the last word in quotes.
        for call in source.code.split("ecause(").skip(1) {
            let Some(word) = call.split(')').next().and_then(|words| words.rsplit('"').nth(1)) else { continue };
            if !told.contains(&format!("\"{word}\"")) {
                problems.push(format!("{}: {word} has no sentence in errors/reasons.rs", source.path));
            }
        }
    }
    none(&problems);
}
