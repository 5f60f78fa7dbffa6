/** The condition of one of jobsweep's own strategies, with its limit: what `inspect` looks at without running anything. */
export type Rule =
  | { readonly name: 'completed_job_cleanup' }
  | { readonly name: 'stale_reservation_cleanup'; readonly maxAgeMinutes: number }
  | { readonly name: 'stuck_job_cleanup'; readonly maxAgeHours: number; readonly silentMinutes?: number | undefined }
  | { readonly name: 'old_job_cleanup'; readonly maxAgeDays: number }
  | { readonly name: 'orphaned_allocation_cleanup'; readonly maxAgeMinutes: number };
