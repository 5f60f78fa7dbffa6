import { rulesOf } from '../../connection/fitting-schema.js';
import { type DiagnoseOptions, diagnose } from '../../doctor/diagnose.js';
import { isEnabled } from '../../round/selection.js';
import { buildStrategies } from '../build.js';
import { sayAssumptions } from '../config/assumptions.js';
import type { Config } from '../config/load.js';
import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { sayDiagnosis } from '../output/diagnosis.js';
import { type AddCommand, action, command } from './common.js';

interface DoctorOptions extends CommonOptions {
  readonly applyIndexes?: true;
  readonly measure?: true;
  readonly grants?: string;
}

export const addDoctor: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.doctor;
  command(program, context, 'doctor', help.about)
    .option('--measure', help.measure)
    .option('--apply-indexes', help.applyIndexes)
    .option('--grants <user>', help.grants)
    .action(action(context, onEnd, runDoctor));
};

async function runDoctor(context: Context, options: DoctorOptions): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    if (options.grants !== undefined) return sayGrants(context, opened, options.grants, options);
    const { store, config } = opened;
    sayAssumptions(context, opened, options);
    const diagnosis = await diagnose(store, buildStrategies(store, config), {
      ...diagnoseOptions(config),
      applyIndexes: options.applyIndexes === true,
      measure: options.measure === true,
      told: context.audience,
      signal: context.signal,
    });
    context.output.answer(diagnosis, options.json, (shown) => sayDiagnosis(context.output, shown));
    return diagnosis.ok ? EXIT.ok : EXIT.findings;
  });
}

/** What a config says of what the doctor looks at. */
export function diagnoseOptions({ name, runner }: Config): DiagnoseOptions {
  return {
    name,
    ownTables: runner?.claims !== 'off',
    multiWriter: runner?.multiWriter ?? 'refused',
    probe: runner?.pacing?.probe,
  };
}

async function sayGrants(
  { output, signal }: Context,
  { store, config }: Opened,
  user: string,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const { diagnosis } = store.inspect;
  if (diagnosis === undefined) throw new CommandError('UNSUPPORTED_SCHEMA', output.words.failures.noGrants);
  const rules = rulesOf(buildStrategies(store, config).filter(isEnabled));
  const strategies = rules.map(({ name }) => name);
  const ownTables = config.runner?.claims !== 'off';
  const statements = await diagnosis.grants(user, { strategies: rules, ownTables, signal });
  output.answer({ user, strategies, statements }, json, (shown) =>
    output.say(shown.statements.map((statement) => statement.replace(/;?\s*$/, ';')).join('\n')),
  );
  return EXIT.ok;
}
