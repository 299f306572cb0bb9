//! Templates of replies (回复模板): words that begin a reply to the reporter, filled with what the case says. The filling is pure.

use chrono::{DateTime, Utc};
use entity::id::{ServiceRequestId, UnitId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use serde::{Deserialize, Serialize};

use super::Edition;
use crate::case::Case;
use crate::policy::{self, Action};
use crate::store::{self, Asker};
use crate::town::Town;

/// What a template may stand for: `{{caseNo}}` and so on. No address and no words of the reporter, since replies are published.
pub const PLACEHOLDERS: [&str; 6] = ["caseNo", "category", "area", "unit", "dueDate", "today"];

/// A template of replies (回复模板).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Name.
    pub name: String,
    /// Words with placeholders.
    pub text: String,
    /// For a category and all below; for all when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_code: Option<String>,
    /// For one unit; for all when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

impl Template {
    /// Whether it is for a case of a category that a unit leads.
    #[must_use]
    pub fn fits(&self, category_code: &str, unit: Option<UnitId>) -> bool {
        let is_within = |above: &String| {
            category_code.strip_prefix(above.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.category_code.as_ref().is_none_or(is_within) && self.unit.is_none_or(|own| unit == Some(own))
    }
}

/// Fills words with values, by the names of placeholders. What has no value stays as it is, so that nobody overlooks it.
///
/// ```
/// use requests::reference::fill;
/// let value = |name: &str| (name == "caseNo").then(|| "XH20261123000001".to_owned());
/// assert_eq!(fill("{{caseNo}} 已由{{unit}}办结", value), "XH20261123000001 已由{{unit}}办结");
/// assert_eq!(fill("{{", value), "{{");
/// ```
#[must_use]
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, behind)) = opened.split_once("}}") else {
            filled.push_str("{{");
            rest = opened;
            continue;
        };
        match value(name.trim()) {
            Some(value) => filled.push_str(&value),
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// Whether all that stands in double braces is a placeholder, and every brace is closed.
#[must_use]
pub fn is_fillable(text: &str) -> bool {
    let known = |name: &str| PLACEHOLDERS.contains(&name).then(String::new);
    !fill(text, known).contains("{{")
}

/// A template filled for a case (填好的模板).
#[derive(Clone, Debug)]
pub struct Filled {
    /// The template.
    pub template: Edition<Template>,
    /// Its words with what the case says.
    pub text: String,
}

/// The templates in force that are for a case, filled; by code.
///
/// # Errors
/// [`Error::NotFound`] when the case is hidden; [`Error::Forbidden`] for who does not work on it.
pub async fn templates_for(base: &Base, town: &Town, actor: &Actor, id: ServiceRequestId) -> Result<Vec<Filled>> {
    let (db, now) = (base.db.reader(), base.clock.now());
    let found = store::case(db, &policy::sight(actor, now), Asker::of(actor, now), id).await?;
    let case = found.ok_or(Error::NotFound)?.permit(actor, Action::ReadStaffView)?.into_row();
    let lead: Vec<UnitId> = case.row.lead_unit_id.into_iter().collect();
    let lead = if lead.is_empty() { Vec::new() } else { directory::units_by_ids(db, &lead).await? };
    let unit = lead.first().map(|unit| unit.name.as_str());
    let used = town.reference.templates.all_at(now).filter(|template| !template.is_retired);
    let fitting = used.filter(|template| template.content.fits(&case.row.category_code, case.row.lead_unit_id));
    let filled = fitting.map(|template| Filled {
        text: fill(&template.content.text, |name| value(town, &case, unit, name, now)),
        template: template.clone(),
    });
    Ok(filled.collect())
}

/// What a case says of a placeholder.
fn value(town: &Town, case: &Case, unit: Option<&str>, name: &str, now: DateTime<Utc>) -> Option<String> {
    let row = &case.row;
    let date = |at: DateTime<Utc>| areas::shanghai_date(at).format("%Y年%-m月%-d日").to_string();
    match name {
        "caseNo" => Some(row.case_no.clone()),
        "category" => town.category(&row.category_code, now).map(|category| category.content.name.clone()),
        "area" => {
            let area = town.neighbourhood_of(&row.area_path)?;
            town.areas.by_code(&area.code).map(|area| area.name.clone())
        }
        "unit" => unit.map(str::to_owned),
        "dueDate" => row.due_at.map(date),
        "today" => Some(date(now)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn placeholders_are_filled_and_unknown_ones_are_told() {
        let value = |name: &str| (name != "unit").then(|| format!("<{name}>"));
        for (text, filled) in [
            ("", ""),
            ("您好", "您好"),
            ("{{caseNo}}{{ today }}", "<caseNo><today>"),
            ("{{unit}}：{{caseNo}}", "{{unit}}：<caseNo>"),
            ("}}{{caseNo", "}}{{caseNo"),
        ] {
            assert_eq!(fill(text, value), filled, "{text}");
        }
        for (text, is_good) in
            [("{{caseNo}}", true), ("{a}", true), ("{{phone}}", false), ("{{caseNo", false), ("{{{{caseNo}}", false)]
        {
            assert_eq!(is_fillable(text), is_good, "{text}");
        }
    }

    #[test]
    fn a_template_is_for_its_category_and_unit() {
        let unit = UnitId(Uuid::from_u128(1));
        let template = |category: Option<&str>, unit| Template {
            name: String::new(),
            text: String::new(),
            category_code: category.map(str::to_owned),
            unit,
        };
        assert!(template(None, None).fits("A.B", None));
        assert!(template(Some("A"), Some(unit)).fits("A.B", Some(unit)));
        assert!(!template(Some("A"), Some(unit)).fits("A.B", None));
        assert!(!template(Some("A.B"), None).fits("A", None));
        assert!(!template(Some("A"), None).fits("AB", None));
    }

    proptest! {
        /// Values are put in once: what they say is filled no further, and words without braces stay.
        #[test]
        fn filling_says_what_it_was_given(text in "[a-z{} ]{0,40}", said in "[{}a-z]{0,10}") {
            let all = fill(&text, |_| Some(said.clone()));
            if !text.contains("{{") {
                prop_assert_eq!(&all, &text);
            }
            prop_assert_eq!(fill(&text, |name| Some(format!("{{{{{name}}}}}"))).replace(' ', ""), text.replace(' ', ""));
        }
    }
}
