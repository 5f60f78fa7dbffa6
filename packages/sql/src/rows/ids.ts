/** The ids of rows, each once. */
export function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return [...new Set(rows.map(({ id }) => id))];
}

/** The ids of the jobs that allocations belong to, each once. */
export function jobIdsOf(allocations: readonly { readonly jobId: string }[]): string[] {
  return [...new Set(allocations.map(({ jobId }) => jobId))];
}
