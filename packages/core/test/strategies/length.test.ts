import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The lines between the braces of the class, without empty ones and comments. */
function codeLinesOfClass(file: string): string[] {
  const source = readFileSync(new URL(`../../src/strategies/${file}.ts`, import.meta.url), 'utf8');
  const [, body = ''] = /^export class [^{]*\{\n(.*?)^\}/ms.exec(source) ?? [];
  return body.split('\n').filter((line) => /\S/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line));
}

describe('a strategy says only what happens, so its class stays short:', () => {
  it.each(['completed-job-cleanup', 'stale-reservation-cleanup', 'stuck-job-cleanup', 'old-job-cleanup'])(
    '%s',
    (file) => {
      const lines = codeLinesOfClass(file);
      expect(lines.length).toBeGreaterThan(10);
      expect(lines.length).toBeLessThanOrEqual(40);
    },
  );
});
