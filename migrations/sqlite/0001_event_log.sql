-- The append-only log, its head, and the idempotency keys of appends.

create table event (
    position integer primary key,
    stream text not null,
    version integer not null,
    event_id blob not null,
    kind text not null,
    schema_version integer not null,
    recorded_at integer not null,
    occurred_at integer not null,
    actor text not null,
    causation blob,
    correlation blob,
    payload blob not null,
    predecessor blob not null,
    hash blob not null
) strict;

create unique index event_by_stream on event (stream, version);

create trigger event_is_never_updated before update on event
begin
    select raise(abort, 'events are never changed');
end;

create trigger event_is_never_deleted before delete on event
begin
    select raise(abort, 'events are never changed');
end;

-- `insert or replace` deletes without firing delete triggers.
create trigger event_is_never_replaced before insert on event
when new.position <= (select max(position) from event)
    or exists (select 1 from event where stream = new.stream and version = new.version)
begin
    select raise(abort, 'events are never changed');
end;

-- One row. Whoever moves it from the position it knows has won the right to append there.
create table log_head (
    only_row integer primary key check (only_row = 1),
    position integer not null,
    recorded_at integer not null
) strict;

insert into log_head (only_row, position, recorded_at) values (1, 0, 0);

create table append_key (
    key blob primary key,
    fingerprint blob not null,
    answer blob not null,
    first_position integer not null,
    last_position integer not null
) strict, without rowid;
