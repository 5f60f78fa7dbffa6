import type pg from 'pg';

/** Writes down every change of both tables, who made it, and what the rule depends on as it was at that moment. */
export const LEDGER = `
  create sequence allocation_ids;
  create table ledger (
    seq bigserial, application boolean, what text, id bigint, before jsonb, after jsonb, job jsonb, held jsonb);
  create function note() returns trigger language plpgsql as $$
  declare
    row jsonb := to_jsonb(coalesce(old, new));
    belongs bigint := coalesce(row ->> 'job_id', row ->> 'id');
  begin
    insert into ledger (application, what, id, before, after, job, held) values (
      current_setting('application_name') = 'application', lower(tg_op) || ' ' || tg_table_name, (row ->> 'id')::bigint,
      to_jsonb(old), to_jsonb(new),
      (select to_jsonb(j) from jobs j where j.id = belongs),
      (select coalesce(jsonb_agg(a), '[]') from resource_allocations a where a.job_id = belongs));
    return null;
  end $$;
  create trigger note after insert or update or delete on jobs for each row execute function note();
  create trigger note after insert or update or delete on resource_allocations for each row execute function note();`;

/** What jobsweep may do, each with the number of times it did it and the times the rule did not allow it. */
const RULES: Readonly<Record<string, { readonly entry: string; readonly allowed: string }>> = {
  'fails stuck jobs': {
    entry: "what = 'update jobs' and after ->> 'exit_code' = '-2:0'",
    allowed: `before ->> 'state' = 'RUNNING' and (before ->> 'start_time')::timestamptz < now() - interval '48 h'`,
  },
  'fails jobs of stale reservations': {
    entry: "what = 'update jobs' and after ->> 'exit_code' = '-3:0'",
    allowed: `before ->> 'state' = 'RUNNING' and not exists (
      select from jsonb_to_recordset(held) as a (status text, allocation_time timestamptz)
      where status = 'ALLOCATED' or status = 'RESERVED' and allocation_time > now() - interval '1 h')`,
  },
  'releases allocations': {
    entry: "what = 'update resource_allocations'",
    allowed: `before ->> 'status' in ('RESERVED', 'ALLOCATED') and after ->> 'status' = 'RELEASED'
      and before ->> 'job_id' = after ->> 'job_id' and job ->> 'state' in ('COMPLETED', 'FAILED', 'CANCELLED')`,
  },
  'deletes released allocations': {
    entry: "what = 'delete resource_allocations'",
    allowed: `before ->> 'status' = 'RELEASED' and job ->> 'state' in ('COMPLETED', 'FAILED', 'CANCELLED')`,
  },
  'deletes old jobs': {
    entry: "what = 'delete jobs'",
    allowed: `before ->> 'state' in ('COMPLETED', 'FAILED', 'CANCELLED') and held = '[]'
      and (before ->> 'end_time')::timestamptz < now() - interval '30 d'`,
  },
};

export interface Verdict {
  readonly rule: string;
  readonly times: number;
  readonly broken: readonly unknown[];
}

/** Judges all that jobsweep did, entry by entry. The last verdict is about entries that no rule speaks of. */
export async function judge(sql: pg.Client): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [rule, { entry, allowed }] of Object.entries(RULES)) {
    const { rows } = await sql.query<{ allowed: boolean | null }>(
      `select *, (${allowed}) as allowed from ledger where not application and ${entry} order by seq`,
    );
    verdicts.push({ rule, times: rows.length, broken: rows.filter((row) => row.allowed !== true) });
  }
  const known = Object.values(RULES).map(({ entry }) => `(${entry})`);
  const { rows } = await sql.query(`select * from ledger where not application and not (${known.join(' or ')})`);
  return [...verdicts, { rule: 'nothing else', times: rows.length, broken: rows }];
}
