// Which parts of the desk an event makes old.

const OF_BUSINESS = new RegExp('^(contact|inquiry|appointment|guidance|knowledge|service|schedule'
  + '|staff|account|busy|canned_response)\\.');

/** `current` is the open conversation, `account` the business shown beside it. */
export function concerns(type, data, { current, account }) {
  const conversation = data.payload?.conversation_id
    ?? (type.startsWith('conversation.') ? data.subject : null);
  const isCurrent = conversation === current;
  const isContact = type === 'contact.updated';
  const isMessage = type.startsWith('message.');
  const side = OF_BUSINESS.test(type) && data.account_id === account;
  return {
    isCurrent,
    queue: isMessage || type.startsWith('conversation.') || isContact,
    log: isMessage && isCurrent,
    head: (/^(conversation\.|message\.(received|created))/.test(type) && isCurrent)
      || (side && isContact),
    side,
  };
}
