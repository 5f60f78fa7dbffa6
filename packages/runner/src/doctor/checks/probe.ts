import { checkProbe, probeReader } from '@jobsweep/core';
import type { Check } from '../check.js';

/** What the probe says that passes wait for: while it gives no number, nothing is repaired. */
export const probe: Check = {
  name: 'probe',
  needsTables: false,
  async run({ store, probe, words, signal }) {
    if (probe === undefined) return { summary: words.noProbe, isSkipped: true };
    checkProbe(probe);
    const { above } = probe;
    const { value, reason } = await probeReader(probe, store.inspect)(signal);
    if (value === null) {
      const findings = [
        { severity: 'error' as const, subject: 'runner.pacing.probe', ...words.probeFails(reason ?? '') },
      ];
      return { summary: words.noProbe, findings };
    }
    const severity = 'warning';
    const findings =
      value > above ? [{ severity, subject: 'runner.pacing.probe', ...words.probeAbove(value, above) } as const] : [];
    return { summary: words.probeSays(value, above), findings };
  },
};
