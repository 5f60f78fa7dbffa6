// Loaded before anything else, so written for any Node that knows modules.
// biome-ignore lint/style/useNodejsImportProtocol: an old Node does not know the protocol and could not say so
import fs from 'fs';

const manifest = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Says so in one line, and sets the exit status, when this Node is older than package.json allows. */
export function nodeIsRecentEnough() {
  const wanted = /\d+\.\d+/.exec(manifest.engines.node)[0];
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return true;
  console.error(`jobsweep needs Node ${wanted} or later; this is ${process.versions.node}.`);
  process.exitCode = 1;
  return false;
}
