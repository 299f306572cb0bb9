//! The measure of a parsed document (文档计量): every fragment once, then every operation.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Value as ConstValue,
    parser::types::{
        Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
        SelectionSet,
    },
};
use async_graphql_value::Value;

use super::{Limit, Limits, Refusal, cost::Cost, lists};

/// The lists of the type system that lead from types to types.
const TYPE_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
/// How the executor marks a variable that holds an uploaded file. Only the transport may write it.
const FILE_MARK: &str = "#__graphql_file__:";

/// What the chosen operation asks for (计量), for logs, rate limits and the answer's cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Its name in the document, if it has one.
    pub name: Option<String>,
    /// Fields of the root by name, as often as they are asked for: what a rate limit counts.
    pub root_fields: Vec<String>,
    /// Lexical tokens of the document.
    pub tokens: usize,
    /// Nested fields.
    pub depth: usize,
    /// Fields times list sizes.
    pub complexity: u64,
    /// Aliased fields.
    pub aliases: u64,
    /// Selections of the whole document, not multiplied.
    pub selections: u64,
    /// Whether it asks for `__schema` or `__type`.
    pub introspects: bool,
}

/// Finds the operation to run: the named one, or the only one.
pub fn select<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<(Option<&'a Name>, &'a OperationDefinition)> {
    let mut operations = document.operations.iter();
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(_), Some(_)) => None,
        (_, Some(name)) => operations.find(|(own, _)| own.is_some_and(|own| own == name)),
        (_, None) if operations.len() == 1 => operations.next(),
        (_, None) => None,
    };
    found.map(|(name, operation)| (name, &operation.node))
}

/// Measures a document against the limits, for the operation that [`select`] found.
///
/// Time is linear in the text: a fragment is measured once, however often it is spread.
///
/// # Errors
/// The first limit that is crossed, by any operation or fragment of the document.
pub fn measure(
    document: &ExecutableDocument,
    (name, chosen): (Option<&Name>, &OperationDefinition),
    variables: &BTreeMap<Name, ConstValue>,
    tokens: usize,
    limits: &Limits,
) -> Result<Measure, Refusal> {
    Refusal::over_len(Limit::Operations, limits.operations, document.operations.iter().len())?;
    Refusal::over_len(Limit::Variables, limits.variables, variables.len())?;
    let mut walk = Walk { document, variables, chosen, limits, fragments: HashMap::new(), level: 0 };
    let mut selections = 0_u64;
    for (_, operation) in document.operations.iter() {
        let cost = walk.operation(&operation.node)?;
        selections = selections.saturating_add(cost.selections);
        Refusal::over(Limit::Selections, limits.selections, selections)?;
    }
    // Unreached fragments are validated as well.
    for name in document.fragments.keys() {
        walk.fragment(name.as_str())?;
    }
    let cost = walk.operation(chosen)?;
    let complexity = cost.of_page(limits.default_page);
    Refusal::over(Limit::Complexity, limits.complexity, complexity)?;
    let root_fields = root_fields(document, chosen, limits)?;
    Ok(Measure {
        kind: chosen.ty,
        name: name.map(|name| name.to_string()),
        root_fields,
        tokens,
        depth: cost.depth,
        complexity,
        aliases: cost.aliases,
        selections,
        introspects: cost.introspection.selections > 0,
    })
}

enum Memo {
    Open,
    Done(Cost),
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    variables: &'a BTreeMap<Name, ConstValue>,
    chosen: &'a OperationDefinition,
    limits: &'a Limits,
    fragments: HashMap<&'a str, Memo>,
    level: usize,
}

