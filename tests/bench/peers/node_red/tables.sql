create table push(id bigserial primary key, body text not null, claimed boolean not null default false, done boolean not null default false);
alter table push alter column body set storage external;
create index push_waiting on push(id) where not claimed and not done;
