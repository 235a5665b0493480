-- The directory of contacts, a read model of the log. It exists in copies, so that one can be
-- filled from the beginning while another serves; each copy has its own checkpoint.

create table directory_copy (
    copy integer primary key,
    checkpoint integer not null
) strict;

-- One row: which copy serves, and which one is being filled, if one is.
create table directory (
    only_row integer primary key check (only_row = 1),
    serving integer not null references directory_copy (copy),
    filling integer references directory_copy (copy)
) strict;

insert into directory_copy (copy, checkpoint) values (1, 0);
insert into directory (only_row, serving) values (1, 1);

create table contact (
    copy integer not null,
    contact_id blob not null,
    profile blob not null,
    language text not null,
    relation text not null,
    state text not null,
    merged_into blob,
    consents text not null,
    version integer not null,
    -- The keyed hashes of the numbers, 16 bytes each, one after the other.
    addresses blob not null,
    primary key (copy, contact_id)
) strict, without rowid;

-- Finds people by the keyed hash of a number.
create table contact_address (
    copy integer not null,
    address blob not null,
    contact_id blob not null,
    primary key (copy, address, contact_id)
) strict, without rowid;
