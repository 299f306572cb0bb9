//! 表单 / Questions and answers on the wire.

use async_graphql::{Enum, InputObject, SimpleObject};
use forms::{Answer, Given, Question};

/// 题型 / How a question is answered.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "forms::QuestionKind")]
pub enum QuestionKind {
    /// 单行文本，至多 100 字 / a line of words, at most 100 characters.
    Text,
    /// 多行文本，至多 500 字 / several lines, at most 500 characters.
    LongText,
    /// 单选 / one of the options.
    SingleChoice,
    /// 多选 / some of the options.
    MultipleChoice,
    /// 数字 / a number.
    Number,
    /// 日期，YYYY-MM-DD / a date, `YYYY-MM-DD`.
    Date,
    /// 是否，true 或 false / yes or no, `true` or `false`.
    Boolean,
}

/// 表单题目 / A question of a form.
#[derive(SimpleObject, Clone, Debug)]
pub struct FormQuestion {
    /// 键，回答时引用 / Key, by which its answer names it.
    key: String,
    /// 题目 / What is asked.
    label: String,
    /// 题型 / How it is answered.
    kind: QuestionKind,
    /// 是否必答 / Whether it must be answered.
    is_required: bool,
    /// 选项，仅选择题 / Options, of choices only.
    options: Vec<String>,
    /// 提示 / What helps to answer it.
    help: Option<String>,
}

impl From<&Question> for FormQuestion {
    fn from(question: &Question) -> Self {
        let Question { key, label, kind, is_required, options, help } = question.clone();
        Self { key, label, kind: kind.into(), is_required, options, help }
    }
}

/// 表单回答 / An answer, with its question as it was asked.
#[derive(SimpleObject, Clone, Debug)]
pub struct FormAnswer {
    /// 键 / Key of the question.
    key: String,
    /// 题目 / What was asked.
    label: String,
    /// 回答；多选时为各选项 / One value; of a choice of several, each.
    values: Vec<String>,
}

impl From<Answer> for FormAnswer {
    fn from(Answer { key, label, values }: Answer) -> Self {
        Self { key, label, values }
    }
}

/// 表单题目 / A question of a form.
#[derive(InputObject, Clone, Debug)]
pub struct FormQuestionInput {
    /// 键，小写字母开头，小写字母、数字和下划线，至多 32 位，不得重复 / Key: a small letter, then small letters, digits and underscores, at most 32; once in a form.
    key: String,
    /// 题目，至多 60 字 / What is asked, at most 60 characters.
    label: String,
    /// 题型 / How it is answered.
    kind: QuestionKind,
    /// 是否必答 / Whether it must be answered.
    #[graphql(default)]
    is_required: bool,
    /// 选项，选择题 2–12 个、每个 40 字，其他题型不用 / Options: 2–12 of 40 characters of choices, left out of others.
    options: Option<Vec<String>>,
    /// 提示，至多 200 字 / What helps to answer it, at most 200 characters.
    help: Option<String>,
}

impl From<&FormQuestionInput> for Question {
    fn from(input: &FormQuestionInput) -> Self {
        let FormQuestionInput { key, label, kind, is_required, options, help } = input.clone();
        Self { key, label, kind: kind.into(), is_required, options: options.unwrap_or_default(), help }
    }
}

/// 表单回答 / An answer to a question of a form.
#[derive(InputObject, Clone, Debug)]
pub struct FormAnswerInput {
    /// 题目的键 / Key of the question.
    key: String,
    /// 回答；多选时为各选项，其他题型一个 / One value; of a choice of several, each.
    values: Vec<String>,
}

impl From<&FormAnswerInput> for Given {
    fn from(input: &FormAnswerInput) -> Self {
        Self { key: input.key.clone(), values: input.values.clone() }
    }
}
