-- The keys of persons, wrapped by the master key. A subject without a row never had one; a row
-- without a wrapped key is a destroyed one, and stays.

create table person_key (
    subject uuid primary key,
    wrapped bytea,
    destroyed_at bigint,
    check ((wrapped is null) = (destroyed_at is not null))
);
