/** When a breaker trips: both limits must be passed. */
export interface BreakerLimits {
  /** Fewer rows than this never trip it; from 1 on. Default: 20. */
  readonly minRows?: number;
  /** The share of the population that may be due; 0 to 1. Default: 0.5. */
  readonly maxShare?: number;
}

/** Limits for all strategies that fail or delete, and own ones by the name of a strategy; `false` turns it off. */
export interface BreakerOptions extends BreakerLimits {
  readonly strategies?: Readonly<Record<string, BreakerLimits | false>>;
}
