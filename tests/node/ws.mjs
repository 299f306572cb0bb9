// Sockets, by the reference client and by hand: node ws.mjs URL [--query TEXT] [--subscription TEXT] [--values N]
//   [--token TOKEN] [--init-wait MS]
// URL is ws://… or http://…. The subscription must yield N values and end when the client ends it.
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const [given, ...rest] = process.argv.slice(2);
if (!given) {
  console.error('usage: node ws.mjs URL [--query T] [--subscription T] [--values N] [--token T] [--init-wait MS]');
  process.exit(2);
}
const option = (name, fallback) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : fallback);
const url = given.replace(/^http/, 'ws');
const query = option('--query', '{ __typename }');
const subscription = option('--subscription', 'subscription { count(to: 100, everyMs: 20) }');
const values = Number(option('--values', '3'));
const token = option('--token');
const initWait = Number(option('--init-wait', '8000'));
const payload = token ? { authorization: `Bearer ${token}` } : undefined;
const PROTOCOL = 'graphql-transport-ws';

const within = (promise, ms, what) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
const expect = (condition, what) => {
  if (!condition) throw new Error(what);
};

/** A socket by hand: send() text or objects, next() message, closed() code. */
const open = async (protocol = PROTOCOL) => {
  const socket = new WebSocket(url, protocol);
  const inbox = [];
  const waiting = [];
  const code = new Promise((resolve) => socket.on('close', resolve));
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    const taker = waiting.shift();
    if (taker) taker(message);
    else inbox.push(message);
  });
  await within(new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject)), 5000, 'open');
  return {
    send: (message) => socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    next: () =>
      within(inbox.length ? Promise.resolve(inbox.shift()) : new Promise((resolve) => waiting.push(resolve)), 5000, 'message'),
    closed: (ms = 5000) => within(code, ms, 'close'),
    end: () => socket.terminate(),
  };
};
const ready = async () => {
  const socket = await open();
  socket.send({ type: 'connection_init', payload });
  expect((await socket.next()).type === 'connection_ack', 'connection_ack');
  return socket;
};
const subscribe = (id, text) => ({ type: 'subscribe', id, payload: { query: text } });
const client = () => createClient({ url, webSocketImpl: WebSocket, connectionParams: payload, retryAttempts: 0 });

/** Runs an operation with the reference client and gathers its results. */
const gather = async (text, enough = Infinity) => {
  const one = client();
  const results = [];
  for await (const result of one.iterate({ query: text })) {
    results.push(result);
    if (results.length >= enough) break;
  }
  await one.dispose();
  return results;
};
const closesWith = (code, act, start = open) => async () => {
  const socket = await start();
  await act(socket);
  const actual = await socket.closed(code === 4408 ? initWait : 5000);
  expect(actual === code, `closed with ${actual}`);
};

const checks = {
  'the reference client runs a query': async () => {
    const results = await within(gather(query), 5000, 'query');
    expect(results.length === 1 && results[0].data && !results[0].errors, JSON.stringify(results));
  },
  'the reference client subscribes and gets values': async () => {
    const results = await within(gather(subscription, values), 10_000, 'subscription');
    expect(results.length === values && results.every((result) => result.data && !result.errors), JSON.stringify(results));
  },
  'the reference client gets errors of validation as an error': async () => {
    const failure = await within(gather('{ doesNotExist }').then(() => undefined, (error) => error), 5000, 'error');
    expect(Array.isArray(failure) && failure[0].extensions?.code, JSON.stringify(failure));
  },
  'many operations share a socket': async () => {
    const one = client();
    const run = async () => {
      for await (const result of one.iterate({ query })) return result;
    };
    const results = await within(Promise.all(Array.from({ length: 10 }, run)), 5000, 'queries');
    expect(results.every((result) => result.data), JSON.stringify(results));
    await one.dispose();
  },
  'ping is answered by pong, before and after the ack': async () => {
    const socket = await open();
    for (const payload of [undefined, { a: 1 }]) {
      socket.send({ type: 'ping', payload });
      const pong = await socket.next();
      expect(pong.type === 'pong' && JSON.stringify(pong.payload) === JSON.stringify(payload), JSON.stringify(pong));
      if (!payload) {
        socket.send({ type: 'connection_init', payload: token ? { authorization: `Bearer ${token}` } : undefined });
        await socket.next();
      }
    }
    socket.end();
  },
  'an error of parsing is an error message': async () => {
    const socket = await ready();
    socket.send(subscribe('1', '{'));
    const message = await socket.next();
    expect(message.type === 'error' && message.id === '1' && Array.isArray(message.payload), JSON.stringify(message));
    socket.end();
  },
  'an id can be used again after complete': async () => {
    const socket = await ready();
    for (let round = 0; round < 5; round += 1) {
      socket.send(subscribe('1', query));
      expect((await socket.next()).type === 'next', 'next');
      expect((await socket.next()).type === 'complete', 'complete');
    }
    socket.end();
  },
  '4400 for text that is not JSON': closesWith(4400, (socket) => socket.send('{')),
  '4400 for an unknown message': closesWith(4400, (socket) => socket.send({ type: 'start' })),
  '4400 for a message without a type': closesWith(4400, (socket) => socket.send({})),
  '4400 for binary': closesWith(4400, (socket) => socket.send(Buffer.from('{"type":"ping"}'))),
  '4400 for an empty id': closesWith(4400, (socket) => socket.send(subscribe('', query)), ready),
  '4401 for a subscription before the ack': closesWith(4401, (socket) => socket.send(subscribe('1', query))),
  '4408 without an init': closesWith(4408, () => {}),
  '4409 for an id in use': closesWith(
    4409,
    (socket) => {
      socket.send(subscribe('1', subscription));
      socket.send(subscribe('1', subscription));
    },
    ready,
  ),
  '4429 for a second init': closesWith(4429, (socket) => socket.send({ type: 'connection_init', payload }), ready),
  'another subprotocol is not spoken': async () => {
    const failure = await open('graphql-ws').then((socket) => socket.closed(), (error) => error);
    expect(failure === 4406 || failure instanceof Error, `${failure}`);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name} (${error.message ?? JSON.stringify(error)})`);
  }
}
const total = Object.keys(checks).length;
console.log(`graphql-transport-ws checks: ${total - failed}/${total}`);
process.exit(failed === 0 ? 0 : 1);
