import { type Kysely, sql } from 'kysely';

/** Dead letters and the quarantine with what people decided of them, and tallies that change with what they count. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // Sums of `tally` and of the changes that were not folded into it yet. Changes are only added, so that two batches
  // that count the same thing never wait for each other.
  `create table tally (
    what text not null,
    name text not null,
    n bigint not null,
    primary key (what, name)
  )`,
  `create table tally_change (
    what text not null,
    name text not null,
    n integer not null
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`,

  // Open conversations by who owns them: 'bot', 'queue:default', 'operator:ID'.
  `create function tally_owner() returns trigger language plpgsql as $$ begin
    if tg_op <> 'INSERT' and old.status = 'open' then
      insert into tally_change values ('open', old.owner_kind || coalesce(':' || old.owner_id, ''), -1);
    end if;
    if tg_op <> 'DELETE' and new.status = 'open' then
      insert into tally_change values ('open', new.owner_kind || coalesce(':' || new.owner_id, ''), 1);
    end if;
    return null;
  end $$`,
  `create trigger conversation_comes_or_goes after insert or delete on conversation
    for each row execute function tally_owner()`,
  `create trigger conversation_changes_hands after update of status, owner_kind, owner_id on conversation
    for each row when ((old.status, old.owner_kind, old.owner_id) is distinct from (new.status, new.owner_kind, new.owner_id))
    execute function tally_owner()`,
  `insert into tally select 'open', owner_kind || coalesce(':' || owner_id, ''), count(*)
    from conversation where status = 'open' group by 2`,

  // A delivery that ended without anybody knowing that the contact has it, until a person decides.
  `create table dead_letter (
    number bigint generated always as identity primary key,
    delivery uuid not null unique references delivery on delete cascade,
    channel text not null,
    state text not null check (state in ('dead', 'unknown')),
    at timestamptz not null,
    decision text check (decision in ('retried', 'discarded')),
    decided_at timestamptz,
    decided_by text,
    again uuid,
    check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))
  )`,
  `create index dead_letter_open on dead_letter (number) where decision is null`,
  `create index dead_letter_channel on dead_letter (channel, number)`,
  `create function note_dead_letter() returns trigger language plpgsql as $$ begin
    if new.state in ('dead', 'unknown') then
      insert into dead_letter (delivery, channel, state, at) values (new.id, new.channel, new.state, now())
        on conflict (delivery) do update set state = excluded.state;
    else
      delete from dead_letter where delivery = new.id;
    end if;
    return null;
  end $$`,
  `create trigger delivery_ends_badly after update of state on delivery
    for each row when (old.state <> new.state and (old.state in ('dead', 'unknown') or new.state in ('dead', 'unknown')))
    execute function note_dead_letter()`,
  `insert into dead_letter (delivery, channel, state, at)
    select id, channel, state, coalesce((select max(ended_at) from attempt where delivery = d.id), created_at)
    from delivery d where state in ('dead', 'unknown') order by position`,

  // 'payload': as the network sent it; 'inbound': as the connector translated it.
  `alter table quarantine
    add column form text not null default 'payload' check (form in ('payload', 'inbound')),
    add column decision text check (decision in ('replayed', 'discarded', 'expired')),
    add column decided_at timestamptz,
    add column decided_by text,
    add check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))`,
  `create index quarantine_open on quarantine (id) where decision is null`,
  `create index quarantine_channel on quarantine (channel, id)`,

  // What waits for a person, by channel.
  `create function tally_undecided() returns trigger language plpgsql as $$ begin
    if tg_op <> 'INSERT' and old.decision is null then insert into tally_change values (tg_argv[0], old.channel, -1); end if;
    if tg_op <> 'DELETE' and new.decision is null then insert into tally_change values (tg_argv[0], new.channel, 1); end if;
    return null;
  end $$`,
  ...['dead_letter', 'quarantine'].flatMap((table) => [
    `create trigger ${table}_comes_or_goes after insert or delete on ${table}
      for each row execute function tally_undecided('${table}')`,
    `create trigger ${table}_is_decided after update of decision on ${table}
      for each row when (old.decision is distinct from new.decision) execute function tally_undecided('${table}')`,
    `insert into tally select '${table}', channel, count(*) from ${table} where decision is null group by channel`,
  ]),
];
