-- The directory of contacts, a read model of the log. It exists in copies, so that one can be
-- filled from the beginning while another serves; each copy has its own checkpoint.

create table directory_copy (
    copy bigint primary key,
    checkpoint bigint not null
) with (fillfactor = 10);

-- One row: which copy serves, and which one is being filled, if one is.
create table directory (
    only_row smallint primary key check (only_row = 1),
    serving bigint not null references directory_copy (copy),
    filling bigint references directory_copy (copy)
);

insert into directory_copy (copy, checkpoint) values (1, 0);
insert into directory (only_row, serving) values (1, 1);

create table contact (
    copy bigint not null,
    contact_id uuid not null,
    profile bytea not null,
    language text not null,
    relation text not null,
    state text not null,
    merged_into uuid,
    consents text not null,
    version bigint not null,
    -- The keyed hashes of the numbers, 16 bytes each, one after the other.
    addresses bytea not null,
    primary key (copy, contact_id)
);

-- Finds people by the keyed hash of a number.
create table contact_address (
    copy bigint not null,
    address bytea not null,
    contact_id uuid not null,
    primary key (copy, address, contact_id)
);
