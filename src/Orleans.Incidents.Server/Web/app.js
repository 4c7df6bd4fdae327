// The live page. It reads the API each second and changes only what differs. Alerts are written by strangers: whatever they
// say is set as text, never as markup.
import { clock, entries, number, plural, span } from '/timeline.js';

const POLL = 1000, TIMEOUT = 8000, STALE = 5000, OPEN_LIMIT = 200, RECENT_LIMIT = 100, MAX_LINES = 300;
const SEVERITIES = ['critical', 'error', 'warning', 'info'];
const $ = id => document.getElementById(id);
const page = {
  rows: new Map(), names: new Map(), isMore: false, refused: [], chosen: null, loaded: '', loadedAt: 0, timelineSize: 0,
  lastGood: 0, failed: '', stale: '', skew: 0, timer: 0, isPolling: false, isAsked: false,
};

function ask(path, init = {}) {
  const token = sessionStorage.getItem('token');
  const given = { ...init, headers: token ? { Authorization: `Bearer ${token}` } : {}, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT) };
  return fetch(path, given).catch(error => { throw new Error(error.name === 'TimeoutError' ? 'no answer in time' : 'no connection'); });
}

async function call(path, init) {
  const answer = await ask(path, init), date = Date.parse(answer.headers.get('date') ?? '');
  if (date) page.skew = Math.abs(date - Date.now()) > 2000 ? date - Date.now() : 0;
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.detail ?? body.title ?? `HTTP ${answer.status}`), { status: answer.status });
  return body;
}

const isOpen = row => row.status === 'triage' || row.status === 'active';
const nameOf = id => id === 'you' ? 'you' : page.names.get(id) ?? id;
const now = () => Date.now() + page.skew;
const say = (node, value) => { if (node.textContent !== value) node.textContent = value; };
const mark = (node, value) => { if (node.className !== value) node.className = value; };

// Keeps nodes by key, so that selection, focus, scrolling and what is unfolded survive every update.
function reconcile(parent, items, keyOf, make, update) {
  const focused = document.activeElement;
  const wanted = new Set(items.map(keyOf));
  const known = new Map();
  for (const node of [...parent.children]) wanted.has(node.dataset.key) ? known.set(node.dataset.key, node) : node.remove();
  let at = parent.firstElementChild;
  for (const item of items) {
    let node = known.get(keyOf(item));
    if (!node) { node = make(item); node.dataset.key = keyOf(item); }
    update(node, item);
    if (node === at) at = at.nextElementSibling; else parent.insertBefore(node, at);
  }
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

const fromTemplate = id => $(id).content.firstElementChild.cloneNode(true);
const part = (node, name) => node.querySelector('.' + name);

// The list
function ordered() {
  const rank = row => isOpen(row) ? SEVERITIES.indexOf(row.severity) - (row.kind === 'storm' ? 0.5 : 0) : SEVERITIES.length;
  return [...page.rows.values()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? 1 : -1));
}

function counts(row) {
  const parts = [plural(row.alerts, 'alert')];
  if (row.repeats > 0) parts.push(plural(row.repeats, 'repeat'));
  if (row.problems > 1) parts.push(`${number(row.problems)} problems`);
  parts.push(row.pages > 0 ? plural(row.pages, 'page') : 'nobody paged');
  return parts.join(' · ');
}

function owner(row) {
  if (row.acknowledgedBy) return `· acknowledged by ${nameOf(row.acknowledgedBy)}${row.acknowledgedUntil ? ` until ${clock(row.acknowledgedUntil)}` : ''}`;
  return isOpen(row) ? '· nobody on it' : '';
}

function showRow(node, row) {
  mark(node, `row ${row.severity}${isOpen(row) ? '' : ' ended'}`);
  if (row.id === page.chosen) node.setAttribute('aria-current', 'true'); else node.removeAttribute('aria-current');
  say(part(node, 'severity'), row.severity);
  say(part(node, 'title'), row.title);
  const status = part(node, 'status');
  status.classList.toggle('storm', row.kind === 'storm');
  say(status, row.kind === 'storm' ? `storm, ${row.status}` : row.status);
  say(part(node, 'service'), `· ${row.service}`);
  const who = part(node, 'who');
  who.classList.toggle('unowned', isOpen(row) && !row.acknowledgedBy);
  say(who, owner(row));
  say(part(node, 'counts'), counts(row));
  const age = part(node, 'age');
  age.dateTime = row.openedAt;
  age.title = `opened ${new Date(row.openedAt).toLocaleString()}`;
  say(age, span(now() - Date.parse(row.openedAt)));
}

