// What was begun and not sent, per conversation and per kind (reply or note). It outlives the page
// in localStorage, under the name of who is signed in: nobody else of the same browser gets it.

const OWNER = 'desk:drafts';
const MOST = 40;
const DAYS = 7;

export class Drafts {
  /** `open` hands out the storage; it may be missing or refuse. */
  constructor(open = () => globalThis.localStorage) {
    this.open = open;
    this.kept = new Map();
  }

  /** For whom this page is. What others left in this browser goes, and what is old or too much. */
  begin(user) {
    this.user = user;
    this.quietly((storage) => {
      const mine = [];
      for (const key of keysOf(storage)) {
        const draft = key.startsWith(this.prefix) ? read(storage, key) : undefined;
        if (!draft || draft.at < Date.now() - DAYS * 86_400_000) storage.removeItem(key);
        else mine.push([key, draft.at]);
      }
      mine.sort((a, b) => b[1] - a[1]).slice(MOST).forEach(([key]) => storage.removeItem(key));
      storage.setItem(OWNER, user);
    });
  }

  /** `{ mode, reply, note }`, empty where nothing was begun. */
  of(conversation) {
    const draft = this.kept.get(conversation)
      ?? this.quietly((storage) => this.isMine(storage) && read(storage, this.key(conversation)));
    return { mode: 'reply', reply: '', note: '', ...draft };
  }

  /** Keeps `text` as what was begun in this mode; an empty one is forgotten. */
  keep(conversation, mode, text) {
    this.put(conversation, { ...this.of(conversation), mode, [mode]: text });
  }

  /** A mode that was sent, if what was sent is still what it holds. Says whether it was. */
  sent(conversation, mode, text) {
    const draft = this.of(conversation);
    if (draft[mode].trim() !== text) return false;
    this.put(conversation, { ...draft, mode: 'reply', [mode]: '' });
    return true;
  }

  put(conversation, draft) {
    const isEmpty = !draft.reply.trim() && !draft.note.trim();
    if (isEmpty) this.kept.delete(conversation);
    else this.kept.set(conversation, draft);
    this.quietly((storage) => {
      // Signed out in another tab: nothing more is left behind.
      if (!this.isMine(storage)) return;
      const key = this.key(conversation);
      if (isEmpty) {
        storage.removeItem(key);
        return;
      }
      if (storage.getItem(key) === null) makeRoom(storage, this.prefix);
      storage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
    });
  }

  get prefix() { return `${OWNER}:${this.user}:`; }

  key(conversation) { return this.prefix + conversation; }

  isMine(storage) { return this.user !== undefined && storage.getItem(OWNER) === this.user; }

  /** Where a browser refuses its storage, or it is full, drafts live as long as the page. */
  quietly(act) {
    try {
      const storage = this.open();
      return storage ? act(storage) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Everything that was begun in this browser, whoever began it. */
export function forgetDrafts(open = () => globalThis.localStorage) {
  try {
    const storage = open();
    for (const key of keysOf(storage)) storage.removeItem(key);
    storage.removeItem(OWNER);
  } catch {
    // No storage, nothing in it.
  }
}

const keysOf = (storage) => Array.from({ length: storage.length }, (_, place) => storage.key(place))
  .filter((key) => key.startsWith(`${OWNER}:`));

function read(storage, key) {
  try {
    const { mode, reply, note, at } = JSON.parse(storage.getItem(key));
    if (![reply, note].every((text) => typeof text === 'string') || !(at > 0)) return undefined;
    return { mode: mode === 'note' ? 'note' : 'reply', reply, note, at };
  } catch {
    return undefined;
  }
}

/** The oldest give way. */
function makeRoom(storage, prefix) {
  const keys = keysOf(storage).filter((key) => key.startsWith(prefix));
  const age = (key) => read(storage, key)?.at ?? 0;
  keys.sort((a, b) => age(b) - age(a)).slice(MOST - 1).forEach((key) => storage.removeItem(key));
}

/** Of this page. */
export const drafts = new Drafts();
