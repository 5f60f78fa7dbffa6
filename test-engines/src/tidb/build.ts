import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../errors.js';
import { sharedFolder } from '../folders.js';

const run = promisify(execFile);

/** A release of TiDB as the module proxy names it. */
const VERSION = 'v1.1.0-beta.0.20251126154744-e4e814fdc0af';
const PARSER = 'v0.0.0-20251126154744-e4e814fdc0af';
const SERVER = 'github.com/pingcap/tidb/cmd/tidb-server';

/** The lines of TiDB's own go.mod that hold for those who build it as a part of something else too. */
const MODULE = `module tidb

go 1.23

require (
	github.com/pingcap/tidb ${VERSION}
	github.com/pingcap/tidb/pkg/parser ${PARSER}
)

replace (
	github.com/go-ldap/ldap/v3 => github.com/YangKeao/ldap/v3 v3.4.5-0.20230421065457-369a3bab1117
	sourcegraph.com/sourcegraph/appdash => github.com/sourcegraph/appdash v0.0.0-20190731080439-ebfcffb1b5c0
	sourcegraph.com/sourcegraph/appdash-data => github.com/sourcegraph/appdash-data v0.0.0-20151005221446-73f23eafcf67
)
`;

/** Where it is kept once it was built. */
const folderName = () => `jobsweep-tidb-${VERSION.split('-').at(-1)}-${process.getuid?.() ?? 0}`;

/** The program that was built here before, if it was. */
export function builtTidb(): string | undefined {
  const program = join(tmpdir(), folderName(), 'tidb-server');
  return existsSync(program) ? program : undefined;
}

/** Builds `tidb-server` out of its Go modules, once: some 10 minutes of a processor, 4 GB of modules and 175 MB at the end. */
export async function buildTidb(): Promise<string> {
  const owner = process.getuid?.() ?? 0;
  const folder = await sharedFolder(folderName(), owner, async (draft) => {
    const go = (...args: readonly string[]) =>
      run('go', args, {
        cwd: draft,
        env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' },
        maxBuffer: 1e8,
      });
    try {
      await writeFile(join(draft, 'go.mod'), MODULE);
      await go('get', `${SERVER}@${VERSION}`);
      await go(
        'build',
        '-tags',
        'codes',
        '-ldflags',
        '-s -w -checklinkname=0',
        '-o',
        join(draft, 'tidb-server'),
        SERVER,
      );
    } catch (cause) {
      const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trimEnd() : String(cause);
      const reason = said.split('\n').slice(-3).join(' | ');
      throw new EngineError(
        'ENGINE_UNAVAILABLE',
        `tidb-server cannot be built with the Go of this machine: ${reason}`,
        cause,
      );
    }
  });
  return join(folder, 'tidb-server');
}
