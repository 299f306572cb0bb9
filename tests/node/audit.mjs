// GraphQL over HTTP, audited by the reference implementation: node audit.mjs URL [--hidden] [--token TOKEN]
// --hidden: introspection is off, so that the four audits that ask for __type are left out.
import { serverAudits } from 'graphql-http';

const [url, ...options] = process.argv.slice(2);
if (!url) {
  console.error('usage: node audit.mjs URL [--hidden] [--token TOKEN]');
  process.exit(2);
}
const isHidden = options.includes('--hidden');
const at = options.indexOf('--token');
const token = at < 0 ? undefined : options[at + 1];
const asksForTypes = new Set(['2EA1', '28B9', 'D6D5', '6A70']);

const fetchFn = (input, init = {}) => {
  const headers = new Headers(init.headers);
  if (token) headers.set('authorization', `Bearer ${token}`);
  return fetch(input, { ...init, headers, signal: AbortSignal.timeout(15_000) });
};

const audits = serverAudits({ url, fetchFn }).filter(({ id }) => !(isHidden && asksForTypes.has(id)));
const passed = { MUST: 0, SHOULD: 0, MAY: 0 };
const total = { MUST: 0, SHOULD: 0, MAY: 0 };
for (const audit of audits) {
  const level = audit.name.split(' ')[0];
  total[level] += 1;
  let reason;
  try {
    const result = await audit.fn();
    if (result.status !== 'ok') reason = `${result.status}: ${result.reason}`;
  } catch (error) {
    reason = `error: ${error.message}`;
  }
  if (reason) console.log(`not ok ${audit.id} ${audit.name} (${reason})`);
  else passed[level] += 1;
}

const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
const levels = Object.keys(total).map((level) => `${level} ${passed[level]}/${total[level]}`);
console.log(`graphql-http audits: ${sum(passed)}/${sum(total)} (${levels.join(', ')})`);
process.exit(sum(total) > 0 && sum(passed) === sum(total) ? 0 : 1);
