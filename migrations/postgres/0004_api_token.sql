-- Who may call: bearer tokens, stored as hashes of their secrets.

create table api_token (
    token_id uuid primary key,
    name text not null,
    role text not null,
    hash bytea not null unique,
    created_at bigint not null,
    revoked_at bigint
);
