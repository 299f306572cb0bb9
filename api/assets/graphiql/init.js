// Puts GraphiQL on the page. Subscriptions go over graphql-transport-ws (the client is inside GraphiQL's bundle); the
// headers editor's content becomes their `connection_init` payload, so one pasted token serves both.
(() => {
  'use strict';

  const http = new URL('/graphql', location.href);
  const socket = new URL(http);
  socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const fetcher = GraphiQL.createFetcher({ url: http.href, subscriptionUrl: socket.href });

  // "Bearer " with no token behind it would be refused; whoever has not signed in yet asks as nobody.
  const withoutEmptyToken = (headers = {}) =>
    Object.fromEntries(Object.entries(headers).filter(([, value]) => !/^\s*(bearer)?\s*$/i.test(String(value))));

  // GraphiQL keeps headers out of its tabs but not out of its history; a token must not outlive the page.
  const withoutToken = (text) => text.replace(/Bearer\s+[\w.~+/=-]+/gi, 'Bearer ');
  const ours = () => Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'));
  const storage = {
    get length() {
      return ours().length;
    },
    getItem: (key) => localStorage.getItem(key),
    setItem: (key, value) => localStorage.setItem(key, withoutToken(value)),
    removeItem: (key) => localStorage.removeItem(key),
    clear: () => ours().forEach((key) => localStorage.removeItem(key)),
  };

  const defaultQuery = `# 1. 运行 SignIn，复制 accessToken。
#    Run SignIn and copy the accessToken.
# 2. 粘贴到下方 Headers 的 "Bearer " 之后。
#    Paste it behind "Bearer " in Headers.
# 3. 此后的查询、变更和订阅都带着它；刷新后要重贴。
#    All operations carry it until a reload.

mutation SignIn {
  signInWithPassword(
    input: {
      username: "dispatcher" # 演示账号 / demo town only
      password: "Demo-Town-2026"
      device: { id: "graphiql", kind: CONSOLE }
    }
  ) {
    tokens {
      accessToken
    }
    userErrors {
      code
      message
    }
  }
}

query Who {
  viewer {
    user {
      displayName
    }
    roles {
      role
    }
  }
}
`;

  const root = ReactDOM.createRoot(document.getElementById('graphiql'));
  root.render(
    React.createElement(GraphiQL, {
      fetcher: (operation, options) =>
        fetcher(operation, { ...options, headers: withoutEmptyToken(options?.headers) }),
      storage,
      defaultQuery,
      defaultHeaders: JSON.stringify({ Authorization: 'Bearer ' }, null, 2),
      defaultEditorToolsVisibility: 'headers',
      shouldPersistHeaders: false,
    }),
  );
})();
