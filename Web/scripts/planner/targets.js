// Where an appointment can go: the free starts of its service as places in the columns of a grid.

/** What a clock of this zone shows: `{ date: '2026-11-24', minute: 840 }`. */
export function localIn(zone) {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit',
    minute: '2-digit', hourCycle: 'h23',
  });
  return (instant) => {
    const parts = Object.fromEntries(
      format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
    return {
      date: `${parts.year}-${parts.month}-${parts.day}`,
      minute: Number(parts.hour) * 60 + Number(parts.minute),
    };
  };
}

const has = (all, some) => some.every((one) => all.includes(one));

/** What the API is asked for, so that nobody takes part who was not meant. */
function wish(picked, slot, by, key) {
  if (by === 'resources' && picked.resources.length === 1) {
    return { start: slot.start, resource_ids: [key] };
  }
  if (picked.staff.length !== 1) return { start: slot.start };
  return { start: slot.start, staff_id: by === 'staff' ? key : picked.staff[0] };
}

/** The columns of a day that a slot has room in. */
function columns(picked, slot, by) {
  const [own, free] = by === 'resources'
    ? [picked.resources, slot.resource_ids] : [picked.staff, slot.staff_ids];
  if (own.length === 0) return [picked.key];
  // Of several it is not known whose place another would take.
  if (own.length > 1) return has(free, own) ? own : [];
  return free;
}

/**
 * `picked`: `{ start, staff, resources, key }`, `key` being its column's; `columns` by `view` are
 * days, staff or resources. Each target has its column's `key`, `minute`, `start`, `end` and
 * `body`, what to ask for.
 */
export function targetsOf(picked, slots, { view, by, keys, local }) {
  const targets = [];
  for (const slot of slots) {
    const { date, minute } = local(slot.start);
    const staysWhole = has(slot.staff_ids, picked.staff);
    if ((view === 'week' || by === 'resources') && !staysWhole) continue;
    const own = view === 'week' ? [date] : columns(picked, slot, by);
    for (const key of own) {
      if (!keys.includes(key)) continue;
      const isHome = slot.start === picked.start && (view === 'week' || key === picked.key);
      targets.push({
        key, minute, start: slot.start, end: slot.end, isHome,
        body: wish(picked, slot, view === 'week' ? 'days' : by, key),
      });
    }
  }
  return targets;
}

/** The one of a column that is nearest to a minute; none farther than `within` minutes. */
export function nearest(targets, key, minute, within = Infinity) {
  let found;
  for (const target of targets) {
    if (target.key !== key) continue;
    const distance = Math.abs(target.minute - minute);
    if (distance > within) continue;
    if (!found || distance < Math.abs(found.minute - minute)) found = target;
  }
  return found;
}

/** The next one by an arrow from `at`, `{ key, minute }`; undefined where there is none. */
export function stepFrom(targets, at, arrow, keys) {
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    const sign = arrow === 'ArrowDown' ? 1 : -1;
    return targets
      .filter((target) => target.key === at.key && (target.minute - at.minute) * sign > 0)
      .sort((a, b) => (a.minute - b.minute) * sign)[0];
  }
  const step = arrow === 'ArrowRight' ? 1 : -1;
  for (let place = keys.indexOf(at.key) + step; keys[place] !== undefined; place += step) {
    const found = nearest(targets, keys[place], at.minute);
    if (found) return found;
  }
  return undefined;
}
