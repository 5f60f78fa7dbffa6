import { isIP } from 'node:net';

/**
 * Whether a request asks a host of a known name. A name that a stranger's page has made to lead to this machine is none: only
 * its own name gets a browser's request here, and the stranger's page would read the answer.
 */
export function hostCheck(hosts: readonly string[] | undefined): (url: URL) => boolean {
  if (hosts === undefined) return () => true;
  const known = new Set(['localhost', ...hosts.map((host) => host.toLowerCase())]);
  // An address in numbers is what it says, whoever wrote it.
  return ({ hostname }) => known.has(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
