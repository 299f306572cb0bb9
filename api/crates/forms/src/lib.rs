//! Forms (表单): the questions that a venue or an event asks who comes, and answers parsed against them. Pure.
//!
//! A form is kept as JSON beside what asks. An answer keeps the label of its question as it was then, so that it can be read when the
//! form is another one. What people answer are words of theirs: whoever keeps them forgets them with the person. Numbers to call are not
//! asked for: those of people are kept sealed, where accounts are.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::error::{Detail, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line, optional, words};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Questions of a form at most (题数上限).
pub const QUESTIONS: usize = 10;
/// Characters of a key, a label and a help at most.
const KEY: usize = 32;
const LABEL: usize = 60;
const HELP: usize = 200;
/// Options of a choice, and characters of each at most.
const OPTIONS: std::ops::RangeInclusive<usize> = 2..=12;
const OPTION: usize = 40;
/// Characters of a short and a long text at most.
const TEXT: usize = 100;
const LONG_TEXT: usize = 500;

/// How a question is answered (题型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuestionKind {
    /// 单行文本 / a line of words.
    Text,
    /// 多行文本 / several lines.
    LongText,
    /// 单选 / one of the options.
    SingleChoice,
    /// 多选 / some of the options.
    MultipleChoice,
    /// 数字 / a number.
    Number,
    /// 日期 / a date.
    Date,
    /// 是否 / yes or no.
    Boolean,
}

impl QuestionKind {
    fn is_choice(self) -> bool {
        matches!(self, Self::SingleChoice | Self::MultipleChoice)
    }
}

/// A question of a form (题目).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// By which its answer names it; once in a form.
    pub key: String,
    /// What is asked.
    pub label: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Whether it must be answered.
    pub is_required: bool,
    /// What is chosen from; of choices only.
    pub options: Vec<String>,
    /// What helps to answer it.
    pub help: Option<String>,
}

/// What somebody sends as the answer to a question (作答).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Key of the question.
    pub key: String,
    /// One value; of a choice of several, each.
    pub values: Vec<String>,
}

/// An answer, with its question as it was asked (回答).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Key of the question.
    pub key: String,
    /// What was asked.
    pub label: String,
    /// One value; of a choice of several, each.
    pub values: Vec<String>,
}

/// Questions that can be asked together (表单).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Form(Vec<Question>);

impl Form {
    /// Parses the questions of a field of an input; options of what is no choice are left out.
    ///
    /// # Errors
    /// All refusals, at `field.key` and so on; `LIMIT_EXCEEDED` beyond ten questions.
    pub fn parse(field: &str, questions: Vec<Question>) -> Result<Self> {
        if questions.len() > QUESTIONS {
            let limit = UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(QUESTIONS as i64));
            return Err(limit.into());
        }
        let mut problems = Problems::default();
        let (mut keys, key_at) = (BTreeSet::new(), format!("{field}.key"));
        let parsed: Vec<Question> =
            questions.into_iter().map(|question| parse_question(field, question, &mut problems)).collect();
        for question in &parsed {
            if !question.key.is_empty() && !keys.insert(question.key.as_str()) {
                problems.add(UserError::because(&key_at, "taken"));
            }
        }
        problems.none()?;
        Ok(Self(parsed))
    }

    /// A form as it was kept.
    ///
    /// # Errors
    /// A fault when it is damaged.
    pub fn kept(value: &Value) -> Result<Self> {
        Ok(Self::deserialize(value).map_err(|error| anyhow::anyhow!("a form: {error}"))?)
    }

    /// Its questions.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.0
    }

    /// Answers to it, in the order of its questions; blank ones are none.
    ///
    /// # Errors
    /// At `field.key of the question`: `REQUIRED` where an answer is missing, `INVALID` for what is no answer to it, `TOO_LONG`; `INVALID`
    /// at `field` for an answer to nothing, or a second one.
    pub fn answered(&self, field: &str, given: &[Given]) -> Result<Vec<Answer>> {
        let mut problems = Problems::default();
        let mut seen = BTreeSet::new();
        for one in given {
            if !self.0.iter().any(|question| question.key == one.key) {
                problems.add(UserError::because(field, "unknown_question"));
            } else if !seen.insert(one.key.as_str()) {
                problems.add(UserError::because(field, "answered_twice"));
            }
        }
        let mut answers = Vec::new();
        for question in &self.0 {
            let at = format!("{field}.{}", question.key);
            let values = given.iter().find(|one| one.key == question.key).map_or(&[][..], |one| &one.values);
            let values: Vec<&str> = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
            if values.is_empty() {
                if question.is_required {
                    problems.add(UserError::at(UserErrorCode::Required, &at));
                }
                continue;
            }
            let values = problems.keep(values_of(&at, question, &values));
            answers.push(Answer { key: question.key.clone(), label: question.label.clone(), values });
        }
        problems.none()?;
        Ok(answers)
    }
}

