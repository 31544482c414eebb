// What the widget's tests share: its parts, a clock moved by hand, and an office in memory that
// speaks the widget's protocol.
import { readFileSync, readdirSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

const folder = new URL('parts/', import.meta.url);
/** Put together as the server does it (WidgetScript.swift). */
export const source = ["(() => {\n'use strict';\n", ...readdirSync(folder).sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8').replace(/^\t+|^\n/gm, '')), '})();\n']
  .join('');
runInThisContext(source, { filename: 'widget.js' });
export const parts = globalThis.__autosecretaryTest;

export function createStorage(values = {}) {
  const map = new Map(Object.entries(values));
  return {
    map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, String(value)),
    removeItem: (key) => map.delete(key),
  };
}

export function createClock(time = 1_800_000_000_000) {
  let last = 0;
  const timers = new Map();
  return {
    now: () => time,
    setTimeout(run, after) {
      timers.set(++last, { run, at: time + after });
      return last;
    },
    clearTimeout: (id) => timers.delete(id),
    /** Lets everything that is due happen, in its order, with the promises in between. */
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end)
          .sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        timers.delete(due[0]);
        time = due[1].at;
        due[1].run();
        await settle();
      }
      time = end;
    },
  };
}

export async function settle() {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => { setImmediate(resolve); });
}

/** `faults['POST messages'] = [503, 'drop', 'lose', …]` spoils the next requests of that kind. */
export function createOffice(clock) {
  const office = { sessions: new Map(), requests: [], streams: [], faults: {}, fetch };
  const encoder = new TextEncoder();

  async function fetch(url, { method, headers, body, signal }) {
    const { pathname, searchParams } = new URL(url);
    const what = `${method} ${pathname.split('/').at(-1)}`;
    const input = body ? JSON.parse(body) : null;
    office.requests.push({ what, input, headers, url });
    const fault = office.faults[what]?.shift();
    if (fault === 'drop') throw new TypeError('network');
    if (fault && fault !== 'lose') {
      return Response.json({}, { status: fault.status ?? fault, headers: fault.headers });
    }
    const session = office.sessions.get(headers.Authorization?.replace('Bearer ', ''));
    const answer = perform(what, input, session, searchParams.get('after'), signal);
    if (fault === 'lose') throw new TypeError('the answer got lost');
    return answer;
  }

  function perform(what, input, session, after, signal) {
    if (what === 'GET config') return Response.json(office.config);
    if (what === 'POST sessions') return Response.json({ token: office.begin() }, { status: 201 });
    if (!session) return Response.json({}, { status: 401 });
    if (what === 'GET messages') {
      const cursor = String(session.events.length);
      return Response.json({ data: session.messages.slice(-100), cursor });
    }
    if (what === 'POST messages') {
      const known = session.messages.find((message) => message.source_id === input.source_id);
      const message = known ?? office.add(session, { direction: 'incoming', ...input });
      return Response.json({ message }, { status: 202 });
    }
    if (what === 'GET stream') return stream(session, Number(after), signal);
    return new Response(null, { status: 204 });
  }

  function stream(session, after, signal) {
    const body = new ReadableStream({
      start(control) {
        const open = {
          session,
          write: (text) => control.enqueue(encoder.encode(text)),
          end() {
            office.streams = office.streams.filter((other) => other !== open);
            try { control.close(); } catch { /* the other side was first */ }
          },
        };
        office.streams.push(open);
        session.events.slice(after).forEach((event, index) => {
          open.write(line(event, after + index));
        });
        signal.addEventListener('abort', () => {
          office.streams = office.streams.filter((other) => other !== open);
          try { control.error(new Error('aborted')); } catch { /* closed already */ }
        });
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  const line = ({ event, data }, index) =>
    `id: ${index + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

  office.begin = () => {
    const token = `vis_${office.sessions.size + 1}`;
    office.sessions.set(token, { messages: [], events: [] });
    return token;
  };
  office.emit = (session, event, data) => {
    const index = session.events.push({ event, data }) - 1;
    for (const open of office.streams) {
      if (open.session === session) open.write(line({ event, data }, index));
    }
  };
  office.add = (session, fields) => {
    const message = {
      id: `msg_${String(session.messages.length + 1).padStart(4, '0')}`, status: 'sent',
      source_id: null, author: null, kind: 'text', created_at: new Date(clock.now()).toISOString(),
      ...fields,
    };
    session.messages.push(message);
    office.emit(session, 'message', { message });
    return message;
  };
  office.session = () => [...office.sessions.values()].at(-1);
  office.texts = () => office.session().messages.map((message) => message.text);
  office.count = (what) => office.requests.filter((request) => request.what === what).length;
  return office;
}

/** One page with the widget's client; pages that share a `storage` are tabs or reloads. */
export function createPage({ clock, office, storage = createStorage() }) {
  let ids = 0;
  const page = { storage, changes: 0 };
  page.client = parts.createClient({
    base: 'https://office.example',
    inbox: 'inb_1',
    changed: () => { page.changes += 1; },
    env: {
      fetch: office.fetch, storage: () => storage, now: clock.now, random: () => 0.5,
      setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout,
      uuid: () => `uuid-${clock.now()}-${++ids}`,
    },
  });
  page.statuses = () => page.client.rows().map((row) => `${row.text}: ${row.status}`);
  return page;
}