impl<'a> Walk<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Cost, Refusal> {
        let limits = self.limits;
        let definitions = &operation.variable_definitions;
        Refusal::over_len(Limit::Variables, limits.variables, definitions.len())?;
        let mut cost = self.selection_set(&operation.selection_set.node)?;
        cost.directives = cost.directives.saturating_add(self.directives(&operation.directives)?);
        for definition in definitions {
            cost.directives = cost.directives.saturating_add(self.directives(&definition.node.directives)?);
            if let Some(value) = &definition.node.default_value {
                refuse_file_mark(&value.node.clone().into_value())?;
            }
        }
        Refusal::over_len(Limit::Depth, limits.depth, cost.depth)?;
        Refusal::over_len(Limit::Aliases, limits.aliases, usize::try_from(cost.aliases).unwrap_or(usize::MAX))?;
        Refusal::over(Limit::Duplicates, limits.duplicates, cost.duplicates)?;
        Refusal::over(Limit::Directives, limits.directives, cost.directives)?;
        let about = cost.introspection;
        Refusal::over_len(Limit::IntrospectionDepth, limits.introspection_depth, about.depth)?;
        Refusal::over(Limit::IntrospectionSelections, limits.introspection_selections, about.selections)?;
        Refusal::over_len(Limit::IntrospectionLists, limits.introspection_lists, about.lists)?;
        Ok(cost)
    }

    /// Bounds the descent itself as well: the stack must hold whatever the fragments chain up to.
    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Cost, Refusal> {
        self.level += 1;
        Refusal::over_len(Limit::Levels, self.limits.levels, self.level)?;
        let mut cost = Cost::default();
        let (mut keys, mut spreads) = (HashSet::new(), HashSet::new());
        for selection in &set.items {
            let (one, is_new) = match &selection.node {
                Selection::Field(field) => {
                    (self.field(&field.node)?, keys.insert(field.node.response_key().node.as_str()))
                }
                Selection::InlineFragment(inline) => {
                    let mut inner = self.selection_set(&inline.node.selection_set.node)?;
                    inner.selections = inner.selections.saturating_add(1);
                    (inner, true)
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let mut inner = self.fragment(name)?;
                    inner.selections = inner.selections.saturating_add(1);
                    (inner, spreads.insert(name))
                }
            };
            cost.add(&one);
            cost.duplicates = cost.duplicates.saturating_add(u64::from(!is_new));
            let directives = self.directives(selection.node.directives())?;
            cost.directives = cost.directives.saturating_add(directives);
            Refusal::over(Limit::Selections, self.limits.selections, cost.selections)?;
        }
        self.level -= 1;
        cost.levels += 1;
        Ok(cost)
    }

    /// The cost of a fragment, from memory if it was measured before. An unknown one costs nothing: validation says so.
    fn fragment(&mut self, name: &str) -> Result<Cost, Refusal> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Cost::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(Memo::Open) => {
                return Err(Refusal { limit: Limit::FragmentCycles, allowed: 0, found: 1 });
            }
            Some(Memo::Done(cost)) => {
                Refusal::over_len(Limit::Levels, self.limits.levels, self.level + cost.levels)?;
                return Ok(*cost);
            }
            None => {}
        }
        self.fragments.insert(name.as_str(), Memo::Open);
        let mut cost = self.selection_set(&fragment.node.selection_set.node)?;
        cost.directives = cost.directives.saturating_add(self.directives(&fragment.node.directives)?);
        self.fragments.insert(name.as_str(), Memo::Done(cost));
        Ok(cost)
    }

    fn field(&mut self, field: &'a Field) -> Result<Cost, Refusal> {
        for (_, value) in &field.arguments {
            refuse_file_mark(&value.node)?;
        }
        let set = &field.selection_set.node;
        let mut cost = if set.items.is_empty() { Cost::default() } else { self.selection_set(set)? };
        let name = field.name.node.as_str();
        let inner = match self.page(field)? {
            Some(size) if cost.per_item > 0 => cost.of_page(size),
            Some(size) => cost.once.max(1).saturating_mul(size.max(1)),
            // A list of this name is never a connection, nor a scalar.
            None => match self.unpaged(field) {
                Some(size) => cost.of_page(self.limits.default_page).max(1).saturating_mul(size),
                None => cost.of_page(self.limits.default_page),
            },
        };
        let is_plain = field.arguments.is_empty();
        // A connection's wrappers are free, or a page of 100 cards would cost 300 for nothing; but no page is free.
        let is_list = is_plain && matches!(name, "edges" | "nodes");
        let is_free = is_plain && matches!(name, "node" | "cursor" | "__typename");
        (cost.once, cost.per_item) = match (is_list, is_free) {
            (true, _) => (0, inner.max(1)),
            (_, true) => (inner, 0),
            _ => (inner.saturating_add(lists::weight(name)), 0),
        };
        cost.depth += 1;
        cost.lists += usize::from(TYPE_LISTS.contains(&name));
        cost.selections = cost.selections.saturating_add(1);
        cost.aliases = cost.aliases.saturating_add(u64::from(field.alias.is_some()));
        Ok(if matches!(name, "__schema" | "__type") { cost.set_apart() } else { cost })
    }

    /// The number of items that the arguments ask for: `first`, `last`, or the length of `ids`.
    fn page(&self, field: &Field) -> Result<Option<u64>, Refusal> {
        let sizes = field.arguments.iter().filter_map(|(name, value)| match name.node.as_str() {
            // What is no natural number is left to validation and to the resolver; it refuses -1 by name.
            "first" | "last" => self.number(&value.node),
            "ids" => self.length(&value.node),
            _ => None,
        });
        let size = sizes.max();
        Refusal::over(Limit::Page, self.limits.page, size.unwrap_or_default())?;
        Ok(size)
    }

    /// The number of items that a list without pages counts as; `None` for what is no such list.
    fn unpaged(&self, field: &Field) -> Option<u64> {
        if field.selection_set.node.items.is_empty() {
            return None;
        }
        let name = field.name.node.as_str();
        // Only at the root: a unit has `areas` too. What the root spreads from a fragment counts as the unit's.
        if name == "areas" && (self.level == 1 || field.get_argument("level").is_some()) {
            return Some(lists::areas_of(field.get_argument("level").and_then(|level| self.word(&level.node))));
        }
        let days = field.get_argument("days").and_then(|days| self.number(&days.node)).unwrap_or(1);
        lists::size(name).map(|size| if name == "slots" { size.saturating_mul(days) } else { size })
    }

    /// An enum's value, as a document or a variable spells it.
    fn word<'v>(&'v self, value: &'v Value) -> Option<&'v str> {
        match value {
            Value::Enum(name) => Some(name.as_str()),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::Enum(name) => Some(name.as_str()),
                ConstValue::String(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn number(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Number(number) => number.as_u64(),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::Number(number) => number.as_u64(),
                _ => None,
            },
            _ => None,
        }
    }

    fn length(&self, value: &Value) -> Option<u64> {
        let length = match value {
            Value::List(items) => items.len(),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::List(items) => items.len(),
                _ => 1,
            },
            _ => 1,
        };
        u64::try_from(length).ok()
    }

    fn variable(&self, name: &Name) -> Option<&ConstValue> {
        self.variables.get(name).or_else(|| {
            let mut definitions = self.chosen.variable_definitions.iter();
            let definition = definitions.find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value.as_ref().map(|value| &value.node)
        })
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<u64, Refusal> {
        Refusal::over_len(Limit::DirectivesAtOnce, self.limits.directives_at_once, directives.len())?;
        for (_, value) in directives.iter().flat_map(|directive| &directive.node.arguments) {
            refuse_file_mark(&value.node)?;
        }
        Ok(u64::try_from(directives.len()).unwrap_or(u64::MAX))
    }
}

/// Refuses a literal that the executor would take for an uploaded file: it indexes the files without a check.
fn refuse_file_mark(value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) if text.starts_with(FILE_MARK) => {
            Err(Refusal { limit: Limit::FileLiterals, allowed: 0, found: 1 })
        }
        Value::List(items) => items.iter().try_for_each(refuse_file_mark),
        Value::Object(fields) => fields.values().try_for_each(refuse_file_mark),
        _ => Ok(()),
    }
}

/// Names the fields of the root, fragments expanded. Its walk is bounded: `selections` and cycles were checked before.
fn root_fields(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    limits: &Limits,
) -> Result<Vec<String>, Refusal> {
    let allowed = if operation.ty == OperationType::Subscription { 1 } else { limits.root_fields };
    let mut names = Vec::new();
    let mut sets = vec![&operation.selection_set.node];
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => names.push(field.node.name.node.to_string()),
                Selection::InlineFragment(inline) => sets.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let fragment = document.fragments.get(&spread.node.fragment_name.node);
                    sets.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                }
            }
        }
        Refusal::over_len(Limit::RootFields, allowed, names.len())?;
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
