-- Every message that comes in asks for the agents' browsers, few among those of all the owners.
CREATE INDEX push_subscriptions_kind_idx ON push_subscriptions (kind, user_id);
