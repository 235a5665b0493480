-- Who may call: bearer tokens, stored as hashes of their secrets.

create table api_token (
    token_id blob primary key,
    name text not null,
    role text not null,
    hash blob not null unique,
    created_at integer not null,
    revoked_at integer
) strict, without rowid;
