// What happened to an incident, in sentences for a person at 3 a.m. Pure: from the API's items to entries that are shown.

// Why something happened, where the name alone would not tell.
const WHY = {
  OpenedPaging: 'urgent enough to page', OpenedInTriage: 'not urgent enough to page: it waits for a person',
  EscalationBegan: 'the first step', StepReachedNobody: 'the step before reached nobody', NoContact: 'they have no contact',
  UnknownResponder: 'the catalogue does not have them', RaisedBySource: 'a more urgent alert came', ResolvedBySource: 'the source says it ended',
  EndedBySilence: 'not sent again in time', AllAlertsEnded: 'the last firing alert ended', ReopenedWithinWindow: 'an alert fires again soon after the end',
  CountedBelowThreshold: 'too few alerts yet', ThresholdReached: 'alerts fired often enough', UrgentBeforeThreshold: 'too urgent to wait for more',
  MutedByInterval: 'its route is muted by a time interval', MuteOver: 'its route is no longer muted',
  HeldForFlapping: 'the end is held back while it flaps', FlappedAgain: 'once more while it flaps', FlappingOver: 'it has come to rest',
  FiresSteadily: 'it fires without a break now', AlertChanged: 'its urgency, beginning or time-out changed', JoinedGroup: 'a further alert', PageAttemptLost: 'the outcome of the last attempt never came',
  AcknowledgementExpired: 'nobody did anything on it for too long',
  ServerError: 'the receiver failed', Timeout: 'no answer in time', Unreachable: 'no connection', RateLimited: 'the receiver asks to slow down',
  TooLate: 'more than a day late', Congested: 'too many attempts to this receiver', ClientError: 'the receiver will never take it', AuthError: 'the receiver does not accept our credentials',
};

// Members of long runs: a storm has hundreds of them, and the one page among them must not drown.
const isBulk = entry => /^group\.|^incident\.(problem-joined|problem-ended|grew)$/.test(entry.kind);
const HIDDEN = new Set(['page.delivered', 'page.given-up', 'group.expiry-armed', 'incident.lease-armed', 'group.acknowledged', 'group.wait-ended', 'group.threshold-changed', 'group.mute-ended', 'group.flapping-began', 'group.flapping-goes-on', 'group.flapping-over']);
const RUN = 5;

export const number = n => Number(n).toLocaleString('en-GB');
export const plural = (n, one, many = one + 's') => `${number(n)} ${n === 1 ? one : many}`;
export const words = name => WHY[name] ?? String(name).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000)), m = Math.floor(s / 60), h = Math.floor(m / 60);
  return s < 60 ? `${s} s` : m < 60 ? `${m} min` : h < 48 ? `${h} h${m % 60 ? ` ${m % 60} min` : ''}` : `${Math.floor(h / 24)} days`;
}
export const clock = at => new Date(at).toLocaleTimeString('en-GB');

/** The entries of a timeline: key, at, tone, what, why, and for long runs the lines inside. */
export function entries(items, nameOf) {
  const story = { nameOf, steps: [], severity: '', titles: new Map() };
  const told = items.filter(i => !HIDDEN.has(i.what)).map(item => {
    const line = (SENTENCES[item.what] ?? unknown)(item.data, item, story);
    return { key: item.hash, at: item.at, kind: item.what, item, tone: '', why: '', links: [], ...line };
  });
  return fold(told);
}

function fold(told) {
  const shown = [];
  for (const entry of told) {
    if (!isBulk(entry)) shown.push(entry);
    else if (Array.isArray(shown.at(-1))) shown.at(-1).push(entry);
    else shown.push([entry]);
  }
  const isWhole = !told.some(entry => entry.kind === 'incident.problem-joined');
  return shown.flatMap(part => Array.isArray(part) && part.length > RUN ? [run(part, isWhole)] : part);
}

// Of a storm the API shows the first groups only, so what its runs hold of repeats is not all.
function run(members, isWhole) {
  const of = kind => members.filter(m => m.kind === kind), repeats = of('group.alerts-repeated');
  const parts = [
    [of('incident.problem-joined').length, n => `${plural(n, 'problem')} joined`], [of('group.alert-fired').length, n => `${plural(n, 'further alert')}`],
    [of('incident.problem-ended').length, n => `${plural(n, 'problem')} ended`],
    [repeats.reduce((sum, m) => sum + m.item.data.count, 0), n => isWhole ? `${plural(n, 'repeat')} folded` : 'repeats folded'],
  ].filter(([n]) => n > 0).map(([n, tell]) => tell(n));
  const at = members[0].at, until = clock(members.at(-1).at);
  return {
    key: 'run-' + members[0].key, at, kind: 'run', tone: isWhole ? 'minor' : 'storm', what: parts.join(', ') || `${plural(members.length, 'change')} of its alerts`,
    why: until === clock(at) ? '' : `until ${until}`, links: [], more: members.map(m => `${clock(m.at)} ${m.what}`),
  };
}