function showList() {
  const rows = ordered();
  reconcile($('list'), rows, row => row.id, row => {
    const node = fromTemplate('row-template');
    node.href = '#' + row.id;
    return node;
  }, showRow);
  say($('list-note'), rows.length === 0 ? 'No incidents. Alerts that are sent to this server show up here within a second.'
    : page.isMore ? `The newest ${OPEN_LIMIT} open incidents; the API has the others.` : '');
}

function showTotals() {
  const rows = [...page.rows.values()], open = rows.filter(isOpen);
  const sum = (of, what) => number(of.reduce((total, row) => total + what(row), 0));
  say($('t-open'), number(open.length) + (page.isMore ? '+' : ''));
  const unowned = open.filter(row => !row.acknowledgedBy).length;
  say($('t-unowned'), number(unowned));
  $('t-unowned').classList.toggle('unowned', unowned > 0);
  say($('t-alerts'), sum(rows, row => row.alerts + row.repeats));
  say($('t-repeats'), sum(rows, row => row.repeats));
  say($('t-pages'), sum(rows, row => row.pages));
  say($('t-refused'), sum(page.refused, row => row.count));
  say($('refused-sum'), `${sum(page.refused, row => row.count)} requests or alerts`);
  document.title = unowned > 0 ? `(${unowned}) Incidents` : 'Incidents';
}

function showRefused() {
  const sums = new Map();
  for (const row of page.refused) {
    const key = [row.identity, row.integration, row.reason, row.detail].join('\n'), known = sums.get(key);
    sums.set(key, known ? { ...known, count: known.count + row.count } : { ...row, key });
  }
  reconcile($('refused-rows'), [...sums.values()], row => row.key, () => {
    const node = document.createElement('tr');
    for (let i = 0; i < 4; i++) node.append(document.createElement('td'));
    node.lastChild.className = 'number';
    return node;
  }, (node, row) => [clock(row.time), row.identity, `${row.reason}: ${row.detail}`, number(row.count)].forEach((value, i) => say(node.children[i], value)));
  $('refused').hidden = sums.size === 0;
}

// The chosen incident
function showDetail() {
  const row = page.rows.get(page.chosen);
  $('app').classList.toggle('has-chosen', Boolean(page.chosen));
  $('chosen').hidden = !row;
  $('nothing').hidden = Boolean(row);
  say($('nothing'), page.chosen && !row ? `That incident is neither open nor among the newest ${RECENT_LIMIT}, or it does not exist.` : 'Choose an incident to see what happened.');
  if (!row) return;
  say($('d-title'), row.title);
  mark($('d-line'), row.severity);
  say($('d-severity'), row.severity);
  say($('d-state'), ` · ${row.kind === 'storm' ? 'storm, ' : ''}${row.status} · ${row.service} ${owner(row)}`);
  const end = row.resolvedAt && !isOpen(row) ? Date.parse(row.resolvedAt) : null;
  const length = span((end ?? now()) - Date.parse(row.openedAt));
  say($('d-counts'), `${counts(row)} · ${end ? `took ${length}` : `open for ${length}`} · ${row.id}`);
  const may = { acknowledge: isOpen(row) && !row.acknowledgedBy, resolve: isOpen(row), reopen: row.status === 'resolved', close: row.status === 'resolved' };
  for (const button of $('actions').children) button.disabled = !may[button.dataset.action];
}

function showEntry(node, entry) {
  mark(node, entry.tone);
  const time = node.querySelector('time');
  time.dateTime = entry.at;
  time.title = `${new Date(entry.at).toLocaleString()} (${entry.at})`;
  const day = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  say(time, now() - Date.parse(entry.at) < 12 * 3600000 ? clock(entry.at) : new Date(entry.at).toLocaleString('en-GB', day));
  say(part(node, 'what'), entry.what);
  say(part(node, 'why'), entry.why);
  if (entry.more) reconcile(node.querySelector('ul'), entry.more.slice(-MAX_LINES).map((text, i) => ({ text, i })), line => String(line.i), () => document.createElement('li'), (li, line) => say(li, line.text));
}

function makeEntry(entry) {
  const node = fromTemplate('entry-template'), body = node.querySelector('div');
  for (const link of entry.links.filter(l => /^https?:/i.test(l.href))) {
    const anchor = document.createElement('a');
    Object.assign(anchor, { href: link.href, target: '_blank', rel: 'noopener noreferrer', className: 'link', textContent: `${link.text || link.href} ↗` });
    body.append(anchor);
  }
  if (entry.more) {
    const details = document.createElement('details'), summary = document.createElement('summary');
    summary.textContent = 'each of them';
    details.append(summary, document.createElement('ul'));
    body.append(details);
  }
  return node;
}

