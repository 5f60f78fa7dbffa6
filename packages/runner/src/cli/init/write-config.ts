import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { visible } from '@jobsweep/core';
import type { Context } from '../context.js';
import { failureOf } from '../failure.js';
import { askConnection, askTables, type Given, withDefaults } from './ask.js';
import { type InitChoices, packagesFor } from './choices.js';
import { askAbout } from './proposal/ask.js';
import { untoldInWords } from './proposal/in-words.js';
import { type Proposal, propose, type Said } from './proposal/propose.js';
import { type Surveyed, surveyOf } from './proposal/survey.js';
import { configText, type Format } from './template.js';

/** A config file that was written. */
export interface Written {
  /** The packages that it needs. */
  readonly needs: readonly string[];
  /** How the tables map; `null`: it is a template. */
  readonly proposal: Proposal | null;
  /** Why nothing was proposed. */
  readonly why: string | null;
}

/** Looks at the database and writes a config file for it; a template, where nothing can be proposed. */
export async function writeConfig(context: Context, given: Given, path: string, canAsk: boolean): Promise<Written> {
  const usual = withDefaults(given);
  const connection: InitChoices = canAsk ? { ...usual, ...(await askConnection(given, context)) } : usual;
  const { proposal, why } = await proposalFor(context, connection, given, path, canAsk);
  const choices = canAsk && proposal === null ? { ...connection, ...(await askTables(given, context)) } : connection;
  const format = extname(path).slice(1) as Format;
  writeFileSync(path, configText(choices, proposal ?? undefined, format, context.audience));
  return { needs: packagesFor(choices), proposal, why };
}

async function proposalFor(
  context: Context,
  connection: InitChoices,
  { jobsTable, allocationsTable }: Given,
  path: string,
  canAsk: boolean,
): Promise<Pick<Written, 'proposal' | 'why'>> {
  const { audience, output } = context;
  const said: Said = { jobsTable, allocationsTable };
  const { facts, why = null } = await surveyed(context, connection, path, said);
  if (facts === undefined) {
    if (canAsk && why !== null) output.complain(audience.words.proposal.template(visible(why)));
    return { proposal: null, why };
  }
  const found = canAsk ? await askAbout(facts, said, context) : propose(facts, said);
  if (!('kind' in found)) return { proposal: found, why: null };
  const untold = untoldInWords(found, audience.words.proposal);
  if (canAsk) output.complain(audience.words.proposal.template(visible(untold)));
  return { proposal: null, why: untold };
}

/** A database that cannot be looked at is no failure: it is said, and a template is written. */
async function surveyed(context: Context, connection: InitChoices, path: string, said: Said): Promise<Surveyed> {
  try {
    return await surveyOf(context, connection, path, said);
  } catch (error) {
    const { signal, audience } = context;
    const failure = failureOf(error, signal, audience);
    if (signal.aborted || failure === undefined) throw error;
    return { why: failure.message.replace(/\.$/, '') };
  }
}
