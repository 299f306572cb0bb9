//! What a field may hold or cost, where its arguments do not say (不分页列表的估量).
//!
//! A list without pages is answered whole, so it counts as the items it commonly holds. The figures are those of a full
//! street, not the worst that could be stored: with 6 areas below each, three levels are 216, and 147 micro grids exist.
//! Lists multiply, so that figures of the worst would refuse what clients really ask: a page of 20 cases with all that a
//! case can show, or 50 organisations with their units and people. A test holds the table against the schema, so that a
//! new list cannot be free.

/// Items of the lists that are not paged, by the name of the field.
const SIZES: [(&str, u64); 72] = [
    ("agenda", 5),
    ("answers", 3),
    // Never asked without `level`, but at the root; elsewhere those a unit answers for.
    ("areas", 10),
    ("assignments", 2),
    ("attachments", 3),
    // About one for each counter that is staffed.
    ("called", 3),
    // The own, and a venue or two of who works there.
    ("calendarFeeds", 2),
    // Where something happened: a street has some hundred cells of 500 m.
    ("cells", 100),
    // A street has five, and two that are being built.
    ("centers", 7),
    ("changes", 20),
    // Of areas and of categories.
    ("children", 6),
    ("closures", 2),
    ("coUnits", 2),
    ("concerns", 10),
    ("consentDocuments", 8),
    ("consents", 10),
    ("dataExports", 3),
    ("dependants", 2),
    ("dispatchSuggestions", 10),
    // A change of the map concerns two or three grids.
    ("drawn", 2),
    // An inspector has some to send after a morning without a network.
    ("findings", 10),
    ("grants", 5),
    ("firstFreeSlots", 10),
    ("gridChanges", 50),
    ("history", 3),
    ("guests", 3),
    ("hours", 12),
    ("kinds", 7),
    // Of a branch, the kinds that it has to hold.
    ("meetings", 6),
    ("members", 5),
    ("mergedRequests", 1),
    ("notes", 1),
    ("notificationPreferences", 12),
    ("openingRules", 4),
    // The one that holds an event, and a few below it.
    ("organizations", 3),
    ("originalPhotos", 2),
    ("partyInvitations", 1),
    // 218 organisations of a full street, of which most see a few.
    ("partyOrganizations", 20),
    ("photos", 3),
    ("problems", 2),
    ("proxyGrants", 5),
    ("publicKpi", 4),
    ("questions", 3),
    ("reasons", 3),
    ("recordPhotos", 3),
    // Dates of a season on which a venue is shut, or had by somebody else.
    ("refusals", 5),
    ("replyTemplates", 10),
    ("reports", 1),
    ("requestCategories", 12),
    ("residences", 2),
    ("resolutions", 3),
    ("returns", 1),
    ("roles", 5),
    // A report of 29 grids and two indicators.
    ("rows", 60),
    ("rules", 3),
    ("rungs", 8),
    // A centre has some twenty, a street some hundred.
    ("serviceItems", 25),
    ("serviceRequests", 2),
    ("serviceTickets", 2),
    ("sessions", 10),
    ("similarServiceRequests", 3),
    ("slaPolicies", 6),
    // Half hours of one day, evening hours included; times the days asked for.
    ("slots", 20),
    ("slotsChanged", 20),
    ("surveys", 1),
    ("timeline", 10),
    ("units", 2),
    ("userErrors", 2),
    // A full centre has more, and few ask for the slots of all at once.
    ("venues", 12),
    ("warnings", 2),
    ("workQueueChanged", 10),
    ("workQueueCounts", 10),
];

/// Areas of one street, by level; a level that is not known here is refused by validation.
const LEVELS: [(&str, u64); 6] =
    [("STREET", 1), ("DISPOSAL", 4), ("AUTONOMY", 29), ("MICRO", 147), ("COMPOUND", 150), ("BUILDING", 400)];

/// Fields that weigh more than one: a boundary is some hundred pairs of numbers.
const WEIGHTS: [(&str, u64); 6] = [
    ("boundary", 5),
    ("codeSvg", 5),
    // Ten are shown, and some hundred looked at, in some statements: asked of one service, not of all.
    ("firstFreeSlots", 200),
    ("lifeCircle", 5),
    ("svg", 5),
    ("usage", 50),
];

/// How many items an unpaged list of this name counts as; `None` for what is no such list.
pub(super) fn size(name: &str) -> Option<u64> {
    of(&SIZES, name)
}

/// How many areas a level has; the streets when none is named.
pub(super) fn areas_of(level: Option<&str>) -> u64 {
    of(&LEVELS, level.unwrap_or("STREET")).unwrap_or(1)
}

/// What a field costs by itself.
pub(super) fn weight(name: &str) -> u64 {
    of(&WEIGHTS, name).unwrap_or(1)
}

fn of(table: &[(&str, u64)], name: &str) -> Option<u64> {
    table.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use async_graphql::parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
    };

    use super::*;

    /// Lists that are paged, by argument or by the connection around them.
    const PAGED: [&str; 3] = ["edges", "nodes", "nodes(ids)"];

    /// The innermost type of a list; `None` for what is no list.
    fn item(kind: &Type) -> Option<&str> {
        match &kind.base {
            BaseType::Named(_) => None,
            BaseType::List(inner) => Some(match &inner.base {
                BaseType::Named(name) => name.as_str(),
                BaseType::List(_) => panic!("a list of lists: {kind}"),
            }),
        }
    }

    fn called(field: &FieldDefinition) -> String {
        let arguments: Vec<&str> = field.arguments.iter().map(|argument| argument.node.name.node.as_str()).collect();
        let name = field.name.node.as_str();
        if arguments == ["ids"] { format!("{name}(ids)") } else { name.to_owned() }
    }

    #[test]
    fn every_list_of_objects_is_paged_or_has_a_size() {
        let document = parse_schema(crate::sdl()).unwrap();
        let (mut objects, mut fields) = (BTreeSet::new(), Vec::new());
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            match definition.node.kind {
                TypeKind::Object(object) => fields.extend(object.fields),
                TypeKind::Interface(_) | TypeKind::Union(_) => {}
                _ => continue,
            }
            objects.insert(definition.node.name.node.to_string());
        }
        let lists = fields.iter().map(|field| &field.node);
        let lists = lists.filter(|field| item(&field.ty.node).is_some_and(|item| objects.contains(item)));
        let called: BTreeSet<String> = lists.map(called).filter(|name| !PAGED.contains(&name.as_str())).collect();
        let known: BTreeSet<String> = SIZES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(called, known, "a list that is not paged has its line in SIZES, and nothing else has one");
    }
}
