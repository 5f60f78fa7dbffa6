/** The ids of rows. */
export const idsOf = (rows: readonly { readonly id: string }[]): ReadonlySet<string> =>
  new Set(rows.map(({ id }) => id));

/** The ids of the jobs that allocations belong to. */
export const jobIdsOf = (rows: readonly { readonly jobId: string }[]): ReadonlySet<string> =>
  new Set(rows.map(({ jobId }) => jobId));

/** Rows by id, each once. */
export const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/** Allocations by the job that they belong to. */
export function byJob<Row extends { readonly jobId: string | null }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const ofJob = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.jobId === null) continue;
    const together = ofJob.get(row.jobId);
    if (together === undefined) ofJob.set(row.jobId, [row]);
    else together.push(row);
  }
  return ofJob;
}
