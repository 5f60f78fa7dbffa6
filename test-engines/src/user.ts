/** Database servers refuse to run as root, so under root they run as this user and group: nobody. */
const NOBODY = 65534;

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The user that servers run as. */
export function serverUser(): ServerUser {
  if (isRoot()) return { uid: NOBODY, gid: NOBODY };
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** Spawn options of a process that belongs to the servers' user; only root may (and must) switch. */
export function asServerUser(): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  return { cwd: '/', env, ...(isRoot() ? serverUser() : {}) };
}
