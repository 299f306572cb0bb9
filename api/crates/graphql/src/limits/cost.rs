//! What a selection set costs (代价), in a form that can be reused wherever its fragment is spread.

/// The cost of one selection set, fragments expanded.
///
/// The size of a page stands on the connection field, but what it multiplies (`edges`, `nodes`) may sit in a fragment
/// spread below. So a fragment keeps both parts, and the field that encloses it sets them together:
/// `1 + once + size × per_item`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Nested selection sets.
    pub levels: usize,
    /// Nested fields.
    pub depth: usize,
    /// Selections, not multiplied.
    pub selections: u64,
    /// Cost that is paid once.
    pub once: u64,
    /// Cost that is paid for each item of the enclosing connection.
    pub per_item: u64,
    /// Aliased fields.
    pub aliases: u64,
    /// Repeated selections.
    pub duplicates: u64,
    /// Directives.
    pub directives: u64,
    /// Nested lists of the type system.
    pub lists: usize,
    /// The part below `__schema` and `__type`, kept apart.
    pub introspection: Introspection,
}

/// The cost of what is asked about the schema itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Introspection {
    /// Nested fields.
    pub depth: usize,
    /// Selections.
    pub selections: u64,
    /// Nested lists.
    pub lists: usize,
}

impl Cost {
    /// Adds a sibling.
    pub fn add(&mut self, other: &Self) {
        self.levels = self.levels.max(other.levels);
        self.depth = self.depth.max(other.depth);
        self.lists = self.lists.max(other.lists);
        self.selections = self.selections.saturating_add(other.selections);
        self.once = self.once.saturating_add(other.once);
        self.per_item = self.per_item.saturating_add(other.per_item);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.duplicates = self.duplicates.saturating_add(other.duplicates);
        self.directives = self.directives.saturating_add(other.directives);
        self.introspection.add(&other.introspection);
    }

    /// The cost when the enclosing field yields `size` items.
    pub fn of_page(&self, size: u64) -> u64 {
        self.once.saturating_add(self.per_item.saturating_mul(size))
    }

    /// Moves everything below a `__schema` or `__type` field to the account of introspection.
    pub fn set_apart(self) -> Self {
        Self {
            depth: 1,
            selections: 1,
            once: 1,
            per_item: 0,
            lists: 0,
            introspection: Introspection { depth: self.depth, selections: self.selections, lists: self.lists },
            ..self
        }
    }
}

impl Introspection {
    fn add(&mut self, other: &Self) {
        self.depth = self.depth.max(other.depth);
        self.lists = self.lists.max(other.lists);
        self.selections = self.selections.saturating_add(other.selections);
    }
}