const unknown = (data, item) => ({ what: item.what.replace(/[.-]/g, ' '), why: words(item.reason), tone: 'minor' });
const by = item => `by ${item.by}`;
const labels = set => Object.entries(set ?? {}).map(([k, v]) => `${k}=${v.length > 80 ? v.slice(0, 80) + '…' : v}`).join(', ');
const place = d => `step ${d.step + 1}, round ${d.round - d.firstRound + 1}`;

function paged(d, item, story) {
  const before = story.steps[d.step > 0 ? d.step - 1 : story.steps.length - 1];
  const why = d.why === 'StepTimedOut' ? `nobody acknowledged${before ? ` within ${span(before.timeout / 1e6)}` : ' in time'}` : words(d.why);
  return d.targets.length > 0
    ? { what: `paged ${d.targets.map(story.nameOf).join(' and ')}, ${place(d)}: ${story.severity}`, why, tone: 'page' }
    : { what: `${place(d)} has nobody to page`, why, tone: 'bad' };
}

const SENTENCES = {
  'incident.opened': (d, item, story) => {
    story.steps = d.steps ?? [];
    story.severity = d.severity.toLowerCase();
    story.titles.set(d.group, d.title);
    return { what: `opened${d.kind === 'Storm' ? ' as a storm' : ''}: ${story.severity}`, why: `${words(d.why ?? item.reason)} · alert ${by(item)} · ${labels(d.labels)}`, tone: d.kind === 'Storm' ? 'storm' : '' };
  },
  'incident.step-paged': paged,
  'incident.target-not-reached': (d, item, story) => ({ what: `${story.nameOf(d.responder)} cannot be paged`, why: words(d.why), tone: 'bad' }),
  'incident.escalation-exhausted': d => ({ what: 'nobody is left to page', why: d.why === 'StepReachedNobody' ? words(d.why) : 'every step of every round was paged and nobody acknowledged', tone: 'bad' }),
  'incident.grew': d => ({ what: `grew to ${plural(d.alerts, 'alert')}`, why: d.title }),
  'incident.flapped': d => ({ what: `${d.isOver ? 'no longer flapping' : 'flapping'}: ${number(d.times)} times in ${span((d.until - d.since) / 1e6)}`, why: d.isOver ? '' : 'it stays open and pages nobody anew until it rests', tone: d.isOver ? '' : 'storm' }),
  'incident.problem-joined': (d, item, story) => { story.titles.set(d.group, d.title); return { what: `problem joined: ${d.title}`, why: item.reason === 'ReserveSpent' ? words(item.reason) : '', tone: 'storm' }; },
  'incident.problem-ended': (d, item, story) => ({ what: `ended: ${story.titles.get(d.group) ?? d.group}`, why: words(d.why), tone: 'good' }),
  'incident.severity-changed': (d, item, story) => {
    story.severity = d.to.toLowerCase();
    return { what: `severity ${d.from.toLowerCase()} → ${story.severity}`, why: d.why === 'SeverityChanged' ? `set ${by(item)}` : words(d.why) };
  },
  'incident.acknowledged': (d, item, story) => ({ what: `${story.nameOf(d.by)} acknowledged${d.why === 'AcknowledgedBySource' ? ' at the source' : ''}`, why: d.until ? `escalation stops until ${clock(d.until / 1e6)}` : 'escalation stops', tone: 'good' }),
  'incident.acknowledgement-renewed': (d, item, story) => ({ what: `acknowledged until ${clock(d.until / 1e6)}`, why: `${story.nameOf(d.by)} is at it`, tone: 'minor' }),
  'incident.acknowledgement-expired': (d, item, story) => ({ what: `the acknowledgement of ${story.nameOf(d.by)} no longer counts`, why: words(d.why), tone: 'bad' }),
  'incident.escalation-lapsed': d => ({ what: `a time-out of ${new Date(d.due / 1e6).toLocaleString('en-GB')} came too late to page anybody`, why: 'somebody has to look', tone: 'bad' }),
  'incident.note-added': (d, item, story) => ({ what: `“${d.text}”`, why: `note by ${story.nameOf(d.by)}` }),
  'incident.resolved': (d, item, story) => ({ what: 'resolved', why: d.why === 'Resolved' ? `by ${story.nameOf(d.by)}` : words(d.why), tone: 'good' }),
  'incident.reopened': (d, item, story) => ({ what: d.status === 'Triage' ? 'opened again, in triage' : 'opened again', why: d.why === 'Reopened' ? `by ${story.nameOf(d.by)}` : words(d.why), tone: 'bad' }),
  'incident.closed': (d, item, story) => ({ what: 'closed for good', why: `by ${story.nameOf(d.by)}` }),
  'incident.page-reported': (d, item, story) => d.verdict === 'Delivered'
    ? { what: `page reached ${story.nameOf(d.responder)} by ${d.channel}`, tone: 'minor' }
    : { what: `page to ${story.nameOf(d.responder)} by ${d.channel} given up`, why: `${words(d.why)}: ${d.detail}`, tone: 'bad' },
  'page.attempt-started': (d, item, story) => ({
    what: `attempt ${d.attempt} to reach ${story.nameOf(d.content.responder)} by ${d.content.contact.channel}`, why: item.reason === 'PageAttempted' ? '' : words(item.reason), tone: 'minor',
  }),
  'page.withdrawn': d => ({ what: d.attempt > 0 ? 'a page is not tried again' : 'a page is not sent', why: 'nobody need be paged any more', tone: 'minor' }),
  'page.retried': (d, item, story) => ({ what: `${story.nameOf(d.by)} had a page tried again that was given up`, why: d.why }),
  'page.discarded': (d, item, story) => ({ what: `${story.nameOf(d.by)} left a page given up`, why: d.why, tone: 'minor' }),
  'page.attempt-failed': d => ({ what: `attempt ${d.attempt} failed: ${words(d.why)}`, why: `${d.detail} · next at ${clock(d.nextAt / 1e6)}`, tone: 'bad' }),
  'group.opened': (d, item) => ({ what: `${d.waits ? 'first alert, waiting for more' : 'first alert'}: ${d.first.title}`, why: labels(d.first.labels), tone: 'minor', links: d.first.links ?? [] }),
  'group.alert-counted': () => ({ what: 'fired again, counted', tone: 'minor' }),
  'group.threshold-reached': (d, item) => ({ what: 'an incident is asked for', why: words(item.reason), tone: 'minor' }),
  'group.muted': d => ({ what: d.mute.until ? `muted until ${new Date(d.mute.until / 1e6).toLocaleString('en-GB')}` : 'muted', why: `by ${d.mute.by}`, tone: 'minor' }),
  'group.reopened': d => ({ what: `fires again: ${d.first.title}`, why: labels(d.first.labels), tone: 'minor', links: d.first.links ?? [] }),
  'group.alert-fired': (d, item) => ({ what: `alert: ${d.alert.title}`, why: `${words(item.reason)} · ${labels(d.alert.labels)}`, tone: 'minor', links: d.alert.links ?? [] }),
  'group.alerts-ended': d => ({ what: `${plural(d.places.length, 'alert')} ended`, why: words(d.why), tone: 'minor' }),
  'group.alerts-repeated': (d, item) => ({ what: `repeated ${d.count === 1 ? 'once' : `${number(d.count)} times`}, folded`, why: by(item), tone: 'minor' }),
  'group.moved': d => ({ what: d.why === 'ClosedStaysClosed' ? 'its alerts go to a new incident' : d.why === 'ReopenedWithinWindow' ? 'its incident opens again' : 'its alerts joined the storm', why: d.why === 'JoinedStorm' ? '' : words(d.why), tone: 'minor' }),
  'group.rejoined': d => ({ what: 'its alerts belong to it again', why: d.silent.length > 0 ? `${plural(d.silent.length, 'alert')} ended meanwhile` : '', tone: 'minor' }),
  'group.key-routed': d => ({ what: d.siblings.length > 0 ? `its key leads to ${plural(d.siblings.length, 'other group')} by other routes` : 'the groups of its key on other routes were told', tone: 'minor' }),
  'group.ended': (d, item) => ({ what: 'no alert of the group fires any more', why: words(item.reason), tone: 'minor' }),
};
