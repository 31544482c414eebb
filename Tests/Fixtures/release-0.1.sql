-- The rows of a small office as release 0.1 left them (migrations 0001 to 0008): made by that
-- release's own server through its API on the test clock of 2026-03-23T13:00:00Z, one statement a
-- row, for both engines. The upgrade test puts them into a database of that shape.
-- Sign-ins: ada@office.example (admin), rita@office.example, owner@mane.example.
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (1, 'evt_01m83hqmvge1ps7r0b8t9s19j7', NULL, 'user.created', 'user_01m83hqmvge1p8t79rdj7n1qyc', '{}', 1795415593840);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (2, 'evt_01kmdcfr40e1ptzrz50n8bhkyn', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'account.created', 'acct_01kmdcfr40e1p9q39v0sms2ez0', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (3, 'evt_01kmdcfr40e1qa5vjdq44g6a7p', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'schedule.updated', 'acct_01kmdcfr40e1p9q39v0sms2ez0', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (4, 'evt_01kmdcfr40e1rb5kj2amhv1jeq', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'member.created', 'user_01kmdcfr40e1qr4crm9e13czbp', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (5, 'evt_01kmdcfr40e1s93b6mbvthdwks', NULL, 'user.created', 'user_01kmdcfr40e1rvfvkvp9aapsqy', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (6, 'evt_01kmdcfr40e1tb58cbyrfaca2d', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'staff.created', 'stf_01kmdcfr40e1st7fv9mx2xbhks', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (7, 'evt_01kmdcfr40e1va6xbqbccx7dsd', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'resource.created', 'res_01kmdcfr40e1trm612s16ps775', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (8, 'evt_01kmdcfr40e1wb3t0hjq8mp0n2', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'service.created', 'svc_01kmdcfr40e1vs4xsn1mhppd6e', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (9, 'evt_01kmdcfr40e1xbw49w2zm1xdrm', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'inbox.created', 'inb_01kmdcfr40e1wt40qddaxe3zaj', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (10, 'evt_01kmdcfr40e1yam7eb1f89mwn2', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'contact.created', 'ctct_01kmdcfr40e1xtc41p5gnbn127', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (11, 'evt_01kmdcfr40e1z8cr45bteaxhy3', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conversation.created', 'conv_01kmdcfr40e1yvp2apaeasp8ck', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","inbox_id":"inb_01kmdcfr40e1wt40qddaxe3zaj"}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (12, 'evt_01kmdcfr40e20avzkf2365gcg0', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'message.received', 'msg_01kmdcfr40e1zt9n9z05yzxkbe', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":"conv_01kmdcfr40e1yvp2apaeasp8ck","direction":"incoming","inbox_id":"inb_01kmdcfr40e1wt40qddaxe3zaj","private":false,"version":2}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (13, 'evt_01kmdcfr40e21b6axrc488arg5', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'message.created', 'msg_01kmdcfr40e20shb09ewkkvarr', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":"conv_01kmdcfr40e1yvp2apaeasp8ck","direction":"outgoing","inbox_id":"inb_01kmdcfr40e1wt40qddaxe3zaj","private":false,"version":3}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (14, 'evt_01kmdcfr40e228yw3neq7pr39h', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'message.created', 'msg_01kmdcfr40e21rcayntt38cd3n', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":"conv_01kmdcfr40e1yvp2apaeasp8ck","direction":"outgoing","inbox_id":"inb_01kmdcfr40e1wt40qddaxe3zaj","private":true,"version":4}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (15, 'evt_01kmdcfr40e2387k80j8nss8qq', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'contact.created', 'ctct_01kmdcfr40e22syszeefd1gpj2', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (16, 'evt_01kmdcfr40e24rz9r8qpr0409v', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'appointment.confirmed', 'appt_01kmdcfr40e23vam20s0436rzc', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":null,"end":"2026-03-24T19:00:00Z","service_id":"svc_01kmdcfr40e1vs4xsn1mhppd6e","staff_ids":["stf_01kmdcfr40e1st7fv9mx2xbhks"],"start":"2026-03-24T18:00:00Z","version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (17, 'evt_01kmdcfr40e268tbs6xpj06ksj', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'appointment.confirmed', 'appt_01kmdcfr40e25baatk0mxnty8h', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":null,"end":"2026-03-25T19:00:00Z","service_id":"svc_01kmdcfr40e1vs4xsn1mhppd6e","staff_ids":["stf_01kmdcfr40e1st7fv9mx2xbhks"],"start":"2026-03-25T18:00:00Z","version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (18, 'evt_01kmdcfr40e26vdv4b2vf6n5hx', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'appointment.canceled', 'appt_01kmdcfr40e25baatk0mxnty8h', '{"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":null,"end":"2026-03-25T19:00:00Z","service_id":"svc_01kmdcfr40e1vs4xsn1mhppd6e","staff_ids":["stf_01kmdcfr40e1st7fv9mx2xbhks"],"start":"2026-03-25T18:00:00Z","version":2}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (19, 'evt_01kmdcfr40e27s2phsvv3bcaw4', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'busy.created', 'busy_01kmdcfr40e278xcd7sp4keamb', '{"end":"2026-03-26T16:00:00Z","of":"stf_01kmdcfr40e1st7fv9mx2xbhks","start":"2026-03-26T14:00:00Z"}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (20, 'evt_01kmdcfr40e29vxwp09c5vmcxn', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'hold.created', 'appt_01kmdcfr40e288z816q39wcr3y', '{"contact_id":null,"conversation_id":null,"end":"2026-03-27T15:00:00Z","service_id":"svc_01kmdcfr40e1vs4xsn1mhppd6e","staff_ids":["stf_01kmdcfr40e1st7fv9mx2xbhks"],"start":"2026-03-27T14:00:00Z","version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (21, 'evt_01kmdcfr40e2athz83c5zgbfcm', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'knowledge.created', 'art_01kmdcfr40e2abxa56t9hhgd7n', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (22, 'evt_01kmdcfr40e2bscmsp63bpmmx6', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'canned_response.created', 'can_01kmdcfr40e2bawwgeyg5mk9xq', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (23, 'evt_01kmdcfr40e2car2jvh21zzvb6', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'guidance.updated', 'acct_01kmdcfr40e1p9q39v0sms2ez0', '{"version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (24, 'evt_01kmdcfr40e2d9asbatjwn8283', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'inquiry.recorded', 'inq_01kmdcfr40e2cr50nccfnwzq31', '{"conversation_id":"conv_01kmdcfr40e1yvp2apaeasp8ck","kind":"booking","version":1}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (25, 'evt_01kmdcfr40e2e81xnqr20q5fr2', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'contact.created', 'ctct_01kmdcfr40e2dt2fjpx266xdaw', '{}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (26, 'evt_01kmdcfr40e2fap36pv5m0z23k', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conversation.created', 'conv_01kmdcfr40e2ersgzbjbsfe946', '{"contact_id":"ctct_01kmdcfr40e2dt2fjpx266xdaw","inbox_id":"inb_01kmdcfr40e1wt40qddaxe3zaj"}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (27, 'evt_01kmdcfr40e2gbhb8hqzw879qq', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'message.received', 'msg_01kmdcfr40e2fr0sqvaerpwwrb', '{"contact_id":"ctct_01kmdcfr40e2dt2fjpx266xdaw","conversation_id":"conv_01kmdcfr40e2ersgzbjbsfe946","direction":"incoming","inbox_id":"inb_01kmdcfr40e1wt40qddaxe3zaj","private":false,"version":2}', 1774270800000);
INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
VALUES (28, 'evt_01kmdcfr40e2h8gq4pwytck95g', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conversation.status_changed', 'conv_01kmdcfr40e2ersgzbjbsfe946', '{"contact_id":"ctct_01kmdcfr40e2dt2fjpx266xdaw","status":"snoozed","version":3}', 1774270800000);
INSERT INTO jobs (id, account_id, kind, payload, unique_key, state, run_at, attempts, leased_until, last_error, created_at)
VALUES ('job_01kmdcfr40e298z4drvzp3k52w', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'booking.expire_holds', '{}', 'booking.expire_holds:acct_01kmdcfr40e1p9q39v0sms2ez0:1774274400000', 'ready', 1774274400000, 0, NULL, NULL, 1774270800000);
INSERT INTO jobs (id, account_id, kind, payload, unique_key, state, run_at, attempts, leased_until, last_error, created_at)
VALUES ('job_01kmdcfr40e2gstmby5jqekcsw', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conversation.wake', '{"conversation_id":"conv_01kmdcfr40e2ersgzbjbsfe946","until":"2026-03-24T13:00:00Z"}', NULL, 'ready', 1774357200000, 0, NULL, NULL, 1774270800000);
INSERT INTO idempotency_keys (user_id, key, fingerprint, status, body, location, version, created_at)
VALUES ('user_01m83hqmvge1p8t79rdj7n1qyc', 'old-key-1', '7b98593e42f8fd515ca0c78a5e3ed51399c8c61a27f9f9122aa4e7528a4839f8', 201, '{"account_id":"acct_01kmdcfr40e1p9q39v0sms2ez0","booked_by":"user_01m83hqmvge1p8t79rdj7n1qyc","canceled_at":null,"canceled_reason":null,"contact_id":"ctct_01kmdcfr40e1xtc41p5gnbn127","conversation_id":null,"created_at":"2026-03-23T13:00:00Z","end":"2026-03-24T19:00:00Z","expires_at":null,"id":"appt_01kmdcfr40e23vam20s0436rzc","notes":"First visit","party_size":1,"price":{"amount":5500,"currency":"USD"},"resource_ids":[],"service_id":"svc_01kmdcfr40e1vs4xsn1mhppd6e","staff_ids":["stf_01kmdcfr40e1st7fv9mx2xbhks"],"start":"2026-03-24T18:00:00Z","status":"confirmed","version":1}', '/api/v1/appointments/appt_01kmdcfr40e23vam20s0436rzc', 1, 1774270800000);
INSERT INTO accounts (id, slug, name, time_zone, locale, currency, vertical, hue, phone, address, website, state, trial_ends_at, version, created_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', 'mane', 'Mane Street Salon', 'America/New_York', 'en', 'USD', NULL, 0, NULL, NULL, NULL, 'active', NULL, 1, 1774270800000);
INSERT INTO users (id, email, name, office_role, password_hash, is_active, is_on_duty, version, created_at)
VALUES ('user_01m83hqmvge1p8t79rdj7n1qyc', 'ada@office.example', 'Ada Admin', 'admin', 'scrypt$32768$0AHQKBN33sxXq5dCNgEWdA==$8znmdNywl83vt00GlebX/zVWeW7mUnwTyzzEsOAfzCY=', 1, 0, 1, 1795415593840);
INSERT INTO users (id, email, name, office_role, password_hash, is_active, is_on_duty, version, created_at)
VALUES ('user_01kmdcfr40e1qr4crm9e13czbp', 'owner@mane.example', 'Olive Owner', NULL, 'scrypt$32768$nS2fPX0zZXRmU8rFuk75Zg==$T9bGJIfSrk1S0CDQdXuqXYRQqyafyiN/bG4U+FtpZII=', 1, 0, 1, 1774270800000);
INSERT INTO users (id, email, name, office_role, password_hash, is_active, is_on_duty, version, created_at)
VALUES ('user_01kmdcfr40e1rvfvkvp9aapsqy', 'rita@office.example', 'Rita Receptionist', 'receptionist', 'scrypt$32768$Y6c125GwyVeKyIdhmGhz9w==$vDnFDIdoUd4vuI54ohpItlopCTOWxD3b3XL6IBPjXsI=', 1, 0, 1, 1774270800000);
INSERT INTO memberships (account_id, user_id, role, created_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', 'user_01kmdcfr40e1qr4crm9e13czbp', 'owner', 1774270800000);
INSERT INTO tokens (id, user_id, name, token_hash, scopes, created_at, revoked_at)
VALUES ('tok_01m83hqmxte06twwddp2y1ss9k', 'user_01m83hqmvge1p8t79rdj7n1qyc', 'fixture', 'a4db5bcc801eda57cee7564938692d20c36f4e7fd5a1eea0c98360777742d810', 'admin', 1795415593914, NULL);
INSERT INTO contacts (id, account_id, name, locale, time_zone, form_of_address, preferred_channel, notes, search, version, created_at)
VALUES ('ctct_01kmdcfr40e1xtc41p5gnbn127', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Dana Доe', NULL, NULL, NULL, NULL, NULL, 'dana доe dana', 1, 1774270800000);
INSERT INTO contacts (id, account_id, name, locale, time_zone, form_of_address, preferred_channel, notes, search, version, created_at)
VALUES ('ctct_01kmdcfr40e22syszeefd1gpj2', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Bo Booker', NULL, NULL, NULL, NULL, NULL, 'bo booker 12025550123', 1, 1774270800000);
INSERT INTO contacts (id, account_id, name, locale, time_zone, form_of_address, preferred_channel, notes, search, version, created_at)
VALUES ('ctct_01kmdcfr40e2dt2fjpx266xdaw', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Eve', NULL, NULL, NULL, NULL, NULL, 'eve eve', 1, 1774270800000);
INSERT INTO contact_points (account_id, contact_id, channel, address, is_verified, created_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', 'ctct_01kmdcfr40e1xtc41p5gnbn127', 'api', 'dana', 1, 1774270800000);
INSERT INTO contact_points (account_id, contact_id, channel, address, is_verified, created_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', 'ctct_01kmdcfr40e22syszeefd1gpj2', 'sms', '+12025550123', 0, 1774270800000);
INSERT INTO contact_points (account_id, contact_id, channel, address, is_verified, created_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', 'ctct_01kmdcfr40e2dt2fjpx266xdaw', 'api', 'eve', 1, 1774270800000);
INSERT INTO inboxes (id, account_id, name, channel, config, is_active, version, created_at)
VALUES ('inb_01kmdcfr40e1wt40qddaxe3zaj', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'API', 'api', '{"set_by_office":true}', 1, 1, 1774270800000);
INSERT INTO conversations (id, account_id, contact_id, inbox_id, status, assignee_id, team_id, waiting_since, snoozed_until, last_message_at, preview, unread, first_replied_at, resolved_at, version, created_at)
VALUES ('conv_01kmdcfr40e1yvp2apaeasp8ck', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'ctct_01kmdcfr40e1xtc41p5gnbn127', 'inb_01kmdcfr40e1wt40qddaxe3zaj', 'open', 'user_01m83hqmvge1p8t79rdj7n1qyc', NULL, NULL, NULL, 1774270800000, 'Of course. Tuesday at 14:00?', 0, 1774270800000, NULL, 4, 1774270800000);
INSERT INTO conversations (id, account_id, contact_id, inbox_id, status, assignee_id, team_id, waiting_since, snoozed_until, last_message_at, preview, unread, first_replied_at, resolved_at, version, created_at)
VALUES ('conv_01kmdcfr40e2ersgzbjbsfe946', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'ctct_01kmdcfr40e2dt2fjpx266xdaw', 'inb_01kmdcfr40e1wt40qddaxe3zaj', 'snoozed', NULL, NULL, 1774270800000, 1774357200000, 1774270800000, 'Later', 1, NULL, NULL, 3, 1774270800000);
INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction, is_private, text, status, source_id, author_id, author_name, failure, sent_at, created_at)
VALUES ('msg_01kmdcfr40e1zt9n9z05yzxkbe', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conv_01kmdcfr40e1yvp2apaeasp8ck', 'inb_01kmdcfr40e1wt40qddaxe3zaj', 'incoming', 0, 'Hello, can I book a cut? ☂', 'delivered', 'm-1', NULL, NULL, NULL, NULL, 1774270800000);
INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction, is_private, text, status, source_id, author_id, author_name, failure, sent_at, created_at)
VALUES ('msg_01kmdcfr40e20shb09ewkkvarr', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conv_01kmdcfr40e1yvp2apaeasp8ck', 'inb_01kmdcfr40e1wt40qddaxe3zaj', 'outgoing', 0, 'Of course. Tuesday at 14:00?', 'sent', NULL, 'user_01m83hqmvge1p8t79rdj7n1qyc', 'Ada Admin', NULL, NULL, 1774270800000);
INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction, is_private, text, status, source_id, author_id, author_name, failure, sent_at, created_at)
VALUES ('msg_01kmdcfr40e21rcayntt38cd3n', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conv_01kmdcfr40e1yvp2apaeasp8ck', 'inb_01kmdcfr40e1wt40qddaxe3zaj', 'outgoing', 1, 'Prefers Maria.', 'sent', NULL, 'user_01m83hqmvge1p8t79rdj7n1qyc', 'Ada Admin', NULL, NULL, 1774270800000);
INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction, is_private, text, status, source_id, author_id, author_name, failure, sent_at, created_at)
VALUES ('msg_01kmdcfr40e2fr0sqvaerpwwrb', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conv_01kmdcfr40e2ersgzbjbsfe946', 'inb_01kmdcfr40e1wt40qddaxe3zaj', 'incoming', 0, 'Later', 'delivered', 'm-2', NULL, NULL, NULL, NULL, 1774270800000);
INSERT INTO canned_responses (id, account_id, shortcut, title, text, version, created_at)
VALUES ('can_01kmdcfr40e2bawwgeyg5mk9xq', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'hi', 'Greeting', 'Hello {{contact.name}}', 1, 1774270800000);
INSERT INTO schedules (account_id, hours, version, updated_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', '{"overrides":[{"date":"2026-12-25","windows":[]}],"weekly":[{"end":"17:00","start":"09:00","weekday":1},{"end":"17:00","start":"09:00","weekday":2},{"end":"17:00","start":"09:00","weekday":3},{"end":"17:00","start":"09:00","weekday":4},{"end":"17:00","start":"09:00","weekday":5}]}', 1, 1774270800000);
INSERT INTO staff (id, account_id, name, email, phone, user_id, time_zone, hours, is_active, version, created_at)
VALUES ('stf_01kmdcfr40e1st7fv9mx2xbhks', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Maria', NULL, NULL, NULL, NULL, NULL, 1, 1, 1774270800000);
INSERT INTO resources (id, account_id, name, kind, time_zone, hours, is_active, version, created_at)
VALUES ('res_01kmdcfr40e1trm612s16ps775', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Chair 1', 'chair', NULL, NULL, 1, 1, 1774270800000);
INSERT INTO services (id, account_id, name, description, price_minor, price_currency, duration_minutes, rules, position, is_active, version, created_at)
VALUES ('svc_01kmdcfr40e1vs4xsn1mhppd6e', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Women’s cut', NULL, 5500, 'USD', 60, '{"buffer_after_minutes":15,"buffer_before_minutes":0,"buffers_inside_hours":false,"capacity":1,"horizon":null,"limits":null,"min_notice_minutes":60,"requires":[{"count":1,"members":["stf_01kmdcfr40e1st7fv9mx2xbhks"],"pool":"staff"}],"segments":[],"slot_interval_minutes":30,"slot_offset_minutes":0}', 0, 1, 1, 1774270800000);
INSERT INTO appointments (id, account_id, status, service_id, contact_id, conversation_id, starts_at, ends_at, party_size, staff_ids, resource_ids, notes, expires_at, price_minor, price_currency, booked_by, canceled_reason, canceled_at, version, created_at)
VALUES ('appt_01kmdcfr40e23vam20s0436rzc', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'confirmed', 'svc_01kmdcfr40e1vs4xsn1mhppd6e', 'ctct_01kmdcfr40e1xtc41p5gnbn127', NULL, 1774375200000, 1774378800000, 1, 'stf_01kmdcfr40e1st7fv9mx2xbhks', '', 'First visit', NULL, 5500, 'USD', 'user_01m83hqmvge1p8t79rdj7n1qyc', NULL, NULL, 1, 1774270800000);
INSERT INTO appointments (id, account_id, status, service_id, contact_id, conversation_id, starts_at, ends_at, party_size, staff_ids, resource_ids, notes, expires_at, price_minor, price_currency, booked_by, canceled_reason, canceled_at, version, created_at)
VALUES ('appt_01kmdcfr40e25baatk0mxnty8h', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'canceled', 'svc_01kmdcfr40e1vs4xsn1mhppd6e', 'ctct_01kmdcfr40e1xtc41p5gnbn127', NULL, 1774461600000, 1774465200000, 1, 'stf_01kmdcfr40e1st7fv9mx2xbhks', '', NULL, NULL, 5500, 'USD', 'user_01m83hqmvge1p8t79rdj7n1qyc', 'Ill', 1774270800000, 2, 1774270800000);
INSERT INTO appointments (id, account_id, status, service_id, contact_id, conversation_id, starts_at, ends_at, party_size, staff_ids, resource_ids, notes, expires_at, price_minor, price_currency, booked_by, canceled_reason, canceled_at, version, created_at)
VALUES ('appt_01kmdcfr40e288z816q39wcr3y', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'held', 'svc_01kmdcfr40e1vs4xsn1mhppd6e', NULL, NULL, 1774620000000, 1774623600000, 1, 'stf_01kmdcfr40e1st7fv9mx2xbhks', '', NULL, 1774274400000, 5500, 'USD', 'user_01m83hqmvge1p8t79rdj7n1qyc', NULL, NULL, 1, 1774270800000);
INSERT INTO busy (id, account_id, party_id, starts_at, ends_at, reason, is_transparent, created_at)
VALUES ('busy_01kmdcfr40e278xcd7sp4keamb', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'stf_01kmdcfr40e1st7fv9mx2xbhks', 1774533600000, 1774540800000, 'Course', 0, 1774270800000);
INSERT INTO allocations (id, account_id, appointment_id, party_id, starts_at, ends_at)
VALUES ('alc_01kmdcfr40e248rpd3e3pbxx93', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'appt_01kmdcfr40e23vam20s0436rzc', 'stf_01kmdcfr40e1st7fv9mx2xbhks', 1774375200000, 1774379700000);
INSERT INTO allocations (id, account_id, appointment_id, party_id, starts_at, ends_at)
VALUES ('alc_01kmdcfr40e28t0evjbnn6wcdf', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'appt_01kmdcfr40e288z816q39wcr3y', 'stf_01kmdcfr40e1st7fv9mx2xbhks', 1774620000000, 1774624500000);
INSERT INTO guidance (account_id, greeting, tone, about, steps, version, updated_at)
VALUES ('acct_01kmdcfr40e1p9q39v0sms2ez0', 'Mane Street Salon, good morning.', '', '', '[]', 1, 1774270800000);
INSERT INTO knowledge_articles (id, account_id, question, answer, question_search, search, uses, version, created_at, updated_at)
VALUES ('art_01kmdcfr40e2abxa56t9hhgd7n', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'Where do I park?', 'Behind the house.', ' where do i park', ' where do i park behind the house', 0, 1, 1774270800000, 1774270800000);
INSERT INTO inquiries (id, account_id, conversation_id, contact_id, appointment_id, kind, topic, disposition, channel, notes, created_by, version, created_at)
VALUES ('inq_01kmdcfr40e2cr50nccfnwzq31', 'acct_01kmdcfr40e1p9q39v0sms2ez0', 'conv_01kmdcfr40e1yvp2apaeasp8ck', 'ctct_01kmdcfr40e1xtc41p5gnbn127', NULL, 'booking', 'Cut', NULL, 'api', NULL, 'user_01m83hqmvge1p8t79rdj7n1qyc', 1, 1774270800000);
