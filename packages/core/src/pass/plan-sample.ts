/** A row that a pass would find. */
export interface PlanSample {
  readonly id: string;
  /** As the strategy describes it. */
  readonly description: string;
  /** Since when it is due; `null`: not known. */
  readonly dueSince: Date | null;
}
