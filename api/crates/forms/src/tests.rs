use kernel::error::Error;
use proptest::prelude::*;

use super::*;

fn question(key: &str, kind: QuestionKind, options: &[&str]) -> Question {
    Question {
        key: key.to_owned(),
        label: format!("{key}?"),
        kind,
        is_required: false,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        help: None,
    }
}

fn given_as(key: &str, values: &[&str]) -> Given {
    Given { key: key.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

/// Code and field of each refusal.
fn refused<T: std::fmt::Debug>(result: Result<T>) -> Vec<(UserErrorCode, String)> {
    match result {
        Err(Error::Refused(errors)) => errors.into_iter().map(|error| (error.code, error.field.join("."))).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

fn a_form() -> Form {
    let asked = vec![
        Question {
            is_required: true, ..question("sound", QuestionKind::SingleChoice, &["自带音响", "借用音响"])
        },
        question("help", QuestionKind::MultipleChoice, &["轮椅", "手语", "助听"]),
        question("age", QuestionKind::Number, &[]),
        question("day", QuestionKind::Date, &[]),
        question("member", QuestionKind::Boolean, &[]),
        question("plan", QuestionKind::LongText, &[]),
        question("name", QuestionKind::Text, &[]),
    ];
    Form::parse("questions", asked).unwrap()
}

#[test]
fn answers_are_parsed_by_the_kind_of_their_question() {
    use QuestionKind as K;
    use UserErrorCode::{Invalid, TooLong};
    let long = "长".repeat(101);
    for (kind, value, expected) in [
        (K::Text, "一行", None),
        (K::Text, "两\n行", Some(Invalid)),
        (K::Text, long.as_str(), Some(TooLong)),
        (K::LongText, "两\n行", None),
        (K::Number, "-3.5", None),
        (K::Number, "0", None),
        (K::Number, "1e9", Some(Invalid)),
        (K::Number, "1.", Some(Invalid)),
        (K::Number, "NaN", Some(Invalid)),
        (K::Number, "12345678901", Some(Invalid)),
        (K::Date, "2026-02-28", None),
        (K::Date, "2026-02-30", Some(Invalid)),
        (K::Boolean, "true", None),
        (K::Boolean, "yes", Some(Invalid)),
    ] {
        let form = Form::parse("questions", vec![question("it", kind, &[])]).unwrap();
        let answers = form.answered("answers", &[given_as("it", &[value])]);
        match expected {
            None => assert_eq!(answers.unwrap()[0].values, [value], "{kind:?}"),
            Some(code) => assert_eq!(refused(answers), [(code, "answers.it".to_owned())], "{kind:?} {value}"),
        }
    }
}

#[test]
fn what_must_be_answered_and_what_cannot_be_is_told_at_once() {
    let form = a_form();
    let answers = form.answered("answers", &[given_as("sound", &["借用音响"]), given_as("help", &["手语", "轮椅"])]);
    let answers = answers.unwrap();
    assert_eq!(answers[1].values, ["轮椅", "手语"], "as the form has them");
    assert_eq!((answers[0].label.as_str(), answers.len()), ("sound?", 2));
    let wrong = form.answered(
        "answers",
        &[
            given_as("sound", &["  "]),
            given_as("help", &["轮椅", "轮椅"]),
            given_as("age", &["1", "2"]),
            given_as("age", &["3"]),
            given_as("nothing", &["x"]),
        ],
    );
    let at = |code, field: &str| (code, field.to_owned());
    assert_eq!(
        refused(wrong),
        [
            at(UserErrorCode::Invalid, "answers"),
            at(UserErrorCode::Invalid, "answers"),
            at(UserErrorCode::Required, "answers.sound"),
            at(UserErrorCode::Invalid, "answers.help"),
            at(UserErrorCode::Invalid, "answers.age"),
        ]
    );
}

#[test]
fn a_form_that_cannot_be_asked_is_refused() {
    use QuestionKind as K;
    for (questions, field) in [
        (vec![question("Sound", K::Text, &[])], "questions.key"),
        (vec![question("9", K::Text, &[])], "questions.key"),
        (vec![question("a", K::Text, &[]), question("a", K::Number, &[])], "questions.key"),
        (vec![question("a", K::SingleChoice, &["一"])], "questions.options"),
        (vec![question("a", K::MultipleChoice, &["一", "一"])], "questions.options"),
        (vec![Question { label: " ".to_owned(), ..question("a", K::Text, &[]) }], "questions.label"),
        (vec![question("a", K::Text, &[]); 11], "questions"),
    ] {
        let fields: Vec<String> =
            refused(Form::parse("questions", questions)).into_iter().map(|(_, field)| field).collect();
        assert_eq!(fields, [field]);
    }
    let form = Form::parse("questions", vec![question("a", K::Number, &["一", "二"])]).unwrap();
    assert!(form.questions()[0].options.is_empty(), "of what is no choice there are none");
}

#[test]
fn a_form_is_kept_as_it_is() {
    let form = a_form();
    assert_eq!(Form::kept(&Value::from(form.clone())).unwrap(), form);
    assert!(Form::kept(&serde_json::json!([{ "key": 7 }])).is_err());
    assert_eq!(Form::kept(&serde_json::json!([])).unwrap(), Form::default());
    assert!(kept_answers(&serde_json::json!("damaged")).is_empty());
}

proptest! {
    /// Whatever is sent, an answer that is taken answers a question of the form once, by what its kind allows; and every question that
    /// must be answered is.
    #[test]
    fn only_answers_are_taken(
        sent in prop::collection::vec(
            ("(sound|help|age|day|member|nothing)", prop::collection::vec("(自带音响|轮椅|手语|12|2026-01-01|true| |x{0,3})", 0..4)),
            0..6,
        ),
    ) {
        let form = a_form();
        let mut problems = Problems::default();
        let raw: Vec<Given> = sent.into_iter().map(|(key, values)| Given { key, values }).collect();
        let parsed = given("answers", &raw, &mut problems);
        prop_assert!(problems.none().is_ok());
        if let Ok(answers) = form.answered("answers", &parsed) {
            let keys: BTreeSet<&str> = answers.iter().map(|answer| answer.key.as_str()).collect();
            prop_assert_eq!(keys.len(), answers.len());
            prop_assert!(keys.contains("sound"));
            for answer in &answers {
                let question = form.questions().iter().find(|question| question.key == answer.key).unwrap();
                prop_assert!(!answer.values.is_empty());
                prop_assert!(question.kind == QuestionKind::MultipleChoice || answer.values.len() == 1);
                if question.kind.is_choice() {
                    prop_assert!(answer.values.iter().all(|value| question.options.contains(value)));
                }
                // What was taken is taken again.
                let again = form.answered("answers", &[given_as("sound", &["自带音响"]), Given { key: answer.key.clone(), values: answer.values.clone() }]);
                prop_assert!(answer.key == "sound" || again.is_ok());
            }
        }
    }
}
