import { createHash, timingSafeEqual } from 'node:crypto';
import { errorText, invalidOption, PAGE_TOKEN } from '@jobsweep/core';
import type { DashboardOptions } from '../options.js';

/** Who may see the data. */
export interface Access {
  /** Whether a browser is to ask for a token. */
  readonly asksForToken: boolean;
  allows(request: Request): boolean | Promise<boolean>;
}

/** What options say of who may see the data. Throws `INVALID_OPTION` where nothing does, or two things do. */
export function accessOf({ authorize, token }: Pick<DashboardOptions, 'authorize' | 'token'>): Access {
  if (token === undefined && typeof authorize === 'function') {
    return {
      asksForToken: false,
      async allows(request) {
        try {
          return (await authorize(request)) === true;
        } catch (error) {
          throw new Error(`authorize failed: ${errorText(error)}`, { cause: error });
        }
      },
    };
  }
  if (token === undefined || authorize !== undefined) {
    throw invalidOption('authorize', typeof authorize, 'give a function that says who may see the page, or a token');
  }
  if (typeof token !== 'string' || !PAGE_TOKEN.pattern.test(token)) {
    // Nobody needs to see it to know what is wrong with it.
    throw invalidOption('token', '***', PAGE_TOKEN.fix);
  }
  const expected = digestOf(token);
  return {
    asksForToken: true,
    allows(request) {
      const [, given = ''] = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
      return timingSafeEqual(digestOf(given), expected);
    },
  };
}

/** Of the same length for every text, so that comparing tells nothing of it. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
