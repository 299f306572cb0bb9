//! What a list costs (查询代价): a number of statements that does not grow with its page.

use crate::support::{Town, stories};

stories![a_list_costs_the_same_whatever_its_page];

async fn a_list_costs_the_same_whatever_its_page(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let edges = "caseNo state area { name parent { name } } category { name } reporter { displayName } leadUnit { name } \
        coUnits { name } handler { displayName } attachments { id } viewerActions timeline { kind actor { displayName } }";
    for list in
        ["workQueue(tab: TO_ACCEPT, first: N)", "publicServiceRequests(first: N)", "myServiceRequests(first: N)"]
    {
        let mut costs = Vec::new();
        for first in [2, 20] {
            let text = format!("{{ {} {{ nodes {{ {edges} }} }} }}", list.replace('N', &first.to_string()));
            let mut least = u64::MAX;
            // The relay looks in now and then; the least is the list's own.
            for _ in 0..5 {
                let before = town.statements();
                dispatcher.asks(&text).await.is_done();
                least = least.min(town.statements() - before);
            }
            costs.push(least);
        }
        assert!(costs[1] <= costs[0] + 2, "{list}: {costs:?}");
        assert!(costs[1] <= 16, "{list}: {costs:?}");
    }
}
