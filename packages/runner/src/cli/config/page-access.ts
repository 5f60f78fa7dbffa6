/** What a config says of the page. */
interface PageConfig {
  readonly host?: string | undefined;
  readonly page?: boolean | undefined;
  readonly token?: string | undefined;
}

export type PageAccess = 'nobody' | 'loopback' | 'token' | 'unsafe';

/**
 * To whom the page is served: to nobody, to all who reach this machine's own address, or to whoever has the token. `unsafe`: it
 * is asked for where others reach it, and no token keeps them out.
 */
export function pageAccess({ host, page, token }: PageConfig): PageAccess {
  if (page === false) return 'nobody';
  if (token !== undefined) return 'token';
  if (host === undefined || isLoopback(host)) return 'loopback';
  return page === true ? 'unsafe' : 'nobody';
}

/** Whether nobody but this machine reaches an address. */
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
