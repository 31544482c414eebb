// Ways through the queue, whose order is the server's. Both take the ids as they are shown.

/** The conversation so many places further, ending at both ends. */
export const neighbour = (ids, current, by) =>
  ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(current) + by))];

/** After a resolved one comes the one that waits longest. */
export const nextAfter = (ids, current) => ids.find((id) => id !== current);