async function loadTimeline() {
  const id = page.chosen, row = page.rows.get(id);
  if (!row) return;
  const version = [id, row.updatedAt, row.status, row.pages, row.repeats, row.alerts].join();
  const age = Date.now() - page.loadedAt, isNew = !page.loaded.startsWith(id);
  if (!isNew && (page.loaded === version ? age < 5000 || !isOpen(row) && age < 15000 : page.timelineSize > 1000 && age < 5000)) return;
  const { items } = await call(`/api/v1/incidents/${id}/timeline?limit=10000`);
  if (page.chosen !== id) return;
  Object.assign(page, { loaded: version, loadedAt: Date.now(), timelineSize: items.length });
  reconcile($('timeline'), entries(items, nameOf), entry => entry.key, makeEntry, showEntry);
}

function choose() {
  const id = /^#[0-9A-Z]{26}$/i.test(location.hash) ? location.hash.slice(1).toUpperCase() : null;
  if (id === page.chosen) return;
  Object.assign(page, { chosen: id, loaded: '' });
  $('timeline').replaceChildren();
  $('note').value = '';
  say($('said'), '');
  $('detail').scrollTop = 0;
  showList();
  showDetail();
  poll();
}

async function act(action, body) {
  const said = $('said'), id = page.chosen;
  mark(said, '');
  say(said, '…');
  try {
    const answer = await call(`/api/v1/incidents/${id}/${action}`, { method: 'POST', body: body && JSON.stringify(body) });
    say(said, answer.changed ? '' : `Nothing changed: ${answer.reason}.`);
    return true;
  } catch (error) {
    mark(said, 'problem');
    say(said, error.status ? `Refused: ${error.message}` : `No answer: ${error.message}. Look at the timeline before you try again.`);
    return false;
  } finally {
    page.loaded = '';
    poll();
  }
}

// The loop
function showState() {
  const isOut = !$('sign-in').hidden, isOld = page.lastGood > 0 && Date.now() - page.lastGood > STALE;
  mark($('live'), !page.lastGood ? 'connecting' : page.failed ? 'lost' : 'live');
  say($('live'), isOut ? 'not signed in' : !page.lastGood ? page.failed || 'connecting' : page.failed ? 'connection lost' : `live, ${clock(page.lastGood)}`);
  const text = isOut ? '' : isOld ? `${page.failed ? 'Connection lost: what' : 'What'} you see is of ${clock(page.lastGood)}. Trying again… ${page.failed && `(${page.failed})`}`
    : page.stale && `The server's lists are stale: ${page.stale}`;
  say($('banner'), text);
  $('banner').hidden = !text;
}

function showSignIn(isIn = false) {
  $('sign-in').hidden = isIn;
  for (const id of ['app', 'totals']) $(id).hidden = !isIn;
  say($('sign-in-problem'), sessionStorage.getItem('token') ? page.failed : '');
}

async function refresh() {
  if (page.names.size === 0) page.names = new Map((await call('/api/v1/responders')).items.map(r => [r.id, r.name]));
  const [open, recent, refused, ready] = await Promise.all([
    call(`/api/v1/incidents?status=open&limit=${OPEN_LIMIT}`), call(`/api/v1/incidents?limit=${RECENT_LIMIT}`), call('/api/v1/refused?limit=50'), ask('/readyz'),
  ]);
  page.stale = ready.ok ? '' : (await ready.json().catch(() => ({}))).detail ?? 'it is not ready';
  // Where the two differ, an incident has just changed; the next look settles it.
  page.rows = new Map([...open.items, ...recent.items].map(row => [row.id, row]));
  Object.assign(page, { isMore: Boolean(open.next), refused: refused.items, lastGood: Date.now(), failed: '' });
  showSignIn(true);
  for (const show of [showList, showTotals, showRefused, showDetail]) show();
  await loadTimeline();
}

async function poll() {
  if (page.isPolling) { page.isAsked = true; return; }
  Object.assign(page, { isPolling: true, isAsked: false });
  clearTimeout(page.timer);
  try {
    await refresh();
  } catch (error) {
    page.failed = error.message;
    if (error.status === 401 || error.status === 403) showSignIn();
  }
  showState();
  page.isPolling = false;
  page.timer = setTimeout(poll, page.isAsked ? 0 : document.hidden ? 10 * POLL : $('sign-in').hidden ? POLL : 5 * POLL);
}

$('actions').addEventListener('click', event => {
  const action = event.target.dataset.action;
  if (action && (action !== 'close' || confirm('Close this incident for good? It will not open again.'))) act(action);
});
$('note-form').addEventListener('submit', async event => {
  event.preventDefault();
  if (await act('note', { text: $('note').value })) $('note').value = '';
});
$('token-form').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('token', $('token').value.trim());
  $('token').value = '';
  poll();
});
addEventListener('hashchange', choose);
document.addEventListener('visibilitychange', () => { if (!document.hidden) poll(); });
setInterval(showState, 1000);
choose();
poll();
