//! From a request to its response, the same for HTTP and sockets.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use async_graphql::{
    Executor, Name, Pos, Request, Response, ServerError, Value, Variables,
    parser::{parse_query, types::OperationDefinition},
};
use futures_util::FutureExt;

use super::{
    ClientInfo, Edge, Host,
    answer::Fault,
    document_cache::Parsed,
    limits::{Limit, Measure, Refusal, Stop, measure, scan, select},
};

/// A request that keeps all limits, ready to be admitted (可执行的请求).
pub(super) struct Plan {
    pub request: Request,
    pub measure: Measure,
}

impl<E: Executor, H: Host> Edge<E, H> {
    /// Scans, parses and measures a document. `reveal` says whether the actor may ask for the schema.
    ///
    /// # Errors
    /// `LIMIT`, or `BAD_REQUEST` for a document that cannot be run.
    pub(super) fn plan(&self, request: Request, reveal: bool, client: &ClientInfo) -> Result<Plan, Fault> {
        // The parser is not ours, and it unwraps.
        let plan = catch_unwind(AssertUnwindSafe(|| self.checked(request, reveal)));
        plan.unwrap_or_else(|_panic| Err(self.panicked(client)))
    }

    fn checked(&self, mut request: Request, reveal: bool) -> Result<Plan, Fault> {
        let limits = &self.config.limits;
        // Before the hash, which reads all of the text.
        Refusal::over_len(Limit::DocumentBytes, limits.document_bytes, request.query.len())?;
        let kept = self.documents.get(&request.query);
        let is_new = kept.is_none();
        let parsed = kept.map_or_else(|| self.parse(&request.query), Ok)?;
        let Some(chosen) = select(&parsed.document, request.operation_name.as_deref()) else {
            return Err(Fault::document(
                "The document has no such operation, or several and none is named.",
                Vec::new(),
            ));
        };
        fill_defaults(chosen.1, &mut request.variables);
        if let Some((name, position)) = missing_variable(chosen.1, &request.variables) {
            return Err(Fault::document(format!("The variable ${name} is required."), vec![position]));
        }
        let measure = measure(&parsed.document, chosen, &request.variables, parsed.tokens, limits)?;
        if measure.introspects && !reveal {
            return Err(Fault::document("Introspection is not allowed.", Vec::new()));
        }
        if is_new {
            self.documents.put(&request.query, parsed.clone());
        }
        request.set_parsed_query(Arc::unwrap_or_clone(parsed.document));
        if !reveal {
            request = request.disable_introspection();
        }
        Ok(Plan { request, measure })
    }

    fn parse(&self, text: &str) -> Result<Parsed, Fault> {
        let syntax = |locations| Fault::document("Syntax error.", locations);
        let tokens = scan(text, &self.config.limits).map_err(|stop| match stop {
            Stop::Refused(refusal) => refusal.into(),
            Stop::Syntax => syntax(Vec::new()),
        })?;
        // The parser's own message quotes the whole line, which may be all of the text.
        let document = parse_query(text).map_err(|error| syntax(error.positions().collect()))?;
        Ok(Parsed { document: Arc::new(document), tokens })
    }

    /// Admits and runs a query or a mutation. A panic ends this request only.
    ///
    /// # Errors
    /// `RATE_LIMITED`, `UNAVAILABLE` after `within`, `INTERNAL` after a panic.
    pub(super) async fn run(
        &self,
        plan: Plan,
        actor: &H::Actor,
        client: &ClientInfo,
        within: Duration,
    ) -> Result<Response, Fault> {
        let work = async {
            let request = self.admit(plan, actor, client).await?;
            Ok(self.schema.execute(request).await)
        };
        self.guarded(work, client, within).await
    }

    /// Counts the operation and gives it what it needs.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub(super) async fn admit(&self, plan: Plan, actor: &H::Actor, client: &ClientInfo) -> Result<Request, Fault> {
        self.host.admit(actor, client, &plan.measure).await?;
        Ok(self.host.prepare(plan.request, actor, client))
    }

    /// Awaits `work`, but not for long, and not through a panic.
    ///
    /// # Errors
    /// `UNAVAILABLE`, `INTERNAL`, or what `work` says.
    pub(super) async fn guarded<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
        client: &ClientInfo,
        within: Duration,
    ) -> Result<T, Fault> {
        match tokio::time::timeout(within, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(result)) => result,
            Ok(Err(_panic)) => Err(self.panicked(client)),
            Err(_elapsed) => Err(Fault::unavailable()),
        }
    }

    /// Takes note of a panic; its text went to the panic hook.
    pub(super) fn panicked(&self, client: &ClientInfo) -> Fault {
        self.host.internal_error(&ServerError::new("panic in a resolver", None), client);
        Fault::internal()
    }
}

/// Gives variables that were left out their defaults, as the specification's CoerceVariableValues does. The executor would
/// take `@skip(if: $x)` of such a variable for false.
fn fill_defaults(operation: &OperationDefinition, variables: &mut Variables) {
    for definition in operation.variable_definitions.iter().map(|definition| &definition.node) {
        if let Some(default) = &definition.default_value {
            variables.entry(definition.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
}

/// Finds a variable that must be given and is not. The executor would notice only in the field that uses it, and answer
/// as if the operation had run.
fn missing_variable<'a>(operation: &'a OperationDefinition, variables: &Variables) -> Option<(&'a Name, Pos)> {
    let mut definitions = operation.variable_definitions.iter();
    let missing = definitions.find(|definition| {
        let definition = &definition.node;
        let is_absent = match variables.get(&definition.name.node) {
            None => definition.default_value.is_none(),
            Some(value) => matches!(value, Value::Null),
        };
        is_absent && !definition.var_type.node.nullable
    });
    missing.map(|definition| (&definition.node.name.node, definition.pos))
}