/// Parses what a client sends as answers, whatever the form: none is long. Which question each answers is asked of the form.
///
/// # Errors
/// `TOO_LONG` and `INVALID` at `field.key` and `field.values`; `LIMIT_EXCEEDED` for more than a form has.
pub fn given(field: &str, raw: &[Given], problems: &mut Problems) -> Vec<Given> {
    if raw.len() > QUESTIONS {
        problems.add(UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(QUESTIONS as i64)));
        return Vec::new();
    }
    let (key_at, values_at) = (format!("{field}.key"), format!("{field}.values"));
    let mut parsed = Vec::new();
    for one in raw {
        let key = problems.keep(line(&key_at, &one.key, KEY));
        if one.values.len() > *OPTIONS.end() {
            problems.add(UserError::at(UserErrorCode::LimitExceeded, &values_at).with(Detail::Limit(12)));
            continue;
        }
        let values = one.values.iter().map(|value| optional(&values_at, Some(value), LONG_TEXT, words));
        let values = problems.keep(values.collect::<std::result::Result<Vec<_>, _>>());
        parsed.push(Given { key, values: values.into_iter().flatten().collect() });
    }
    parsed
}

/// Answers as they were kept; nothing of what is damaged.
#[must_use]
pub fn kept_answers(value: &Value) -> Vec<Answer> {
    Vec::deserialize(value).unwrap_or_default()
}

fn parse_question(field: &str, raw: Question, problems: &mut Problems) -> Question {
    let at = |part: &str| format!("{field}.{part}");
    let (key_at, options_at) = (at("key"), at("options"));
    let key = problems.keep(line(&key_at, &raw.key, KEY).and_then(|key| {
        let mut signs = key.bytes();
        let is_plain = signs.next().is_some_and(|first| first.is_ascii_lowercase())
            && signs.all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_');
        if is_plain { Ok(key) } else { Err(UserError::because(&key_at, "question_key")) }
    }));
    let label = problems.keep(line(&at("label"), &raw.label, LABEL));
    let help = problems.keep(optional(&at("help"), raw.help.as_deref(), HELP, line));
    let options = raw.options.iter().map(|option| line(&options_at, option, OPTION));
    let mut options = problems.keep(options.collect::<std::result::Result<Vec<_>, _>>());
    if raw.kind.is_choice() {
        let are_several = options.iter().collect::<BTreeSet<_>>().len() == options.len();
        if !(are_several && OPTIONS.contains(&options.len())) {
            problems.add(UserError::because(&options_at, "options"));
        }
    } else {
        options.clear();
    }
    Question { key, label, kind: raw.kind, is_required: raw.is_required, options, help }
}

/// The values of an answer, of which there is one at least.
fn values_of(at: &str, question: &Question, values: &[&str]) -> std::result::Result<Vec<String>, UserError> {
    let is_one = values.len() == 1;
    let is_option = |value: &&str| question.options.iter().any(|option| option == value);
    if question.kind == QuestionKind::MultipleChoice {
        let are_several = values.iter().collect::<BTreeSet<_>>().len() == values.len();
        if !(are_several && values.iter().all(is_option)) {
            return Err(UserError::because(at, "no_option"));
        }
        // As the form has them, whoever ticked what first.
        let chosen = question.options.iter().filter(|option| values.contains(&option.as_str()));
        return Ok(chosen.cloned().collect());
    }
    let Some(value) = values.first().filter(|_| is_one) else { return Err(UserError::because(at, "one_answer")) };
    let parsed = match question.kind {
        QuestionKind::Text => line(at, value, TEXT)?,
        QuestionKind::LongText => words(at, value, LONG_TEXT)?,
        QuestionKind::SingleChoice if is_option(value) => (*value).to_owned(),
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => return Err(UserError::because(at, "no_option")),
        QuestionKind::Number => number(value).ok_or_else(|| UserError::because(at, "no_number_answer"))?,
        QuestionKind::Date => {
            let date: NaiveDate = value.parse().map_err(|_| UserError::because(at, "no_date_answer"))?;
            date.to_string()
        }
        QuestionKind::Boolean if ["true", "false"].contains(value) => (*value).to_owned(),
        QuestionKind::Boolean => return Err(UserError::because(at, "yes_or_no")),
    };
    Ok(vec![parsed])
}

/// A decimal number of common size, as it was written.
fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_plain = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    (is_plain(whole, 9) && is_plain(part, 4)).then(|| text.to_owned())
}

impl From<Form> for Value {
    fn from(form: Form) -> Self {
        // Words, flags and lists: nothing of it can fail.
        serde_json::to_value(form).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
