// Calendars, as the library of a calendar app reads them: node calendar.mjs URL
// Prints what it understood as JSON. Instants are worked out from the time zone that the file itself brings: no other is known.
import ICAL from 'ical.js';

const [url] = process.argv.slice(2);
if (!url) {
  console.error('usage: node calendar.mjs URL');
  process.exit(2);
}
const expect = (condition, what) => {
  if (!condition) throw new Error(what);
};

const answer = await fetch(url, { signal: AbortSignal.timeout(15_000) });
expect(answer.status === 200, `status ${answer.status}`);
expect(answer.headers.get('content-type') === 'text/calendar; charset=utf-8', `${answer.headers.get('content-type')}`);
const text = new TextDecoder('utf-8', { fatal: true }).decode(await answer.arrayBuffer());

// Values of a type that they are not are errors, not guesses.
ICAL.design.strict = true;
ICAL.TimezoneService.reset();
expect(!ICAL.TimezoneService.has('Asia/Shanghai'), 'a time zone is known before the file is read');
const calendar = new ICAL.Component(ICAL.parse(text));
expect(calendar.name === 'vcalendar', 'no calendar');
const zones = calendar.getAllSubcomponents('vtimezone').map((component) => new ICAL.Timezone(component));
for (const zone of zones) ICAL.TimezoneService.register(zone);

const utc = (time) => {
  expect(time.zone.tzid === 'Asia/Shanghai', `a time in ${time.zone.tzid}`);
  return new Date(time.toUnixTime() * 1000).toISOString();
};
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component, { strictExceptions: true });
  const stamp = component.getFirstPropertyValue('dtstamp');
  expect(stamp?.zone === ICAL.Timezone.utcTimezone, 'a stamp in UTC');
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue('status'),
    tzid: component.getFirstProperty('dtstart').getParameter('tzid'),
    start: utc(event.startDate),
    end: utc(event.endDate),
    summary: event.summary,
    location: event.location,
    description: event.description,
    geo: component.getFirstPropertyValue('geo'),
  };
});
const value = (name) => `${calendar.getFirstPropertyValue(name)}`;
console.log(JSON.stringify({
  version: value('version'),
  method: value('method'),
  name: value('name'),
  refresh: value('refresh-interval'),
  zones: zones.map((zone) => zone.tzid),
  events,
}));
