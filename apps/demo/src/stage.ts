import type { Logger } from '@jobsweep/core';
import type { Progress } from './report/progress.js';
import type { Report } from './report/report.js';
import type { DemoTexts } from './texts/texts.js';

/** What the story is told with. */
export interface Stage {
  readonly report: Report;
  readonly progress: Progress;
  readonly texts: DemoTexts;
  /** Gets the strategies' own log lines. */
  readonly logger: Logger | undefined;
  readonly signal: AbortSignal;
}
