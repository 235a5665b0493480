-- The append-only log, its head, and the idempotency keys of appends.

create table event (
    position bigint primary key,
    stream text collate "C" not null,
    version bigint not null,
    event_id uuid not null,
    kind text collate "C" not null,
    schema_version integer not null,
    recorded_at bigint not null,
    occurred_at bigint not null,
    actor text collate "C" not null,
    causation uuid,
    correlation uuid,
    payload bytea not null,
    predecessor bytea not null,
    hash bytea not null
);

-- The position rides along, so that what lies under a stream is found without touching the events.
create unique index event_by_stream on event (stream, version) include (position);

create function refuse_change_of_events() returns trigger
language plpgsql as $$
begin
    raise exception 'events are never changed' using errcode = 'restrict_violation';
end
$$;

create trigger event_is_never_changed before update or delete or truncate on event
for each statement execute function refuse_change_of_events();

-- One row. Whoever moves it from the position it knows has won the right to append there.
-- Room is left on its page, so that each move stays on it.
create table log_head (
    only_row smallint primary key check (only_row = 1),
    position bigint not null,
    recorded_at bigint not null
) with (fillfactor = 10);

insert into log_head (only_row, position, recorded_at) values (1, 0, 0);

create table append_key (
    key bytea primary key,
    fingerprint bytea not null,
    answer bytea not null,
    first_position bigint not null,
    last_position bigint not null
);
