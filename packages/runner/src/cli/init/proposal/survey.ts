import type { Context } from '../../context.js';
import { openStore } from '../../open.js';
import type { InitChoices } from '../choices.js';
import type { Family } from './defaults.js';
import { lookAround } from './look-around.js';
import type { Facts, Said } from './propose.js';

/** What a look at the database led to. */
export interface Surveyed {
  /** `undefined`: there was nothing to look at, and `why` says why not. */
  readonly facts?: Facts;
  readonly why?: string;
}

/**
 * Looks at the database that the choices lead to, through the adapter that is installed beside the config file. Rejects where
 * it cannot be reached, or the adapter cannot be loaded.
 *
 * @param path of the config file that is to be.
 */
export async function surveyOf(context: Context, choices: InitChoices, path: string, said: Said): Promise<Surveyed> {
  const { surroundings, audience, output, signal } = context;
  const { proposal: words } = audience.words;
  const url = surroundings.env[choices.variable];
  if (url === undefined || url === '') return { why: words.untold.noVariable(choices.variable) };
  const config = { adapter: choices.adapter, connection: { url } };
  output.redactor.learn(config);
  const opened = await openStore({ config, path }, audience.words.config);
  try {
    const { survey } = opened.store.inspect;
    if (survey === undefined) return { why: words.untold.noSurvey };
    return { facts: await lookAround(survey, familyOf(choices), said, signal) };
  } finally {
    await opened.close();
  }
}

const familyOf = ({ database }: InitChoices): Family => (database === 'mariadb' ? 'mysql' : database);
