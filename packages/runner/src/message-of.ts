import { withoutSecrets } from '@jobsweep/core';

/** What an error says, without the passwords that texts of drivers may repeat: for logs and reports. */
export function messageOf(error: unknown): string {
  return withoutSecrets(error instanceof Error ? error.message : String(error));
}
