//! What one GraphQL document may ask for, decided before it is validated (查询限额).
//!
//! Validation walks fragments again at each spread, so a document of 1 kB can cost hours: 30 fragments that each
//! spread the next one twice are 2³⁰ visits. Therefore two checks come first. [`scan()`] reads the raw text once and bounds
//! its tokens and brackets, so that the recursive parser cannot be led into the deep. [`measure()`] walks the parsed
//! document, each fragment once, and bounds what its expansion would cost. Both are pure; both transports call both.
//!
//! ```text
//! text -- scan --> tokens -- parse_query --> document -- measure --> Measure -> validation, execution
//!            \                                              \
//!             Stop::{Refused, Syntax}                        Refusal
//! ```

mod cost;
mod lists;
mod measure;
mod refusal;
mod scan;

pub use measure::{Measure, measure, select};
pub use refusal::{Limit, Refusal};
pub use scan::{Stop, scan};

/// The bounds on one document and its answer (限额), with the defaults of the product.
///
/// A count may reach its bound; one more is refused. All counts except `tokens`, `document_bytes` and `brackets` are
/// taken after fragments are expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text of a document. Long texts belong in variables; the parser reads ignored characters several
    /// times, so this bound also keeps a megabyte of commas cheap.
    pub document_bytes: usize,
    /// Lexical tokens. A client document of 500 lines has 600 to 2,000, GraphiQL's introspection query 190.
    pub tokens: usize,
    /// Open `{`, `[` and `(` at one point of the text.
    pub brackets: usize,
    /// Nested selection sets on one path, those of fragments included. The executor's own bound is 32 and answers
    /// without a code, so this one must not be larger.
    pub levels: usize,
    /// Nested fields on one path.
    pub depth: usize,
    /// Aliased fields.
    pub aliases: usize,
    /// Fields times the sizes of the lists they sit in: what a page asks for, or what a list without pages may hold.
    pub complexity: u64,
    /// Fields, spreads and inline fragments of all operations together, not multiplied: what validation costs.
    pub selections: u64,
    /// Fields or spreads written again in the same selection set.
    pub duplicates: u64,
    /// Directives of one operation.
    pub directives: u64,
    /// Directives at one place.
    pub directives_at_once: usize,
    /// Operations of one document.
    pub operations: usize,
    /// Variables defined by one operation, or given with it.
    pub variables: usize,
    /// Fields of the root of one operation. A subscription has exactly one by the specification.
    pub root_fields: usize,
    /// Items of one page: the greatest `first` or `last`, and the longest list of `ids`.
    pub page: u64,
    /// Items that a connection counts as when neither `first` nor `last` says otherwise.
    pub default_page: u64,
    /// Nested fields below `__schema` or `__type`. GraphiQL needs 15.
    pub introspection_depth: usize,
    /// Selections below `__schema` and `__type`. GraphiQL needs 240.
    pub introspection_selections: u64,
    /// Lists of the type system nested in each other. GraphiQL needs 1; circular introspection is unbounded.
    pub introspection_lists: usize,
    /// Errors in one answer; further ones are cut off.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 128 * 1024,
            tokens: 4_000,
            brackets: 48,
            levels: 32,
            depth: 12,
            aliases: 15,
            complexity: 2_000,
            selections: 2_000,
            duplicates: 50,
            directives: 20,
            directives_at_once: 5,
            operations: 20,
            variables: 50,
            root_fields: 20,
            page: 100,
            default_page: 20,
            introspection_depth: 20,
            introspection_selections: 500,
            introspection_lists: 2,
            errors: 10,
        }
    }
}
